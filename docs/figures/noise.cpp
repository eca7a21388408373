// Random items: dropout, Gaussian dropout, noise on inputs.

#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <class Noise>
using Noisy = Network<Input<784>, Linear<256>, ReLU, Noise, Linear<256>, ReLU, Noise,  //
                      Linear<10>, CrossEntropy<>>;

/// Few samples and many passes: what overfits.
template <class Net>
Trained<Net> overfit(std::uint64_t seed, const Split& data, double rate) {
  Trained<Net> trained{Model<Net>{Seed{seed}}, {}};
  trained.model.template set_rate<2>(rate);
  trained.model.template set_rate<5>(rate);
  Trainer trainer{trained.model, Sgd{}};
  trained.history = trainer.fit(data.train, data.test, {.epochs = 40, .batch_size = 64},
                                OneCycle{.max_learning_rate = 0.03f});
  return trained;
}

/// Sweeps the rate of both hidden layers; the losses of the epochs go to `losses`.
template <class Net>
void sweep_rates(const char* name, const Split& data, std::initializer_list<double> rates,
                 Results& accuracy, Results* losses) {
  for (const double rate : rates) {
    for (const std::uint64_t seed : seeds) {
      const History history = overfit<Net>(seed, data, rate).history;
      accuracy.add(rate, name, 100 * history.epochs.back().validation_accuracy);
      if (losses == nullptr || (rate > 0 && rate < 0.5)) continue;
      const std::string curve = rate > 0 ? "Dropout<0.5>" : "no dropout";
      for (const EpochRecord& epoch : history.epochs) {
        losses->add(epoch.epoch, curve + ", training", epoch.loss);
        losses->add(epoch.epoch, curve + ", validation", epoch.validation_loss);
      }
    }
  }
}

/// The same images with noise of their own.
Dataset with_noise(const Dataset& data, float sigma) {
  std::mt19937 engine(7);
  std::normal_distribution<float> normal;
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  for (float& input : inputs) input += sigma * normal(engine);
  return Dataset(data.shape(), std::move(inputs),
                 std::vector<Label>(data.labels().begin(), data.labels().end()));
}

}  // namespace

void dropout(const Place& place) {
  const Split data = images(place, 2000);
  Results accuracy("rate");
  Results losses("epoch");
  sweep_rates<Noisy<Dropout<0.5>>>("Dropout", data, {0.0, 0.2, 0.35, 0.5}, accuracy, &losses);
  sweep_rates<Noisy<GaussianDropout<0.5>>>("GaussianDropout", data, {0.2, 0.35, 0.5}, accuracy,
                                           nullptr);
  accuracy.save_csv(place.results / "dropout_rates.csv");
  accuracy.save_markdown(place.results / "dropout_rates.md", {.digits = 1});
  losses.save_csv(place.results / "dropout.csv");
}

void input_noise(const Place& place) {
  using Net =
      Network<Input<784>, GaussianNoise<0.3>, Linear<128>, ReLU, Linear<10>, CrossEntropy<>>;
  const Split data = images(place, 10'000);
  Results accuracy("noise of the test images");
  for (const double sigma : {0.0, 0.1, 0.3}) {
    std::string name = "trained with sigma ";
    name += sigma == 0 ? "0" : sigma < 0.2 ? "0.1" : "0.3";
    for (const std::uint64_t seed : seeds) {
      Model<Net> model{Seed{seed}};
      model.set_rate<0>(sigma);
      Trainer trainer{model, Sgd{}};
      trainer.fit(data.train, {}, {.epochs = 8}, OneCycle{.max_learning_rate = 0.05f});
      for (const float test : {0.0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f}) {
        accuracy.add(static_cast<double>(test), name,
                     100 * lamina::accuracy(model, with_noise(data.test, test)));
      }
    }
  }
  accuracy.save_csv(place.results / "input_noise.csv");
  accuracy.save_markdown(place.results / "input_noise.md", {.digits = 1});
}

}  // namespace lamina::figures
