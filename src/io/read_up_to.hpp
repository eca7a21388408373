#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lamina::io {

/// Reads at most `most` bytes with `read`, which fills a span as far as there is something and
/// returns how much. Memory grows with what is there, so `most` may come from a header.
template <class Read>
[[nodiscard]] std::vector<std::uint8_t> read_up_to(std::uint64_t most, Read&& read) {
  constexpr std::uint64_t step = 1 << 20;
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < most) {
    const std::size_t before = bytes.size();
    const auto wanted = static_cast<std::size_t>(std::min(step, most - before));
    bytes.resize(before + wanted);
    const std::size_t got = read(std::span{bytes}.subspan(before));
    bytes.resize(before + got);
    if (got < wanted) break;
  }
  return bytes;
}

}  // namespace lamina::io
