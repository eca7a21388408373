#include <algorithm>
#include <cmath>

#include <lamina/augment/sound.hpp>

#include "augment/check_sound.hpp"

namespace lamina::augment {

namespace {

/// A straight line from 0 to 1 over `count` samples.
float rise(int i, int count) {
  return count < 2 ? 0.0f : static_cast<float>(i) / static_cast<float>(count - 1);
}

void wrap(std::span<float> samples, int by) {
  const auto length = static_cast<std::ptrdiff_t>(samples.size());
  const std::ptrdiff_t left = ((-std::ptrdiff_t{by}) % length + length) % length;
  std::rotate(samples.begin(), samples.begin() + left, samples.end());
}

void move(std::span<float> samples, int by) {
  const auto length = static_cast<std::ptrdiff_t>(samples.size());
  const std::ptrdiff_t room = std::min(std::abs(std::ptrdiff_t{by}), length);
  if (by > 0) {
    std::move_backward(samples.begin(), samples.end() - room, samples.end());
    std::fill_n(samples.begin(), room, 0.0f);
  } else {
    std::move(samples.begin() + room, samples.end(), samples.begin());
    std::fill_n(samples.end() - room, room, 0.0f);
  }
}

}  // namespace

void gain(const Sound& sound, double decibels) {
  expect_sound(sound, "gain");
  expect_decibels(decibels, "gain");
  const auto factor = static_cast<float>(std::pow(10.0, decibels / 20));
  for (int c = 0; c < sound.channels; ++c) {
    for (float& x : sound.channel(c)) x *= factor;
  }
}

void clip(const Sound& sound, float limit) {
  expect_sound(sound, "clip");
  expect(limit > 0, "clip", "a limit above 0", static_cast<double>(limit));
  for (int c = 0; c < sound.channels; ++c) {
    for (float& x : sound.channel(c)) {
      const float above = x > -limit ? x : -limit;
      x = above < limit ? above : limit;
    }
  }
}

void shift(const Sound& sound, int by, Room room) {
  expect_sound(sound, "shift");
  for (int c = 0; c < sound.channels; ++c) {
    if (room == Room::wrapped) {
      wrap(sound.channel(c), by);
    } else {
      move(sound.channel(c), by);
    }
  }
}

void time_mask(const Sound& sound, int start, int count, int fade) {
  expect_sound(sound, "time_mask");
  expect(count >= 0 && count <= sound.length, "time_mask", "a count from 0 to the sound's length",
         count);
  expect(start >= 0 && start <= sound.length - count, "time_mask", "a region inside the sound",
         start);
  expect(fade >= 0, "time_mask", "a fade of at least 0", fade);
  const int within = std::min(fade, count / 2);
  const int faded = within < 2 ? 0 : within;
  for (int c = 0; c < sound.channels; ++c) {
    float* region = sound.channel(c).data() + start;
    for (int i = 0; i < faded; ++i) {
      region[i] *= 1 - rise(i, faded);
      region[count - faded + i] *= rise(i, faded);
    }
    std::fill_n(region + faded, count - 2 * faded, 0.0f);
  }
}

void fade(const Sound& sound, int in, int out) {
  expect_sound(sound, "fade");
  expect(in >= 0 && in <= sound.length, "fade", "a count from 0 to the sound's length", in);
  expect(out >= 0 && out <= sound.length, "fade", "a count from 0 to the sound's length", out);
  for (int c = 0; c < sound.channels; ++c) {
    float* first = sound.channel(c).data();
    float* last = first + sound.length - 1;
    for (int i = 0; i < in; ++i) first[i] *= rise(i, in);
    for (int i = 0; i < out; ++i) last[-i] *= rise(i, out);
  }
}

}  // namespace lamina::augment
