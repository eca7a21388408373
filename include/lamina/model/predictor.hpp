#pragma once

#include <array>
#include <span>
#include <type_traits>

#include <lamina/core/arguments.hpp>
#include <lamina/model/fold.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/runtime/inference_pass.hpp>
#include <lamina/runtime/single_sample.hpp>

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
  explicit Predictor(const ParameterBlock& block)
      : parameters_(fold(P::stages, block)), single_sample_(parameters_.data()) {}

  /// One sample.
  /// Errors: a sample of other than the input's size throws `Error`.
  [[nodiscard]] std::array<float, outputs> operator()(std::span<const float> sample) const {
    expect_size(sample.size(), features, "predict");
    return predict_one(sample.data());
  }

  /// One sample whose type tells its size: another one than the input's does not compile.
  template <FixedSize Sample>
  [[nodiscard]] std::array<float, outputs> operator()(const Sample& sample) const noexcept {
    static_cast<void>(Diagnose<CheckSample<extent_of<const Sample>, features>>{});
    return predict_one(std::span<const float>(sample).data());
  }

  /// A batch: row-major (batch, features) to row-major (batch, outputs).
  /// Errors: sizes that do not fit throw `Error`, before anything is written.
  void operator()(std::span<const float> inputs, std::span<float> results) const {
    const std::size_t rows = rows_of(inputs.size(), features, "predict: inputs");
    expect_size(results.size(), rows * outputs, "predict: outputs");
    runtime::infer<Net>(pass(), inputs.data(), results.data(), rows);
  }

  /// A batch where a type tells a size: one that does not fit does not compile.
  template <class Inputs, class Results>
    requires(FixedSize<const Inputs> || FixedSize<Results>)
  void operator()(const Inputs& inputs, Results&& results) const {
    static_cast<void>(
        Diagnose<CheckBatch<BatchUse::Predict, const Inputs, features, Results, outputs>>{});
    (*this)(std::span<const float>(inputs), std::span<float>(results));
  }

 private:
  [[nodiscard]] std::array<float, outputs> predict_one(const float* sample) const noexcept {
    std::array<float, outputs> result;
    if constexpr (runtime::has_single_sample_path<Net>) {
      single_sample_.run(sample, result.data());
    } else {
      runtime::infer<Net>(pass(), sample, result.data(), 1);
    }
    return result;
  }

  [[nodiscard]] runtime::InferencePass pass() const {
    return {runtime::tables<Net>, parameters_.data(), nullptr, nullptr};
  }

  struct NoSingleSample {
    explicit NoSingleSample(const float*) {}
  };

  AlignedFloats parameters_;
  [[no_unique_address]] std::conditional_t<runtime::has_single_sample_path<Net>,
                                           runtime::SingleSample<Net>, NoSingleSample>
      single_sample_;
};

/// What stands in for the predictor of a wrong network.
template <class Net>
  requires(!GoodNetwork<Net>)
class Predictor<Net> : Diagnose<Check<Net>> {
 public:
  static constexpr std::size_t features = 1;
  static constexpr std::size_t outputs = 1;
  explicit Predictor(const ParameterBlock&) {}
  detail::Anything operator()(std::span<const float>) const { return {}; }
  detail::Anything operator()(const auto&) const { return {}; }
  void operator()(std::span<const float>, std::span<float>) const {}
  void operator()(const auto&, auto&&) const {}
};

}  // namespace lamina
