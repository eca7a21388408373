#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/plot/decision_boundary.hpp>

#include "plot/range.hpp"
#include "plot/script.hpp"

namespace lamina::detail {

namespace {

using plot::Range;

// A megabyte of data; the lines between the points are as smooth as the network is.
constexpr std::size_t grid_columns = 181;
constexpr std::size_t grid_rows = 131;

[[noreturn]] void fail(const std::string& expected, const std::string& found) {
  throw Error(std::string("plot_decision_boundary: expected ") + expected + ", found " + found);
}

void check(const Dataset& data, std::size_t outputs) {
  if (data.features() != 2) fail("samples of 2 features", std::to_string(data.features()));
  if (data.empty()) fail("1 sample or more", "none");
  const std::size_t classes = std::max<std::size_t>(outputs, 2);
  if (data.has_labels() && data.classes() > classes) {
    fail(std::string("labels below ") + std::to_string(classes),
         std::to_string(data.classes() - 1));
  }
  if (!data.has_labels() && data.outputs() != outputs) {
    fail(std::to_string(outputs) + " targets a row", std::to_string(data.outputs()));
  }
  for (std::size_t i = 0; i < data.inputs().size(); ++i) {
    if (std::isfinite(data.inputs()[i])) continue;
    fail("finite inputs",
         plot::text_of_number(data.inputs()[i]) + " in row " + std::to_string(i / 2));
  }
}

float along(const Range& range, std::size_t i, std::size_t count) {
  const double share = static_cast<double>(i) / static_cast<double>(count - 1);
  return static_cast<float>(range.low + share * (range.high - range.low));
}

}  // namespace

void expect_stem_of_boundary(const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_decision_boundary");
}

DecisionGrid decision_grid(const Dataset& data, std::size_t outputs) {
  check(data, outputs);
  std::array<Range, 2> ranges;
  for (std::size_t i = 0; i < data.inputs().size(); ++i) {
    ranges[i % 2].add(static_cast<double>(data.inputs()[i]));
  }
  for (Range& range : ranges) range = range.widened(0.08);
  DecisionGrid grid{grid_columns, grid_rows, {}};
  for (std::size_t row = 0; row < grid.rows; ++row) {
    for (std::size_t column = 0; column < grid.columns; ++column) {
      grid.points.push_back(along(ranges[0], column, grid.columns));
      grid.points.push_back(along(ranges[1], row, grid.rows));
    }
  }
  return grid;
}

}  // namespace lamina::detail
