#include "sounds.hpp"

// Other rates, speeds and pitches, which libsamplerate is needed for.

namespace test_sound_rates {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

constexpr int rate = 16000;

std::span<const float> middle_of(const std::vector<float>& samples, std::size_t end) {
  return std::span(samples).first(end).subspan(end / 8, end * 3 / 4);
}

}  // namespace

TEST_CASE("a sound at twice its rate and back is itself") {
  std::vector<float> samples = sine(4000, rate, 1000), twice(8000), back(4000);
  CHECK(resampled_length(4000, rate, 2 * rate) == 8000);
  resample(ConstSound::channels_first(samples), rate, Sound::channels_first(twice), 2 * rate);
  CHECK(frequency_near(middle_of(twice, 8000), 2 * rate, 1000) == Approx(1000).epsilon(1e-3));
  resample(ConstSound::channels_first(twice), 2 * rate, Sound::channels_first(back), rate);
  Worst worst;
  compare(worst, middle_of(back, 4000), middle_of(samples, 4000), 1e-4, "back");
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("the same rate copies, cut or followed by zeros") {
  const std::vector<float> samples{1, 2, 3, 4};
  std::vector<float> longer(6, 7.0f), shorter(2);
  const auto sound = ConstSound::channels_first(samples, 2);
  resample(sound, 5, Sound::channels_first(longer, 2), 5);
  CHECK(longer == std::vector<float>{1, 2, 0, 3, 4, 0});
  resample(sound, 5, Sound::channels_first(shorter, 2), 5);
  CHECK(shorter == std::vector<float>{1, 3});
}

TEST_CASE("speed changes pitch and length") {
  for (const double factor : {0.5, 0.9, 1.1, 2.0}) {
    std::vector<float> samples = sine(16000, rate, 440);
    speed(Sound::channels_first(samples), factor);
    const auto end = static_cast<std::size_t>(std::min(16000.0, 16000 / factor));
    CHECK(frequency_near(middle_of(samples, end), rate, 440 * factor) ==
          Approx(440 * factor).epsilon(1e-3));
    CHECK(amplitude_at(middle_of(samples, end), rate, 440 * factor) == Approx(0.5).epsilon(0.01));
    for (std::size_t i = end + 2; i < samples.size(); ++i) CHECK(samples[i] == 0);
  }
}

TEST_CASE("pitch changes the frequency by twelfths of an octave and keeps the length") {
  for (const double semitones : {-12.0, -3.0, 0.5, 4.0, 12.0}) {
    std::vector<float> samples = sine(16000, rate, 440);
    samples.insert(samples.end(), samples.begin(), samples.begin() + 16000);
    pitch(Sound::channels_first(samples, 2), semitones);
    const double expected = 440 * std::pow(2, semitones / 12);
    const auto middle = middle_of(samples, 16000);
    CHECK(frequency_near(middle, rate, expected) == Approx(expected).epsilon(0.002));
    CHECK(amplitude_at(middle, rate, expected) == Approx(0.5).epsilon(0.05));
    CHECK(amplitude_at(std::span(samples).subspan(15000, 1000), rate, expected) > 0.2);
    CHECK(std::equal(samples.begin(), samples.begin() + 16000, samples.begin() + 16000));
  }
}

}  // namespace test_sound_rates
