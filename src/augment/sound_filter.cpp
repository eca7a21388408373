#include <array>
#include <cmath>
#include <numbers>

#include <lamina/augment/sound.hpp>
#include <lamina/core/float_mode.hpp>

#include "augment/check_sound.hpp"

namespace lamina::augment {

namespace {

constexpr int most_order = 16;

/// y = (b0 + b1 z + b2 z^2) / (1 + a1 z + a2 z^2) x, z one sample back; of an odd order one section
/// has no squares.
struct Section {
  double b0 = 1, b1 = 0, b2 = 0;
  double a1 = 0, a2 = 0;
  double kept1 = 0, kept2 = 0;  ///< transposed direct form II

  double operator()(double x) {
    const double y = b0 * x + kept1;
    kept1 = b1 * x - a1 * y + kept2;
    kept2 = b2 * x - a2 * y;
    return y;
  }
};

struct Butterworth {
  std::array<Section, most_order / 2> sections;
  int count = 0;
};

/// The poles of the analog filter lie on a circle; the bilinear transform takes them over with the
/// cutoff in its place.
Butterworth butterworth(int rate, double cutoff, int order, bool high) {
  Butterworth made;
  const double k = std::tan(std::numbers::pi * cutoff / rate);
  for (int pair = 0; pair < order / 2; ++pair) {
    const double damping = 2 * std::sin(std::numbers::pi * (2 * pair + 1) / (2 * order));
    const double norm = 1 / (1 + k * damping + k * k);
    const double b = high ? norm : k * k * norm;
    made.sections[static_cast<std::size_t>(made.count++)] = {
        b, high ? -2 * b : 2 * b, b, 2 * (k * k - 1) * norm, (1 - k * damping + k * k) * norm};
  }
  if (order % 2 == 1) {
    const double b = (high ? 1 : k) / (1 + k);
    made.sections[static_cast<std::size_t>(made.count++)] = {b, high ? -b : b, 0, (k - 1) / (1 + k),
                                                             0};
  }
  return made;
}

/// In double: poles near 1 make of roundings of floats what is heard.
void filter(const Sound& sound, int rate, double cutoff, int order, bool high, const char* where) {
  expect_sound(sound, where);
  expect_rate(rate, where);
  expect(cutoff > 0 && cutoff < 0.5 * rate, where, "a cutoff above 0 and below half the rate",
         cutoff);
  expect(order >= 1 && order <= most_order, where, "an order from 1 to 16", order);
  const Butterworth fresh = butterworth(rate, cutoff, order, high);
  // What is kept dies away in silence and would become denormal.
  in_float_mode([&] {
    for (int c = 0; c < sound.channels; ++c) {
      Butterworth own = fresh;
      for (float& x : sound.channel(c)) {
        auto y = static_cast<double>(x);
        for (int s = 0; s < own.count; ++s) y = own.sections[static_cast<std::size_t>(s)](y);
        x = static_cast<float>(y);
      }
    }
  });
}

}  // namespace

void low_pass(const Sound& sound, int rate, double cutoff, int order) {
  filter(sound, rate, cutoff, order, false, "low_pass");
}

void high_pass(const Sound& sound, int rate, double cutoff, int order) {
  filter(sound, rate, cutoff, order, true, "high_pass");
}

}  // namespace lamina::augment
