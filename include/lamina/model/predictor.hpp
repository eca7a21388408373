#pragma once

#include <array>
#include <span>

#include <lamina/core/arguments.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/runtime/inference_pass.hpp>

namespace lamina {

/// The inference-only network that `Model::freeze` makes: normalizations folded into the weights
/// before them, dropout gone. A value of its own: it does not follow the model's later training.
///
/// Predictions are const, may run on several threads at once, take no lock and allocate nothing.
/// For a classifier the outputs are the logits.
///
/// Example: `std::array<float, 10> scores = predictor(image);`
template <class Net>
class Predictor {
 public:
  using P = Plan<Net>;
  static constexpr std::size_t features = static_cast<std::size_t>(P::features);
  static constexpr std::size_t outputs = static_cast<std::size_t>(P::outputs);

  /// Folds a model's numbers; use `Model::freeze`.
  explicit Predictor(const ParameterBlock& block) : parameters_(block.trained) {
    for (const Stage& stage : P::stages) {
      if (stage.normalized()) fold(stage, block.running.data() + stage.running);
    }
  }

  /// One sample. The size is checked at compile time where the type tells it.
  /// Errors: a sample of run-time size other than the input's throws `Error`.
  template <class Sample>
  [[nodiscard]] std::array<float, outputs> operator()(const Sample& sample) const
      noexcept(extent_of<Sample> != std::dynamic_extent) {
    static_assert(has_size<Sample, features>,
                  "lamina: the sample has another number of values than the network's Input");
    const std::span<const float> values(sample);
    if constexpr (extent_of<Sample> == std::dynamic_extent) {
      expect_size(values.size(), features, "predict");
    }
    std::array<float, outputs> result;
    runtime::infer<Net>(pass(), values.data(), result.data(), 1);
    return result;
  }

  /// A batch: row-major (batch, features) to row-major (batch, outputs).
  /// Errors: sizes that do not fit throw `Error`, before anything is written.
  void operator()(std::span<const float> inputs, std::span<float> results) const {
    const std::size_t rows = rows_of(inputs.size(), features, "predict: inputs");
    expect_size(results.size(), rows * outputs, "predict: outputs");
    runtime::infer<Net>(pass(), inputs.data(), results.data(), rows);
  }

 private:
  [[nodiscard]] runtime::InferencePass pass() const {
    return {runtime::tables<Net>, parameters_.data(), nullptr};
  }

  /// scale (W x - mean) / deviation + shift = (factor W) x + (shift - factor mean), in double.
  void fold(const Stage& stage, const float* running) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    float* scale = parameters_.data() + stage.scale_vector;
    float* shift = parameters_.data() + stage.bias_vector;
    for (std::size_t i = 0; i < padded; ++i) {
      const double variance = static_cast<double>(running[padded + i]);
      const double factor =
          static_cast<double>(scale[i]) / std::sqrt(variance + static_cast<double>(stage.epsilon));
      shift[i] = static_cast<float>(static_cast<double>(shift[i]) -
                                    factor * static_cast<double>(running[i]));
      scale[i] = static_cast<float>(factor);
      if (stage.contraction) scale_weights(stage, i, factor);
    }
  }

  void scale_weights(const Stage& stage, std::size_t out, double factor) {
    for (std::size_t in = 0; in < static_cast<std::size_t>(stage.inputs); ++in) {
      float& weight =
          parameters_.data()[stage.weights + detail::packed_index(stage, out, in)];
      weight = static_cast<float>(factor * static_cast<double>(weight));
    }
  }

  AlignedFloats parameters_;
};

}  // namespace lamina
