#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/plot/curves.hpp>

#include "plot/range.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

using plot::Range;
using plot::text_of_number;

void check(const LearningRateCurve& curve) {
  const std::size_t steps = curve.learning_rates.size();
  if (steps == 0) throw Error("plot_learning_rates: expected 1 step or more, found none");
  if (curve.losses.size() != steps || curve.smoothed.size() != steps) {
    throw Error(
        std::string("plot_learning_rates: expected a loss and a smoothed loss for each of ") +
        std::to_string(steps) + " learning rates, found " + std::to_string(curve.losses.size()) +
        " and " + std::to_string(curve.smoothed.size()));
  }
  for (std::size_t step = 0; step < steps; ++step) {
    const float rate = curve.learning_rates[step];
    if (std::isfinite(rate) && rate > 0) continue;
    throw Error(std::string("plot_learning_rates: step ") + std::to_string(step) +
                ": expected a learning rate above 0, found " + text_of_number(rate));
  }
}

/// From below the lowest point of the smoothed curve to a little above the highest before it: what
/// comes behind is the end of the search.
Range losses_shown(const LearningRateCurve& curve) {
  Range smoothed;
  for (const double loss : curve.smoothed) smoothed.add(loss);
  Range before;
  for (const double loss : curve.smoothed) {
    before.add(loss);
    if (loss == smoothed.low) break;
  }
  const double fall = before.high - smoothed.low;
  if (fall > 0) smoothed.high = std::min(smoothed.high, before.high + 0.35 * fall);
  return smoothed.widened(0.08);
}

/// A line at a suggestion, and in the key its number.
std::string mark(const char* name, float rate, int color) {
  if (!(std::isfinite(rate) && rate > 0)) return {};
  char digits[32];
  std::string number(
      digits,
      std::to_chars(digits, digits + sizeof digits, rate, std::chars_format::general, 2).ptr);
  return std::string(", \\\n       [0:1] '+' using (") + text_of_number(rate) +
         "):(low + $1 * (high - low)) with lines linecolor rgb color(" + text_of_number(color) +
         ") dashtype (9, 5) linewidth 1.2 title " + plot::shown(name + (": " + number));
}

plot::Script script_of(const LearningRateCurve& curve) {
  const Range losses = losses_shown(curve);
  const auto [least, most] =
      std::minmax_element(curve.learning_rates.begin(), curve.learning_rates.end());
  const double low = static_cast<double>(*least);
  const double high = static_cast<double>(*most);
  const Range rates = low < high ? Range{low, high} : Range{low / 10, high * 10};
  plot::Script script;
  script.definitions = std::string("low = ") + text_of_number(losses.low) +
                       "\nhigh = " + text_of_number(losses.high) + "\n";
  script.body =
      "  set logscale x\n"
      "  set format x \"1e%T\"\n"
      "  set xlabel \"learning rate\"\n"
      "  set ylabel \"loss\"\n";
  script.body += "  set xrange " + plot::text_of(rates) + "\n";
  script.body +=
      "  set yrange [low:high]\n"
      "  set sample 2\n"
      "  plot data skip 1 using 1:2 with lines linecolor rgb \"#a9cdf5\" title \"raw\", \\\n"
      "       data skip 1 using 1:3 with lines linecolor rgb color(1) linewidth 1.8 title "
      "\"smoothed\"";
  script.body += mark("steepest", curve.steepest, 2);
  script.body += mark("valley", curve.valley, 3);
  script.body += "\n";
  return script;
}

}  // namespace

Picture plot_learning_rates(const LearningRateCurve& curve, const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_learning_rates");
  check(curve);
  plot::Table data{"learning_rate", "loss", "smoothed"};
  for (std::size_t step = 0; step < curve.losses.size(); ++step) {
    data.add(curve.learning_rates[step]).add(curve.losses[step]).add(curve.smoothed[step]);
    data.end_row();
  }
  return plot::make_picture(stem, data, script_of(curve));
}

}  // namespace lamina
