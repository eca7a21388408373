#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <lamina/augment/border.hpp>
#include <lamina/augment/image.hpp>
#include <lamina/augment/labels.hpp>
#include <lamina/augment/scratch.hpp>

namespace lamina::augment {

/// A place in an image, by pixel centres.
struct Point {
  double x = 0;
  double y = 0;
};

/// A change of an image's geometry: for every place of the output the place in the input that is
/// seen there. One warp moves images, masks, boxes and key points alike.
///
/// Made by `rotation`, `affine`, `perspective`, `crop`, `resize` and so on, below; by a matrix, for
/// what has no function; by displacements, for elastic deformation.
///
/// Example:
///
///     const Warp turn = rotation(image.size(), 10);
///     warp(image, image, turn, Fill{0});
///     warp(mask, mask, turn);
///     warp(boxes, turn);
class Warp {
 public:
  /// (x, y, 1) of the output times the row-major matrix is (x w, y w, w) of the input.
  /// Errors: `Error` for sizes that are empty, or have an extent above 2^24 or more than 2^30
  /// positions, and numbers that are not finite.
  Warp(Size from, Size to, const std::array<double, 9>& matrix);

  /// Output pixel (y, x) is seen at (x + right[y, x], y + down[y, x]); the fields are (height,
  /// width), row-major, and belong to the caller.
  /// Errors: `Error` for fields of another size.
  static Warp displacement(Size size, std::span<const float> right, std::span<const float> down);

  [[nodiscard]] Size from() const { return from_; }
  [[nodiscard]] Size to() const { return to_; }
  /// The place in the input; none beyond a perspective's horizon, and for what is no finite number
  /// or displaced by none.
  [[nodiscard]] std::optional<Point> source(Point output) const;
  /// The place in the output at which a place of the input is seen; of displacements the one that
  /// twenty steps towards it find, to 1e-4 pixel where neighbours move alike. None as of `source`.
  [[nodiscard]] std::optional<Point> target(Point input) const;
  /// True where left and right change: of flips.
  [[nodiscard]] bool mirrors() const;
  /// This warp, and then `next` of its output, as one: each pixel is interpolated once, and the
  /// border is that of the input. Nothing is cut between the two: what the first moves out of its
  /// output, a crop too, is seen where `next` moves it back.
  ///
  /// A resize has no border, alone or in one warp with others: it goes with flips, with crops
  /// inside the image, and before whatever sees nothing beyond its output.
  ///
  /// Errors: `Error` where `next` is for another size, for displacements, and for a resize with
  /// what would need a border, as a rotation does: there use `warp` twice.
  [[nodiscard]] Warp then(const Warp& next) const;
  /// True where `then` has no error.
  [[nodiscard]] bool joins(const Warp& next) const;

  /// What the samplers read.
  [[nodiscard]] const std::array<double, 9>& matrix() const { return matrix_; }
  [[nodiscard]] bool is_affine() const;
  [[nodiscard]] std::span<const float> right() const { return right_; }
  [[nodiscard]] std::span<const float> down() const { return down_; }
  /// Of a resize, what of the input is seen: its edge goes on. Of others none.
  [[nodiscard]] const std::optional<Region>& seen() const { return seen_; }

 private:
  friend Warp resized_crop(Size from, const Region& region, Size to);

  Size from_;
  Size to_;
  std::array<double, 9> matrix_{};
  std::array<double, 9> inverse_{};
  std::span<const float> right_;
  std::span<const float> down_;
  std::optional<Region> seen_;  // of resizing: nothing beyond it, its edge goes on
};

/// An image through a warp, bilinear. `to` may be `from`, or apart from it; no other overlap.
/// A resize has no border: its edge goes on. Places that are no finite numbers are the border.
/// Errors: `Error` for images that have other sizes than the warp, or other channels than each
/// other.
void warp(const ConstImage& from, const Image& to, const Warp& by, const Border& border = Fill{},
          Scratch& scratch = Scratch::of_thread());

/// A mask through a warp: the nearest pixel's class, and `fill` where the border is `Fill`.
/// Errors: as of images, and for a mask of more than one channel.
void warp(const Mask<const std::uint8_t>& from, const Mask<std::uint8_t>& to, const Warp& by,
          const Border& border = Fill{}, std::uint8_t fill = 0,
          Scratch& scratch = Scratch::of_thread());
void warp(const Mask<const std::uint16_t>& from, const Mask<std::uint16_t>& to, const Warp& by,
          const Border& border = Fill{}, std::uint16_t fill = 0,
          Scratch& scratch = Scratch::of_thread());
void warp(const Mask<const std::int32_t>& from, const Mask<std::int32_t>& to, const Warp& by,
          const Border& border = Fill{}, std::int32_t fill = 0,
          Scratch& scratch = Scratch::of_thread());

/// Boxes through a warp: the box around what becomes of each, clipped to the output. Dropped are
/// those of which nothing is left, or less than `min_visibility` of the area before clipping; those
/// that reach beyond a perspective's horizon; and those with an edge that is, or becomes, no finite
/// number.
/// Errors: `Error` for a share outside [0, 1].
void warp(std::vector<Box>& boxes, const Warp& by, float min_visibility = 0);

/// Key points through a warp. Those that leave the output are not visible from then on, nor those
/// that are, or become, no finite numbers; where the warp mirrors, `swaps` change places.
void warp(std::span<KeyPoint> points, const Warp& by, const KeyPointSwaps& swaps = {});

}  // namespace lamina::augment
