#pragma once

#include <array>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include <lamina/core/arguments.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/model/fold.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/runtime/infer.hpp>
#include <lamina/runtime/single_sample.hpp>

namespace lamina {

/// The inference-only network that `Model::freeze` makes: normalizations folded into the weights
/// before them, dropout gone. A value of its own: it does not follow the model's later training.
///
/// Predictions are const, may run on several threads at once, take no lock and allocate nothing; a
/// batch that is worth several threads uses TBB, which allocates when it starts. They take at most
/// 16 KiB of stack, see `plan_of<Net>.stack_bytes`, beside the array that the call for one sample
/// returns. For a classifier the outputs are the logits.
///
/// Copies share the weights and are cheap; what was moved from is still the same predictor. Each
/// copy keeps memory of its own for as many predictions at once as the machine has threads. More
/// threads than that go on in small steps on their stacks; but where a single row of values is
/// wider than 12 KiB they wait for one another: give each a copy, then none ever does.
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
      : parameters_(shared_floats(in_float_mode([&] { return fold(P::stages, block); }))),
        single_sample_(parameters_.get()) {}

  Predictor(const Predictor&) = default;
  Predictor& operator=(const Predictor&) = default;
  /// As a copy, but for the memory of predictions, which both use then.
  Predictor(Predictor&& other) noexcept
      : parameters_(other.parameters_),
        single_sample_(other.single_sample_),
        scratch_(std::move(other.scratch_)) {}
  ~Predictor() = default;

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
    runtime::infer<Net>(pass(), scratch_, inputs.data(), results.data(), rows);
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
      runtime::infer<Net>(pass(), scratch_, sample, result.data(), 1);
    }
    return result;
  }

  [[nodiscard]] runtime::InferencePass pass() const {
    return {runtime::tables<Net>, parameters_.get(), nullptr, nullptr};
  }

  struct NoSingleSample {
    explicit NoSingleSample(const float*) {}
  };

  std::shared_ptr<const float> parameters_;
  [[no_unique_address]] std::conditional_t<runtime::has_single_sample_path<Net>,
                                           runtime::SingleSample<Net>, NoSingleSample>
      single_sample_;
  runtime::InferenceScratch scratch_{InferenceMemory<Net>::kept_floats};
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
