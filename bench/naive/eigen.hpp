#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <span>

#include "eigen_build.hpp"
#include "losses.hpp"
#include "optimizers.hpp"

namespace lamina::naive {

/// Softmax and its loss by Eigen's expressions; the other losses are the textbook's.
template <class... Attributes>
  requires(!requires { Attributes::values; } && ...)
float judge_into(CrossEntropy<Attributes...>, const Matrix& outputs, std::span<const Label> labels,
                 Matrix& gradient) {
  constexpr auto smoothing = static_cast<float>(CrossEntropy<Attributes...>::smoothing);
  const auto even = smoothing / static_cast<float>(outputs.cols());
  const auto count = static_cast<float>(outputs.rows());
  gradient.resize(outputs.rows(), outputs.cols());
  float loss = 0;
  for (Eigen::Index r = 0; r < outputs.rows(); ++r) {
    const Label label = labels[static_cast<std::size_t>(r)];
    const auto x = outputs.row(r).array();
    const float largest = x.maxCoeff();
    auto dx = gradient.row(r).array();
    dx = (x - largest).exp();
    const float total = dx.sum();
    const float log_total = largest + std::log(total);
    loss += (1 - smoothing) * (log_total - x(label));
    if (smoothing > 0) loss += smoothing * (log_total - x.mean());
    dx = dx * (1 / (total * count)) - even / count;
    gradient(r, label) -= (1 - smoothing) / count;
  }
  return loss / count;
}
template <class Loss>
float judge_into(Loss loss, const Matrix& outputs, std::span<const typename Loss::Target> targets,
                 Matrix& gradient) {
  const std::vector<float> values(outputs.data(), outputs.data() + outputs.size());
  const Judgement<float> judged =
      judge(loss, values, targets, static_cast<std::size_t>(outputs.rows()));
  gradient = Eigen::Map<const Matrix>(judged.gradient.data(), outputs.rows(), outputs.cols());
  return judged.loss;
}

inline void update(EigenParameter& p, const Sgd& sgd, std::int64_t /*step*/) {
  Matrix& m = p.state[0];
  if (sgd.nesterov) {
    p.gradient += p.lambda * p.value;
    m = sgd.momentum * m + p.gradient;
    p.value -= sgd.learning_rate * (p.gradient + sgd.momentum * m);
  } else {
    m = sgd.momentum * m + p.gradient + p.lambda * p.value;
    p.value -= sgd.learning_rate * m;
  }
}
template <class Optimizer>
void adam_update(EigenParameter& p, const Optimizer& adam, std::int64_t step, float kept = 1) {
  const auto t = static_cast<double>(step);
  const auto rate = static_cast<float>(static_cast<double>(adam.learning_rate) /
                                       (1 - std::pow(static_cast<double>(adam.beta1), t)));
  const auto correction =
      static_cast<float>(1 / std::sqrt(1 - std::pow(static_cast<double>(adam.beta2), t)));
  Matrix& m = p.state[0];
  Matrix& v = p.state[1];
  if (p.lambda != 0) p.gradient += p.lambda * p.value;
  m = adam.beta1 * m + (1 - adam.beta1) * p.gradient;
  v = adam.beta2 * v + (1 - adam.beta2) * p.gradient.cwiseAbs2();
  p.value.array() =
      kept * p.value.array() - rate * m.array() / (v.array().sqrt() * correction + adam.epsilon);
}
inline void update(EigenParameter& p, const Adam& adam, std::int64_t step) {
  adam_update(p, adam, step);
}
inline void update(EigenParameter& p, const AdamW& adam, std::int64_t step) {
  adam_update(p, adam, step, p.weight ? 1 - adam.learning_rate * adam.weight_decay : 1.0f);
}

/// A network, layer at a time on Eigen: what is gained by fusion is measured against this.
///
/// The same numbers and the same dropout masks as the model whose `tensors()` it is made from, one
/// thread. Buffers are kept, so steps of one batch size allocate nothing but what Eigen does
/// inside.
///
/// Example: `naive::Layerwise<Net> baseline{model.tensors(), Seed{42}};`
template <class Net>
class Layerwise {
 public:
  using Loss = typename Items<Net>::Loss;
  using Target = typename Loss::Target;

  explicit Layerwise(const std::vector<Tensor>& tensors, Seed seed = {}) : seed_(seed) {
    EigenBuilder<Net> builder{tensors};
    layers_ = std::move(builder.layers);
    dropouts_ = std::move(builder.dropouts);
    first_ = first_trained();
  }

  /// Inference: running statistics, no dropout. (rows, features) -> (rows, outputs)
  const Matrix& predict(std::span<const float> inputs) {
    const auto x = view(inputs);
    const Matrix* y = nullptr;
    for (const auto& layer : layers_) {
      if (std::find(dropouts_.begin(), dropouts_.end(), layer.get()) != dropouts_.end()) continue;
      y = y == nullptr ? &layer->infer(x) : &layer->infer(*y);
    }
    return *y;
  }

  /// One training step; returns the loss with penalties.
  template <class Optimizer>
  float step(std::span<const float> inputs, std::span<const Target> targets,
             const Optimizer& optimizer) {
    ++step_;
    const NoiseSource noise{seed_.value, static_cast<std::uint32_t>(step_)};
    const auto x = view(inputs);
    const Matrix* y = &layers_.front()->forward(x, noise);
    for (std::size_t i = 1; i < layers_.size(); ++i) y = &layers_[i]->forward(*y, noise);
    float loss = judge_into(Loss{}, *y, targets, loss_gradient_);

    const Matrix* gradient = &loss_gradient_;
    for (std::size_t i = layers_.size(); i-- > std::max<std::size_t>(first_, 1);) {
      gradient = &layers_[i]->backward(layers_[i - 1]->output(), *gradient, i == first_);
    }
    if (first_ == 0) layers_.front()->backward(x, *gradient, true);
    for (const auto& layer : layers_) {
      for (EigenParameter* parameter : layer->parameters()) {
        if (parameter->lambda != 0) {
          loss += parameter->lambda / 2 * parameter->value.squaredNorm();
        }
        update(*parameter, optimizer, step_);
      }
    }
    return loss;
  }

  /// Parameters and running statistics by name.
  [[nodiscard]] std::map<std::string, std::vector<float>> values() const {
    std::map<std::string, std::vector<float>> named;
    for (const auto& layer : layers_) {
      for (const EigenParameter* p : layer->parameters()) named[p->name] = p->in_order_of_files();
      for (const auto& [name, values] : layer->statistics()) {
        named[name].assign(values->data(), values->data() + values->size());
      }
    }
    return named;
  }

 private:
  /// Images of one channel are as the layers read them; of several a row is a channel, which the
  /// first layer turns.
  static Eigen::Map<const Matrix> view(std::span<const float> inputs) {
    constexpr Shape input = Items<Net>::input;
    constexpr int columns = input.flat()          ? input.channels
                            : input.channels == 1 ? 1
                                                  : input.positions();
    return {inputs.data(), static_cast<Eigen::Index>(inputs.size()) / columns, columns};
  }

  /// The layers before it need no gradient.
  [[nodiscard]] std::size_t first_trained() const {
    std::size_t first = 0;
    while (first < layers_.size() && layers_[first]->parameters().empty()) ++first;
    return first;
  }

  Seed seed_;
  std::int64_t step_ = 0;
  std::vector<std::unique_ptr<EigenLayer>> layers_;
  std::vector<const EigenLayer*> dropouts_;
  std::size_t first_ = 0;  // layer that is trained
  Matrix loss_gradient_;
};

}  // namespace lamina::naive
