// How what a layer reads moves while the layers before it learn.

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "convolutional.hpp"
#include "figures.hpp"

namespace lamina::figures {

namespace {

constexpr std::size_t read_by_last = 1;  ///< the stage whose outputs the third convolution reads
constexpr std::size_t drawn_units = 3;
constexpr int steps_between = 4;

/// The values of a unit for the images that are looked at, over all positions.
using Unit = std::vector<float>;

/// What the units of a stage give in a training step on these images; the model stays as it is.
template <class Net>
std::vector<Unit> outputs_in_training(Model<Net> model, const Dataset& images, std::size_t stage) {
  AlignedFloats before = model.block().trained;
  Trainer probe{model, Sgd{}};
  probe.step(images.inputs(), images.labels());
  const Stage& of = Plan<Net>::stages[stage];
  const auto memory = probe.kept(images.inputs(), before.data());
  std::vector<Unit> units(static_cast<std::size_t>(of.outputs()));
  for (int unit = 0; unit < of.outputs(); ++unit) {
    const int panel = unit / of.panels.width;
    for (int row = 0; row < memory.rows_of(of); ++row) {
      units[static_cast<std::size_t>(unit)].push_back(
          memory.rows_at(of.after, of, panel, row)[unit % of.panels.width]);
    }
  }
  return units;
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments moments_of(const Unit& values) {
  double sum = 0;
  double squares = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto count = static_cast<double>(values.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

/// How far means and deviations of units move from one look to the next, summed over looks and
/// units, over the sum of the deviations.
class Drift {
 public:
  void look(const std::vector<Unit>& units) {
    std::vector<Moments> now;
    for (const Unit& unit : units) now.push_back(moments_of(unit));
    for (std::size_t i = 0; i < before_.size(); ++i) {
      means_ += std::abs(now[i].mean - before_[i].mean);
      deviations_ += std::abs(now[i].deviation - before_[i].deviation);
      scale_ += before_[i].deviation;
    }
    before_ = now;
  }
  [[nodiscard]] double of_means() const { return means_ / scale_; }
  [[nodiscard]] double of_deviations() const { return deviations_ / scale_; }

 private:
  std::vector<Moments> before_;
  double means_ = 0;
  double deviations_ = 0;
  double scale_ = 0;
};

/// Another deviation of the noise behind every norm.
template <class Net>
void disturb(Model<Net>& model, double deviation) {
  model.template set_rate<2>(deviation);
  model.template set_rate<6>(deviation);
  model.template set_rate<10>(deviation);
}

template <bool Noisy, class Net>
void watch(const char* name, const Split& data, Results& units, Results& table) {
  constexpr std::size_t batch_size = 128;
  const Dataset looked_at = data.test.slice(0, batch_size);
  for (const std::uint64_t seed : seeds) {
    Model<Net> model{Seed{seed}};
    Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
    std::mt19937 engine(static_cast<std::uint32_t>(seed));
    std::uniform_real_distribution<double> deviation(0, 1);
    Drift drift;
    for (std::size_t step = 0; step <= 400; ++step) {
      if constexpr (Noisy) disturb(model, deviation(engine));
      if (step % steps_between == 0) {
        const std::vector<Unit> outputs = outputs_in_training(model, looked_at, read_by_last);
        drift.look(outputs);
        for (std::size_t unit = 0; seed == 1 && unit < drawn_units; ++unit) {
          const std::string column = std::string(name) + ", unit " + std::to_string(unit + 1);
          for (const float value : outputs[unit]) {
            units.add(static_cast<double>(step), column, static_cast<double>(value));
          }
        }
      }
      const std::size_t batches = data.train.size() / batch_size;
      const Dataset batch = data.train.slice(step % batches * batch_size, batch_size);
      trainer.step(batch.inputs(), batch.labels());
    }
    table.add(name, "means, %", 100 * drift.of_means());
    table.add(name, "deviations, %", 100 * drift.of_deviations());
    table.add(name, "test accuracy, %", 100 * accuracy(model, data.test));
  }
}

}  // namespace

void drift(const Place& place) {
  const Split data = images(place, 10'000);
  Results units("step");
  Results table("moves in four steps");
  watch<false, Convolutional<>>("no norm", data, units, table);
  watch<false, Convolutional<BatchNorm<>>>("BatchNorm", data, units, table);
  watch<true, Convolutional<BatchNorm<>, GaussianNoise<0.5>>>("BatchNorm and noise", data, units,
                                                              table);
  units.save_csv(place.results / "drift.csv");
  table.save_markdown(place.results / "drift.md", {.digits = 1});
}

}  // namespace lamina::figures
