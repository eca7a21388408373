#include "plot/contour.hpp"

#include <cmath>

namespace lamina::plot {

namespace {

using Point = std::array<double, 2>;

struct Corner {
  Point at;
  double value;
};

/// Where the line through two corners' values is zero.
Point crossing(const Corner& a, const Corner& b) {
  const double share = a.value / (a.value - b.value);
  return {a.at[0] + share * (b.at[0] - a.at[0]), a.at[1] + share * (b.at[1] - a.at[1])};
}

bool above(const Corner& corner) {
  return corner.value > 0;
}

/// Corners in the order of the way around the cell.
void add_segments(const std::array<Corner, 4>& corners, std::vector<Segment>& segments) {
  std::vector<Point> crossings;
  for (std::size_t side = 0; side < 4; ++side) {
    const Corner& from = corners[side];
    const Corner& to = corners[(side + 1) % 4];
    if (!std::isfinite(from.value)) return;
    if (above(from) != above(to)) crossings.push_back(crossing(from, to));
  }
  if (crossings.size() == 2) segments.push_back({crossings[0], crossings[1]});
  if (crossings.size() != 4) return;
  // A saddle: the middle says which corners belong together.
  double sum = 0;
  for (const Corner& corner : corners) sum += corner.value;
  const bool joined = (sum > 0) == above(corners[0]);
  if (joined) {
    segments.push_back({crossings[0], crossings[1]});
    segments.push_back({crossings[2], crossings[3]});
  } else {
    segments.push_back({crossings[3], crossings[0]});
    segments.push_back({crossings[1], crossings[2]});
  }
}

}  // namespace

std::vector<Segment> zero_lines(std::size_t columns, std::size_t rows,
                                const std::function<double(std::size_t)>& value) {
  std::vector<Segment> segments;
  for (std::size_t row = 0; row + 1 < rows; ++row) {
    for (std::size_t column = 0; column + 1 < columns; ++column) {
      const auto corner = [&](std::size_t c, std::size_t r) {
        return Corner{{static_cast<double>(c), static_cast<double>(r)}, value(r * columns + c)};
      };
      add_segments({corner(column, row), corner(column + 1, row), corner(column + 1, row + 1),
                    corner(column, row + 1)},
                   segments);
    }
  }
  return segments;
}

}  // namespace lamina::plot
