#pragma once

#include <cstdint>

#include <lamina/core/philox.hpp>

/// The random bits of one value, as a function of nothing but (seed, step, stream, row, feature):
/// the same on every machine, for any number of threads, and made again rather than stored. A
/// dropout keeps a value whose bits lie below its threshold.
///
/// One Philox counter serves eight rows of one feature with 16 bits each, so that a register of
/// features takes a block of random words for eight of its rows. 16 bits place the share of values
/// kept within 1/131072 of what was asked for, and what is kept is scaled by the share that it is,
/// not by the one asked for: at a rate of 0.9999 that is 1.07 times as much.
namespace lamina {

/// Where in a training run random bits belong.
struct NoiseSource {
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
};

/// Values below this are kept, of 65536.
constexpr std::int32_t keep_threshold(double keep) {
  return static_cast<std::int32_t>(keep * 65536 + 0.5);
}

/// The share of values that a threshold keeps.
constexpr double kept_share(std::int32_t threshold) {
  return threshold / 65536.0;
}

/// The largest rate of which anything is kept: one value of 65536.
inline constexpr double most_dropped = 1 - 1.0 / 131072;
static_assert(keep_threshold(1 - most_dropped) == 1);

/// The counter of the bits of rows [row, row + 8), row a multiple of 8, for one feature.
constexpr philox::Counter mask_counter(const NoiseSource& noise, int stream, int row, int feature) {
  return {static_cast<std::uint32_t>(feature), static_cast<std::uint32_t>(row) / 8,
          static_cast<std::uint32_t>(stream), noise.step};
}

/// The 16 random bits of one value for the random item of `stream`; the scalar twin of the
/// kernels' draws.
constexpr std::int32_t random_bits(const NoiseSource& noise, int stream, int row, int feature) {
  const philox::Counter words =
      philox::words(mask_counter(noise, stream, row - row % 8, feature), noise.seed);
  const std::uint32_t word = words[static_cast<std::size_t>(row % 8) / 2];
  return static_cast<std::int32_t>((row % 2 == 0 ? word : word >> 16) & 0xFFFFu);
}

/// True where the dropout of `stream` keeps this value.
constexpr bool keeps(const NoiseSource& noise, int stream, int row, int feature, double keep) {
  return random_bits(noise, stream, row, feature) < keep_threshold(keep);
}

}  // namespace lamina
