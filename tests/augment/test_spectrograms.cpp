#include <algorithm>
#include <cmath>
#include <limits>

#include <lamina/augment/spectrograms.hpp>

#include "../errors.hpp"
#include "../laws/allocations.hpp"
#include "sounds.hpp"

// Spectrograms: laws.

namespace test_spectrograms {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

using Floats = std::vector<float>;

std::size_t count_of(Size size) {
  return static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.width);
}

Floats made(const Spectrogram& spectrogram, const Floats& samples, int channels = 1) {
  const auto sound = ConstSound::channels_first(samples, channels);
  const Size size = spectrogram.size(sound.length);
  Floats found(static_cast<std::size_t>(channels) * count_of(size));
  spectrogram(sound, Image::channels_first(found, channels, size.height, size.width));
  return found;
}

SpectrogramOptions powers(int frame, int hop) {
  return {.rate = 8000, .frame = frame, .hop = hop, .mels = 0, .scale = Scale::linear};
}

}  // namespace

TEST_CASE("the powers of a frame are those of its samples under the window: Parseval") {
  for (const int frame : {1, 2, 3, 4, 5, 8, 13, 24, 60, 64, 98, 121, 250, 256}) {
    const int length = 4 * frame + 7, hop = frame + 1;
    const Floats samples = uniform(static_cast<std::size_t>(length), 3);
    const Floats found = made(Spectrogram(powers(frame, hop)), samples);
    const int frames = static_cast<int>(found.size()) / (frame / 2 + 1);
    for (int t = 1; t < frames - 1; ++t) {
      double expected = 0, sum = 0;
      for (int i = 0; i < frame; ++i) {
        const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / frame);
        const auto at = static_cast<std::size_t>(t * hop + i - frame / 2);
        expected += frame * std::pow(window * static_cast<double>(samples[at]), 2);
      }
      for (int k = 0; k <= frame / 2; ++k) {
        const double times = k == 0 || 2 * k == frame ? 1 : 2;  // the mirrored half
        sum += times * static_cast<double>(found[static_cast<std::size_t>(k * frames + t)]);
      }
      CHECK(sum == Approx(expected).epsilon(1e-5).margin(1e-9));
    }
  }
}

TEST_CASE("a sine is loudest at its frequency, in all frames") {
  for (const double frequency : {500.0, 1250.0, 3000.0}) {
    const Floats found = made(Spectrogram(powers(128, 32)), sine(1000, 8000, frequency));
    const std::size_t frames = found.size() / 65;
    for (std::size_t t = 3; t + 3 < frames; ++t) {
      std::size_t loudest = 0;
      for (std::size_t k = 0; k < 65; ++k) {
        if (found[k * frames + t] > found[loudest * frames + t]) loudest = k;
      }
      CHECK(static_cast<double>(loudest) * 62.5 == frequency);
    }
  }
}

TEST_CASE("frames do not depend on how many there are, nor channels on each other") {
  SpectrogramOptions options{.rate = 8000, .frame = 100, .hop = 20, .mels = 8};
  options.range = std::numeric_limits<float>::infinity();
  const Spectrogram spectrogram(options);
  const Floats all = uniform(1000, 4);
  const Floats found = made(spectrogram, all);
  const Floats fewer = made(spectrogram, {all.begin(), all.begin() + 500});
  const std::size_t frames = found.size() / 8, few = fewer.size() / 8;
  for (std::size_t row = 0; row < 8; ++row) {
    for (std::size_t t = 0; t < 22; ++t) CHECK(fewer[row * few + t] == found[row * frames + t]);
  }
  Floats both(all.begin(), all.begin() + 500);
  const Floats second = uniform(500, 5);
  both.insert(both.end(), second.begin(), second.end());
  const Floats two = made(spectrogram, both, 2);
  CHECK(std::equal(fewer.begin(), fewer.end(), two.begin()));
  const Floats alone = made(spectrogram, second);
  CHECK(std::equal(alone.begin(), alone.end(), two.begin() + static_cast<int>(fewer.size())));
}

TEST_CASE("silence has the floor, and the shortest sounds have a frame") {
  const Floats found = made(Spectrogram({.mels = 5}), Floats(300));
  for (const float x : found) CHECK(x == Approx(-100).margin(1e-4));
  for (const int length : {1, 2, 3, 4}) {
    for (const float x :
         made(Spectrogram({.mels = 5}), Floats(static_cast<std::size_t>(length), 1.0f))) {
      CHECK(std::isfinite(x));
    }
  }
}

TEST_CASE("the second sound of a length allocates nothing") {
  Floats samples = uniform(3000, 4);
  const Sound sound = Sound::channels_first(samples, 2);
  const Spectrogram spectrogram({.frame = 120, .mels = 5, .coefficients = 3});
  const Size size = spectrogram.size(1500);
  Floats cells(2 * count_of(size));
  const Image image = Image::channels_first(cells, 2, size.height, size.width);
  const auto all = [&] {
    spectrogram(sound, image);
    gaussian_noise(sound, SignalToNoise{20}, 1);
    shift(sound, 100);
    high_pass(sound, 8000, 100);
    tempo(sound, 1.25, 256);
    time_mask(image, 1, 2);
  };
  all();
  CHECK(allocations_of(all) == 0);
}

TEST_CASE("masks of spectrograms touch exactly their cells") {
  const Floats before = uniform(2 * 5 * 7, 6);
  for (const bool times : {false, true}) {
    for (const auto& [start, count] : {std::pair{0, 0}, {0, 2}, {1, 3}, {3, 2}, {0, 5}}) {
      Floats cells = before;
      const Image image = Image::channels_first(cells, 2, 5, 7);
      if (times) {
        time_mask(image, start, count, 9);
      } else {
        frequency_mask(image, start, count, 9);
      }
      for (int i = 0; i < 70; ++i) {
        const int place = times ? i % 7 : i / 7 % 5;
        const bool inside = place >= start && place < start + count;
        const auto at = static_cast<std::size_t>(i);
        CHECK(cells[at] == (inside ? 9 : before[at]));
      }
    }
  }
}

TEST_CASE("a data set of sounds becomes one of its spectrograms") {
  const Floats inputs = uniform(50 * 2 * 800, 7);
  const std::vector<Label> labels = some_labels(50, 3, 8);
  const Spectrogram spectrogram({.rate = 8000, .frame = 64, .mels = 6});
  const Size size = spectrogram.size(800);
  const Dataset sounds = Dataset(Shape{2, 1, 800}, inputs, labels)
                             .named({.classes = {"one", "two", "three"}, .targets = {"word"}});
  const Dataset images = spectrograms(sounds, spectrogram);
  CHECK(images.shape() == Shape{2, size.height, size.width});
  CHECK(std::ranges::equal(images.labels(), labels));
  CHECK(images.class_names() == sounds.class_names());
  CHECK(images.target_names() == sounds.target_names());
  for (std::size_t row = 0; row < 50; ++row) {
    const auto sound = sounds.inputs(row);
    CHECK(
        std::ranges::equal(images.inputs(row), made(spectrogram, {sound.begin(), sound.end()}, 2)));
  }
  const Dataset values = spectrograms({Shape{2, 1, 800}, inputs, uniform(150, 1), 3}, spectrogram);
  CHECK(std::ranges::equal(values.targets(), uniform(150, 1)));
  CHECK(spectrograms({Shape{2, 1, 800}, inputs}, spectrogram).size() == 50);
}

TEST_CASE("options are refused that there are not") {
  const auto refused = [](const char* expected, const SpectrogramOptions& options) {
    CHECK(has(error_of([&] { (void)Spectrogram(options); }), "Spectrogram: expected", expected));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  refused("a rate of 1", {.rate = 0});
  refused("a frame from 1", {.frame = 0});
  refused("a frame from 1", {.frame = 70000});
  refused("a hop of 1", {.hop = -1});
  refused("a window from 1", {.window = 513});
  refused("a window from 1", {.window = -1});
  refused("a power of 1", {.power = 3});
  refused("mels from 0", {.mels = -1});
  refused("coefficients from 0", {.mels = 4, .coefficients = 5});
  refused("coefficients from 0", {.coefficients = -1});
  for (const double wrong : {nan, -1.0, 8000.0}) refused("a lowest", {.lowest = wrong});
  for (const double wrong : {nan, -1.0, 100.0, 8001.0}) {
    refused("a highest", {.lowest = 100, .highest = wrong});
  }
  for (const float wrong : {static_cast<float>(nan), 0.0f, -1.0f}) {
    refused("a floor", {.floor = wrong});
    refused("a range", {.range = wrong});
  }
}

TEST_CASE("sounds and images are refused that do not fit") {
  const Spectrogram spectrogram({.mels = 5});
  Floats samples(300), cells(5 * 3);
  const auto sound = ConstSound::channels_first(samples);
  const auto refused = [](const char* expected, const auto& action) {
    CHECK(has(error_of(action), expected));
  };
  refused("an image of 5 x 3", [&] { spectrogram(sound, Image::plane(cells, 3, 5)); });
  refused("as many channels", [&] { spectrogram(sound, Image::channels_first(cells, 5, 3, 1)); });
  refused("a sound of 1", [&] { spectrogram(ConstSound{}, Image::plane(cells, 5, 3)); });
  refused("an image of 1", [&] { spectrogram(sound, Image{}); });
  refused("a length of 1", [&] { (void)spectrogram.size(0); });
  refused("a length of 1", [&] { (void)spectrogram.size(-5); });
  const Image image = Image::plane(cells, 5, 3);
  for (const auto& [start, count] : {std::pair{-1, 1}, {0, -1}, {0, 6}, {5, 1}, {1 << 30, 1}}) {
    refused("expected", [&, s = start, c = count] { time_mask(image, s, c, 1); });
    refused("expected", [&, s = start, c = count] { frequency_mask(image, s, c, 1); });
  }
  CHECK(cells == Floats(15));
  refused("spectrograms: expected sounds",
          [&] { (void)spectrograms({Shape{1, 2, 150}, samples}, spectrogram); });
  refused("spectrograms: expected sounds", [&] { (void)spectrograms({}, spectrogram); });
}

}  // namespace test_spectrograms
