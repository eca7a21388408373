#pragma once

#include <map>
#include <memory>
#include <span>

#include "eigen_layers.hpp"
#include "items.hpp"
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
    std::size_t features = Items<Net>::features;
    Items<Net>::visit([&]<class Item>(Placed<Item> item) {
      if constexpr (Item::role == Role::Contraction) {
        const auto out = static_cast<std::size_t>(Item::output(Shape{}).features());
        layers_.push_back(std::make_unique<EigenLinear>(tensors, item.position, features, out,
                                                        Item::bias && !item.normalized,
                                                        Items<Net>::template lambda_of<Item>()));
        features = out;
      } else if constexpr (Item::role == Role::Normalization) {
        layers_.push_back(std::make_unique<EigenBatchNorm>(tensors, item.position, features,
                                                           Item::normalization.epsilon,
                                                           Item::normalization.momentum));
      } else if constexpr (requires { Item::rate; }) {
        static_assert(expr::Dropping<Item>, "of the random items there is dropout alone here");
        if (Item::rate > 0) {
          layers_.push_back(std::make_unique<EigenDropout>(item.position, Item::rate));
          dropouts_.push_back(layers_.back().get());
        }
      } else if constexpr (Item::role == Role::Elementwise) {
        layers_.push_back(std::make_unique<EigenActivation<Item>>());
      }
    });
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
    for (std::size_t i = layers_.size(); i-- > 1;) {
      gradient = &layers_[i]->backward(layers_[i - 1]->output(), *gradient, false);
    }
    layers_.front()->backward(x, *gradient, true);
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
    const auto copy = [](const auto& m) {
      return std::vector<float>(m.data(), m.data() + m.size());
    };
    for (const auto& layer : layers_) {
      for (const EigenParameter* p : layer->parameters()) named[p->name] = copy(p->value);
      for (const auto& [name, values] : layer->statistics()) named[name] = copy(*values);
    }
    return named;
  }

 private:
  static Eigen::Map<const Matrix> view(std::span<const float> inputs) {
    constexpr auto features = static_cast<Eigen::Index>(Items<Net>::features);
    return {inputs.data(), static_cast<Eigen::Index>(inputs.size()) / features, features};
  }

  Seed seed_;
  std::int64_t step_ = 0;
  std::vector<std::unique_ptr<EigenLayer>> layers_;
  std::vector<const EigenLayer*> dropouts_;
  Matrix loss_gradient_;
};

}  // namespace lamina::naive
