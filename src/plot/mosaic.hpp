#pragma once

#include <string>
#include <vector>

#include "plot/script.hpp"

namespace lamina::plot {

/// How a group of images lies in a picture: tiles in lines, all of one size.
struct Mosaic {
  std::string title{};
  int tiles = 1;
  int tile_width = 1;  ///< in pixels of the images
  int tile_height = 1;

  /// Points of the picture for a pixel: a whole number, so that pixels have sharp edges.
  [[nodiscard]] int scale() const;
  /// Pixels between tiles; none between single values.
  [[nodiscard]] int gap() const;
  /// Tiles in a line.
  [[nodiscard]] int columns() const;
  /// Of all, in pixels.
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;

  static constexpr int no_tile = -1;
  /// The tile with a pixel, or `no_tile` between them, and where in it the pixel is.
  struct Place {
    int tile;
    int x;
    int y;
  };
  [[nodiscard]] Place place(int x, int y) const;
};

/// The mosaics below each other, of data with the columns group, image, x, y, value, red, green,
/// blue.
Script script_of(const std::vector<Mosaic>& mosaics);

}  // namespace lamina::plot
