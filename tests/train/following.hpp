#pragma once

#include <lamina/lamina.hpp>

#include "bench/naive/textbook.hpp"
#include "laws/allocations.hpp"
#include "numbers.hpp"
#include "threads.hpp"

/// A trainer and the textbook in double, whose gradients a test takes on by its own rule.
namespace lamina::testing::following {

using Parameters = std::vector<naive::Parameter<double>*>;

/// On panels: several of them, cuts of inputs and registers that are not full.
template <class... Items>
using Wide = Network<Input<130>, Linear<100>, Tanh, Linear<33>, Tanh, Linear<3>, Items...>;
/// Samples in the lanes.
template <class... Items>
using Narrow = Network<Input<6>, Linear<17>, Tanh, Linear<5>, Tanh, Linear<3>, Items...>;
static_assert(!runtime::is_narrow<Wide<CrossEntropy<>>>);
static_assert(runtime::is_narrow<Narrow<CrossEntropy<>>> || simd::lanes < kernel::dot_rows);

inline std::vector<float> floats(const std::vector<Tensor>& tensors, const std::string& name) {
  return naive::floats_of(tensors, name);
}

/// The batch of a step.
template <class Net>
struct StepBatch {
  using Target = typename Plan<Net>::Loss::Target;
  std::vector<float> inputs;
  std::vector<Target> targets;

  StepBatch(std::size_t rows, unsigned step)
      : inputs(uniform(rows * static_cast<std::size_t>(Plan<Net>::features), 2 * step, -2, 2)),
        targets(some_targets<Target>(rows, Plan<Net>::outputs, 2 * step + 1)) {}
};

/// Weights and biases off zero, so that what must not touch biases shows.
template <class Net>
void shift_biases(Model<Net>& model) {
  auto tensors = model.tensors();
  unsigned seed = 77;
  for (Tensor& tensor : tensors) {
    if (!tensor.name.ends_with(".bias")) continue;
    auto& values = std::get<std::vector<float>>(tensor.values);
    values = uniform(values.size(), ++seed, -0.5, 0.5);
  }
  model.assign(tensors);
}

/// `steps` steps of a trainer over Net; before each the textbook over Plain (the same layers, with
/// no more than penalties) finds gradients of the same batch, and `update(parameters, step)` makes
/// what the trainer must have made. Tolerance: rounding of order epsilon of a tensor's largest
/// value in each step, and that of the gradients' sums over a batch, grows evenly with the steps.
template <class Net, class Plain, class Optimizer, class Update>
void follow(const Optimizer& optimizer, const Update& update, unsigned steps = 10,
            std::size_t rows = 17) {
  Model<Net> model{Seed{5}};
  shift_biases(model);
  naive::Textbook<Plain, double> textbook{model.tensors(), model.seed()};
  Trainer trainer{model, optimizer};
  Worst worst;
  for (unsigned step = 1; step <= steps; ++step) {
    const StepBatch<Net> batch(rows, step);
    const double loss =
        textbook.forward_backward(batch.inputs, batch.targets, {model.seed().value, step});
    worst.compare(double{trainer.step(batch.inputs, batch.targets)}, loss,
                  20 * step * epsilon * std::max(1.0, loss), "loss");
    update(textbook.parameters(), step);
    const auto tensors = model.tensors();
    for (const auto* parameter : textbook.parameters()) {
      const auto found = floats(tensors, parameter->name);
      double largest = 0;
      for (const double value : parameter->value) largest = std::max(largest, std::abs(value));
      for (std::size_t i = 0; i < found.size(); ++i) {
        worst.compare(double{found[i]}, parameter->value[i], 20 * step * epsilon * largest + 1e-30,
                      parameter->name + " after step " + std::to_string(step));
      }
    }
  }
  LAMINA_CHECK_WORST(worst);
}

/// The tensors after some steps, on so many threads.
template <class Net, class Optimizer>
std::vector<Tensor> trained(const Optimizer& optimizer, int threads, std::size_t rows) {
  return on_threads(threads, [&] {
    Model<Net> model{Seed{3}};
    Trainer trainer{model, optimizer};
    for (unsigned step = 1; step <= 6; ++step) {
      const StepBatch<Net> batch(rows, step);
      trainer.step(batch.inputs, batch.targets);
    }
    auto tensors = model.tensors();
    if constexpr (KeepsAverage<Optimizer>) {
      for (Tensor& tensor : trainer.average().tensors()) tensors.push_back(std::move(tensor));
    }
    return tensors;
  });
}

/// Allocations of `steps` steps behind a first one, on one thread.
template <class Net, class Optimizer>
long allocations_of_steps(const Optimizer& optimizer, int steps = 5) {
  return on_threads(1, [&] {
    Model<Net> model;
    Trainer trainer{model, optimizer};
    const StepBatch<Net> batch(20, 1);
    trainer.step(batch.inputs, batch.targets);
    return allocations_of([&] {
      for (int i = 0; i < steps; ++i) trainer.step(batch.inputs, batch.targets);
    });
  });
}

/// One thread and two train the same bits, and they do run in parallel.
template <class Net, class Optimizer>
void check_threads(const Optimizer& optimizer) {
  const std::size_t rows =
      runtime::serial_multiplications / Plan<Net>::training_multiplications + 50;
  const auto one = trained<Net>(optimizer, 1, rows);
  CHECK(same_bits(one, trained<Net>(optimizer, 2, rows)));
  CHECK(same_bits(one, trained<Net>(optimizer, 2, rows)));
}

}  // namespace lamina::testing::following
