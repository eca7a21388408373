#pragma once

#include <array>

#include <lamina/augment/warp.hpp>

/// The warps that have names. Angles, factors and shifts must be finite, or `Error` is thrown.
namespace lamina::augment {

/// Anticlockwise about the image's middle, ((width - 1) / 2, (height - 1) / 2).
[[nodiscard]] Warp rotation(Size size, double degrees);

/// Moves the image by pixels to the right and downwards.
[[nodiscard]] Warp translation(Size size, double right, double down);

/// Larger about the middle by a factor above 0; below 1 smaller.
[[nodiscard]] Warp scaling(Size size, double factor);

/// Slanted about the middle: rows are moved by tan(x_degrees) of their height, columns by
/// tan(y_degrees) of their place, with torchvision's signs.
[[nodiscard]] Warp shear(Size size, double x_degrees, double y_degrees = 0);

/// What `affine` does, in this order: shear, rotation (anticlockwise), scale, all about the middle,
/// then the shift in pixels. torchvision's `affine`, whose angle is clockwise.
struct Affine {
  double degrees = 0;
  double right = 0;
  double down = 0;
  double scale = 1;
  double x_shear = 0;  ///< in degrees
  double y_shear = 0;
};
[[nodiscard]] Warp affine(Size size, const Affine& change);

/// Moves four places of the image to four others, straight lines staying straight. Pixel centres,
/// in order around the image.
/// Errors: `Error` where four places are not the corners of a convex quadrilateral.
/// Example: `perspective(size, {{{0, 0}, {31, 0}, {31, 31}, {0, 31}}}, {{{4, 2}, {30, 1}, ...}})`
[[nodiscard]] Warp perspective(Size size, const std::array<Point, 4>& start,
                               const std::array<Point, 4>& end);

/// Left becomes right.
[[nodiscard]] Warp horizontal_flip(Size size);
/// Top becomes bottom.
[[nodiscard]] Warp vertical_flip(Size size);

/// The region alone. It may reach beyond the image: `crop(size, {-4, -4, 40, 40})` pads a 32 x 32
/// image by 4 on every side, with the border of `warp`.
[[nodiscard]] Warp crop(Size from, const Region& region);
/// The middle: the offset is (from - to) / 2 rounded down, as albumentations does, so that an odd
/// remainder is larger at the bottom and right; of an image that is too small, the padding at the
/// top and left.
[[nodiscard]] Warp center_crop(Size from, Size to);

/// Another size: bilinear between pixel centres without smoothing before, as torchvision's
/// `resize` with `antialias=False`, and of masks `nearest-exact`.
[[nodiscard]] Warp resize(Size from, Size to);
/// A region as an image of its own, resized.
/// Errors: `Error` where the region is not inside the image.
[[nodiscard]] Warp resized_crop(Size from, const Region& region, Size to);

/// Another size, bilinear over all pixels that an output covers: what becomes smaller keeps no
/// pixel pattern. torchvision's `resize` with `antialias=True`, its default, and Pillow's; where
/// nothing becomes smaller the same as `resize`, but for rounding. A part of an image is resized as
/// if there were nothing around it.
/// Errors: `Error` for images of other channels. The two do not share memory.
void smooth_resize(const ConstImage& from, const Image& to,
                   Scratch& scratch = Scratch::of_thread());

}  // namespace lamina::augment
