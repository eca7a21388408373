#include "augment/mel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lamina::augment {

namespace {

constexpr double linear_step = 200.0 / 3;  // Hz of a mel below 1 kHz, in Slaney's scale
constexpr double bend = 1000 / linear_step;

double mel_of(double frequency, MelScale scale) {
  if (scale == MelScale::htk) return 2595 * std::log10(1 + frequency / 700);
  if (frequency < 1000) return frequency / linear_step;
  return bend + 27 * std::log(frequency / 1000) / std::log(6.4);
}

double frequency_of(double mel, MelScale scale) {
  if (scale == MelScale::htk) return 700 * (std::pow(10.0, mel / 2595) - 1);
  if (mel < bend) return linear_step * mel;
  return 1000 * std::exp(std::log(6.4) / 27 * (mel - bend));
}

/// Up from `low` to `middle`, down to `high`.
Band triangle(double low, double middle, double high, double height, const SpectrogramOptions& of) {
  Band band;
  for (int k = 0; k <= of.frame / 2; ++k) {
    const double frequency = static_cast<double>(k) * of.rate / of.frame;
    const double up = (frequency - low) / (middle - low);
    const double down = (high - frequency) / (high - middle);
    const double weight = std::min(up, down);
    if (weight <= 0) continue;
    if (band.weights.empty()) band.first = k;
    band.weights.push_back(static_cast<float>(height * weight));
  }
  return band;
}

}  // namespace

std::vector<Band> mel_bands(const SpectrogramOptions& options) {
  const double low = mel_of(options.lowest, options.mel_scale);
  const double high = mel_of(options.highest, options.mel_scale);
  const auto edge = [&](int i) {
    return frequency_of(low + (high - low) * i / (options.mels + 1), options.mel_scale);
  };
  std::vector<Band> bands;
  for (int m = 0; m < options.mels; ++m) {
    const double height = options.equal_areas ? 2 / (edge(m + 2) - edge(m)) : 1;
    bands.push_back(triangle(edge(m), edge(m + 1), edge(m + 2), height, options));
  }
  return bands;
}

std::vector<float> cosine_transform(int coefficients, int mels) {
  std::vector<float> made;
  for (int k = 0; k < coefficients; ++k) {
    const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / mels);
    for (int m = 0; m < mels; ++m) {
      made.push_back(static_cast<float>(norm * std::cos(std::numbers::pi * k * (m + 0.5) / mels)));
    }
  }
  return made;
}

}  // namespace lamina::augment
