#pragma once

#include <map>
#include <memory>

#include "batch_norm.hpp"
#include "items.hpp"
#include "layers.hpp"
#include "losses.hpp"
#include "noise.hpp"
#include "optimizers.hpp"

namespace lamina::naive {

/// A network, layer at a time in textbook loops: the reference that the engine is checked against
/// (in double), and one of the baselines it is measured against (in float).
///
/// It has the numbers of the model whose `tensors()` it is made from, and the random bits of its
/// seed, so that both can be compared number by number. It knows nothing of plans and kernels: what
/// it shares with the engine are the items' names and constants, and the rule for random bits.
/// Arrays are row-major, named and shaped as `Model::tensors()` has them.
///
/// Example: `naive::Textbook<Net, double> twin{model.tensors(), Seed{42}};`
template <class Net, class Scalar = double>
class Textbook {
 public:
  using Batch = std::vector<Scalar>;
  using Loss = typename Items<Net>::Loss;
  using Target = typename Loss::Target;

  explicit Textbook(const std::vector<Tensor>& tensors, Seed seed = {}) : seed_(seed) {
    std::size_t features = Items<Net>::features;
    Items<Net>::visit([&]<class Item>(Placed<Item> item) {
      if constexpr (Item::role == Role::Contraction) {
        const auto out = static_cast<std::size_t>(Item::output(Shape{}).features());
        add<LinearLayer<Scalar>>(
            tensors, item.position, features, out, Item::bias && !item.normalized,
            Items<Net>::template lambda_of<Item>(), Items<Net>::template absolute_of<Item>());
        features = out;
      } else if constexpr (Item::role == Role::Normalization) {
        add<BatchNormLayer<Scalar>>(tensors, item.position, features, Item::normalization.epsilon,
                                    Item::normalization.momentum);
      } else if constexpr (requires { Item::rate; }) {
        add<NoiseLayer<Item, Scalar>>(item.position, features, Item::rate);
      } else if constexpr (Item::role == Role::Elementwise) {
        add<ActivationLayer<Item, Scalar>>();
      }
    });
  }

  /// Inference: running statistics, nothing random. (rows, features) -> (rows, outputs)
  [[nodiscard]] Batch predict(std::span<const float> inputs, std::size_t rows) const {
    Batch x(inputs.begin(), inputs.end());
    for (const auto& layer : layers_) x = layer->infer(x, rows);
    return x;
  }

  /// The loss of a training pass, with penalties; changes no parameter and no statistic.
  [[nodiscard]] Scalar loss(std::span<const float> inputs, std::span<const Target> targets,
                            NoiseSource noise) {
    const std::size_t rows = inputs.size() / Items<Net>::features;
    return judge(Loss{}, forward(inputs, noise), targets, rows).loss + penalty();
  }

  /// The same, and sets the gradients and updates the running statistics.
  Scalar forward_backward(std::span<const float> inputs, std::span<const Target> targets,
                          NoiseSource noise) {
    const std::size_t rows = inputs.size() / Items<Net>::features;
    Judgement<Scalar> judged = judge(Loss{}, forward(inputs, noise), targets, rows);
    Batch gradient = std::move(judged.gradient);
    for (std::size_t i = layers_.size(); i-- > 0;) {
      gradient = layers_[i]->backward(gradient, rows);
    }
    input_gradient_ = std::move(gradient);
    for (Parameter<Scalar>* parameter : parameters()) parameter->add_penalty_gradient();
    for (const auto& layer : layers_) layer->update_statistics(rows);
    return judged.loss + penalty();
  }

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
  [[nodiscard]] std::vector<Parameter<Scalar>*> parameters() {
    std::vector<Parameter<Scalar>*> all;
    for (const auto& layer : layers_) {
      for (Parameter<Scalar>* parameter : layer->parameters()) all.push_back(parameter);
    }
    return all;
  }
  /// The gradients of the last pass, penalties included, by name.
  [[nodiscard]] std::map<std::string, Batch> gradients() {
    std::map<std::string, Batch> named;
    for (const Parameter<Scalar>* parameter : parameters()) {
      named[parameter->name] = parameter->gradient;
    }
    return named;
  }
  /// Parameters and running statistics by name, but for the counters of batches.
  [[nodiscard]] std::map<std::string, Batch> values() {
    std::map<std::string, Batch> named;
    for (const Parameter<Scalar>* parameter : parameters()) {
      named[parameter->name] = parameter->value;
    }
    for (const auto& layer : layers_) {
      for (const auto& [name, values] : layer->statistics()) named[name] = *values;
    }
    return named;
  }
  /// The gradient by the inputs of the last pass, (rows, features).
  [[nodiscard]] const Batch& input_gradient() const { return input_gradient_; }

 private:
  template <class Made, class... Arguments>
  void add(Arguments&&... arguments) {
    layers_.push_back(std::make_unique<Made>(std::forward<Arguments>(arguments)...));
  }

  Batch forward(std::span<const float> inputs, NoiseSource noise) {
    const std::size_t rows = inputs.size() / Items<Net>::features;
    Batch x(inputs.begin(), inputs.end());
    for (const auto& layer : layers_) x = layer->forward(x, rows, noise);
    return x;
  }

  [[nodiscard]] Scalar penalty() {
    Scalar sum = 0;
    for (const Parameter<Scalar>* parameter : parameters()) sum += parameter->penalty();
    return sum;
  }

  Seed seed_;
  std::int64_t step_ = 0;
  std::vector<std::unique_ptr<Layer<Scalar>>> layers_;
  Batch input_gradient_;
};

}  // namespace lamina::naive
