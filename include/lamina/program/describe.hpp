#pragma once

#include <iostream>
#include <string>
#include <string_view>

#include <lamina/lamina.hpp>
#include <lamina/program/session.hpp>

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

/// Prints the type and the plan of a network.
template <class Net>
void print_description() {
  const std::string plan = describe<Net>();  // first: a wrong network says so there
  std::cout << type_text(Net{}) << "\n\n" << plan << '\n';
}

}  // namespace lamina::program
