#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <lamina/plot/decision_boundary.hpp>

#include "plot/contour.hpp"
#include "plot/data_file.hpp"
#include "plot/panels.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina::detail {

namespace {

using plot::Range;
using plot::text_of_number;

constexpr std::size_t most_samples = 2000;
constexpr std::size_t most_bounded = 12;  // classes; with more, the lines hide the regions
constexpr std::size_t most_keyed = 8;     // classes, as many as there are colors

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

/// What the script needs to know of the data.
struct Extents {
  std::array<Range, 2> axes{};  ///< of the grid
  Range values{};               ///< of outputs and targets
  bool lines = false;
};

/// The data of the picture.
struct Parts : Extents {
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

constexpr const char* line_items =
    "data skip 1 index 2 using 2:3:($6 - $2):($7 - $3) with vectors nohead linecolor rgb ";

std::string name_of(const std::vector<std::string>& names, std::size_t i, const char* otherwise) {
  constexpr std::size_t most_letters = 48;
  return plot::shown(i < names.size() ? plot::shortened(names[i], most_letters)
                                      : otherwise + text_of_number(i));
}

std::string regions_text(const plot::BoundaryNames& names, bool lines) {
  const std::size_t classes = names.classes;
  std::string text =
      "  plot data skip 1 index 0 using 2:3:(tint($4, $5, 1)):(tint($4, $5, 3)):(tint($4, $5, 5)) "
      "with rgbimage notitle";
  if (lines) text += std::string(", \\\n       ") + line_items + "\"#57606a\" linewidth 1 notitle";
  const auto points = [](std::size_t c, const char* size) {
    return std::string(", \\\n       data skip 1 index 1 using 2:($4 == ") + text_of_number(c) +
           " ? $3 : NaN) with points pointtype 7 pointsize " + size + " linecolor rgb ";
  };
  for (std::size_t c = 0; c < classes; ++c) {
    text += points(c, "0.62") + "\"#ffffff\" notitle" + points(c, "0.42") + "color(" +
            text_of_number(c + 1) + ") ";
    text += classes <= most_keyed ? "title " + name_of(names.class_names, c, "class ")
                                  : std::string("notitle");
  }
  return text + "\n";
}

std::string values_text(bool lines) {
  std::string text = "  plot data skip 1 index 0 using 2:3:4 with image notitle";
  if (lines) {
    text += std::string(", \\\n       ") + line_items + "\"#24292f\" linewidth 0.5 notitle";
  }
  return text +
         ", \\\n       data skip 1 index 1 using 2:3 with points pointtype 7 pointsize 0.62 "
         "linecolor rgb \"#24292f\" notitle, \\\n       data skip 1 index 1 using 2:3:4 with "
         "points "
         "pointtype 7 pointsize 0.46 linecolor palette title \"samples\"\n";
}

plot::Script script_of(const plot::BoundaryNames& names, const Extents& parts) {
  plot::Script script;
  script.height = 520;
  script.body = "  unset grid\n  set tics front\n  set key maxrows 1\n";
  script.body += "  set xlabel " + name_of(names.feature_names, 0, "feature ") + "\n";
  script.body += "  set ylabel " + name_of(names.feature_names, 1, "feature ") + "\n";
  script.body += "  set xrange " + plot::text_of(parts.axes[0]) + "\n  set yrange " +
                 plot::text_of(parts.axes[1]) + "\n";
  if (names.classes > 0) {
    // From a pale to a strong shade of the color of the class: a digit pair of its text at a time.
    script.definitions =
        std::string("classes = ") + text_of_number(names.classes) +
        ".0\n"
        "part_of(c, i) = int(\"0x\" . substr(color(int(c) + 1), i + 1, i + 2)) * 1.0\n"
        "shade(p) = 0.08 + 0.37 * (p * classes - 1) / (classes - 1)\n"
        "tint(c, p, i) = 255 - shade(p) * (255 - part_of(c, i))\n";
    script.body += regions_text(names, parts.lines);
  } else {
    script.body +=
        "  set palette defined (0 \"#0550ae\", 0.25 \"#6cb0f5\", 0.5 \"#f6f8fa\", 0.75 "
        "\"#f5a37b\", "
        "1 \"#bc3a1b\")\n  set cbrange " +
        plot::text_of(parts.values.widened(0)) + "\n" + values_text(parts.lines);
  }
  return script;
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
      script_of({decisions.classes(), data.class_names(), data.feature_names()}, parts));
}

}  // namespace lamina::detail

namespace lamina {

namespace {

// The file has the shortest texts of floats.
double as_float(double number) {
  constexpr auto most = static_cast<double>(std::numeric_limits<float>::max());
  return std::abs(number) <= most ? static_cast<double>(static_cast<float>(number)) : number;
}

}  // namespace

Picture plot::redraw_decision_boundary(const std::filesystem::path& stem,
                                       const BoundaryNames& names) {
  const DataFile data{stem.string() + ".csv",
                      {"part", "x", "y", "value", "confidence", "x_end", "y_end"}};
  detail::Extents extents;
  bool chosen = false;  // classes, with a confidence
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const std::string& part = data.text(row, 0);
    if (part == "line") {
      extents.lines = true;
      continue;
    }
    extents.values.add(as_float(data.number(row, 3)));
    if (part != "grid") continue;
    chosen = chosen || !data.text(row, 4).empty();
    for (const std::size_t axis : {std::size_t{0}, std::size_t{1}})
      extents.axes[axis].add(as_float(data.number(row, 1 + axis)));
  }
  for (Range& axis : extents.axes) axis = axis.widened(0);
  BoundaryNames shown = names;
  if (!chosen) shown.classes = 0;
  return redraw_picture(stem, detail::script_of(shown, extents));
}

}  // namespace lamina
