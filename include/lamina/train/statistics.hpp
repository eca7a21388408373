#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/core/error.hpp>
#include <lamina/model/model.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/plan/describe.hpp>
#include <lamina/runtime/narrow_step.hpp>
#include <lamina/train/layer_warning.hpp>

namespace lamina {

namespace detail {

template <class Net>
Net network_of(const Model<Net>&);  // not defined: for its type

template <class State>
using NetOf = decltype(network_of(std::declval<State&>().trainer.model()));

/// The names of a network's layers, as `Statistics` calls them.
template <class Net>
std::vector<std::string> layer_names() {
  std::vector<std::string> names;
  for (std::size_t s = 0; s < Plan<Net>::stages.size(); ++s) names.push_back(layer_name<Net>(s));
  return names;
}

inline double root_mean_square(std::span<const float> values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// What a narrow step threw away, made again on panels from the parameters before it. It has no
/// noise and no statistics of its batch, so that this changes nothing and differs by rounding
/// alone.
template <class Net, class State>
std::vector<runtime::StageStatistics> observe_again(State& state, AlignedFloats parameters) {
  Model<Net>& model = state.trainer.model();
  ParameterBlock averages = model.block();
  const auto rows = static_cast<int>(state.batch.inputs.size() / Model<Net>::features);
  runtime::TrainingStep<typename Plan<Net>::Loss, Sgd> step(runtime::step_tables<Net, Sgd>);
  step.run({state.batch.inputs.data(), state.batch.targets.data(), rows,
            NoiseSource{model.seed().value, 0}, model.rates().data()},
           Sgd{.learning_rate = 0}, 1, parameters.data(),
           {averages.running.data(), averages.counters.data()});
  return runtime::observe<Net>(step.kept(state.batch.inputs.data(), rows, nullptr));
}

}  // namespace detail

/// Callback: what values and gradients look like in every layer, for the first and then every
/// `every`th step of a fit; warns of gradients and values that vanish, explode or are not finite,
/// and of dead units, once a layer and fault. It only looks: parameters are those of a run without
/// it, bit for bit. Steps that it does not look at cost a check of the loss (and where a step
/// does not keep all values, see `runtime::floats_to_observe`, a copy of parameters before it).
///
/// A layer is a stage of the plan (see `describe`): a `Linear` with the norm, activation and noise
/// behind it; its outputs are what they give, dropped values included. Gradients are those of the
/// mean loss of the data, without penalties and before an optimizer's clipping; that of weights
/// made by `WeightNorm` is by the weights, not by what they are made of.
///
/// The `Error` of a fit that ends as its loss is NaN or infinite names the first layer that is not
/// finite; a fit that goes on with such losses is warned of it.
///
/// Errors: `every` below 1 throws `Error` before the first step.
///
/// Example:
///
///     Statistics statistics{.every = 100};
///     trainer.fit(train, validation, {.epochs = 5}, statistics);
///     for (const LayerRecord& record : statistics.records) {
///       std::cout << statistics.layers[record.layer] << ": " << record.deviation << "\n";
///     }
///
/// Source: Glorot and Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html.
struct Statistics {
  std::int64_t every = 50;  ///< steps
  LayerLimits limits{};
  std::FILE* out = stderr;  ///< where warnings are printed; null for nowhere

  std::vector<std::string> layers{};     ///< names: "0 Linear<512>, BatchNorm<>, ReLU"
  std::vector<LayerRecord> records{};    ///< of the last fit: step by step, layer by layer
  std::vector<LayerWarning> warnings{};  ///< of the last fit, in the order of their steps

  template <class State>
  void before_fit(const State&) {
    if (every < 1) {
      throw Error(std::string("Statistics: expected every to be at least 1 step, found ") +
                  std::to_string(every));
    }
    layers = detail::layer_names<detail::NetOf<State>>();
    records.clear();
    warnings.clear();
    done_ = 0;
    lost_ = false;
  }

  /// What a step does not keep is made again with the parameters before it, which are gone behind
  /// it.
  template <class State>
  void before_step(State& state) {
    constexpr std::size_t count = runtime::floats_to_observe<detail::NetOf<State>>;
    if constexpr (count > 0) {
      if (before_.size() != count) before_ = AlignedFloats(count);
      std::copy_n(state.trainer.model().block().trained.data(), count, before_.data());
    }
  }

  template <class State>
  void after_step(State& state) {
    const bool lost = !std::isfinite(state.mean_loss);
    const bool first_lost = lost && !std::exchange(lost_, lost);
    if (done_++ % every != 0 && !first_lost) return;
    const auto seen = observe(state);
    const int epoch = state.epoch + 1;
    const std::int64_t step = state.trainer.steps();
    const double inputs = detail::root_mean_square(state.batch.inputs);
    for (std::size_t s = 0; s < seen.size(); ++s) {
      records.push_back({seen[s], epoch, step, static_cast<int>(s)});
    }
    const auto warn = [&](int layer, LayerFault fault, const std::string& text) {
      add({fault, epoch, step, layer, text});
    };
    constexpr auto& stages = Plan<detail::NetOf<State>>::stages;
    const std::size_t rows = state.batch.inputs.size() / Model<detail::NetOf<State>>::features;
    detail::LayerJudge(limits, stages, inputs, rows, warn).judge(seen);
  }

  template <class State>
  void failed(State& state) {
    const detail::LossOfStep loss{std::isfinite(state.mean_loss), state.trainer.penalty()};
    state.failure +=
        ": " + detail::name_not_finite(observe(state), layers,
                                       detail::root_mean_square(state.batch.inputs), loss);
  }

  /// True where a warning of this fault, of any layer, was given.
  [[nodiscard]] bool has(LayerFault fault) const {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const LayerWarning& warning) { return warning.fault == fault; });
  }

  AlignedFloats before_{};  // parameters before the step, as many as an observer needs
  std::int64_t done_ = 0;   // steps of this fit
  bool lost_ = false;       // a loss of this fit was not finite

 private:
  template <class State>
  auto observe(State& state) {
    using Net = detail::NetOf<State>;
    if constexpr (runtime::is_narrow<Net>) {
      return detail::observe_again<Net>(state, before_);
    } else {
      return runtime::observe<Net>(state.trainer.kept(state.batch.inputs, before_.data()));
    }
  }

  void add(LayerWarning warning) {
    const auto same = [&](const LayerWarning& other) {
      return other.fault == warning.fault && other.layer == warning.layer;
    };
    if (std::any_of(warnings.begin(), warnings.end(), same)) return;
    if (out != nullptr) {
      std::fprintf(out, "epoch %d, step %lld, layer %s: %s\n", warning.epoch,
                   static_cast<long long>(warning.step),
                   layers[static_cast<std::size_t>(warning.layer)].c_str(), warning.text.c_str());
    }
    warnings.push_back(std::move(warning));
  }
};

}  // namespace lamina
