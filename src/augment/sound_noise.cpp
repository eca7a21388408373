#include <algorithm>
#include <cmath>
#include <limits>

#include <lamina/augment/noise.hpp>
#include <lamina/augment/sound.hpp>

#include "augment/check_sound.hpp"

namespace lamina::augment {

namespace {

/// Sum of squares, always added in the same order: eight sums side by side make vectors.
double sum_of_squares(std::span<const float> values) {
  constexpr std::size_t side_by_side = 8;
  double sums[side_by_side] = {};
  const std::size_t whole = values.size() - values.size() % side_by_side;
  for (std::size_t i = 0; i < whole; i += side_by_side) {
    for (std::size_t k = 0; k < side_by_side; ++k) {
      const auto x = static_cast<double>(values[i + k]);
      sums[k] += x * x;
    }
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  for (std::size_t i = whole; i < values.size(); ++i) {
    sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  }
  return sum;
}

float bounded(double number) {
  return static_cast<float>(
      std::min(number, static_cast<double>(std::numeric_limits<float>::max())));
}

double noise_of(const Sound& sound, SignalToNoise ratio, const char* where) {
  expect_decibels(ratio.decibels, where);
  return rms(sound) / std::pow(10.0, ratio.decibels / 20);
}

/// f(start, from, count): the pieces of a background from `offset` on, again and again.
template <class F>
void each_piece(int length, int background, int offset, const F& f) {
  for (int start = 0; start < length;) {
    const int count = std::min(length - start, background - offset);
    f(start, offset, count);
    start += count;
    offset = 0;
  }
}

double rms_used(const Sound& sound, const ConstSound& background, int offset) {
  double sum = 0;
  for (int c = 0; c < background.channels; ++c) {
    each_piece(sound.length, background.length, offset, [&](int, int from, int count) {
      sum += sum_of_squares(background.part(from, count).channel(c));
    });
  }
  return std::sqrt(sum / (static_cast<double>(background.channels) * sound.length));
}

}  // namespace

double rms(const ConstSound& sound) {
  expect_sound(sound, "rms");
  double sum = 0;
  for (int c = 0; c < sound.channels; ++c) sum += sum_of_squares(sound.channel(c));
  return std::sqrt(sum / static_cast<double>(values_of(sound)));
}

void gaussian_noise(const Sound& sound, float deviation, std::span<const float> noise) {
  expect_sound(sound, "gaussian_noise");
  expect(deviation >= 0 && std::isfinite(deviation), "gaussian_noise",
         "a finite deviation of at least 0", static_cast<double>(deviation));
  if (noise.size() != values_of(sound)) {
    throw Error("gaussian_noise: expected " + std::to_string(values_of(sound)) +
                " numbers, one a value, found " + std::to_string(noise.size()));
  }
  const float* next = noise.data();
  for (int c = 0; c < sound.channels; ++c) {
    float* x = sound.channel(c).data();
    for (int i = 0; i < sound.length; ++i) x[i] += deviation * next[i];
    next += sound.length;
  }
}

void gaussian_noise(const Sound& sound, float deviation, std::uint64_t seed, Scratch& scratch) {
  expect_sound(sound, "gaussian_noise");
  const std::span<float> noise = scratch.floats(values_of(sound));
  fill_normal(noise, seed);
  gaussian_noise(sound, deviation, noise);
}

void gaussian_noise(const Sound& sound, SignalToNoise ratio, std::span<const float> noise) {
  gaussian_noise(sound, bounded(noise_of(sound, ratio, "gaussian_noise")), noise);
}

void gaussian_noise(const Sound& sound, SignalToNoise ratio, std::uint64_t seed, Scratch& scratch) {
  gaussian_noise(sound, bounded(noise_of(sound, ratio, "gaussian_noise")), seed, scratch);
}

void mix(const Sound& sound, const ConstSound& background, SignalToNoise ratio, int offset) {
  expect_sound(sound, "mix");
  expect_sound(background, "mix");
  expect(background.channels == 1 || background.channels == sound.channels, "mix",
         "a background of 1 channel or those of the sound", background.channels);
  expect(offset >= 0 && offset < background.length, "mix", "an offset in the background", offset);
  const double wanted = noise_of(sound, ratio, "mix");
  const double found = rms_used(sound, background, offset);
  const float factor = found > 0 ? bounded(wanted / found) : 0.0f;
  for (int c = 0; c < sound.channels; ++c) {
    float* __restrict x = sound.channel(c).data();
    const float* added = background.channel(background.channels == 1 ? 0 : c).data();
    each_piece(sound.length, background.length, offset, [&](int start, int from, int count) {
      for (int i = 0; i < count; ++i) x[start + i] += factor * added[from + i];
    });
  }
}

}  // namespace lamina::augment
