#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/feature_major.hpp>
#include <lamina/runtime/training_step.hpp>

namespace lamina::runtime {

/// Layers of at most this many inputs and outputs may run with samples in the lanes.
inline constexpr int narrow_features = 64;
/// And at most so many: code is made for each, and a chunk's values of all of them lie in cache.
inline constexpr std::size_t narrow_layers = 32;

/// The first layer of a network: behind its `Standardize`, if it has one, and nothing else.
template <class Net>
inline constexpr std::size_t first_layer = [] {
  constexpr const Stage& stage = Plan<Net>::stages[0];
  const bool fitted = stage.normalized && stage.norm.averages == Averages::Fitted;
  return fitted && !stage.contraction && stage.trivial() ? std::size_t{1} : std::size_t{0};
}();

/// True where a training step runs all layers on a block of samples while it is in cache, samples
/// in the lanes: small layers only, nothing that looks across the batch, nothing random. Random
/// items train on panels even where they are small: their bits are made for eight rows of a feature
/// at once, with features in the lanes.
template <class Net>
inline constexpr bool is_narrow = [] {
  if (simd::lanes < kernel::dot_rows)
    return false;  // a panel must hold a tile of the weight gradient
  if (!Plan<Net>::sequential || Plan<Net>::stages.size() > narrow_layers) return false;
  for (const Stage& stage : std::span(Plan<Net>::stages).subspan(first_layer<Net>)) {
    if (!stage.contraction || stage.normalized || stage.random > 0 ||
        stage.inputs > narrow_features || stage.outputs() > narrow_features) {
      return false;
    }
  }
  return Plan<Net>::stages.size() > first_layer<Net>;
}();

/// The training step of a narrow network. A task takes a fixed share of the samples through all
/// layers, forward and backward, chunk by chunk, and sums its own gradient; the gradients are added
/// in the order of the tasks, and what happens to them then is the same as on panels: they lie in
/// memory anyway, so that nothing an optimizer, decay, constraint or reparameterization asks for
/// keeps a network from being narrow.
///
/// Measured on 4-32-16-4 with tanh, 10,000 samples: chunks of 768 keep a chunk's values in the L2
/// cache and amortize the sums over lanes that end every weight gradient.
template <class Net, class Optimizer>
class NarrowStep {
 public:
  using P = Plan<Net>;
  using Loss = typename P::Loss;
  using Target = typename Loss::Target;

  struct Batch {
    const float* inputs;
    const Target* targets;
    int size;
    NoiseSource noise;
    const double* rates;  ///< of the random items, of which a narrow network has none
  };

  StepLoss run(const Batch& batch, const Optimizer& optimizer, std::int64_t step, float* parameters,
               const AverageMemory& averages) {
    averages_ = averages.running;
    const bool parallel = P::training_multiplications * static_cast<std::size_t>(batch.size) >=
                          serial_multiplications;
    const int chunks = (batch.size + chunk - 1) / chunk;
    const int tasks = std::min(chunks, most_tasks);
    reserve(tasks);
    loss_count_ =
        kernel::loss_count<Loss>(batch.targets, static_cast<std::size_t>(batch.size), P::outputs);
    for_each_task(tasks, parallel, [&](int task) {
      float* gradient = gradients_.data() + static_cast<std::size_t>(task) * P::parameter_floats;
      std::fill_n(gradient, P::parameter_floats, 0.0f);
      double loss = 0;
      for (int c = chunks * task / tasks; c < chunks * (task + 1) / tasks; ++c) {
        run_chunk(batch, c * chunk, parameters, gradient, loss);
      }
      losses_[static_cast<std::size_t>(task)] = loss;
    });
    double loss = 0;
    for (int task = 0; task < tasks; ++task) loss += losses_[static_cast<std::size_t>(task)];
    const auto stride = static_cast<std::ptrdiff_t>(P::parameter_floats);
    return {loss / loss_count_,
            update_.run({gradients_.data(), stride, tasks, 1.0f}, optimizer, step, parameters)};
  }

  /// Updates with what is held of fewer steps than make an update; false where there is nothing.
  bool finish(const Optimizer& optimizer, float* parameters)
    requires Accumulates<Optimizer>
  {
    return update_.finish(optimizer, parameters, false);
  }
  /// Forgets it.
  void drop() { update_.drop(); }

  /// The moving average of the parameters, if the optimizer keeps one; null before an update.
  [[nodiscard]] const float* average() const { return update_.average(); }

  /// Shows an archive all that later steps depend on.
  template <class Archive>
  void serialize(Archive& archive) {
    update_.serialize(archive);
  }

 private:
  static constexpr int chunk = 768;
  static constexpr int most_tasks = 64;
  static constexpr int stage_count = P::stage_count;
  static constexpr int last = stage_count - 1;
  static constexpr std::size_t first_layer = runtime::first_layer<Net>;

  /// Floats of a thread's values: inputs, targets, and outputs and gradients of all layers.
  static constexpr std::size_t scratch_stride = [] {
    int features = P::features + P::outputs;
    for (const Stage& stage : P::stages) features += 3 * stage.outputs();
    return static_cast<std::size_t>(features) * chunk;
  }();

  void reserve(int tasks) {
    const auto threads = static_cast<std::size_t>(max_threads());
    if (threads * scratch_stride > scratch_.size()) {
      scratch_ = AlignedFloats(threads * scratch_stride);
    }
    const auto count = static_cast<std::size_t>(tasks);
    if (count > losses_.size()) {
      gradients_ = AlignedFloats(count * P::parameter_floats);
      losses_.resize(count);
    }
  }

  /// A few samples run on panels of one register.
  void run_chunk(const Batch& batch, int first, const float* parameters, float* gradient,
                 double& loss) {
    const int rows = std::min(chunk, batch.size - first);
    float* scratch = scratch_.data() + static_cast<std::size_t>(thread_index()) * scratch_stride;
    if (rows <= 2 * simd::lanes) {
      return run_groups<1>(batch, first, rows, parameters, gradient, scratch, loss);
    }
    run_groups<tile_vectors>(batch, first, rows, parameters, gradient, scratch, loss);
  }

  /// Where the values of a chunk lie, [group][feature][samples of a group].
  struct Values {
    float* inputs;
    float* targets;
    std::array<float*, P::stages.size()> before;  // the chain: the same as `after` where it may be
    std::array<float*, P::stages.size()> after;
    std::array<float*, P::stages.size()> gradient;
  };

  static Values lay_out(float* scratch) {
    Values values{};
    const auto take = [&](int features) {
      float* at = scratch;
      scratch += features * chunk;
      return at;
    };
    values.inputs = take(P::features);
    values.targets = take(P::outputs);
    for (std::size_t s = 0; s < P::stages.size(); ++s) {
      values.before[s] = take(P::stages[s].outputs());
      values.after[s] = P::stages[s].after == P::stages[s].before ? values.before[s]
                                                                  : take(P::stages[s].outputs());
      values.gradient[s] = take(P::stages[s].outputs());
    }
    return values;
  }

  template <int Vectors>
  void run_groups(const Batch& batch, int first, int rows, const float* parameters, float* gradient,
                  float* scratch, double& loss) const {
    constexpr int group = Vectors * simd::lanes;
    const int groups = (rows + group - 1) / group;
    const Values values = lay_out(scratch);
    for (int g = 0; g < groups; ++g) {
      const int sample = first + g * group;
      const int used = std::min(group, first + rows - sample);
      kernel::to_feature_major(batch.inputs + static_cast<std::ptrdiff_t>(sample) * P::features,
                               P::features, used, values.inputs + g * P::features * group, group);
      if constexpr (first_layer > 0) {
        const float* mean = averages_ + P::stages[0].running;
        kernel::standardize_features(values.inputs + g * P::features * group, P::features, group,
                                     mean, mean + P::stages[0].panels.padded());
      }
      forward<Vectors>(values, g, parameters);
      apply_loss<Vectors>(values, g, batch, sample, used, loss);
      backward<Vectors>(values, g, parameters);
    }
    for (std::size_t s = first_layer; s < P::stages.size(); ++s) {
      const Stage& stage = P::stages[s];
      const kernel::FeatureMajor slopes{values.gradient[s], stage.outputs()};
      const float* inputs = s == first_layer ? values.inputs : values.after[s - 1];
      kernel::add_weight_gradient<Vectors>({inputs, stage.inputs}, slopes, stage.panels, groups,
                                           gradient + stage.weights);
      if (stage.bias) {
        kernel::add_bias_gradient<Vectors>(slopes, groups, gradient + stage.bias_vector);
      }
    }
  }

  static kernel::NarrowWeights weights(const Stage& stage, const float* parameters) {
    return {parameters + stage.weights, stage.bias ? parameters + stage.bias_vector : nullptr,
            stage.inputs, stage.panels};
  }

  /// Calls f(index of a layer's stage as a constant), first to last.
  template <class F>
  static void for_each_layer(const F& f) {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      (f(std::integral_constant<std::size_t, first_layer + S>{}), ...);
    }(std::make_index_sequence<P::stages.size() - first_layer>{});
  }

  /// The values of a group as the chain's kernels see them: a panel of one register, a row a
  /// register.
  static kernel::ChainPanel chain_panel(int registers) {
    return {simd::lanes, 1, 0, registers, 0, {}, {}, nullptr, nullptr, nullptr};
  }

  template <int Vectors>
  static void forward(const Values& values, int g, const float* parameters) {
    constexpr int group = Vectors * simd::lanes;
    const float* in = values.inputs + g * P::features * group;
    for_each_layer([&](auto index) {
      constexpr std::size_t s = index;
      constexpr const Stage& stage = P::stages[s];
      constexpr auto rows = kernel::feature_row_set(stage.inputs, stage.panels);
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(g) * stage.outputs() * group;
      kernel::forward_features<Vectors, rows>(weights(stage, parameters), in,
                                              values.before[s] + at);
      if constexpr (!stage.trivial_chain) {
        tables<Net>.chain_of(stage).forward(chain_panel(stage.outputs() * Vectors),
                                            values.before[s] + at, values.after[s] + at);
      }
      in = values.after[s] + at;
    });
  }

  template <int Vectors>
  void apply_loss(const Values& values, int g, const Batch& batch, int sample, int used,
                  double& loss) const {
    constexpr int group = Vectors * simd::lanes;
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(g) * P::outputs * group;
    const kernel::LossGroup<Target> in{
        values.after[last] + at,
        values.gradient[last] + at,
        batch.targets + sample * kernel::targets_a_row<Loss>(P::outputs),
        P::outputs,
        used,
        loss_count_};
    if constexpr (kernel::RowLoss<Loss>) {
      kernel::apply_loss_to_rows<Loss, P::stages[last].panels.padded()>(
          in, group, P::stages[last].panels, loss);
    } else {
      kernel::apply_loss_to_values<Loss>(in, group, values.targets, loss);
    }
  }

  template <int Vectors>
  static void backward(const Values& values, int g, const float* parameters) {
    constexpr int group = Vectors * simd::lanes;
    for_each_layer([&](auto index) {
      constexpr std::size_t s = P::stages.size() - 1 - (index - first_layer);
      constexpr const Stage& stage = P::stages[s];
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(g) * stage.outputs() * group;
      if constexpr (s < P::stages.size() - 1) {
        constexpr const Stage& next = P::stages[s + 1];
        constexpr auto rows = kernel::feature_row_set(next.inputs, next.panels);
        kernel::pull_features<Vectors, rows>(
            weights(next, parameters),
            values.gradient[s + 1] + static_cast<std::ptrdiff_t>(g) * next.outputs() * group,
            values.gradient[s] + at);
      }
      if constexpr (!stage.trivial_chain) {
        tables<Net>.chain_of(stage).backward(chain_panel(stage.outputs() * Vectors),
                                             values.before[s] + at, values.after[s] + at,
                                             values.gradient[s] + at);
      }
    });
  }

  UpdatePass<Net, Optimizer, Gradients::Given> update_;
  const float* averages_ = nullptr;
  AlignedFloats scratch_;
  AlignedFloats gradients_;
  std::vector<double> losses_;
  double loss_count_ = 1;  // what the loss of the present batch is divided by
};

/// The training step of a network: on panels, or narrow.
template <class Net, class Optimizer>
using StepOf =
    std::conditional_t<is_narrow<Net>, NarrowStep<Net, Optimizer>, TrainingStep<Net, Optimizer>>;

}  // namespace lamina::runtime
