// What normalizations do on images: small batches, contrast, and why batch normalization works.

#include <algorithm>
#include <vector>

#include "convolutional.hpp"
#include "figures.hpp"
#include "sweeps.hpp"

namespace lamina::figures {

namespace {

/// The images with less contrast: every value goes towards a middle grey.
Dataset faded(const Dataset& images, float contrast) {
  std::vector<float> values(images.inputs().begin(), images.inputs().end());
  for (float& value : values) value = 0.5f + contrast * (value - 0.5f);
  return {images.shape(), values,
          std::vector<Label>(images.labels().begin(), images.labels().end())};
}

template <class Net>
void sweep_contrast(const char* name, const Split& data, Results& accuracy) {
  for (const std::uint64_t seed : seeds) {
    const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 5, .batch_size = 32},
                                    OneCycle{.max_learning_rate = 0.1f});
    for (const float contrast : {1.0f, 0.8f, 0.6f, 0.4f, 0.3f, 0.2f, 0.1f}) {
      accuracy.add(static_cast<double>(contrast), name,
                   100 * evaluate(trained.model, faded(data.test, contrast)).accuracy);
    }
  }
}

/// How much the loss of a batch differs along its gradient: the largest less the smallest after
/// steps of half to four times the learning rate, all from the same weights.
template <class Net>
double spread_along_gradient(const Model<Net>& model, const Dataset& batch, float rate) {
  double least = 0;
  double most = 0;
  bool first = true;
  for (const float factor : {0.5f, 1.0f, 2.0f, 3.0f, 4.0f}) {
    Model<Net> moved = model;
    Trainer probe{moved, Sgd{.learning_rate = factor * rate}};
    probe.step(batch.inputs(), batch.labels());
    // A step returns the loss before it: that of where the first one led.
    const double loss = static_cast<double>(probe.step(batch.inputs(), batch.labels()));
    least = first ? loss : std::min(least, loss);
    most = first ? loss : std::max(most, loss);
    first = false;
  }
  return most - least;
}

template <class Net>
void walk(const char* name, const Split& data, Results& spread) {
  constexpr float rate = 0.3f;
  constexpr std::size_t batch_size = 128;
  for (const std::uint64_t seed : seeds) {
    Model<Net> model{Seed{seed}};
    Trainer trainer{model, Sgd{.learning_rate = rate}};
    for (std::size_t step = 0; step <= 300; ++step) {
      const std::size_t batches = data.train.size() / batch_size;
      const Dataset batch = data.train.slice(step % batches * batch_size, batch_size);
      if (step % 20 == 0 && step > 0) {
        spread.add(static_cast<double>(step), name, spread_along_gradient(model, batch, rate));
      }
      trainer.step(batch.inputs(), batch.labels());
    }
  }
}

}  // namespace

void image_batches(const Place& place) {
  const Split data = images(place, 10'000);
  Results accuracy("batch");
  const std::initializer_list<int> batches{2, 4, 16, 128};
  sweep_batches<Convolutional<>>("no norm", data, batches, accuracy);
  sweep_batches<Convolutional<BatchNorm<>>>("BatchNorm", data, batches, accuracy);
  sweep_batches<Convolutional<GroupNorm<4>>>("GroupNorm<4>", data, batches, accuracy);
  sweep_batches<Convolutional<InstanceNorm<>>>("InstanceNorm", data, batches, accuracy);
  sweep_batches<Convolutional<LayerNorm<>>>("LayerNorm", data, batches, accuracy);
  accuracy.save_csv(place.results / "image_batches.csv");
  accuracy.save_markdown(place.results / "image_batches.md", {.digits = 1});
}

void contrast(const Place& place) {
  const Split data = images(place, 10'000);
  Results accuracy("contrast");
  sweep_contrast<Convolutional<>>("no norm", data, accuracy);
  sweep_contrast<Convolutional<BatchNorm<>>>("BatchNorm", data, accuracy);
  sweep_contrast<Convolutional<GroupNorm<4>>>("GroupNorm<4>", data, accuracy);
  sweep_contrast<Convolutional<InstanceNorm<>>>("InstanceNorm", data, accuracy);
  accuracy.save_csv(place.results / "contrast.csv");
  accuracy.save_markdown(place.results / "contrast.md", {.digits = 1});
}

void smoothness(const Place& place) {
  const Split data = images(place, 10'000);
  Results spread("step");
  walk<Convolutional<>>("no norm", data, spread);
  walk<Convolutional<BatchNorm<>>>("BatchNorm", data, spread);
  spread.save_csv(place.results / "smoothness.csv");
  spread.save_markdown(place.results / "smoothness.md", {.digits = 3});
}

void noise_behind_norm(const Place& place) {
  const Split data = images(place, 10'000);
  Results accuracy("learning rate");
  const std::initializer_list<float> rates{0.03f, 0.1f, 0.3f, 1.0f, 3.0f};
  sweep_rates<Convolutional<>>("no norm", data, rates, accuracy);
  sweep_rates<Convolutional<BatchNorm<>>>("BatchNorm", data, rates, accuracy);
  sweep_rates<Convolutional<BatchNorm<>, GaussianNoise<0.5>>>("BatchNorm and noise", data, rates,
                                                              accuracy);
  accuracy.save_csv(place.results / "noise_behind_norm.csv");
  accuracy.save_markdown(place.results / "noise_behind_norm.md", {.digits = 1});
}

}  // namespace lamina::figures
