#include "textbook.hpp"

namespace lamina::naive {

template <class Target, class Scalar>
AnyTextbook<Target, Scalar>::AnyTextbook(const NetworkDescription<Target, Scalar>& network,
                                         const std::vector<Tensor>& tensors, Seed seed)
    : features_(network.features()),
      judge_(network.judge),
      seed_(seed),
      layers_(build_layers(network.items, network.input, tensors)) {}

template <class Target, class Scalar>
auto AnyTextbook<Target, Scalar>::predict(std::span<const float> inputs, std::size_t rows) const
    -> Batch {
  return layers_->infer(Batch(inputs.begin(), inputs.end()), rows);
}

template <class Target, class Scalar>
Scalar AnyTextbook<Target, Scalar>::loss(std::span<const float> inputs,
                                         std::span<const Target> targets, NoiseSource noise) {
  return judge_(forward(inputs, noise), targets, inputs.size() / features_).loss + penalty();
}

template <class Target, class Scalar>
Scalar AnyTextbook<Target, Scalar>::forward_backward(std::span<const float> inputs,
                                                     std::span<const Target> targets,
                                                     NoiseSource noise) {
  const std::size_t rows = inputs.size() / features_;
  const Judgement<Scalar> judged = judge_(forward(inputs, noise), targets, rows);
  input_gradient_ = layers_->backward(judged.gradient, rows);
  for (Parameter<Scalar>* parameter : parameters()) parameter->add_penalty_gradient();
  layers_->update_statistics(rows);
  return judged.loss + penalty();
}

template <class Target, class Scalar>
auto AnyTextbook<Target, Scalar>::gradients() -> std::map<std::string, Batch> {
  std::map<std::string, Batch> named;
  for (const Parameter<Scalar>* parameter : parameters()) {
    named[parameter->name] = parameter->gradient;
  }
  return named;
}

template <class Target, class Scalar>
auto AnyTextbook<Target, Scalar>::values() -> std::map<std::string, Batch> {
  std::map<std::string, Batch> named;
  for (const Parameter<Scalar>* parameter : parameters()) named[parameter->name] = parameter->value;
  for (const auto& [name, values] : layers_->statistics()) named[name] = *values;
  return named;
}

template <class Target, class Scalar>
auto AnyTextbook<Target, Scalar>::forward(std::span<const float> inputs, NoiseSource noise)
    -> Batch {
  const std::size_t rows = inputs.size() / features_;
  return layers_->forward(Batch(inputs.begin(), inputs.end()), rows, noise);
}

template <class Target, class Scalar>
Scalar AnyTextbook<Target, Scalar>::penalty() {
  Scalar sum = 0;
  for (const Parameter<Scalar>* parameter : parameters()) sum += parameter->penalty();
  return sum;
}

template class AnyTextbook<Label, float>;
template class AnyTextbook<Label, double>;
template class AnyTextbook<float, float>;
template class AnyTextbook<float, double>;

}  // namespace lamina::naive
