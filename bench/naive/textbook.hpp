#pragma once

#include <map>

#include "build.hpp"
#include "losses.hpp"
#include "optimizers.hpp"

namespace lamina::naive {

/// A network, layer at a time in textbook loops, structures as layers made of layers: the reference
/// that the engine is checked against (in double), and one of the baselines it is measured against
/// (in float).
///
/// It has the numbers of the model whose `tensors()` it is made from, and the random bits of its
/// seed, so that both can be compared number by number. It knows nothing of plans and kernels: what
/// it shares with the engine are the items' names and constants, and the rule for random bits.
/// Arrays are row-major, named and shaped as `Model::tensors()` has them.
///
/// `Textbook` makes one from a network's type.
template <class TargetOf, class Scalar>
class AnyTextbook {
 public:
  using Batch = std::vector<Scalar>;
  using Target = TargetOf;

  AnyTextbook(const NetworkDescription<Target, Scalar>& network, const std::vector<Tensor>& tensors,
              Seed seed);

  /// Inference: running statistics, nothing random. (rows, features) -> (rows, outputs)
  [[nodiscard]] Batch predict(std::span<const float> inputs, std::size_t rows) const;

  /// The loss of a training pass, with penalties; changes no parameter and no statistic.
  [[nodiscard]] Scalar loss(std::span<const float> inputs, std::span<const Target> targets,
                            NoiseSource noise);

  /// The same, and sets the gradients and updates the running statistics.
  Scalar forward_backward(std::span<const float> inputs, std::span<const Target> targets,
                          NoiseSource noise);

  /// One training step with the random numbers of the next step number, the first being 1.
  template <class Optimizer>
  Scalar step(std::span<const float> inputs, std::span<const Target> targets,
              const Optimizer& optimizer) {
    ++step_;
    const NoiseSource noise{seed_.value, static_cast<std::uint32_t>(step_)};
    const Scalar loss = forward_backward(inputs, targets, noise);
    for (Parameter<Scalar>* parameter : parameters()) update(*parameter, optimizer, step_);
    return loss;
  }

  /// Everything that is trained, to look at or to shift for central differences.
  [[nodiscard]] std::vector<Parameter<Scalar>*> parameters() { return layers_->parameters(); }
  /// The gradients of the last pass, penalties included, by name.
  [[nodiscard]] std::map<std::string, Batch> gradients();
  /// Parameters and running statistics by name, but for the counters of batches.
  [[nodiscard]] std::map<std::string, Batch> values();
  /// The gradient by the inputs of the last pass, (rows, features).
  [[nodiscard]] const Batch& input_gradient() const { return input_gradient_; }

 private:
  Batch forward(std::span<const float> inputs, NoiseSource noise);
  [[nodiscard]] Scalar penalty();

  std::size_t features_;
  Judge<Target, Scalar>* judge_;
  Seed seed_;
  std::int64_t step_ = 0;
  LayerPointer<Scalar> layers_;
  Batch input_gradient_;
};

extern template class AnyTextbook<Label, float>;
extern template class AnyTextbook<Label, double>;
extern template class AnyTextbook<float, float>;
extern template class AnyTextbook<float, double>;

/// The textbook's network of a type.
///
/// Example: `naive::Textbook<Net, double> twin{model.tensors(), Seed{42}};`
template <class Net, class Scalar = double>
class Textbook : public AnyTextbook<typename Items<Net>::Loss::Target, Scalar> {
 public:
  explicit Textbook(const std::vector<Tensor>& tensors, Seed seed = {})
      : Textbook::AnyTextbook(describe_network<Net, Scalar>(), tensors, seed) {}
};

}  // namespace lamina::naive
