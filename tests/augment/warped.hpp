#pragma once

#include <span>
#include <vector>

#include <lamina/augment/geometry.hpp>

#include "images.hpp"

/// Warps, and what they make of images and masks.
namespace lamina::testing {

/// One of each kind; of displacements the given ones.
inline std::vector<augment::Warp> some_warps(augment::Size size, std::span<const float> right,
                                             std::span<const float> down) {
  const double x = size.width;
  const double y = size.height;
  return {augment::rotation(size, 25),
          augment::affine(size, {.degrees = -70, .right = 3.3, .scale = 0.6, .x_shear = 20}),
          augment::perspective(size, {{{0, 0}, {x, 0}, {x, y}, {0, y}}},
                               {{{0.1, 0.2}, {x * 1.1, -0.3}, {x * 0.9, y}, {0, y * 0.8}}}),
          augment::Warp::displacement(size, right, down),
          augment::horizontal_flip(size),
          augment::vertical_flip(size),
          augment::crop(size, {-2, 1, size.height + 3, size.width}),
          augment::resize(size, {2 * size.height + 1, (size.width + 1) / 2})};
}

inline OwnedImage warped(const OwnedImage& image, const augment::Warp& by,
                         const augment::Border& border = augment::Fill{}) {
  OwnedImage made{image.channels, by.to().height, by.to().width, image.last};
  augment::warp(image.view(), made.view(), by, border);
  return made;
}

inline std::vector<Label> warped_mask(const std::vector<Label>& mask, const augment::Warp& by,
                                      const augment::Border& border = augment::Fill{},
                                      Label fill = 0) {
  std::vector<Label> made(static_cast<std::size_t>(by.to().height * by.to().width));
  augment::warp(augment::Mask<const Label>::plane(mask, by.from().height, by.from().width),
                augment::Mask<Label>::plane(made, by.to().height, by.to().width), by, border, fill);
  return made;
}

}  // namespace lamina::testing
