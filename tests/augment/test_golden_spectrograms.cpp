#include <algorithm>
#include <cmath>

#include <lamina/augment/spectrogram.hpp>

#include "sounds.hpp"

// Spectrograms against librosa and torch: tests/golden/make_sound_augmentation.py.

namespace test_golden_spectrograms {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

const Golden& golden() {
  static const Golden read("spectrograms");
  return read;
}

/// Within a share of the largest value: every value is a difference of numbers as large as it.
void check(const std::string& name, const SpectrogramOptions& options, double share) {
  INFO(name);
  const auto& expected = golden().floats(name);
  const auto sound = ConstSound::channels_first(golden().floats("sound"));
  const Spectrogram spectrogram(options);
  const Size size = spectrogram.size(sound.length);
  std::vector<float> found(static_cast<std::size_t>(size.height) *
                           static_cast<std::size_t>(size.width));
  REQUIRE(found.size() == expected.size());
  spectrogram(sound, Image::plane(found, size.height, size.width));
  float largest = 0;
  for (const float x : expected) largest = std::max(largest, std::abs(x));
  Worst worst;
  compare(worst, found, expected, share * static_cast<double>(largest), name);
  LAMINA_CHECK_WORST(worst);
}

SpectrogramOptions linear(int frame, int hop, int window) {
  return {.rate = 8000,
          .frame = frame,
          .hop = hop,
          .window = window,
          .mels = 0,
          .scale = Scale::linear};
}

constexpr SpectrogramOptions mels{
    .rate = 8000, .frame = 256, .hop = 64, .mels = 20, .scale = Scale::linear};

}  // namespace

TEST_CASE("powers and magnitudes are librosa's, those of odd frames torch's") {
  check("powers", linear(64, 16, 64), 1e-6);
  check("prime", linear(14, 9, 14), 1e-6);
  check("odd", linear(45, 20, 45), 1e-6);
  SpectrogramOptions magnitudes = linear(60, 25, 40);
  magnitudes.power = 1;
  check("magnitudes", magnitudes, 1e-6);
}

TEST_CASE("mel bands are librosa's") {
  check("mels", mels, 1e-6);
  SpectrogramOptions htk = mels;
  htk.mels = 12;
  htk.mel_scale = MelScale::htk;
  htk.equal_areas = false;
  htk.lowest = 100;
  htk.highest = 3000;
  check("htk", htk, 1e-6);
}

TEST_CASE("decibels, logarithms and cosine transforms are librosa's") {
  SpectrogramOptions options = mels;
  options.scale = Scale::decibels;
  // Frames do not know of each other: those 80 dB below the loudest are as exact as it.
  check("decibels", options, 1e-5);
  options.coefficients = 13;
  check("coefficients", options, 1e-5);
  options = linear(60, 25, 40);
  options.power = 1;
  options.scale = Scale::decibels;
  options.floor = 1e-3f;
  options.range = 30;
  check("decibels_of_magnitudes", options, 1e-5);
  options = mels;
  options.scale = Scale::log;
  options.floor = 1e-6f;
  check("log", options, 1e-5);
}

}  // namespace test_golden_spectrograms
