#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/types.hpp>
#include <lamina/data/order.hpp>

namespace lamina::data {

/// Who shuffles: each has numbers of its own. Epochs have those from 0 on.
enum class Purpose : std::int64_t { split = -1, made = -2 };

/// The numbers below `size` in the seed's order. `where` is the function that an error names.
inline std::vector<std::uint32_t> shuffled(std::size_t size, Seed seed, Purpose purpose,
                                           const char* where) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  if (size > most) {
    throw Error(std::string(where) + ": expected at most " + std::to_string(most) +
                " samples, found " + std::to_string(size));
  }
  std::vector<std::uint32_t> order(size);
  detail::shuffle(order, seed.value, static_cast<std::int64_t>(purpose));
  return order;
}

}  // namespace lamina::data
