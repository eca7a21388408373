#include <algorithm>
#include <cmath>

#include <lamina/augment/noise.hpp>

#include "sounds.hpp"

// What is done to the samples of a sound: laws.

namespace test_sound_samples {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

using Floats = std::vector<float>;

/// Lengths around the eight sums that are made side by side.
constexpr int lengths[] = {1, 2, 7, 8, 9, 64, 301};

Floats noise(int channels, int length, unsigned seed = 1) {
  return uniform(static_cast<std::size_t>(channels * length), seed);
}

/// 20 log10 of the ratio of a sound and what was added to it.
double ratio_of(const Floats& before, const Floats& after) {
  double signal = 0, added = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto x = static_cast<double>(before[i]);
    const double difference = static_cast<double>(after[i]) - x;
    signal += x * x;
    added += difference * difference;
  }
  return 10 * std::log10(signal / added);
}

}  // namespace

TEST_CASE("a sound shifted there and back is itself") {
  for (const int length : lengths) {
    for (const int by : {0, 1, -1, 5, 8, -300, 1 << 30}) {
      const Floats before = noise(2, length);
      Floats samples = before;
      const Sound sound = Sound::channels_first(samples, 2);
      shift(sound, by);
      for (int i = 0; i < length; ++i) {
        const auto to = static_cast<std::size_t>(((i + by % length) % length + length) % length);
        CHECK(samples[to] == before[static_cast<std::size_t>(i)]);
      }
      shift(sound, -by);
      CHECK(samples == before);
    }
  }
}

TEST_CASE("a silent shift leaves zeros, and what left is gone") {
  Floats samples{1, 2, 3, 4, 5, 6};
  const Sound sound = Sound::channels_first(samples, 2);
  shift(sound, 1, Room::silent);
  CHECK(samples == Floats{0, 1, 2, 0, 4, 5});
  shift(sound, -2, Room::silent);
  CHECK(samples == Floats{2, 0, 0, 5, 0, 0});
  shift(sound, std::numeric_limits<int>::min(), Room::silent);
  CHECK(samples == Floats(6, 0.0f));
}

TEST_CASE("a gain is undone by its opposite, and 20 decibels are a factor of 10") {
  for (const double decibels : {-60.0, -7.5, 0.0, 3.0, 20.0}) {
    const Floats before = noise(1, 301);
    Floats samples = before;
    const Sound sound = Sound::channels_first(samples);
    gain(sound, decibels);
    CHECK(rms(sound) ==
          Approx(rms(ConstSound::channels_first(before)) * std::pow(10, decibels / 20)));
    gain(sound, -decibels);
    Worst worst;
    compare(worst, samples, before, 2 * epsilon, "gain");  // two factors and two products rounded
    LAMINA_CHECK_WORST(worst);
  }
}

TEST_CASE("clipping leaves what is within") {
  Floats samples{-3, -0.5f, 0, 0.75f, 2};
  clip(Sound::channels_first(samples));
  CHECK(samples == Floats{-1, -0.5f, 0, 0.75f, 1});
  clip(Sound::channels_first(samples), 0.5f);
  CHECK(samples == Floats{-0.5f, -0.5f, 0, 0.5f, 0.5f});
}

TEST_CASE("noise is the numbers times the deviation, from a seed those of fill_normal") {
  const Floats before = noise(2, 301);
  Floats normal(before.size());
  fill_normal(normal, 42);
  Floats given = before, drawn = before;
  gaussian_noise(Sound::channels_first(given, 2), 0.25f, normal);
  gaussian_noise(Sound::channels_first(drawn, 2), 0.25f, 42);
  CHECK(given == drawn);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(given[i] == Approx(before[i] + 0.25f * normal[i]).margin(1e-6));
  }
}

TEST_CASE("noise is as strong as its ratio says") {
  for (const double decibels : {-10.0, 0.0, 25.0}) {
    const Floats before = sine(20000, 16000, 440);
    Floats samples = before;
    gaussian_noise(Sound::channels_first(samples, 2), SignalToNoise{decibels}, 7);
    // Four standard errors of a power: sqrt(2 / n), in decibels.
    CHECK(std::abs(ratio_of(before, samples) - decibels) < 4 * 4.343 * std::sqrt(2.0 / 20000));
  }
  Floats silence(100);
  gaussian_noise(Sound::channels_first(silence), SignalToNoise{0}, 7);
  CHECK(silence == Floats(100, 0.0f));
}

TEST_CASE("a background is as strong as its ratio says, from its offset on and again") {
  for (const int length : {3, 100, 301, 1000}) {
    for (const int channels : {1, 2}) {
      for (const double decibels : {-10.0, 0.0, 25.0}) {
        const Floats before = noise(2, 301), background = noise(channels, length, 9);
        Floats samples = before;
        const int offset = length * 2 / 3;
        mix(Sound::channels_first(samples, 2), ConstSound::channels_first(background, channels),
            SignalToNoise{decibels}, offset);
        CHECK(ratio_of(before, samples) == Approx(decibels).margin(1e-4));
        const double loudness = static_cast<double>(samples[0] - before[0]) /
                                static_cast<double>(background[static_cast<std::size_t>(offset)]);
        Worst worst;
        for (int i = 0; i < 602; ++i) {
          const int from = (i >= 301 && channels == 2 ? length : 0) + (offset + i % 301) % length;
          const auto at = static_cast<std::size_t>(i);
          worst.compare(static_cast<double>(samples[at] - before[at]),
                        loudness * static_cast<double>(background[static_cast<std::size_t>(from)]),
                        1e-5, "at " + std::to_string(i));
        }
        LAMINA_CHECK_WORST(worst);
      }
    }
  }
}

TEST_CASE("silence has no ratio and changes nothing") {
  const Floats before = noise(1, 30);
  Floats samples = before, silence(30);
  mix(Sound::channels_first(samples), ConstSound::channels_first(silence), SignalToNoise{3});
  CHECK(samples == before);
  mix(Sound::channels_first(silence), ConstSound::channels_first(samples), SignalToNoise{3});
  CHECK(silence == Floats(30, 0.0f));
}

TEST_CASE("what no float holds is the largest one") {
  Floats samples(30, 1e30f), almost_silent(30, 1e-38f);
  mix(Sound::channels_first(samples), ConstSound::channels_first(almost_silent),
      SignalToNoise{-200});
  for (const float x : samples) CHECK(std::isfinite(x));
}

TEST_CASE("a time mask is silent in its region and touches nothing else") {
  for (const int start : {0, 3, 20}) {
    for (const int count : {0, 1, 9, 10}) {
      const Floats before = noise(2, 30);
      Floats samples = before;
      time_mask(Sound::channels_first(samples, 2), start, count);
      for (int i = 0; i < 60; ++i) {
        const bool inside = i % 30 >= start && i % 30 < start + count;
        const auto at = static_cast<std::size_t>(i);
        CHECK(samples[at] == (inside ? 0 : before[at]));
      }
    }
  }
}

TEST_CASE("a faded time mask is led to silence and back") {
  Floats samples(12, 1.0f);
  time_mask(Sound::channels_first(samples), 1, 10, 3);
  CHECK(samples == Floats{1, 1, 0.5f, 0, 0, 0, 0, 0, 0, 0.5f, 1, 1});
}

TEST_CASE("a fade begins and ends in silence") {
  Floats samples(8, 1.0f);
  fade(Sound::channels_first(samples), 3, 5);
  CHECK(samples == Floats{0, 0.5f, 1, 1, 0.75f, 0.5f, 0.25f, 0});
  samples.assign(3, 1.0f);
  fade(Sound::channels_first(samples), 1, 0);
  CHECK(samples == Floats{0, 1, 1});
}

TEST_CASE("a part of a sound is changed alone") {
  Floats samples = noise(2, 10);
  const Floats before = samples;
  gain(Sound::channels_first(samples, 2).part(3, 4), 20);
  for (std::size_t i = 0; i < 20; ++i) {
    const bool inside = i % 10 >= 3 && i % 10 < 7;
    CHECK(samples[i] == (inside ? 10 * before[i] : before[i]));
  }
}

}  // namespace test_sound_samples
