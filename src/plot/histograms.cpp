#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/plot/histograms.hpp>

#include "plot/data_file.hpp"
#include "plot/panels.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

using plot::Range;
using plot::text_of_number;

/// A histogram of the finite ones of some values, and what is said above it.
struct Histogram {
  std::string title{};
  std::string summary{};
  Range range;                      // of the bars
  std::vector<std::size_t> counts;  // of each bar
  std::size_t finite = 0;
  std::size_t zeros = 0;
  std::size_t others = 0;  // not finite
  double mean = 0;
  double deviation = 0;

  [[nodiscard]] double edge(std::size_t bar) const {
    const double share = static_cast<double>(bar) / static_cast<double>(counts.size());
    return range.low + share * (range.high - range.low);
  }
  [[nodiscard]] double share(std::size_t bar) const {
    return static_cast<double>(counts[bar]) / static_cast<double>(std::max<std::size_t>(finite, 1));
  }
};

/// Bars of equal width by the rule of Freedman and Diaconis.
std::size_t bars_of(const std::vector<float>& sorted, const Range& range) {
  const std::size_t size = sorted.size();
  const double middle_half =
      static_cast<double>(sorted[size - 1 - size / 4]) - static_cast<double>(sorted[size / 4]);
  const double width = 2 * middle_half / std::cbrt(static_cast<double>(size));
  const double bars = width > 0 ? std::ceil((range.high - range.low) / width) : 60;
  return static_cast<std::size_t>(std::clamp(bars, 10.0, 60.0));
}

Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram;
  std::vector<float> sorted;
  for (const float value : values) {
    if (std::isfinite(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end());
  histogram.finite = sorted.size();
  histogram.others = values.size() - sorted.size();
  Range range;
  if (!sorted.empty()) range = {sorted.front(), sorted.back()};
  histogram.range = range.widened(0);
  histogram.counts.resize(
      sorted.empty() || range.low == range.high ? 11 : bars_of(sorted, histogram.range));
  const double per_bar =
      (histogram.range.high - histogram.range.low) / static_cast<double>(histogram.counts.size());
  double sum = 0;
  for (const float value : sorted) {
    const double bar = (static_cast<double>(value) - histogram.range.low) / per_bar;
    ++histogram.counts[std::min(static_cast<std::size_t>(bar), histogram.counts.size() - 1)];
    if (value == 0.0F) ++histogram.zeros;
    sum += static_cast<double>(value);
  }
  const double count = static_cast<double>(std::max<std::size_t>(sorted.size(), 1));
  histogram.mean = sum / count;
  double squares = 0;
  for (const float value : sorted) {
    const double distance = static_cast<double>(value) - histogram.mean;
    squares += distance * distance;
  }
  histogram.deviation = std::sqrt(squares / count);
  return histogram;
}

std::string rounded(double value, int digits) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value,
                                     std::chars_format::general, digits)
                           .ptr};
}

std::string summary_of(const Histogram& histogram) {
  if (histogram.finite == 0) {
    return histogram.others == 0 ? std::string("no values") : std::string("no finite values");
  }
  std::string text = rounded(histogram.mean, 2) + " ± " + rounded(histogram.deviation, 2);
  const double zeros =
      100 * static_cast<double>(histogram.zeros) / static_cast<double>(histogram.finite);
  if (zeros >= 1) text += ", " + rounded(std::round(zeros), 3) + " % zero";
  if (histogram.others > 0) text += ", " + std::to_string(histogram.others) + " not finite";
  return text;
}

/// The height of the axes: of the largest bar, unless it dwarfs the second.
double top_of(const Histogram& histogram) {
  std::vector<std::size_t> counts = histogram.counts;
  std::sort(counts.begin(), counts.end());
  const auto largest = static_cast<double>(counts.back());
  const auto second = static_cast<double>(counts[counts.size() - 2]);
  const double top = second > 0 && largest > 4 * second ? 1.6 * second : 1.08 * largest;
  return std::max(top, 1e-9) / static_cast<double>(std::max<std::size_t>(histogram.finite, 1));
}

constexpr int header = 46;
constexpr int axes = 110;
constexpr int below = 34;

plot::Script script_of(const std::vector<Histogram>& histograms) {
  const int count = static_cast<int>(histograms.size());
  std::size_t longest = 0;
  for (const Histogram& each : histograms) longest = std::max(longest, each.title.size());
  const int columns = std::min(count, longest > 30 ? 2 : 3);
  const int rows = (count + columns - 1) / columns;
  const int cell = columns == 1 ? 480 : columns == 2 ? 380 : 280;
  plot::Script script;
  script.width = columns * cell;
  script.height = rows * (header + axes + below) + 8;
  std::string& body = script.body;
  body =
      "  unset key\n  unset ytics\n  unset grid\n  set border 1\n  set format x \"%g\"\n"
      "  set style fill solid 1 border rgb \"#ffffff\"\n  set multiplot\n\n";
  const auto x = [](int points) { return text_of_number(points) + ".0 / width"; };
  const auto y = [](int points) { return "1 - " + text_of_number(points) + ".0 / height"; };
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Histogram& histogram = histograms[index];
    const int left = i % columns * cell + 20;
    const int top = i / columns * (header + axes + below);
    const auto letters = static_cast<std::size_t>((cell - 30) * 2 / 15);
    body += "  set lmargin at screen " + x(left) + "\n  set rmargin at screen " +
            x(left + cell - 40) + "\n  set tmargin at screen " + y(top + header) +
            "\n  set bmargin at screen " + y(top + header + axes) + "\n";
    body += "  set label 1 " + plot::shown(plot::shortened(histogram.title, letters)) +
            " at screen " + x(left) + ", screen " + y(top + 16) +
            " left textcolor rgb \"#24292f\"\n";
    body += "  set label 2 " + plot::shown(histogram.summary) + " at screen " + x(left) +
            ", screen " + y(top + 33) + " left textcolor rgb \"#57606a\" font \",11\"\n";
    body += "  set xrange " + plot::text_of(histogram.range) + "\n  set xtics " +
            text_of_number(plot::step_of(histogram.range.high - histogram.range.low, 4)) +
            "\n  set yrange [0:" + text_of_number(top_of(histogram)) + "]\n";
    body += "  plot data skip 1 using ($1 == " + text_of_number(i) +
            " ? ($2 + $3) / 2 : NaN):5:($3 - $2) with boxes linecolor rgb color(1)\n\n";
  }
  body += "  unset multiplot\n";
  return script;
}

}  // namespace

Picture plot_histograms(const std::vector<NamedValues>& named, const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_histograms");
  if (named.empty()) throw Error("plot_histograms: expected 1 histogram or more, found none");
  std::vector<Histogram> histograms;
  plot::Table data{"histogram", "low", "high", "count", "share", "title", "summary"};
  for (std::size_t i = 0; i < named.size(); ++i) {
    histograms.push_back(histogram_of(named[i].values));
    Histogram& histogram = histograms.back();
    histogram.title = named[i].title;
    histogram.summary = summary_of(histogram);
    for (std::size_t bar = 0; bar < histogram.counts.size(); ++bar) {
      data.add(i).add(histogram.edge(bar)).add(histogram.edge(bar + 1));
      data.add(histogram.counts[bar]).add(histogram.share(bar)).add(histogram.title);
      data.add(histogram.summary).end_row();
    }
  }
  return plot::make_picture(stem, data, script_of(histograms));
}

Picture plot::redraw_histograms(const std::filesystem::path& stem) {
  constexpr std::size_t least_bars = 2;
  const DataFile data{stem.string() + ".csv",
                      {"histogram", "low", "high", "count", "share", "title", "summary"}};
  std::vector<Histogram> histograms;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const std::size_t at = data.count(row, 0, histograms.size());
    if (at == histograms.size()) {
      histograms.emplace_back().title = data.text(row, 5);
      histograms.back().summary = data.text(row, 6);
    }
    if (at + 1 != histograms.size())
      data.fail(row, "histograms in their order", "number " + std::to_string(at));
    Histogram& histogram = histograms.back();
    histogram.range.add(data.number(row, 1));
    histogram.range.add(data.number(row, 2));
    histogram.counts.push_back(data.count(row, 3));
    histogram.finite += histogram.counts.back();
  }
  for (Histogram& each : histograms) {
    each.range = each.range.widened(0);
    each.counts.resize(std::max(each.counts.size(), least_bars));
  }
  return redraw_picture(stem, script_of(histograms));
}

}  // namespace lamina
