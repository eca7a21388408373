#pragma once

#include <limits>

#include <lamina/augment/sound.hpp>

#include "augment/check.hpp"

/// What functions of sounds say of wrong arguments.
namespace lamina::augment {

inline std::size_t values_of(const ConstSound& sound) {
  return static_cast<std::size_t>(sound.channels) * static_cast<std::size_t>(sound.length);
}

inline void expect_sound(const ConstSound& sound, const char* where) {
  constexpr std::size_t most = 1 << 30;
  const bool there = sound.data != nullptr && sound.channels > 0 && sound.length > 0;
  if (there && values_of(sound) <= most) return;
  throw Error(std::string(where) + ": expected a sound of 1 to 2^30 values, found " +
              std::to_string(sound.channels) + " channels of " + std::to_string(sound.length));
}

inline void expect_decibels(double decibels, const char* where) {
  expect(decibels >= -200 && decibels <= 200, where, "decibels in [-200, 200]", decibels);
}

inline void expect_rate(int rate, const char* where) {
  expect(rate > 0, where, "a rate of 1 or more", rate);
}

}  // namespace lamina::augment
