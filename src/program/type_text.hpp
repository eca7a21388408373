#pragma once

#include <string>
#include <string_view>

#include <lamina/core/item.hpp>
#include <lamina/network/network.hpp>

namespace lamina::program {

/// A network's type as its user wrote it, an item a line.
template <class... Items>
std::string type_text(Network<Items...> /*network*/) {
  std::string text;
  const auto append = [&text](std::string_view item) {
    text += text.empty() ? "Network<" : ",\n        ";
    text += item;
  };
  (append(name_of<Items>().view()), ...);
  return text + ">";
}

}  // namespace lamina::program
