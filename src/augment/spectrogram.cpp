#include <algorithm>
#include <cmath>
#include <utility>

#include <lamina/augment/regions.hpp>
#include <lamina/augment/spectrogram.hpp>
#include <lamina/core/float_mode.hpp>

#include "augment/check_sound.hpp"
#include "augment/elementary.hpp"
#include "augment/mel.hpp"
#include "augment/stft.hpp"

namespace lamina::augment {

namespace {

SpectrogramOptions checked(SpectrogramOptions options) {
  constexpr const char* where = "Spectrogram";
  constexpr int most = 65536;
  const auto within = [](int found, int least, int largest, const char* expected) {
    expect(found >= least && found <= largest, where, expected, found);
  };
  expect_rate(options.rate, where);
  within(options.frame, 1, most, "a frame from 1 to 65536");
  if (options.hop == 0) options.hop = std::max(1, options.frame / 4);
  if (options.window == 0) options.window = options.frame;
  within(options.hop, 1, 1 << 30, "a hop of 1 or more, or 0 for a quarter of the frame");
  within(options.window, 1, options.frame, "a window from 1 to the frame, or 0 for it");
  within(options.power, 1, 2, "a power of 1 or 2");
  within(options.mels, 0, most, "mels from 0 to 65536");
  within(options.coefficients, 0, options.mels, "coefficients from 0 to the mels");
  const double nyquist = options.rate / 2.0;
  if (options.highest == 0) options.highest = nyquist;
  expect(options.lowest >= 0 && options.lowest < nyquist, where,
         "a lowest frequency from 0 to half the rate", options.lowest);
  expect(options.highest > options.lowest && options.highest <= nyquist, where,
         "a highest frequency from the lowest to half the rate", options.highest);
  expect(options.floor >= 1e-30f && options.floor <= 1e30f, where, "a floor from 1e-30 to 1e30",
         static_cast<double>(options.floor));
  expect(options.range > 0, where, "a range above 0", static_cast<double>(options.range));
  return options;
}

}  // namespace

struct Spectrogram::Plan {
  explicit Plan(const SpectrogramOptions& wanted)
      : options(checked(wanted)),
        stft(options.frame, options.window, options.hop),
        bands(mel_bands(options)),
        cosines(cosine_transform(options.coefficients, options.mels)) {}

  SpectrogramOptions options;
  Stft stft;
  std::vector<Band> bands;
  std::vector<float> cosines;

  /// Before the cosine transform.
  [[nodiscard]] int rows() const { return options.mels > 0 ? options.mels : stft.bins(); }
  [[nodiscard]] std::ptrdiff_t padded_frames(int length) const {
    return (std::ptrdiff_t{stft.frames(length)} + lanes - 1) / lanes * lanes;
  }

  void powers(const Planes& spectra, float* made) const;
  void put(const float* powers, float* values, std::ptrdiff_t frames) const;
  void fill(std::span<const float> sound, float* memory, float* values) const;
  void rescale(std::span<float> values) const;
  void write(const float* values, std::ptrdiff_t frames, const Image& image, int channel) const;
};

/// x^power of a block of frames: (bins, lanes).
void Spectrogram::Plan::powers(const Planes& spectra, float* made) const {
  const std::ptrdiff_t count = std::ptrdiff_t{stft.bins()} * lanes;
  const float* re = spectra.real;
  const float* im = spectra.imaginary;
  for (std::ptrdiff_t i = 0; i < count; ++i) made[i] = re[i] * re[i] + im[i] * im[i];
  if (options.power == 2) return;
  for (std::ptrdiff_t i = 0; i < count; ++i) made[i] = std::sqrt(made[i]);
}

/// A block of frames of all rows; `values` has rows of `frames`.
void Spectrogram::Plan::put(const float* powers, float* values, std::ptrdiff_t frames) const {
  if (bands.empty()) {
    for (int k = 0; k < rows(); ++k) std::copy_n(powers + k * lanes, lanes, values + k * frames);
    return;
  }
  for (const Band& band : bands) {
    float sums[lanes] = {};
    const float* bin = powers + std::ptrdiff_t{band.first} * lanes;
    for (const float weight : band.weights) {
      for (int l = 0; l < lanes; ++l) sums[l] += weight * bin[l];
      bin += lanes;
    }
    std::copy_n(sums, lanes, values);
    values += frames;
  }
}

/// All frames of one channel: (rows, padded frames).
void Spectrogram::Plan::fill(std::span<const float> sound, float* memory, float* values) const {
  const int length = static_cast<int>(sound.size());
  const auto plane = static_cast<std::ptrdiff_t>(stft.fourier().plane());
  float* padded = memory + 4 * plane;
  stft.pad(sound, padded);
  Planes spectra{memory, memory + plane};
  Planes other{memory + 2 * plane, memory + 3 * plane};
  const std::ptrdiff_t frames = padded_frames(length);
  for (int first = 0; first < frames; first += lanes) {
    stft.transform(padded, first, stft.frames(length), spectra, other);
    powers(spectra, other.real);
    put(other.real, values + first, frames);
  }
}

void Spectrogram::Plan::rescale(std::span<float> values) const {
  if (options.scale == Scale::linear) return;
  const bool decibels = options.scale == Scale::decibels;
  const float factor = decibels ? 8.68588964f / static_cast<float>(options.power) : 1.0f;
  const float floor = options.floor;
  for (float& x : values) {
    const float bounded = x > floor ? x : floor;
    x = factor * natural_log(bounded);
  }
  if (!decibels || std::isinf(options.range)) return;
  float largest = values[0];
  for (const float x : values) largest = x > largest ? x : largest;
  const float least = largest - options.range;
  for (float& x : values) x = x > least ? x : least;
}

void Spectrogram::Plan::write(const float* values, std::ptrdiff_t frames, const Image& image,
                              int channel) const {
  for (int row = 0; row < image.height; ++row) {
    if (cosines.empty()) {
      const float* source = values + row * frames;
      for (int t = 0; t < image.width; ++t) *image.at(channel, row, t) = source[t];
      continue;
    }
    const float* weights = cosines.data() + std::ptrdiff_t{row} * options.mels;
    for (int first = 0; first < image.width; first += lanes) {
      float sums[lanes] = {};
      for (int m = 0; m < options.mels; ++m) {
        const float* source = values + m * frames + first;
        for (int l = 0; l < lanes; ++l) sums[l] += weights[m] * source[l];
      }
      const int count = std::min(lanes, image.width - first);
      for (int l = 0; l < count; ++l) *image.at(channel, row, first + l) = sums[l];
    }
  }
}

Spectrogram::Spectrogram(const SpectrogramOptions& options)
    : plan_(std::make_shared<const Plan>(options)) {}

Size Spectrogram::size(int length) const {
  expect(length > 0, "Spectrogram", "a length of 1 or more", length);
  const int coefficients = plan_->options.coefficients;
  return {coefficients > 0 ? coefficients : plan_->rows(), plan_->stft.frames(length)};
}

void Spectrogram::operator()(const ConstSound& sound, const Image& image, Scratch& scratch) const {
  expect_sound(sound, "Spectrogram");
  expect_image(image, "Spectrogram");
  expect(image.channels == sound.channels, "Spectrogram", "as many channels as the sound has",
         image.channels);
  expect_size(image.size(), size(sound.length), "Spectrogram", "an image");
  const std::ptrdiff_t frames = plan_->padded_frames(sound.length);
  const auto each = static_cast<std::size_t>(plan_->rows()) * static_cast<std::size_t>(frames);
  const std::size_t all = each * static_cast<std::size_t>(sound.channels);
  const std::size_t working = 4 * plan_->stft.fourier().plane() + plan_->stft.padded(sound.length);
  const std::span<float> values = scratch.floats(all + working).first(all);
  float* memory = values.data() + all;
  // A sound that fades to silence has denormal powers.
  in_float_mode([&] {
    for (int c = 0; c < sound.channels; ++c) {
      plan_->fill(sound.channel(c), memory, values.data() + static_cast<std::size_t>(c) * each);
    }
    plan_->rescale(values);
    for (int c = 0; c < sound.channels; ++c) {
      plan_->write(values.data() + static_cast<std::size_t>(c) * each, frames, image, c);
    }
  });
}

namespace {

void expect_inside(int start, int count, int extent, const char* where) {
  expect(count >= 0 && count <= extent, where, "a count that the spectrogram has", count);
  expect(start >= 0 && start <= extent - count, where, "a start inside the spectrogram", start);
}

}  // namespace

void time_mask(const Image& spectrogram, int start, int count, float value) {
  expect_image(spectrogram, "time_mask");
  expect_inside(start, count, spectrogram.width, "time_mask");
  erase(spectrogram, {0, start, spectrogram.height, count}, value);
}

void frequency_mask(const Image& spectrogram, int start, int count, float value) {
  expect_image(spectrogram, "frequency_mask");
  expect_inside(start, count, spectrogram.height, "frequency_mask");
  erase(spectrogram, {start, 0, count, spectrogram.width}, value);
}

}  // namespace lamina::augment
