// What happens to values and gradients on their way through many layers.

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

constexpr int blocks = 30;

using Plain = Network<Input<784>, Linear<64>, Repeat<blocks, ReLU, Linear<64>>, ReLU,  //
                      Linear<10>, CrossEntropy<>>;
using Normed = Network<Input<784>, Linear<64>, Repeat<blocks, BatchNorm<>, ReLU, Linear<64>>,  //
                       ReLU, Linear<10>, CrossEntropy<>>;
using WithResiduals =
    Network<Input<784>, Linear<64>, Repeat<blocks, Residual<BatchNorm<>, ReLU, Linear<64>>>,  //
            ReLU, Linear<10>, CrossEntropy<>>;

template <class Net>
void train_deep(const char* name, const Split& data, Results& losses, Results& table) {
  for (const std::uint64_t seed : seeds) {
    const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 8, .batch_size = 128},
                                    OneCycle{.max_learning_rate = 0.03f});
    for (const EpochRecord& epoch : trained.history.epochs) {
      losses.add(epoch.epoch, name, epoch.loss);
    }
    const EpochRecord& last = trained.history.epochs.back();
    table.add(name, "training loss", last.loss);
    table.add(name, "test accuracy in %", 100 * last.validation_accuracy);
  }
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments moments_of(const std::vector<float>& values) {
  double sum = 0;
  double squares = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(values.size());
  for (const float value : values) {
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  }
  return {mean, std::sqrt(squares / static_cast<double>(values.size()))};
}

/// A layer as it starts, applied to values.
template <int Inputs, class... Items>
std::vector<float> through(std::uint64_t seed, const std::vector<float>& values) {
  using Layer = Network<Input<Inputs>, Items...>;
  const Model<Layer> layer{Seed{seed}};
  std::vector<float> results(values.size() / Inputs * Model<Layer>::outputs);
  layer.predict(values, results);
  return results;
}

constexpr std::size_t samples = 2000;

/// The lecture's network 784-50-10-1 with rectifiers; its last layer has one output, whose sign is
/// a matter of luck, so means are over many seeds.
template <class... Initializer>
void lecture_table(const char* name, const std::vector<float>& inputs, Results& table) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::vector<float> values = inputs;
    const auto add = [&](const char* layer) {
      const Moments moments = moments_of(values);
      table.add(name, std::string(layer) + " mean", moments.mean);
      table.add(name, std::string(layer) + " deviation", moments.deviation);
    };
    values = through<784, Linear<50, Init<Initializer>...>, ReLU>(3 * seed, values);
    add("50:");
    values = through<50, Linear<10, Init<Initializer>...>, ReLU>(3 * seed + 1, values);
    add("10:");
    values = through<10, Linear<1, Init<Initializer>...>, ReLU>(3 * seed + 2, values);
    add("1:");
  }
}

constexpr int width = 128;

/// Deviation and mean of the values behind each of many layers of the same kind.
template <class... Items>
void through_layers(const char* name, int layers, Results& deviations, Results* means) {
  for (const std::uint64_t seed : seeds) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(samples * width);
    for (float& value : values) value = normal(engine);
    for (int layer = 1; layer <= layers; ++layer) {
      values = through<width, Items...>(1000 * seed + static_cast<std::uint64_t>(layer), values);
      const Moments moments = moments_of(values);
      deviations.add(layer, name, moments.deviation);
      if (means != nullptr) means->add(layer, name, moments.mean);
    }
  }
}

}  // namespace

void depth(const Place& place) {
  const Split data = images(place, 10'000);
  Results losses("epoch");
  Results table("30 blocks of 64");
  train_deep<Plain>("ReLU, Linear", data, losses, table);
  train_deep<Normed>("BatchNorm, ReLU, Linear", data, losses, table);
  train_deep<WithResiduals>("Residual<BatchNorm, ReLU, Linear>", data, losses, table);
  losses.save_csv(place.results / "depth.csv");
  table.save_markdown(place.results / "depth.md", {.digits = 2});
}

void initialization(const Place& place) {
  const Dataset data = images(place, samples).train;
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  const Moments moments = moments_of(inputs);
  for (float& input : inputs) {
    input = static_cast<float>((static_cast<double>(input) - moments.mean) / moments.deviation);
  }
  Results table("784-50-10-1, ReLU");
  lecture_table<Normal<1.0>>("Normal<1.0>", inputs, table);
  lecture_table<Xavier>("Xavier", inputs, table);
  lecture_table<Kaiming>("Kaiming", inputs, table);
  table.save_markdown(place.results / "initialization_table.md", {.digits = 2});

  Results deviations("layer");
  through_layers<Linear<width, Init<Normal<0.1>>>, ReLU>("Normal<0.1>", 30, deviations, nullptr);
  through_layers<Linear<width, Init<Xavier>>, ReLU>("Xavier", 30, deviations, nullptr);
  through_layers<Linear<width, Init<Kaiming>>, ReLU>("Kaiming (the default)", 30, deviations,
                                                     nullptr);
  deviations.save_csv(place.results / "initialization.csv");
}

void self_normalizing(const Place& place) {
  Results deviations("layer");
  Results means("layer");
  through_layers<Linear<width, Init<LeCun>>, SELU>("LeCun, SELU", 32, deviations, &means);
  through_layers<Linear<width, Init<LeCun>>, Tanh>("LeCun, Tanh", 32, deviations, &means);
  through_layers<Linear<width, Init<LeCun>>, ReLU>("LeCun, ReLU", 32, deviations, &means);
  through_layers<Linear<width, Init<Kaiming>>, SELU>("Kaiming, SELU", 32, deviations, &means);
  deviations.save_csv(place.results / "self_normalizing.csv");
  means.save_csv(place.results / "self_normalizing_means.csv");
}

}  // namespace lamina::figures
