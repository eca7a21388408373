#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

namespace lamina::plot {

/// A piece of a line where a function on a grid has a certain value.
struct Segment {
  std::array<double, 2> from;  ///< column and row, with fractions
  std::array<double, 2> to;
};

/// The lines where a function crosses zero, cell by cell of the grid (marching squares): `value(i)`
/// of point i, row by row. Cells with a value that is not finite have none.
std::vector<Segment> zero_lines(std::size_t columns, std::size_t rows,
                                const std::function<double(std::size_t)>& value);

}  // namespace lamina::plot
