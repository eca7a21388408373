#include <algorithm>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/plot/confusion.hpp>

#include "plot/data_file.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

using plot::text_of_number;

constexpr std::size_t most_with_counts = 20;
constexpr std::size_t most_with_names = 40;
constexpr std::size_t most_letters = 28;

void check(std::span<const std::int64_t> counts, std::size_t classes, std::size_t names) {
  const auto fail = [](const std::string& expected, const std::string& found) {
    throw Error(std::string("plot_confusion: expected ") + expected + ", found " + found);
  };
  if (classes == 0) fail("1 class or more", "none");
  // Divides: classes squared may be more than a size_t holds.
  if (counts.size() % classes != 0 || counts.size() / classes != classes) {
    fail(std::string("a count for each pair of ") + std::to_string(classes) + " classes",
         std::to_string(counts.size()) + " counts");
  }
  const auto negative = std::find_if(counts.begin(), counts.end(), [](auto n) { return n < 0; });
  if (negative != counts.end()) fail("counts of 0 and more", std::to_string(*negative));
  if (names != 0 && names != classes) {
    fail(std::string("a name for each of ") + std::to_string(classes) + " classes, or none",
         std::to_string(names));
  }
}

/// `set xtics ("cat" 0, "dog" 1) ...`; of many classes, the numbers of some.
std::string tics(const char* axis, const std::vector<std::string>& names, const char* more) {
  if (names.size() > most_with_names) {
    return std::string("  set ") + axis + "tics autofreq\n";
  }
  std::string text = std::string("  set ") + axis + "tics (";
  for (std::size_t c = 0; c < names.size(); ++c) {
    text += (c > 0 ? ", " : "") + plot::shown_at_tic(plot::shortened(names[c], most_letters)) +
            " " + text_of_number(c);
  }
  return text + ")" + more + "\n";
}

plot::Script script_of(const std::vector<std::string>& names) {
  const std::size_t classes = names.size();
  std::size_t longest = 1;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  if (classes > most_with_names) longest = 4;
  const bool counted = classes <= most_with_counts;
  const int cell = counted ? std::clamp(560 / static_cast<int>(classes), 34, 110) : 0;
  const int side = counted ? cell * static_cast<int>(classes) : 560;
  const int letters = static_cast<int>(std::min(longest, most_letters)) * 8;
  const bool turned = letters + 8 > side / static_cast<int>(classes);
  const int left = 58 + letters;
  const int below = 56 + (turned ? letters : 14);
  constexpr int above = 18;
  constexpr int right = 96;  // the color box and its tics

  plot::Script script;
  script.width = left + side + right;
  script.height = above + side + below;
  const auto x = [&](int points) { return text_of_number(points) + ".0 / width"; };
  const auto y = [&](int points) { return text_of_number(points) + ".0 / height"; };
  const std::string end = text_of_number(static_cast<double>(classes) - 0.5);
  std::string& body = script.body;
  body = "  unset grid\n  unset key\n  set border 0\n  set tics scale 0\n";
  body += "  set lmargin at screen " + x(left) + "\n  set rmargin at screen " + x(left + side) +
          "\n  set bmargin at screen " + y(below) + "\n  set tmargin at screen " + y(below + side) +
          "\n";
  body += "  set xrange [-0.5:" + end + "]\n  set yrange [" + end + ":-0.5]\n";
  body += tics("x", names, turned ? " rotate by 90 right" : "");
  body += tics("y", names, "");
  body += "  set label 1 \"predicted\" at graph 0.5, screen " + y(20) +
          " center textcolor rgb \"#24292f\"\n";
  body += "  set label 2 \"true\" at screen " + x(18) +
          ", graph 0.5 center rotate by 90 textcolor rgb \"#24292f\"\n";
  body +=
      "  set palette defined (0 \"#f6f8fa\", 0.02 \"#ddebfa\", 0.5 \"#5b9ee6\", 1 \"#0550ae\")\n"
      "  set cbrange [0:100]\n"
      "  set cbtics 25 format \"%g %%\"\n"
      "  set colorbox user origin screen " +
      x(left + side + 16) + ", graph 0 size screen " + x(12) + ", graph 1\n";
  // Boxes stay sharp at any size; of many classes an image is smaller.
  body += classes <= most_with_names
              ? "  plot data skip 1 using 2:1:(0.5):(0.5):(100 * $4) "
                "with boxxyerror fillstyle solid 1 noborder linecolor palette"
              : "  plot data skip 1 using 2:1:(100 * $4) with image";
  if (counted) {
    body +=
        ", \\\n       data skip 1 using 2:1:3:($4 > 0.5 ? "
        "0xffffff : 0x24292f) with labels textcolor rgb variable";
  }
  body += "\n";
  return script;
}

}  // namespace

Picture plot_confusion(std::span<const std::int64_t> counts, std::size_t classes,
                       std::span<const std::string> names, const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_confusion");
  check(counts, classes, names.size());
  std::vector<std::string> shown(names.begin(), names.end());
  for (std::size_t c = shown.size(); c < classes; ++c) shown.push_back(std::to_string(c));
  // The names come last: gnuplot does not read all that a quoted field may hold.
  plot::Table data{"true", "predicted", "count", "share", "true_name", "predicted_name"};
  for (std::size_t row = 0; row < classes; ++row) {
    const auto cells = counts.subspan(row * classes, classes);
    double sum = 0;  // not of integers: counts may add up to more than one holds
    for (const std::int64_t count : cells) sum += static_cast<double>(count);
    for (std::size_t column = 0; column < classes; ++column) {
      const double share = sum > 0 ? static_cast<double>(cells[column]) / sum : 0;
      data.add(row).add(column).add(cells[column]).add(share);
      data.add(shown[row]).add(shown[column]).end_row();
    }
  }
  return plot::make_picture(stem, data, script_of(shown));
}

Picture plot::redraw_confusion(const std::filesystem::path& stem) {
  const DataFile data{stem.string() + ".csv",
                      {"true", "predicted", "count", "share", "true_name", "predicted_name"}};
  std::vector<std::int64_t> counts;
  std::vector<std::string> names;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    counts.push_back(static_cast<std::int64_t>(data.count(row, 2)));
    if (data.text(row, 0) == "0") names.push_back(data.text(row, 5));
  }
  return plot_confusion(counts, names.size(), names, stem);
}

}  // namespace lamina
