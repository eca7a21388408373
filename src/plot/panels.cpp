#include "plot/panels.hpp"

#include <algorithm>
#include <cmath>

namespace lamina::plot {

namespace {

constexpr int line = 19;  // points from one line of text to the next
constexpr int gap = 12;   // between the x axis of a panel and the label of the next
constexpr int below = 62;

/// Where the key of a panel stands: right of the panel's label, in as many lines as it takes.
struct Key {
  std::size_t columns = 1;
  int lines = 1;
};

Key key_of(const Panel& panel) {
  constexpr std::size_t characters = 86;  // of this font's that a line of the picture holds
  constexpr std::size_t sample = 7;       // characters as wide as a sample and the space around it
  std::size_t entries = panel.curves.size();
  std::size_t longest = panel.more_title.size();
  for (const Curve& curve : panel.curves) longest = std::max(longest, curve.title.size());
  if (!panel.more_title.empty()) ++entries;
  const std::size_t free = characters - std::min(characters, panel.label.size() + 2);
  const std::size_t columns = std::clamp<std::size_t>(free / (longest + sample), 1, entries);
  return {columns, static_cast<int>((entries + columns - 1) / columns)};
}

bool keyed(const Panel& panel) {
  return panel.curves.size() > 1 || !panel.more_title.empty();
}

int header_of(const Panel& panel) {
  return line * (keyed(panel) ? key_of(panel).lines : 1) + 6;
}

// With a decimal point, or gnuplot divides integers.
std::string from_top(int points) {
  return std::string("1 - ") + text_of_number(points) + ".0 / height";
}

/// `top`: of the header, in points below the upper end of the picture.
std::string axes_text(const Panel& panel, int top) {
  const int upper = top + header_of(panel);
  std::string text = "  set tmargin at screen " + from_top(upper) + "\n";
  text += "  set bmargin at screen " + from_top(upper + panel.height) + "\n";
  text += "  set yrange " + text_of(panel.range) + "\n";
  if (panel.logarithmic) {
    text += "  set logscale y\n  set ytics autofreq\n";
  } else {
    const double step = step_of(panel.range.high - panel.range.low, panel.height / 26);
    text += "  unset logscale y\n  set ytics " + text_of_number(step) + "\n";
  }
  text += "  set label 1 " + shown(panel.label) + " at screen 0.1, screen " +
          from_top(top + line / 2) + " left textcolor rgb \"#24292f\"\n";
  if (!keyed(panel)) return text + "  unset key\n";
  text += "  set key at screen 0.97, screen " + from_top(top) + " top right horizontal maxcols " +
          text_of_number(key_of(panel).columns) + "\n";
  return text;
}

std::string curves_text(const Panel& panel, bool points) {
  std::string text = "  plot ";
  for (const Curve& curve : panel.curves) {
    if (&curve != &panel.curves.front()) text += ", \\\n       ";
    text += std::string("data skip 1 using 1:") + text_of_number(curve.column) +
            (points ? " with linespoints pointtype 7 pointsize 0.45" : " with lines") +
            " linecolor rgb color(" + text_of_number(curve.color) + ") title " + shown(curve.title);
  }
  if (!panel.more.empty()) text += std::string(", \\\n       ") + panel.more;
  return text + "\n";
}

}  // namespace

double step_of(double length, int most) {
  double decade = std::pow(10.0, std::floor(std::log10(length / most)));
  for (; true; decade *= 10) {
    for (const int step : {1, 2, 5}) {
      if (length <= step * decade * most) return step * decade;
    }
  }
}

Script script_of(const std::vector<Panel>& panels, const Axis& axis, bool points) {
  Script script;
  script.body =
      "  set lmargin at screen 0.1\n"
      "  set rmargin at screen 0.97\n"
      "  set format y \"%g\"\n";
  script.body += "  set xrange " + text_of(axis.range) + "\n";
  script.body += "  set xtics " + text_of_number(axis.tic_step) + "\n";
  script.body += "  set format x \"\"\n  set multiplot\n\n";
  int top = gap / 2;
  for (const Panel& panel : panels) {
    if (&panel == &panels.back()) {
      script.body += "  set format x \"%g\"\n  set xlabel " + shown(axis.label) + "\n";
    }
    script.body += axes_text(panel, top) + curves_text(panel, points) + "\n";
    top += header_of(panel) + panel.height + gap;
  }
  script.body += "  unset multiplot\n";
  script.height = top - gap + below;
  return script;
}

}  // namespace lamina::plot
