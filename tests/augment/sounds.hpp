#pragma once

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include <lamina/augment/sound.hpp>

#include "../numbers.hpp"

/// Sounds for tests, and what is measured of them.
namespace lamina::testing {

inline std::vector<float> sine(int length, double rate, double frequency, double amplitude = 0.5) {
  std::vector<float> made;
  for (int i = 0; i < length; ++i) {
    made.push_back(static_cast<float>(amplitude *
                                      std::sin(2 * std::numbers::pi * frequency * i / rate + 0.3)));
  }
  return made;
}

/// The amplitude of a frequency, of samples whose ends a Hann window leads to 0.
inline double amplitude_at(std::span<const float> samples, double rate, double frequency) {
  double real = 0, imaginary = 0, sum = 0;
  const auto length = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double at = static_cast<double>(i);
    const double window = 1 - std::cos(2 * std::numbers::pi * (at + 0.5) / length);
    const double turn = 2 * std::numbers::pi * frequency * at / rate;
    real += window * static_cast<double>(samples[i]) * std::cos(turn);
    imaginary += window * static_cast<double>(samples[i]) * std::sin(turn);
    sum += window;
  }
  return 2 * std::sqrt(real * real + imaginary * imaginary) / sum;
}

/// The loudest of the frequencies around one, in steps of a thousandth of it.
inline double frequency_near(std::span<const float> samples, double rate, double expected) {
  double best = 0, loudest = -1;
  for (int i = -100; i <= 100; ++i) {
    const double frequency = expected * (1 + i * 1e-3);
    const double found = amplitude_at(samples, rate, frequency);
    if (found > loudest) {
      best = frequency;
      loudest = found;
    }
  }
  return best;
}

inline void compare(Worst& worst, std::span<const float> found, std::span<const float> expected,
                    double tolerance, const std::string& name) {
  worst.compare(static_cast<double>(found.size()), static_cast<double>(expected.size()), 0.5,
                name + ": values");
  for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
    worst.compare(static_cast<double>(found[i]), static_cast<double>(expected[i]), tolerance,
                  name + " at " + std::to_string(i));
  }
}

}  // namespace lamina::testing
