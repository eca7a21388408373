#pragma once

#include <string>
#include <utility>
#include <vector>

#include <lamina/core/dropout_mask.hpp>

#include "parameter.hpp"

namespace lamina::naive {

/// One layer: forward through a batch, and the gradient back through the batch it last saw.
template <class Scalar>
class Layer {
 public:
  using Batch = std::vector<Scalar>;

  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  /// Inference: running statistics, nothing random.
  [[nodiscard]] virtual Batch infer(const Batch& x, std::size_t rows) const = 0;
  /// Training: batch statistics and random items. Remembers what `backward` needs; changes nothing
  /// else.
  virtual Batch forward(const Batch& x, std::size_t rows, const NoiseSource& noise) = 0;
  /// From the gradient by the output to that by the input; sets the gradients of the parameters.
  virtual Batch backward(const Batch& dy, std::size_t rows) = 0;
  /// Takes the last batch's statistics into the running ones.
  virtual void update_statistics(std::size_t /*rows*/) {}
  virtual std::vector<Parameter<Scalar>*> parameters() { return {}; }
  /// Running statistics by the names that files use.
  virtual std::vector<std::pair<std::string, Batch*>> statistics() { return {}; }
};

}  // namespace lamina::naive
