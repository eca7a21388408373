#include <cmath>
#include <numbers>
#include <utility>

#include <lamina/augment/geometry.hpp>

#include "augment/check.hpp"

namespace lamina::augment {

namespace {

using Matrix = std::array<double, 9>;

double radians(double degrees) {
  return degrees * (std::numbers::pi / 180);
}

/// Floor of a half.
int half(int number) {
  return number >= 0 ? number / 2 : -((1 - number) / 2);
}

/// Solves the 8 equations of `perspective`, with the right side in the last column.
std::array<double, 8> solved(std::array<std::array<double, 9>, 8>& rows) {
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t largest = i;
    for (std::size_t row = i + 1; row < 8; ++row) {
      if (std::abs(rows[row][i]) > std::abs(rows[largest][i])) largest = row;
    }
    std::swap(rows[i], rows[largest]);
    for (std::size_t row = 0; row < 8; ++row) {
      if (row == i) continue;
      const double factor = rows[row][i] / rows[i][i];
      for (std::size_t column = i; column < 9; ++column) {
        rows[row][column] -= factor * rows[i][column];
      }
    }
  }
  std::array<double, 8> found{};
  for (std::size_t i = 0; i < 8; ++i) found[i] = rows[i][8] / rows[i][i];
  return found;
}

/// Corners of which each turns to the same side, by more than rounding.
void expect_convex(const std::array<Point, 4>& corners, const char* which) {
  int turns = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& a = corners[i];
    const Point& b = corners[(i + 1) % 4];
    const Point& c = corners[(i + 2) % 4];
    expect_finite(a.x, "perspective", "finite corners");
    expect_finite(a.y, "perspective", "finite corners");
    const double turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
    turns += turn > 1e-6 ? 1 : turn < -1e-6 ? -1 : 0;
  }
  if (turns == 4 || turns == -4) return;
  throw Error(std::string("perspective: expected the corners of a convex quadrilateral, found ") +
              which + " corners that are not");
}

}  // namespace

// torchvision's `_get_inverse_affine_matrix`, with the angle the other way round.
Warp affine(Size size, const Affine& change) {
  expect_finite(change.degrees, "affine", "finite degrees");
  expect_finite(change.right, "affine", "a finite shift");
  expect_finite(change.down, "affine", "a finite shift");
  expect(change.scale > 0 && std::isfinite(change.scale), "affine", "a finite scale above 0",
         change.scale);
  expect(std::abs(change.x_shear) < 90, "affine", "a shear between -90 and 90 degrees",
         change.x_shear);
  expect(std::abs(change.y_shear) < 90, "affine", "a shear between -90 and 90 degrees",
         change.y_shear);
  const double angle = radians(-change.degrees);
  const double x_shear = radians(change.x_shear);
  const double y_shear = radians(change.y_shear);
  const double a = std::cos(angle - y_shear) / std::cos(y_shear);
  const double b = -a * std::tan(x_shear) - std::sin(angle);
  const double c = std::sin(angle - y_shear) / std::cos(y_shear);
  const double d = -c * std::tan(x_shear) + std::cos(angle);
  const double x_middle = (size.width - 1) / 2.0;
  const double y_middle = (size.height - 1) / 2.0;
  const double x_target = x_middle + change.right;
  const double y_target = y_middle + change.down;
  const double m[] = {d / change.scale, -b / change.scale, -c / change.scale, a / change.scale};
  return {size, size,
          Matrix{m[0], m[1], x_middle - m[0] * x_target - m[1] * y_target,  //
                 m[2], m[3], y_middle - m[2] * x_target - m[3] * y_target,  //
                 0, 0, 1}};
}

Warp rotation(Size size, double degrees) {
  return affine(size, {.degrees = degrees});
}

Warp translation(Size size, double right, double down) {
  return affine(size, {.right = right, .down = down});
}

Warp scaling(Size size, double factor) {
  return affine(size, {.scale = factor});
}

Warp shear(Size size, double x_degrees, double y_degrees) {
  return affine(size, {.x_shear = x_degrees, .y_shear = y_degrees});
}

Warp perspective(Size size, const std::array<Point, 4>& start, const std::array<Point, 4>& end) {
  expect_convex(start, "start");
  expect_convex(end, "end");
  std::array<std::array<double, 9>, 8> rows{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [x, y] = end[i];
    const auto& [u, v] = start[i];
    rows[2 * i] = {x, y, 1, 0, 0, 0, -u * x, -u * y, u};
    rows[2 * i + 1] = {0, 0, 0, x, y, 1, -v * x, -v * y, v};
  }
  const auto m = solved(rows);
  Matrix matrix{m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], 1};
  // w is above 0 where the image is, not where the equations happened to set it to 1.
  if (m[6] * end[0].x + m[7] * end[0].y + 1 < 0) {
    for (double& number : matrix) number = -number;
  }
  return {size, size, matrix};
}

Warp horizontal_flip(Size size) {
  return {size, size, Matrix{-1, 0, size.width - 1.0, 0, 1, 0, 0, 0, 1}};
}

Warp vertical_flip(Size size) {
  return {size, size, Matrix{1, 0, 0, 0, -1, size.height - 1.0, 0, 0, 1}};
}

Warp crop(Size from, const Region& region) {
  return {from, region.size(),
          Matrix{1, 0, static_cast<double>(region.left), 0, 1, static_cast<double>(region.top), 0,
                 0, 1}};
}

Warp center_crop(Size from, Size to) {
  return crop(from,
              {half(from.height - to.height), half(from.width - to.width), to.height, to.width});
}

Warp resize(Size from, Size to) {
  return resized_crop(from, {0, 0, from.height, from.width}, to);
}

Warp resized_crop(Size from, const Region& region, Size to) {
  const bool inside = region.top >= 0 && region.left >= 0 && region.height > 0 &&
                      region.width > 0 && region.height <= from.height - region.top &&
                      region.width <= from.width - region.left;
  if (!inside) {
    throw Error("resized_crop: expected a region inside of " + text_of(from) + ", found " +
                text_of(region.size()) + " at row " + std::to_string(region.top) + ", column " +
                std::to_string(region.left));
  }
  const double x = static_cast<double>(region.width) / to.width;
  const double y = static_cast<double>(region.height) / to.height;
  Warp made{from, to,
            Matrix{x, 0, region.left + x / 2 - 0.5, 0, y, region.top + y / 2 - 0.5, 0, 0, 1}};
  made.seen_ = region;
  return made;
}

}  // namespace lamina::augment
