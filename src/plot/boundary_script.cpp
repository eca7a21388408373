#include "plot/boundary_script.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "plot/data_file.hpp"

namespace lamina::plot {

namespace {

constexpr std::size_t most_keyed = 8;  // classes, as many as there are colors

constexpr const char* line_items =
    "data skip 1 index 2 using 2:3:($6 - $2):($7 - $3) with vectors nohead linecolor rgb ";

std::string name_of(const std::vector<std::string>& names, std::size_t i, const char* otherwise) {
  constexpr std::size_t most_letters = 48;
  return shown(i < names.size() ? shortened(names[i], most_letters)
                                : otherwise + text_of_number(i));
}

std::string regions_text(const BoundaryNames& names, bool lines) {
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

}  // namespace

Script boundary_script(const BoundaryNames& names, const BoundaryExtents& extents) {
  Script script;
  script.height = 520;
  script.body = "  unset grid\n  set tics front\n  set key maxrows 1\n";
  script.body += "  set xlabel " + name_of(names.feature_names, 0, "feature ") + "\n";
  script.body += "  set ylabel " + name_of(names.feature_names, 1, "feature ") + "\n";
  script.body += "  set xrange " + text_of(extents.axes[0]) + "\n  set yrange " +
                 text_of(extents.axes[1]) + "\n";
  if (names.classes > 0) {
    // From a pale to a strong shade of the color of the class: a digit pair of its text at a time.
    script.definitions =
        std::string("classes = ") + text_of_number(names.classes) +
        ".0\n"
        "part_of(c, i) = int(\"0x\" . substr(color(int(c) + 1), i + 1, i + 2)) * 1.0\n"
        "shade(p) = 0.08 + 0.37 * (p * classes - 1) / (classes - 1)\n"
        "tint(c, p, i) = 255 - shade(p) * (255 - part_of(c, i))\n";
    script.body += regions_text(names, extents.lines);
  } else {
    script.body +=
        "  set palette defined (0 \"#0550ae\", 0.25 \"#6cb0f5\", 0.5 \"#f6f8fa\", 0.75 "
        "\"#f5a37b\", "
        "1 \"#bc3a1b\")\n  set cbrange " +
        text_of(extents.values.widened(0)) + "\n" + values_text(extents.lines);
  }
  return script;
}

namespace {

// The file has the shortest texts of floats.
double as_float(double number) {
  constexpr auto most = static_cast<double>(std::numeric_limits<float>::max());
  return std::abs(number) <= most ? static_cast<double>(static_cast<float>(number)) : number;
}

}  // namespace

Picture redraw_decision_boundary(const std::filesystem::path& stem, const BoundaryNames& names) {
  const DataFile data{stem.string() + ".csv",
                      {"part", "x", "y", "value", "confidence", "x_end", "y_end"}};
  BoundaryExtents extents;
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
  BoundaryNames drawn = names;
  if (!chosen) drawn.classes = 0;
  return redraw_picture(stem, boundary_script(drawn, extents));
}

}  // namespace lamina::plot
