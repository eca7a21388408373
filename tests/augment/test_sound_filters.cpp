#include <cmath>

#include "sounds.hpp"

// Filters leave what passes, damp what does not, and are scipy's (test_golden_sounds.cpp).

namespace test_sound_filters {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

constexpr int rate = 16000;

/// The amplitude that a filter leaves of a sine, after the first half, in which it settles.
template <class Filter>
double left_of(double frequency, const Filter& filter) {
  std::vector<float> samples = sine(8000, rate, frequency, 1);
  filter(Sound::channels_first(samples));
  return amplitude_at(std::span(samples).subspan(4000), rate, frequency);
}

}  // namespace

TEST_CASE("a low pass leaves what is low, halves the power at its cutoff, damps what is high") {
  for (const int order : {1, 2, 3, 4, 5, 8, 16}) {
    const auto filter = [=](const Sound& sound) { low_pass(sound, rate, 1000, order); };
    CHECK(left_of(100, filter) == Approx(1).epsilon(0.01));
    CHECK(left_of(1000, filter) == Approx(std::sqrt(0.5)).epsilon(1e-3));
    CHECK(left_of(6000, filter) < std::pow(1.0 / 6, order) + 1e-6);
  }
}

TEST_CASE("a high pass is the mirror of it") {
  for (const int order : {1, 2, 3, 4, 5, 8, 16}) {
    const auto filter = [=](const Sound& sound) { high_pass(sound, rate, 1000, order); };
    CHECK(left_of(7500, filter) == Approx(1).epsilon(0.01));
    CHECK(left_of(1000, filter) == Approx(std::sqrt(0.5)).epsilon(1e-3));
    CHECK(left_of(150, filter) < std::pow(0.152, order) + 1e-6);
  }
}

TEST_CASE("channels are filtered each for itself, from silence") {
  const std::vector<float> one = uniform(300, 3);
  std::vector<float> alone = one, both = one;
  both.insert(both.end(), one.begin(), one.end());
  low_pass(Sound::channels_first(alone), rate, 500);
  low_pass(Sound::channels_first(both, 2), rate, 500);
  CHECK(std::equal(alone.begin(), alone.end(), both.begin()));
  CHECK(std::equal(alone.begin(), alone.end(), both.begin() + 300));
}

}  // namespace test_sound_filters
