#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/arguments.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/core/types.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/model/data_parts.hpp>
#include <lamina/model/initialize.hpp>
#include <lamina/model/load_tensors.hpp>
#include <lamina/model/predictor.hpp>
#include <lamina/model/scale_outputs.hpp>
#include <lamina/model/standardize.hpp>
#include <lamina/network/check.hpp>
#include <lamina/plan/rates.hpp>

namespace lamina {

/// True where a network begins with `Standardize`.
template <class Net>
inline constexpr bool has_standardize =
    Plan<Net>::stages[0].normalized && Plan<Net>::stages[0].norm.averages == Averages::Fitted;

namespace detail {

/// Finds that a network has nothing to fit.
template <class Net>
struct CheckStandardize {
  static constexpr TextBuffer found = [] {
    TextBuffer wrong;
    if (!has_standardize<Net>) {
      wrong << "fit_standardize: expected a network with Standardize after its Input, got one "
               "without";
    }
    return wrong;
  }();
};

}  // namespace detail

/// Owns the parameters of a network. Same seed, same parameters, on every machine.
///
/// A value: copies are deep, a move takes the parameters along. A model that was moved from holds
/// none until something is assigned to it; what asks it for them throws `Error`.
///
/// `template class lamina::Model<Classifier>;` compiles all of it once, in one file of a program;
/// others say `extern template class lamina::Model<Classifier>;`.
///
/// Example: `Model<Classifier> model{Seed{42}};`
template <class Net>
class Model {
 public:
  using P = Plan<Net>;
  static constexpr std::size_t features = static_cast<std::size_t>(P::features);
  static constexpr std::size_t outputs = static_cast<std::size_t>(P::outputs);

  explicit Model(Seed seed = {});

  /// The seed that the parameters started from; training takes its random numbers from it too.
  [[nodiscard]] Seed seed() const { return seed_; }

  /// Inference on any number of rows: row-major (batch, features) to row-major (batch, outputs),
  /// with running statistics and without dropout. May be called from several threads at once.
  /// Errors: sizes that do not fit throw `Error`, before anything is written.
  void predict(std::span<const float> inputs, std::span<float> results) const;

  /// The same of the inputs of a data set, in memory or not. Errors: also what reading throws; some
  /// results are written then.
  void predict(const Dataset& data, std::span<float> results) const;

  /// The same where a type tells a size: one that does not fit does not compile.
  template <class Inputs, class Results>
    requires(FixedSize<const Inputs> || FixedSize<Results>)
  void predict(const Inputs& inputs, Results&& results) const {
    static_cast<void>(
        Diagnose<CheckBatch<BatchUse::Predict, const Inputs, features, Results, outputs>>{});
    predict(std::span<const float>(inputs), std::span<float>(results));
  }

  /// The inference-only network with the present parameters.
  [[nodiscard]] Predictor<Net> freeze() const;

  /// Finds the numbers of the network's `Standardize`: mean and deviation of every feature of the
  /// training samples, row-major (samples, features). `Trainer::fit` does it on its first use.
  ///
  /// Errors: inputs that are no whole rows, no samples, or numbers that are not finite throw
  /// `Error`, before anything is changed. A network without `Standardize` does not compile.
  void fit_standardize(std::span<const float> inputs)
    requires has_standardize<Net>;
  void fit_standardize(const Dataset& train)
    requires has_standardize<Net>;
  void fit_standardize(const auto&)
    requires(!has_standardize<Net>)
  {
    static_cast<void>(Diagnose<detail::CheckStandardize<Net>>{});
  }

  /// False while a `Standardize` waits for its numbers.
  [[nodiscard]] bool is_standardized() const {
    return !has_standardize<Net> ||
           checked().counters[static_cast<std::size_t>(P::stages[0].norm_index)] > 0;
  }

  /// True where `scale_outputs` is possible: the network ends in a linear layer with a bias or in a
  /// norm with scale and shift, whatever is random behind it.
  static constexpr bool scales_outputs = detail::scales_outputs(P::stages.back());

  /// Makes every output y of the model factor y + offset, in double, in the parameters of its last
  /// layer: what was trained on standardized targets then predicts in their units, here and in the
  /// files of `save`. Training goes on from there on targets in units.
  ///
  /// Errors: a network that does something behind its last layer, sizes other than the number of
  /// outputs, or numbers that are not finite throw `Error`; the model is unchanged then.
  ///
  /// Example: `model.scale_outputs({.factors = deviations, .offsets = means});`
  void scale_outputs(const OutputScale& scale) {
    in_float_mode([&] { detail::scale_outputs(P::stages, scale, block()); });
  }

  /// All arrays that the model has, by name, unpacked: names and shapes of the same
  /// `torch.nn.Sequential`.
  [[nodiscard]] std::vector<Tensor> tensors() const { return to_tensors(P::stages, checked()); }

  /// The same with the biases that a batch normalization takes away, as zeros: what `save` writes,
  /// and all that `torch.nn.Module.load_state_dict` asks for.
  [[nodiscard]] std::vector<Tensor> file_tensors() const {
    return to_tensors(P::stages, checked(), detail::Arrays::InFiles);
  }

  /// Takes over arrays as `tensors` and `file_tensors` give them, in any order; see `load`.
  /// Errors: `Error` naming the tensors, expected and found; the model is unchanged then.
  LoadReport assign(const std::vector<Tensor>& tensors, const LoadOptions& options = {}) {
    return in_float_mode([&] { return from_tensors(P::stages, tensors, block(), options); });
  }

  /// The rate of the random item at a position, counted as in tensor names: of `Dropout`,
  /// `AlphaDropout` and `GaussianDropout` their rate, of `GaussianNoise` its sigma, of a user's own
  /// what it calls so. Starts as the type's.
  /// A position without a random item does not compile.
  template <int... Position>
  [[nodiscard]] double rate() const {
    static_cast<void>(Diagnose<CheckRate<Net, RateUse::Get, Position...>>{});
    if constexpr (ItemAt<Net, Position...>::rate_index >= 0) {
      return rates_[static_cast<std::size_t>(ItemAt<Net, Position...>::rate_index)];
    } else {
      return 0;
    }
  }

  /// Sets it, from the next training step on; 0 turns the item off. Copies of a model take its
  /// rates along, files do not hold them. Errors: a rate that the item does not take throws
  /// `Error`; the model is unchanged then.
  ///
  /// Example: `model.set_rate<3>(0.5);`
  template <int... Position>
  void set_rate(double rate) {
    static_cast<void>(Diagnose<CheckRate<Net, RateUse::Set, Position...>>{});
    if constexpr (ItemAt<Net, Position...>::rate_index >= 0) {
      constexpr RateRange range = ItemAt<Net, Position...>::type::rates;
      if (!range.has(rate)) {
        TextBuffer wrong;
        wrong << with_positions<Position...>("set_rate") << ": expected " << range.expected(rate)
              << ", found " << rate;
        throw Error(std::string(wrong.view()));
      }
      rates_[static_cast<std::size_t>(ItemAt<Net, Position...>::rate_index)] = rate;
    }
  }

  /// The rates of all random items in order, for the library's own trainers.
  [[nodiscard]] std::span<const double> rates() const { return rates_; }

  /// The loops of inference on the present parameters, for the library's own functions.
  [[nodiscard]] runtime::InferencePass inference_pass() const;

  /// The packed numbers, for the library's own trainers.
  [[nodiscard]] ParameterBlock& block() {
    static_cast<void>(checked());
    return block_;
  }

  /// Shows an archive all that training depends on: beside the numbers, seed and rates.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("seed", seed_.value);
    archive("rates", rates_);
    if constexpr (Archive::reads && P::random_count > 0) check_rates();
    archive("parameters", block());
  }

 private:
  /// Rates of a file are anybody's numbers.
  void check_rates() const {
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const RateRange& range = P::rate_ranges[i];
      if (range.has(rates_[i])) continue;
      TextBuffer wrong;
      wrong << "expected " << range.expected(rates_[i]) << " of random item " << i << ", found "
            << rates_[i];
      throw Error(std::string(wrong.view()));
    }
  }

  /// Every network has a layer, so that only a model that was moved from has no parameters.
  [[nodiscard]] const ParameterBlock& checked() const {
    if (block_.trained.size() == 0) {
      throw Error("Model: expected one with parameters, found one that was moved from");
    }
    return block_;
  }

  Seed seed_;
  ParameterBlock block_;
  std::array<double, static_cast<std::size_t>(P::random_count)> rates_ = P::default_rates;
  runtime::InferenceScratch scratch_{InferenceMemory<Net>::kept_floats};
};

// Outside of the class, where they are not inline: a compiler makes inline functions again in every
// file, whatever is instantiated elsewhere.

template <class Net>
Model<Net>::Model(Seed seed)
    : seed_(seed), block_(in_float_mode([&] { return initial_parameters<Net>(seed); })) {}

template <class Net>
void Model<Net>::predict(std::span<const float> inputs, std::span<float> results) const {
  const std::size_t rows = rows_of(inputs.size(), features, "predict: inputs");
  expect_size(results.size(), rows * outputs, "predict: outputs");
  runtime::infer<Net>(inference_pass(), scratch_, inputs.data(), results.data(), rows);
}

template <class Net>
void Model<Net>::predict(const Dataset& data, std::span<float> results) const {
  if (!data.empty()) expect_size(data.features(), features, "predict: features");
  expect_size(results.size(), data.size() * outputs, "predict: outputs");
  detail::for_each_part(data, [&](std::span<const float> inputs, std::size_t first) {
    predict(inputs, results.subspan(first * outputs, inputs.size() / features * outputs));
  });
}

template <class Net>
Predictor<Net> Model<Net>::freeze() const {
  return Predictor<Net>(checked());
}

template <class Net>
void Model<Net>::fit_standardize(std::span<const float> inputs)
  requires has_standardize<Net>
{
  const std::size_t samples = rows_of(inputs.size(), features, "fit_standardize: inputs");
  if (samples == 0) throw Error("fit_standardize: expected training samples, found none");
  in_float_mode([&] {
    const Stage& stage = P::stages[0];
    const auto channels = static_cast<std::size_t>(stage.outputs());
    set_standard(stage, find_feature_statistics(inputs, channels, features / channels), samples,
                 block());
  });
}

template <class Net>
void Model<Net>::fit_standardize(const Dataset& train)
  requires has_standardize<Net>
{
  expect_size(train.features(), features, "fit_standardize: features");
  if (train.empty()) throw Error("fit_standardize: expected training samples, found none");
  in_float_mode([&] {
    const Stage& stage = P::stages[0];
    const auto channels = static_cast<std::size_t>(stage.outputs());
    set_standard(stage, find_feature_statistics(train, channels, features / channels), train.size(),
                 block());
  });
}

template <class Net>
runtime::InferencePass Model<Net>::inference_pass() const {
  const ParameterBlock& block = checked();
  return {runtime::tables<Net>, block.trained.data(), block.running.data(), block.counters.data()};
}

/// What stands in for a model whose network is wrong: the one error, and no cascade behind it.
template <class Net>
  requires(!GoodNetwork<Net>)
class Model<Net> : Diagnose<Check<Net>> {
 public:
  static constexpr std::size_t features = 1;
  static constexpr std::size_t outputs = 1;
  explicit Model(Seed = {}) {}
  [[nodiscard]] Seed seed() const { return {}; }
  void predict(std::span<const float>, std::span<float>) const {}
  void predict(const auto&, auto&&) const {}
  [[nodiscard]] Predictor<Net> freeze() const { return Predictor<Net>(ParameterBlock{}); }
  [[nodiscard]] std::vector<Tensor> tensors() const { return {}; }
  [[nodiscard]] std::vector<Tensor> file_tensors() const { return {}; }
  LoadReport assign(const std::vector<Tensor>&, const LoadOptions& = {}) { return {}; }
  void fit_standardize(const auto&) {}
  static constexpr bool scales_outputs = true;
  void scale_outputs(const OutputScale&) {}
  [[nodiscard]] bool is_standardized() const { return true; }
  template <int...>
  [[nodiscard]] double rate() const {
    return 0;
  }
  template <int...>
  void set_rate(double) {}
};

}  // namespace lamina
