#include <algorithm>
#include <cmath>

#include <lamina/augment/sound.hpp>

#include "augment/check_sound.hpp"
#include "augment/converter.hpp"
#include "augment/stretch.hpp"

namespace lamina::augment {

namespace {

constexpr int furthest = 256;  // what libsamplerate can

void expect_rates(int from, int to, const char* where) {
  expect_rate(from, where);
  expect_rate(to, where);
  const double ratio = static_cast<double>(to) / from;
  expect(ratio <= furthest && ratio * furthest >= 1, where, "rates within 256 times of each other",
         ratio);
}

void expect_frame(int frame, const char* where) {
  expect(frame >= 16 && frame <= 65536 && frame % 4 == 0, where,
         "a frame that is a multiple of 4 in [16, 65536]", frame);
}

/// So long that nothing of `length` samples is missing when it is played `factor` times as fast.
int length_before(int length, double factor) {
  return std::max(1, static_cast<int>(std::min(std::ceil(length * factor), 0x1p30)));
}

}  // namespace

int resampled_length(int length, int from, int to) {
  expect(length > 0, "resampled_length", "a length of 1 or more", length);
  expect_rates(from, to, "resampled_length");
  const auto made = (static_cast<long long>(length) * to + from - 1) / from;
  expect(made <= 1 << 30, "resampled_length", "at most 2^30 samples at the other rate",
         static_cast<double>(made));
  return static_cast<int>(made);
}

void resample(const ConstSound& sound, int rate, const Sound& to, int to_rate) {
  expect_sound(sound, "resample");
  expect_sound(to, "resample");
  expect(sound.channels == to.channels, "resample", "as many channels as the sound has",
         to.channels);
  expect_rates(rate, to_rate, "resample");
  const double ratio = static_cast<double>(to_rate) / rate;
  if (to_rate != rate) expect_converter("resample");
  for (int c = 0; c < sound.channels; ++c) {
    if (to_rate != rate) {
      convert_rate(sound.channel(c), to.channel(c), ratio, "resample");
      continue;
    }
    const int common = std::min(sound.length, to.length);
    std::copy_n(sound.channel(c).begin(), common, to.channel(c).begin());
    std::fill(to.channel(c).begin() + common, to.channel(c).end(), 0.0f);
  }
}

void speed(const Sound& sound, double factor, Scratch& scratch) {
  expect_sound(sound, "speed");
  expect(factor * furthest >= 1 && factor <= furthest, "speed", "a factor in [1/256, 256]", factor);
  if (factor == 1) return;
  expect_converter("speed");
  const auto made = scratch.floats(static_cast<std::size_t>(sound.length));
  for (int c = 0; c < sound.channels; ++c) {
    const auto samples = sound.channel(c);
    convert_rate(samples, made, 1 / factor, "speed");
    std::copy(made.begin(), made.end(), samples.begin());
  }
}

void tempo(const Sound& sound, double factor, int frame, Scratch& scratch) {
  expect_sound(sound, "tempo");
  expect(factor * 16 >= 1 && factor <= 16, "tempo", "a factor in [1/16, 16]", factor);
  expect_frame(frame, "tempo");
  if (factor == 1) return;
  const auto length = static_cast<std::size_t>(sound.length);
  const auto memory = scratch.floats(stretch_memory(length, length, factor, frame));
  for (int c = 0; c < sound.channels; ++c) {
    stretch(sound.channel(c), sound.channel(c), factor, frame, memory);
  }
}

void pitch(const Sound& sound, double semitones, int frame, Scratch& scratch) {
  expect_sound(sound, "pitch");
  expect(semitones >= -36 && semitones <= 36, "pitch", "semitones in [-36, 36]", semitones);
  expect_frame(frame, "pitch");
  if (semitones == 0) return;
  expect_converter("pitch");
  const double factor = std::pow(2.0, semitones / 12);
  const auto length = static_cast<std::size_t>(sound.length);
  const auto slower = static_cast<std::size_t>(length_before(sound.length, factor));
  const auto memory = scratch.floats(slower + stretch_memory(length, slower, 1 / factor, frame));
  for (int c = 0; c < sound.channels; ++c) {
    const auto stretched = memory.first(slower);
    stretch(sound.channel(c), stretched, 1 / factor, frame, memory.subspan(slower));
    convert_rate(stretched, sound.channel(c), 1 / factor, "pitch");
  }
}

}  // namespace lamina::augment
