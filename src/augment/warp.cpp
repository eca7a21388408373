#include <algorithm>
#include <cmath>
#include <limits>

#include <lamina/augment/warp.hpp>

#include "augment/check.hpp"

namespace lamina::augment {

namespace {

using Matrix = std::array<double, 9>;

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix found{};
  for (std::size_t row = 0; row < 9; row += 3) {
    for (std::size_t column = 0; column < 3; ++column) {
      found[row + column] =
          a[row] * b[column] + a[row + 1] * b[3 + column] + a[row + 2] * b[6 + column];
    }
  }
  return found;
}

double determinant(const Matrix& m) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) + m[1] * (m[5] * m[6] - m[3] * m[8]) +
         m[2] * (m[3] * m[7] - m[4] * m[6]);
}

/// All zeros, which send no place anywhere, where there is none.
Matrix inverse(const Matrix& m) {
  const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    return m[a] * m[d] - m[b] * m[c];
  };
  Matrix found{minor(4, 5, 7, 8), minor(2, 1, 8, 7), minor(1, 2, 4, 5),
               minor(5, 3, 8, 6), minor(0, 2, 6, 8), minor(2, 0, 5, 3),
               minor(3, 4, 6, 7), minor(1, 0, 7, 6), minor(0, 1, 3, 4)};
  const double by = determinant(m);
  for (double& number : found) number = by == 0 ? 0 : number / by;
  return found;
}

/// False for NaN, and for what no float holds.
bool is_number(Point p) {
  constexpr double most = std::numeric_limits<float>::max();
  return std::abs(p.x) <= most && std::abs(p.y) <= most;
}

/// The point, where it is one.
std::optional<Point> if_number(Point p) {
  return is_number(p) ? std::optional(p) : std::nullopt;
}

std::optional<Point> mapped(const Matrix& m, Point p) {
  const double w = m[6] * p.x + m[7] * p.y + m[8];
  if (!(w > 0)) return std::nullopt;
  return if_number({(m[0] * p.x + m[1] * p.y + m[2]) / w, (m[3] * p.x + m[4] * p.y + m[5]) / w});
}

/// A field's value between its pixels; its edge goes on. The place must be a number.
double between(std::span<const float> field, Size size, Point p) {
  const double x = std::clamp(p.x, 0.0, size.width - 1.0);
  const double y = std::clamp(p.y, 0.0, size.height - 1.0);
  const int left = std::min(static_cast<int>(x), std::max(size.width - 2, 0));
  const int top = std::min(static_cast<int>(y), std::max(size.height - 2, 0));
  const auto at = [&](int row, int column) {
    const int index =
        std::min(row, size.height - 1) * size.width + std::min(column, size.width - 1);
    return static_cast<double>(field[static_cast<std::size_t>(index)]);
  };
  const auto row_value = [&](int row) {
    return at(row, left) + (x - left) * (at(row, left + 1) - at(row, left));
  };
  return row_value(top) + (y - top) * (row_value(top + 1) - row_value(top));
}

void expect_extents(Size size, const char* what) {
  constexpr int most = 1 << 24;  // where floats, which places are, stop counting pixels
  const bool right = size.height > 0 && size.width > 0 &&
                     std::max(size.height, size.width) <= most &&
                     size.height <= (1 << 30) / size.width;
  if (right) return;
  throw Error(std::string("warp: expected ") + what +
              ", 2^24 at most a side and 2^30 positions, found " + text_of(size));
}

Region whole(Size size) {
  return {0, 0, size.height, size.width};
}

/// Where the input of a flip or crop has what its output shows in a region: as resizing sees it,
/// the region's edge goes on. None where there is a border in it, or of another warp.
std::optional<Region> region_in_input(const Region& region, const Warp& by) {
  const auto& m = by.matrix();
  const auto is_whole = [](double step, double across, double start) {
    return std::abs(step) == 1 && across == 0 && std::floor(start) == start;
  };
  if (!by.is_affine() || !is_whole(m[0], m[1], m[2]) || !is_whole(m[4], m[3], m[5])) return {};
  const double right = region.left + region.width - 1.0;
  const double bottom = region.top + region.height - 1.0;
  const double left = m[2] + std::min(m[0] * region.left, m[0] * right);
  const double top = m[5] + std::min(m[4] * region.top, m[4] * bottom);
  if (left < 0 || top < 0 || left + region.width > by.from().width ||
      top + region.height > by.from().height) {
    return {};
  }
  return Region{static_cast<int>(top), static_cast<int>(left), region.height, region.width};
}

/// True where the second of two warps is a resize that sees other than all of the first one's,
/// which is none of the same edge.
bool resizes_part(const Warp& first, const Warp& second) {
  return second.seen() && !(first.seen() && *second.seen() == whole(first.to()));
}

/// True where no pixel of the output is seen beyond the input: it is convex, so that its corners
/// tell.
bool stays_inside(const Warp& by) {
  constexpr double rounding = 1e-6;
  const double right = by.to().width - 1.0;
  const double bottom = by.to().height - 1.0;
  for (const Point corner :
       {Point{0, 0}, Point{right, 0}, Point{0, bottom}, Point{right, bottom}}) {
    const auto seen = by.source(corner);
    const bool inside = seen && seen->x >= -rounding && seen->y >= -rounding &&
                        seen->x <= by.from().width - 1 + rounding &&
                        seen->y <= by.from().height - 1 + rounding;
    if (!inside) return false;
  }
  return true;
}

}  // namespace

Warp::Warp(Size from, Size to, const Matrix& matrix)
    : from_(from), to_(to), matrix_(matrix), inverse_(inverse(matrix)) {
  expect_extents(from, "an image");
  expect_extents(to, "a size to make");
  for (const double number : matrix) expect_finite(number, "warp", "a matrix of finite numbers");
}

Warp Warp::displacement(Size size, std::span<const float> right, std::span<const float> down) {
  Warp made(size, size, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  const auto positions =
      static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.width);
  for (const std::size_t found : {right.size(), down.size()}) {
    if (found == positions) continue;
    throw Error("displacement: expected a number for each position of " + text_of(size) +
                ", found " + std::to_string(found) + " numbers");
  }
  made.right_ = right;
  made.down_ = down;
  return made;
}

std::optional<Point> Warp::source(Point output) const {
  if (right_.empty()) return mapped(matrix_, output);
  if (!is_number(output)) return std::nullopt;
  return if_number(
      {output.x + between(right_, to_, output), output.y + between(down_, to_, output)});
}

std::optional<Point> Warp::target(Point input) const {
  if (right_.empty()) return mapped(inverse_, input);
  Point found = input;
  for (int step = 0; step < 20; ++step) {
    if (!is_number(found)) return std::nullopt;
    found = {input.x - between(right_, to_, found), input.y - between(down_, to_, found)};
  }
  return if_number(found);
}

bool Warp::mirrors() const {
  return determinant(matrix_) < 0;
}

bool Warp::is_affine() const {
  return right_.empty() && matrix_[6] == 0 && matrix_[7] == 0 && matrix_[8] == 1;
}

Warp Warp::then(const Warp& next) const {
  if (!right_.empty() || !next.right_.empty()) {
    throw Error("then: expected two warps by matrices, found one by displacements");
  }
  expect_size(next.from_, to_, "then", "a warp of images");
  Warp made(from_, next.to_, product(matrix_, next.matrix_));
  made.seen_ = seen_;
  if (resizes_part(*this, next)) {
    made.seen_ = region_in_input(*next.seen_, *this);
    if (!made.seen_) {
      throw Error(
          "then: expected a resize after flips and crops that leave no border in it, found one "
          "after another warp of " +
          text_of(from_));
    }
  } else if (seen_ && !next.seen_ && !stays_inside(next)) {
    throw Error("then: expected after a resize what sees nothing beyond its " + text_of(to_) +
                ", found a warp that does");
  }
  return made;
}

bool Warp::joins(const Warp& next) const {
  if (!right_.empty() || !next.right_.empty() || next.from_ != to_) return false;
  if (resizes_part(*this, next)) return region_in_input(*next.seen_, *this).has_value();
  return !seen_ || next.seen_ || stays_inside(next);
}

}  // namespace lamina::augment
