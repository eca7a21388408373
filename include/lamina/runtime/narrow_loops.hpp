#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/feature_major.hpp>
#include <lamina/runtime/narrow_networks.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/space_loops.hpp>
#include <lamina/runtime/step_loops.hpp>

namespace lamina::runtime {

/// Forward, loss and backward of a narrow network. A task takes a fixed share of the samples
/// through all layers, forward and backward, chunk by chunk, and sums its own gradient.
///
/// Measured on 4-32-16-4 with tanh, 10,000 samples: chunks of 768 keep a chunk's values in the L2
/// cache and amortize the sums over lanes that end every weight gradient.
template <class Net>
class NarrowLoops {
 public:
  using P = Plan<Net>;
  using Loss = typename P::Loss;
  using Target = typename Loss::Target;
  using Batch = StepBatch<Target>;

  /// Returns the mean loss.
  double run(const Batch& batch, const float* parameters, const AverageMemory& averages) {
    averages_ = averages.running;
    const bool parallel = P::training_multiplications * static_cast<std::size_t>(batch.size) >=
                          serial_multiplications;
    const int chunks = (batch.size + chunk - 1) / chunk;
    tasks_ = std::min(chunks, most_tasks);
    reserve(tasks_);
    loss_count_ =
        kernel::loss_count<Loss>(batch.targets, static_cast<std::size_t>(batch.size), P::outputs);
    for_each_task(tasks_, parallel, [&](int task) {
      float* gradient = gradients_.data() + static_cast<std::size_t>(task) * P::parameter_floats;
      std::fill_n(gradient, P::parameter_floats, 0.0f);
      double loss = 0;
      for (int c = chunks * task / tasks_; c < chunks * (task + 1) / tasks_; ++c) {
        run_chunk(batch, c * chunk, parameters, gradient, loss);
      }
      losses_[static_cast<std::size_t>(task)] = loss;
    });
    double loss = 0;
    for (int task = 0; task < tasks_; ++task) loss += losses_[static_cast<std::size_t>(task)];
    return loss / loss_count_;
  }

  /// Those of the tasks of the last run, to be added in their order.
  [[nodiscard]] kernel::GradientBlocks gradients() {
    return {gradients_.data(), static_cast<std::ptrdiff_t>(P::parameter_floats), tasks_, 1.0f};
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
                               P::features, P::features, used,
                               values.inputs + g * P::features * group, group);
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

  const float* averages_ = nullptr;
  AlignedFloats scratch_;
  AlignedFloats gradients_;
  std::vector<double> losses_;
  double loss_count_ = 1;  // what the loss of the present batch is divided by
  int tasks_ = 0;          // of the last run
};

}  // namespace lamina::runtime
