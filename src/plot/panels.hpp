#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plot/range.hpp"
#include "plot/script.hpp"

namespace lamina::plot {

/// A column of the data as a line.
struct Curve {
  std::size_t column;  ///< from 1, as gnuplot counts
  std::string title;   ///< in the key
  int color;           ///< from 1
};

/// Curves in axes of their own; all panels of a picture have the same x axis.
struct Panel {
  std::string label;
  std::vector<Curve> curves;
  Range range{};
  int height = 150;  ///< of the axes, in points of the picture
  bool logarithmic = false;
  std::string more{};        ///< further items of the plot command
  std::string more_title{};  ///< what the key says of them
};

/// The x axis of panels.
struct Axis {
  std::string label;
  Range range;
  double tic_step;
};

/// The panels of a picture above each other; column 1 of the data is x.
Script script_of(const std::vector<Panel>& panels, const Axis& axis, bool points);

/// The smallest of 1, 2, 5, 10, ... that cuts a length into at most `most` parts.
double step_of(double length, int most);

}  // namespace lamina::plot
