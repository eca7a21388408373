#include <algorithm>
#include <cmath>
#include <numbers>

#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "../errors.hpp"

// Items that change sounds and hide parts of spectrograms.

namespace test_augment_sounds {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr int length = 2000;

/// Sounds of one sine of amplitude 1/2 each.
Dataset sines(std::size_t size) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < size; ++i) {
    for (int t = 0; t < length; ++t) {
      samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * t / 40)));
    }
  }
  return {Shape{1, 1, length}, std::move(samples), std::vector<Label>(size)};
}

double rms(std::span<const float> x) {
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

std::vector<double> difference(std::span<const float> a, std::span<const float> b) {
  std::vector<double> found;
  for (std::size_t i = 0; i < a.size(); ++i) {
    found.push_back(static_cast<double>(a[i]) - static_cast<double>(b[i]));
  }
  return found;
}

}  // namespace

TEST_CASE("augment: levels of sounds are drawn within their ranges", "[augment]") {
  const Dataset data = sines(200);
  const double before = rms(data.inputs(0));
  const Dataset louder = augmented(data, Augment<Gain<12>>{});
  const Dataset noisy = augmented(data, Augment<NoiseRatio<Range{10, 20}>>{});
  double least = 100, most = -100;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const double gained = 20 * std::log10(rms(louder.inputs(row)) / before);
    least = std::min(least, gained);
    most = std::max(most, gained);
    double noise = 0;
    for (const double x : difference(noisy.inputs(row), data.inputs(row))) noise += x * x;
    const double ratio = 20 * std::log10(before / std::sqrt(noise / length));
    CHECK(ratio > 9.5);
    CHECK(ratio < 20.5);
  }
  CHECK((least >= -12.001 && least < -10));
  CHECK((most <= 12.001 && most > 10));
}

TEST_CASE("augment: a shift keeps all samples, a silent one lets zeros in", "[augment]") {
  std::vector<float> ramp(static_cast<std::size_t>(20 * length));
  for (std::size_t i = 0; i < ramp.size(); ++i) {
    ramp[i] = static_cast<float>(i % length + 1);
  }
  const Dataset data(Shape{1, 1, length}, ramp, std::vector<Label>(20));
  const Dataset wrapped = augmented(data, Augment<Shift<0.5>>{});
  const Dataset silent = augmented(data, Augment<Shift<0.5, Silent>>{});
  for (std::size_t row = 0; row < 20; ++row) {
    std::vector<float> sorted(wrapped.inputs(row).begin(), wrapped.inputs(row).end());
    const auto zeros = std::ranges::count(silent.inputs(row), 0.0f);
    CHECK(zeros <= length / 2);
    // The same draws: what wraps round in one is zero in the other.
    for (std::size_t i = 0; i < length; ++i) {
      const float x = silent.inputs(row)[i];
      if (x != 0) CHECK(x == wrapped.inputs(row)[i]);
    }
    std::ranges::sort(sorted);
    CHECK(std::ranges::equal(sorted, data.inputs(row)));
  }
}

TEST_CASE("augment: masks hide whole stretches of time and bands of frequency", "[augment]") {
  constexpr int bands = 20, frames = 50;
  const Dataset data(Shape{1, bands, frames}, std::vector<float>(60 * bands * frames, 1),
                     std::vector<Label>(60));
  const Dataset times = augmented(data, Augment<TimeMask<0.4>>{});
  const Dataset frequencies = augmented(data, Augment<FrequencyMask<0.5, Value<2.0>>>{});
  int widest = 0, highest = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto at = [&](const Dataset& of, int y, int x) {
      return of.inputs(row)[static_cast<std::size_t>(y * frames + x)];
    };
    int columns = 0, edges = 0;
    for (int x = 0; x < frames; ++x) {
      for (int y = 0; y < bands; ++y) CHECK(at(times, y, x) == at(times, 0, x));
      columns += at(times, 0, x) == 0 ? 1 : 0;
      edges += x > 0 && at(times, 0, x) != at(times, 0, x - 1) ? 1 : 0;
    }
    int rows = 0;
    for (int y = 0; y < bands; ++y) {
      for (int x = 0; x < frames; ++x) CHECK(at(frequencies, y, x) == at(frequencies, y, 0));
      rows += at(frequencies, y, 0) == 2 ? 1 : 0;
    }
    CHECK(edges <= 2);
    widest = std::max(widest, columns);
    highest = std::max(highest, rows);
  }
  CHECK((widest > 15 && widest <= 20));
  CHECK((highest > 7 && highest <= 10));
  const Dataset masked = augmented(augmented(data, Augment<Noise<0.3>>{}),
                                   Augment<TimeMask<Range{1, 1}, MeanValue>>{});
  CHECK(masked.inputs(3)[0] == masked.inputs(3)[bands * frames - 1]);
  CHECK(masked.inputs(3)[0] > 0.5f);
}

TEST_CASE("augment: items of sounds keep their lengths and are drawn by the seed", "[augment]") {
  const Dataset data = sines(6);
  const Augment<NoiseLevel<0.01>, Fade<0.2>, LowPass<Range{500, 3000}, 8000>,
                HighPass<Range{20, 400}, 8000>, Speed<0.1>, Tempo<0.2>, Pitch<4>>
      list;
  const Dataset made = augmented(data, list);
  CHECK(made.shape() == data.shape());
  CHECK(std::ranges::equal(made.inputs(), augmented(data, list).inputs()));
  CHECK_FALSE(std::ranges::equal(made.inputs(0), made.inputs(1)));
  const Dataset images(Shape{1, 4, 4}, std::vector<float>(16), std::vector<Label>(1));
  CHECK(has(error_of([&] { (void)augmented(images, Augment<Gain<3>>{}); }), "expected sounds",
            "4 x 4"));
}

TEST_CASE("augment: backgrounds are mixed at the ratio that is drawn", "[augment]") {
  const Dataset data = sines(40);
  // Backgrounds of one value each tell which of them was mixed.
  std::vector<float> steady(300, 1.0f);
  std::fill_n(steady.begin(), 100, 2.0f);
  const Dataset backgrounds(Shape{1, 1, 100}, steady, std::vector<Label>(3));
  const MixBackground mix{backgrounds, {10, 20}, 0.5};
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  std::vector<Label> labels(40);
  const SampleLayout layout{.shape = data.shape()};
  CHECK(mix.layout_after(layout).shape == data.shape());
  mix.transform(TrainingBatch<Label>{inputs, labels, 40, layout, 3, 1});
  int mixed = 0;
  for (std::size_t row = 0; row < 40; ++row) {
    const auto now = std::span(inputs).subspan(row * length, length);
    const auto added = difference(now, data.inputs(row));
    if (std::ranges::equal(now, data.inputs(row))) continue;
    ++mixed;
    double power = 0;
    for (const double x : added) power += x * x;
    const double ratio = 20 * std::log10(rms(data.inputs(row)) / std::sqrt(power / length));
    CHECK((ratio > 9.9 && ratio < 20.1));
  }
  CHECK((mixed > 8 && mixed < 32));
  CHECK(has(error_of([&] { (void)MixBackground{}.layout_after(layout); }), "found none"));
  CHECK(has(error_of([&] { (void)MixBackground{backgrounds, {3, 300}}.layout_after(layout); }),
            "decibels"));
  CHECK(
      has(error_of([&] { (void)mix.layout_after({.shape = {1, 4, 4}}); }), "found other samples"));
}

TEST_CASE("augment: a fit trains on spectrograms of changed sounds", "[augment]") {
  const augment::Spectrogram spectrogram({.rate = 8000, .frame = 64, .hop = 80, .mels = 5});
  using Net = Network<Input<1, 5, 26>, Flatten, Linear<2>, CrossEntropy<>>;
  const Dataset sounds = sines(4);
  const Dataset expected =
      augment::spectrograms(augmented(sounds, Augment<Gain<6>>{}), spectrogram);
  Model<Net> model{Seed{}};
  Trainer trainer{model, Sgd{.learning_rate = 0}};
  std::vector<float> seen;
  const auto fit = [&](const auto&... callbacks) {
    trainer.fit(sounds, expected, {.epochs = 1, .batch_size = 4, .shuffle = false}, callbacks...);
  };
  fit(Augment<Gain<6>>{}, ToSpectrogram{spectrogram}, BatchTransform{[&](const auto& batch) {
        seen.assign(batch.inputs.begin(), batch.inputs.end());
      }});
  CHECK(std::ranges::equal(seen, expected.inputs()));
  CHECK(has(error_of([&] { fit(ToSpectrogram{spectrogram}, ToSpectrogram{spectrogram}); }),
            "ToSpectrogram: expected sounds"));
  CHECK(has(error_of([&] { fit(Augment<Gain<6>>{}); }), "samples of 130 features"));
}

}  // namespace test_augment_sounds
