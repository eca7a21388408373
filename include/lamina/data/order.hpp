#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <lamina/core/philox.hpp>

namespace lamina::detail {

/// The samples' order in the epoch that begins after `step` steps: Fisher and Yates with the
/// counter-based generator, so that it depends on seed and step alone.
inline void shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed, std::int64_t step) {
  constexpr std::uint32_t stream = 0x73687566;  // apart from positions of layers
  const auto at = static_cast<std::uint64_t>(step);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t i = order.size(); i > 1; --i) {
    const philox::Counter words =
        philox::words({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(at), stream,
                       static_cast<std::uint32_t>(at >> 32)},
                      seed);
    // The high half of a product is uniform to within i / 2^32.
    const auto other = static_cast<std::size_t>((std::uint64_t{words[0]} * i) >> 32);
    std::swap(order[i - 1], order[other]);
  }
}

}  // namespace lamina::detail
