#pragma once

#include <functional>
#include <span>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/runtime/narrow_step.hpp>

#include "bench/naive/textbook.hpp"
#include "engine.hpp"
#include "numbers.hpp"

/// A network in the engine and in the textbook's loops, side by side. What compares them is
/// compiled once, in twin.cpp: it knows the two behind interfaces that do not depend on the
/// network.
namespace lamina::testing {

/// Tensors with biases, scales, shifts and running statistics off their start values, so that
/// mixing them up shows.
std::vector<Tensor> off_defaults(std::vector<Tensor> tensors, unsigned seed);

/// A network as both sides have it.
template <class Target>
struct Case {
  naive::NetworkDescription<Target, double> in_double;
  naive::NetworkDescription<Target, float> in_float;
  std::size_t outputs;
  std::size_t positions;  ///< of the outputs, which have a label each where targets are labels
  bool of_one_row;        ///< trains on a single row, too
  bool narrow;
  bool spatial;
  template <class Scalar>
  using Step = std::function<Scalar(naive::AnyTextbook<Target, Scalar>&, std::span<const float>,
                                    std::span<const Target>)>;
  Step<double> step_in_double;
  Step<float> step_in_float;
};

/// Where the numbers of a model begin.
enum class Start { OffDefaults, AsMade };

/// For each of some batch sizes: loss, parameters and statistics after one and three steps at a
/// rate so large that a gradient's error shows, then inference, as it is and frozen, of the batch
/// and of single rows.
template <class Target>
void check_twin(const char* name, Engine<Target>& engine, const Case<Target>& network, Start start);

extern template void check_twin(const char*, Engine<Label>&, const Case<Label>&, Start);
extern template void check_twin(const char*, Engine<float>&, const Case<float>&, Start);

template <class Net, class Optimizer = Sgd>
void check_twin(const char* name, const Optimizer& optimizer = {.learning_rate = 0.5f},
                Start start = Start::OffDefaults) {
  using Target = typename Plan<Net>::Loss::Target;
  EngineOf<Net, Optimizer> engine(optimizer);
  const auto step = [&](auto& twin, std::span<const float> inputs,
                        std::span<const Target> targets) {
    return twin.step(inputs, targets, optimizer);
  };
  const Case<Target> network{naive::describe_network<Net, double>(),
                             naive::describe_network<Net, float>(),
                             static_cast<std::size_t>(Plan<Net>::outputs),
                             static_cast<std::size_t>(Plan<Net>::output_shape.positions()),
                             Plan<Net>::least_rows == 1,
                             runtime::is_narrow<Net>,
                             Plan<Net>::spatial,
                             step,
                             step};
  check_twin(name, static_cast<Engine<Target>&>(engine), network, start);
}

}  // namespace lamina::testing
