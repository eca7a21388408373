#pragma once

#include <cstddef>

#include <lamina/core/simd.hpp>

/// The shape of the block of outputs that one kernel call keeps in registers.
///
/// 6 rows by 4 registers of 16 floats leave 8 of the 32 AVX-512 registers for operands; 6 by 2
/// leave 4 of 16 on AVX2. Measured on Zen 4, 14 x 2 was no faster, and its 14 row pointers spill.
namespace lamina {

inline constexpr int tile_rows = 6;
inline constexpr int tile_vectors = simd::registers == 32 ? 4 : 2;

/// Rows of a tile over the line of an image, by the registers of its panel: as many as the
/// registers hold. A line's length is known, so that only the heights that occur are compiled.
constexpr int line_tile_rows(int vectors) {
  if (simd::registers != 32) return vectors == 1 ? 12 : 6;
  constexpr int rows[]{0, 14, 12, 8, 6};
  return rows[vectors];
}

/// With samples in the lanes, the same on every machine since the bits of sums depend on them:
/// positions of a line that are done together, in one tile or two, and chains of additions that the
/// gradient by a bias is summed in.
inline constexpr int lane_unit = 4;
inline constexpr int bias_chains = 4;

/// How the features of a layer are cut into panels: `panels` of `vectors` registers each, the last
/// of `last_vectors`, all stored `width` floats wide. Panels are of even size, so that 80 features
/// are 48 + 32 and not 64 + 16.
struct Panels {
  int features = 0;
  int count = 0;
  int vectors = 0;
  int last_vectors = 0;
  int width = 0;

  static constexpr Panels of(int features) {
    const int registers = (features + simd::lanes - 1) / simd::lanes;
    const int count = (registers + tile_vectors - 1) / tile_vectors;
    const int vectors = (registers + count - 1) / count;
    return {features, count, vectors, registers - (count - 1) * vectors, vectors * simd::lanes};
  }

  /// Features of a panel where registers are widest, 16 floats of which four make a panel: what
  /// decides the order of sums is cut by these on every machine.
  static constexpr int common_width(int features) {
    const int registers = (features + 15) / 16;
    const int count = (registers + 3) / 4;
    return (registers + count - 1) / count * 16;
  }

  /// Floats of one padded row.
  [[nodiscard]] constexpr int padded() const { return count * width; }
  /// Registers of a panel.
  [[nodiscard]] constexpr int vectors_of(int panel) const {
    return panel == count - 1 ? last_vectors : vectors;
  }
  /// Features of a panel that are no padding.
  [[nodiscard]] constexpr int features_of(int panel) const {
    return panel == count - 1 ? features - panel * width : width;
  }
};

/// Floats of features in registers of 16, whatever this machine's are.
constexpr std::size_t common_floats(int features) {
  return static_cast<std::size_t>((features + 15) / 16 * 16);
}

}  // namespace lamina
