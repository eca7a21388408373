#pragma once

#include <array>

#include "plot/range.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina::plot {

/// What the script needs to know of the data.
struct BoundaryExtents {
  std::array<Range, 2> axes{};  ///< of the grid
  Range values{};               ///< of outputs and targets
  bool lines = false;
};

[[nodiscard]] Script boundary_script(const BoundaryNames& names, const BoundaryExtents& extents);

}  // namespace lamina::plot
