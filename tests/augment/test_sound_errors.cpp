#include <cmath>
#include <functional>
#include <limits>

#include "../errors.hpp"
#include "sounds.hpp"

// Wrong numbers are refused with a sentence that says what was expected, before anything is
// changed.

namespace test_sound_errors {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int most = std::numeric_limits<int>::max();

void refused(const char* expected, const std::function<void(const Sound&)>& change) {
  const std::vector<float> before = uniform(40, 2);
  std::vector<float> samples = before;
  CHECK(has(error_of([&] { change(Sound::channels_first(samples, 2)); }),
            "expected " + std::string(expected)));
  CHECK(samples == before);
}

}  // namespace

TEST_CASE("levels are refused that are not finite or out of range") {
  for (const double wrong : {nan, infinity, -infinity, 201.0}) {
    refused("decibels in", [=](const Sound& sound) { gain(sound, wrong); });
    refused("decibels in", [=](const Sound& s) { gaussian_noise(s, SignalToNoise{wrong}, 1); });
    refused("decibels in", [=](const Sound& s) { mix(s, s.part(1, 2), SignalToNoise{wrong}); });
  }
  for (const float wrong : {-1.0f, static_cast<float>(nan), static_cast<float>(infinity)}) {
    refused("a finite deviation", [=](const Sound& sound) { gaussian_noise(sound, wrong, 1); });
  }
  refused("40 numbers", [](const Sound& s) { gaussian_noise(s, 1.0f, std::span<const float>{}); });
  for (const float wrong : {-1.0f, 0.0f, static_cast<float>(nan)}) {
    refused("a limit above 0", [=](const Sound& sound) { clip(sound, wrong); });
  }
}

TEST_CASE("places are refused that are not in the sound") {
  refused("a count from 0", [](const Sound& sound) { time_mask(sound, 0, -1); });
  refused("a count from 0", [](const Sound& sound) { time_mask(sound, 0, 21); });
  refused("a region inside", [](const Sound& sound) { time_mask(sound, -1, 2); });
  refused("a region inside", [](const Sound& sound) { time_mask(sound, most, 1); });
  refused("a region inside", [](const Sound& sound) { time_mask(sound, 15, 6); });
  refused("a fade of", [](const Sound& sound) { time_mask(sound, 1, 5, -1); });
  for (const int wrong : {-1, 21, most}) {
    refused("a count from 0", [=](const Sound& sound) { fade(sound, wrong, 1); });
    refused("a count from 0", [=](const Sound& sound) { fade(sound, 1, wrong); });
  }
  const std::vector<float> background(12);
  const auto three = ConstSound::channels_first(background, 3);
  refused("a background of 1", [&](const Sound& sound) { mix(sound, three, SignalToNoise{}); });
  const auto two = ConstSound::channels_first(background, 2);
  for (const int wrong : {-1, 6}) {
    refused("an offset", [&](const Sound& sound) { mix(sound, two, SignalToNoise{}, wrong); });
  }
}

TEST_CASE("rates and cutoffs are refused that there are not") {
  for (const double wrong : {nan, infinity, 0.0, -1.0, 4000.0}) {
    refused("a cutoff above 0", [=](const Sound& sound) { low_pass(sound, 8000, wrong); });
    refused("a cutoff above 0", [=](const Sound& sound) { high_pass(sound, 8000, wrong); });
  }
  for (const int wrong : {0, -8000}) {
    refused("a rate of 1", [=](const Sound& sound) { low_pass(sound, wrong, 10); });
    refused("a rate of 1", [=](const Sound& s) { resample(s.part(0, 5), 8000, s, wrong); });
  }
  for (const int wrong : {0, -2, 17}) {
    refused("an order from 1", [=](const Sound& sound) { low_pass(sound, 8000, 10, wrong); });
  }
  refused("rates within 256", [](const Sound& s) { resample(s.part(0, 5), 1, s, 8000); });
  const std::vector<float> mono(10);
  refused("as many channels",
          [&](const Sound& s) { resample(ConstSound::channels_first(mono), 8000, s, 8000); });
  CHECK(has(error_of([] { (void)resampled_length(0, 1, 1); }), "a length of 1 or more"));
  CHECK(has(error_of([] { (void)resampled_length(1 << 30, 1, 2); }), "at most 2^30 samples"));
}

TEST_CASE("factors are refused that there are not") {
  for (const double wrong : {nan, infinity, 0.0, -1.0, 300.0, 1e-3}) {
    refused("a factor in", [=](const Sound& sound) { speed(sound, wrong); });
    refused("a factor in", [=](const Sound& sound) { tempo(sound, wrong); });
    if (wrong != 0 && wrong != -1 && wrong != 1e-3) {
      refused("semitones in", [=](const Sound& sound) { pitch(sound, wrong); });
    }
  }
  for (const int wrong : {0, -4, 12, 18, 65540}) {
    refused("a frame that is", [=](const Sound& sound) { tempo(sound, 2, wrong); });
    refused("a frame that is", [=](const Sound& sound) { pitch(sound, 2, wrong); });
  }
}

TEST_CASE("views of nothing are refused") {
  std::vector<float> samples(6);
  const std::span<float> all = samples;
  for (const int channels : {0, -1, 4, 7}) {
    CHECK(has(error_of([&] { (void)Sound::channels_first(all, channels); }), "sound: expected"));
  }
  CHECK(has(error_of([&] { (void)Sound::channels_first(all.first(0)); }), "sound: expected"));
  CHECK(has(error_of([&] { (void)Sound::channels_first(all).part(3, 4); }), "a part of 6"));
  CHECK(has(error_of([&] { (void)Sound::channels_first(all).part(-1, 4); }), "a part of 6"));
  CHECK(has(error_of([] { gain(Sound{}, 1); }), "expected a sound of 1"));
  CHECK(has(error_of([] { (void)rms(ConstSound{}); }), "expected a sound of 1"));
}

}  // namespace test_sound_errors
