// What normalizations buy: learning rates, batch sizes, scales of features.

#include <cmath>
#include <random>
#include <vector>

#include "figures.hpp"
#include "sweeps.hpp"

namespace lamina::figures {

namespace {

template <class... Norms>
using Deep = Network<Input<784>,                  //
                     Linear<64>, Norms..., ReLU,  //
                     Linear<64>, Norms..., ReLU,  //
                     Linear<64>, Norms..., ReLU,  //
                     Linear<10>, CrossEntropy<>>;

using WeightNormed = Network<Input<784>,                    //
                             Linear<64, WeightNorm>, ReLU,  //
                             Linear<64, WeightNorm>, ReLU,  //
                             Linear<64, WeightNorm>, ReLU,  //
                             Linear<10>, CrossEntropy<>>;

/// Eight features whose scales go from 0.01 to 1000 and whose means are not zero; the target is a
/// smooth function of what they are after standardization.
Dataset scaled_features(int count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> inputs;
  std::vector<float> targets;
  for (int i = 0; i < count; ++i) {
    float sum = 0;
    for (int j = 0; j < 8; ++j) {
      const float value = normal(engine);
      const float scale = std::pow(10.0f, 5.0f * static_cast<float>(j) / 7.0f - 2.0f);
      inputs.push_back(scale * (value + 1));
      sum += (j % 2 == 0 ? 1.0f : -1.0f) * std::sin(value);
    }
    targets.push_back(sum / 2);
  }
  return Dataset(8, std::move(inputs), std::move(targets), 1);
}

template <class Net>
void fit_scaled(const char* name, const Split& data, Results& losses) {
  for (const float rate : {1e-8f, 1e-7f, 1e-6f, 1e-5f, 1e-4f, 1e-3f, 1e-2f, 1e-1f}) {
    for (const std::uint64_t seed : seeds) {
      const auto trained = train<Net>(seed, data, Sgd{.learning_rate = rate, .momentum = 0.9f},
                                      {.epochs = 20, .batch_size = 32});
      losses.add(static_cast<double>(rate), name, trained.history.epochs.back().validation_loss);
    }
  }
}

}  // namespace

void learning_rates(const Place& place) {
  const Split data = images(place, 10'000);
  Results accuracy("learning rate");
  const std::initializer_list<float> rates{0.01f, 0.03f, 0.1f, 0.3f, 1.0f, 3.0f, 10.0f};
  sweep_rates<Deep<>>("no norm", data, rates, accuracy);
  sweep_rates<Deep<BatchNorm<>>>("BatchNorm", data, rates, accuracy);
  sweep_rates<Deep<LayerNorm<>>>("LayerNorm", data, rates, accuracy);
  sweep_rates<WeightNormed>("WeightNorm", data, rates, accuracy);
  accuracy.save_csv(place.results / "learning_rates.csv");
  accuracy.save_markdown(place.results / "learning_rates.md", {.digits = 1});
}

void batch_sizes(const Place& place) {
  const Split data = images(place, 10'000);
  Results accuracy("batch");
  sweep_batches<Deep<>>("no norm", data, {1, 2, 4, 16, 128}, accuracy);
  sweep_batches<Deep<BatchNorm<>>>("BatchNorm", data, {2, 4, 16, 128}, accuracy);
  sweep_batches<Deep<RunningBatchNorm<>>>("RunningBatchNorm", data, {2, 4, 16, 128}, accuracy);
  sweep_batches<Deep<LayerNorm<>>>("LayerNorm", data, {1, 2, 4, 16, 128}, accuracy);
  sweep_batches<Deep<RMSNorm<>>>("RMSNorm", data, {1, 2, 4, 16, 128}, accuracy);
  sweep_batches<Deep<GroupNorm<8>>>("GroupNorm<8>", data, {1, 2, 4, 16, 128}, accuracy);
  accuracy.save_csv(place.results / "batch_sizes.csv");
  accuracy.save_markdown(place.results / "batch_sizes.md", {.digits = 1});
}

void standardize(const Place& place) {
  using Raw = Network<Input<8>, Linear<32>, Tanh, Linear<1>, MeanSquaredError>;
  using Standardized =
      Network<Input<8>, Standardize, Linear<32>, Tanh, Linear<1>, MeanSquaredError>;
  const Split data{scaled_features(2000, 1), scaled_features(2000, 2)};
  Results losses("learning rate");
  fit_scaled<Raw>("features as they are", data, losses);
  fit_scaled<Standardized>("Standardize", data, losses);
  losses.save_csv(place.results / "standardize.csv");
  losses.save_markdown(place.results / "standardize.md", {.digits = 4});
}

}  // namespace lamina::figures
