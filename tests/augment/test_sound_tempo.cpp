#include "sounds.hpp"

// Another tempo: the pitch stays, the length changes.

namespace test_sound_tempo {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

constexpr int rate = 16000;

}  // namespace

TEST_CASE("another tempo keeps the frequency and changes the length") {
  for (const double factor : {0.5, 0.8, 1.25, 2.0}) {
    for (const int frame : {512, 1024, 1200}) {
      std::vector<float> samples = sine(16000, rate, 440);
      tempo(Sound::channels_first(samples), factor, frame);
      const auto end = static_cast<std::size_t>(std::min(16000.0, std::round(16000 / factor)));
      const auto middle = std::span(samples).first(end).subspan(1200, end - 2400);
      CHECK(frequency_near(middle, rate, 440) == Approx(440).epsilon(0.002));
      CHECK(amplitude_at(middle, rate, 440) == Approx(0.5).epsilon(0.05));
      for (std::size_t i = end; i < samples.size(); ++i) CHECK(samples[i] == 0);
    }
  }
}

TEST_CASE("a click comes sooner by the factor") {
  std::vector<float> samples(16000);
  samples[8000] = 1;
  tempo(Sound::channels_first(samples), 2, 256);
  double sum = 0, moment = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double energy = std::pow(static_cast<double>(samples[i]), 2);
    sum += energy;
    moment += energy * static_cast<double>(i);
  }
  CHECK(moment / sum == Approx(4000).margin(128));  // half a frame
}

TEST_CASE("a tempo of nearly 1 leaves the sound") {
  const std::vector<float> before = uniform(5000, 4);
  std::vector<float> samples = before;
  tempo(Sound::channels_first(samples), 1 + 1e-12, 512);
  Worst worst;
  compare(worst, samples, before, 1e-4, "tempo");  // phases of 40 frames, each rounded
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("the shortest sounds have a tempo") {
  for (const int length : {1, 2, 3, 100}) {
    for (const double factor : {0.0625, 0.3, 1.7, 16.0}) {
      std::vector<float> samples = uniform(static_cast<std::size_t>(length), 4);
      tempo(Sound::channels_first(samples), factor, 64);
      for (const float x : samples) CHECK(std::abs(x) < 100);
    }
  }
}

TEST_CASE("channels are stretched each for itself") {
  const std::vector<float> one = uniform(3000, 3);
  std::vector<float> alone = one, both = one;
  both.insert(both.end(), one.begin(), one.end());
  tempo(Sound::channels_first(alone), 1.3, 256);
  tempo(Sound::channels_first(both, 2), 1.3, 256);
  CHECK(std::equal(alone.begin(), alone.end(), both.begin()));
  CHECK(std::equal(alone.begin(), alone.end(), both.begin() + 3000));
}

}  // namespace test_sound_tempo
