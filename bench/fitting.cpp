#include <cstring>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>

#include "bench/measure.hpp"
#include "bench/networks.hpp"

// Prints what `fit` costs over bare steps on the same data, and what of a transform is left when
// batches are prefetched, as Markdown tables: an epoch each, in turns, medians of the rounds.

namespace {

using namespace lamina;
using bench::Contender;
using bench::Turns;

constexpr int batch = 128;

template <class Net>
Dataset made_data(std::size_t batches) {
  bench::Batch<Net> made(static_cast<int>(batches) * batch);
  constexpr auto features = static_cast<int>(Model<Net>::features);
  if constexpr (std::is_same_v<typename Plan<Net>::Loss::Target, Label>) {
    return {features, std::move(made.inputs), std::move(made.targets)};
  } else {
    return {features, std::move(made.inputs), std::move(made.targets), Model<Net>::outputs};
  }
}

template <class Net, class Optimizer>
struct Run {
  Model<Net> model{bench::seed};
  Trainer<Net, Optimizer> trainer;
  Dataset data;

  Run(Optimizer optimizer, std::size_t batches)
      : trainer(model, optimizer), data(made_data<Net>(batches)) {}
};

/// Steps on batches as they lie in the data set.
template <class Net, class Optimizer>
Contender bare_steps(const Optimizer& optimizer, std::size_t batches) {
  auto run = std::make_shared<Run<Net, Optimizer>>(optimizer, batches);
  return {"bare steps", 0, 1, [run, batches] {
            float loss = 0;
            for (std::size_t i = 0; i < batches; ++i) {
              const std::size_t first = i * batch;
              loss +=
                  run->trainer.step(run->data.inputs().subspan(first * run->data.features(),
                                                               batch * run->data.features()),
                                    {detail::targets_of<Net>(run->data, first),
                                     batch * (run->data.has_labels() ? 1 : run->data.outputs())});
            }
            return loss;
          }};
}

template <class Net, class Optimizer, class... Callbacks>
Contender fitted(const std::string& name, const Optimizer& optimizer, std::size_t batches,
                 Callbacks... callbacks) {
  auto run = std::make_shared<Run<Net, Optimizer>>(optimizer, batches);
  return {name, 0, 1, [run, callbacks...] {
            const History history = run->trainer.fit(
                run->data, {}, {.epochs = 1, .batch_size = batch}, Callbacks(callbacks)...);
            return static_cast<float>(history.epochs.back().loss);
          }};
}

/// As large as a network can be whose steps of 128 samples run on one thread.
using Serial = Network<Input<32>, Linear<48>, Tanh, Linear<16>, Tanh, Linear<8>, MeanSquaredError>;

/// A transform on one thread that costs about 0.9 steps of that network for each of its halves.
template <std::size_t halves>
const auto slow_transform = BatchTransform{[](const auto& made) {
  for (float& x : made.inputs.first(made.inputs.size() / 2 * halves)) x = std::sin(x);
}};

void print(const std::string& title, const Turns& turns, std::size_t count) {
  std::cout << "\n"
            << title << "\n\n| | microseconds a step | ratio |\n|---|---|---|\n"
            << std::fixed;
  for (std::size_t i = 0; i < count; ++i) {
    std::cout << "| " << turns.name(i) << " | " << std::setprecision(1) << turns.time(i) * 1e6
              << " | " << std::setprecision(3) << turns.ratio(i, 0) << " |\n";
  }
}

Contender per_step(Contender epoch, std::size_t steps) {
  epoch.calls = static_cast<int>(steps);
  return epoch;
}

void overhead(int rounds, int threads) {
  using Net = bench::Classifier;
  constexpr std::size_t steps = 120;
  Turns turns(30);
  turns.add(per_step(bare_steps<Net>(bench::sgd, steps), steps), threads);
  turns.add(per_step(fitted<Net>("`fit`", bench::sgd, steps), steps), threads);
  turns.add(per_step(fitted<Net>("`fit` with OneCycle, EarlyStopping, ProgressBar", bench::sgd,
                                 steps, OneCycle{.max_learning_rate = 1e-3f}, EarlyStopping{},
                                 ProgressBar{.out = stderr}),
                     steps),
            threads);
  turns.run(rounds, 0.1);
  print("784-512-256-10, batch 128, " + std::to_string(threads) + " of 2 threads, 15,360 samples",
        turns, 3);
}

void prefetching(int rounds) {
  using Net = Serial;
  constexpr std::size_t steps = 1000;
  Turns turns(30);
  turns.add(per_step(fitted<Net>("`fit`", bench::adam, steps), steps));
  const auto add = [&](const std::string& name, const auto& transform) {
    for (const int threads : {1, 2}) {
      turns.add(per_step(fitted<Net>(name + (threads == 1 ? ", one thread" : ", two threads"),
                                     bench::adam, steps, transform),
                         steps),
                threads);
    }
  };
  add("with a transform shorter than a step", slow_transform<1>);
  add("with a transform twice as long", slow_transform<2>);
  turns.run(rounds, 0.1);
  print("32-48-16-8, batch 128: steps that run on one thread", turns, 5);
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 9;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") != 0) {
      std::cerr << "usage: lamina_fitting [--quick]\n";
      return 2;
    }
    rounds = 3;
  }
  overhead(rounds, 1);
  overhead(rounds, 2);
  prefetching(rounds);
}
