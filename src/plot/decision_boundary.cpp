#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <lamina/plot/decision_boundary.hpp>

#include "plot/boundary_script.hpp"
#include "plot/contour.hpp"
#include "plot/panels.hpp"
#include "plot/script.hpp"

namespace lamina::detail {

namespace {

using plot::Range;
using plot::text_of_number;

constexpr std::size_t most_samples = 2000;
constexpr std::size_t most_bounded = 12;  // classes; with more, the lines hide the regions

/// The class or the value of a sample.
double truth_of(const Dataset& data, std::size_t row, Decision decision) {
  if (data.has_labels()) return static_cast<double>(data.labels()[row]);
  const std::span<const float> targets = data.targets(row);
  if (decision == Decision::Scores) {
    return static_cast<double>(std::max_element(targets.begin(), targets.end()) - targets.begin());
  }
  if (decision == Decision::Logit) return targets[0] >= 0.5F ? 1 : 0;
  if (decision == Decision::Sign) return targets[0] > 0 ? 1 : 0;
  return static_cast<double>(targets[0]);
}

/// What is said at the points of the grid.
class Decisions {
 public:
  Decisions(std::size_t points, const std::vector<float>& outputs, Decision decision)
      : width_(outputs.size() / points), outputs_(&outputs), decision_(decision) {}

  [[nodiscard]] std::size_t classes() const {
    if (decision_ == Decision::Value) return 0;
    return decision_ == Decision::Scores ? width_ : 2;
  }
  [[nodiscard]] double score(std::size_t point, std::size_t of) const {
    const auto output = static_cast<double>((*outputs_)[point * width_ + of % width_]);
    if (decision_ == Decision::Logit) return of == 1 ? output : 0;
    if (decision_ == Decision::Sign) return of == 1 ? output : -output;
    return output;
  }
  /// The class of the largest score but for one that is left out.
  [[nodiscard]] std::size_t best(std::size_t point, std::size_t but) const {
    std::size_t best = but == 0 ? 1 : 0;
    for (std::size_t c = best + 1; c < classes(); ++c) {
      if (c != but && score(point, c) > score(point, best)) best = c;
    }
    return best;
  }
  [[nodiscard]] std::size_t best(std::size_t point) const { return best(point, classes()); }
  /// Softmax of the best class.
  [[nodiscard]] double confidence(std::size_t point) const {
    const double most = score(point, best(point));
    double sum = 0;
    for (std::size_t c = 0; c < classes(); ++c) sum += std::exp(score(point, c) - most);
    return 1 / sum;
  }
  /// How far a class is ahead of all others.
  [[nodiscard]] double margin(std::size_t point, std::size_t of) const {
    return score(point, of) - score(point, best(point, of));
  }
  [[nodiscard]] double value(std::size_t point) const {
    return decision_ == Decision::Value ? score(point, 0) : static_cast<double>(best(point));
  }

 private:
  std::size_t width_;
  const std::vector<float>* outputs_;
  Decision decision_;
};

/// The data of the picture.
struct Parts : plot::BoundaryExtents {
  plot::Table data{"part", "x", "y", "value", "confidence", "x_end", "y_end"};
};

void add_grid(const DecisionGrid& grid, const Decisions& decisions, Parts& parts) {
  for (std::size_t point = 0; point < grid.columns * grid.rows; ++point) {
    if (point > 0 && point % grid.columns == 0) parts.data.end_row();
    const double value = decisions.value(point);
    parts.values.add(value);
    for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
      parts.axes[axis].add(static_cast<double>(grid.points[2 * point + axis]));
    }
    parts.data.add("grid").add(grid.points[2 * point]).add(grid.points[2 * point + 1]);
    parts.data.add(static_cast<float>(value));
    if (decisions.classes() > 0) parts.data.add(static_cast<float>(decisions.confidence(point)));
    parts.data.end_row();
  }
}

void add_samples(const Dataset& data, Decision decision, Parts& parts) {
  const std::size_t count = std::min(data.size(), most_samples);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = i * data.size() / count;
    const std::span<const float> at = data.inputs(row);
    const double truth = truth_of(data, row, decision);
    parts.values.add(truth);
    parts.data.add("sample").add(at[0]).add(at[1]).add(static_cast<float>(truth)).end_row();
  }
}

void add_lines(const DecisionGrid& grid, double level,
               const std::function<double(std::size_t)>& value, Parts& parts) {
  const auto place = [&](const std::array<double, 2>& at) {
    const auto along = [&](std::size_t axis, double share, double count) {
      const double first = static_cast<double>(grid.points[axis]);
      const double last = static_cast<double>(grid.points[grid.points.size() - 2 + axis]);
      return static_cast<float>(first + (last - first) * share / count);
    };
    return std::array{along(0, at[0], static_cast<double>(grid.columns - 1)),
                      along(1, at[1], static_cast<double>(grid.rows - 1))};
  };
  for (const plot::Segment& segment : plot::zero_lines(grid.columns, grid.rows, value)) {
    const std::array from = place(segment.from);
    const std::array to = place(segment.to);
    parts.data.add("line").add(from[0]).add(from[1]).add(level).add("").add(to[0]).add(to[1]);
    parts.data.end_row();
    parts.lines = true;
  }
}

void add_all_lines(const DecisionGrid& grid, const Decisions& decisions, Parts& parts) {
  const std::size_t classes = decisions.classes();
  if (classes == 0) {
    const Range range = parts.values.widened(0);
    const double step = plot::step_of(range.high - range.low, 12);
    for (int i = 0; i < 14; ++i) {
      const double level = (std::ceil(range.low / step) + i) * step;
      add_lines(grid, level, [&](std::size_t p) { return decisions.value(p) - level; }, parts);
    }
    return;
  }
  if (classes > most_bounded) return;
  // Between two classes there is one line, with more a line around each.
  for (std::size_t c = classes == 2 ? 1 : 0; c < classes; ++c) {
    add_lines(
        grid, static_cast<double>(c), [&](std::size_t p) { return decisions.margin(p, c); }, parts);
  }
}

}  // namespace

Picture plot_decisions(const DecisionGrid& grid, const std::vector<float>& outputs,
                       Decision decision, const Dataset& data, const std::filesystem::path& stem) {
  const Decisions decisions{grid.columns * grid.rows, outputs, decision};
  Parts parts;
  add_grid(grid, decisions, parts);
  parts.data.end_row().end_row();
  add_samples(data, decision, parts);
  parts.data.end_row().end_row();
  add_all_lines(grid, decisions, parts);
  return plot::make_picture(
      stem, parts.data,
      plot::boundary_script({decisions.classes(), data.class_names(), data.feature_names()},
                            parts));
}

}  // namespace lamina::detail
