#pragma once

#include <numeric>

#include <lamina/runtime/front_loops.hpp>
#include <lamina/runtime/space_pass.hpp>
#include <lamina/runtime/space_sizes.hpp>
#include <lamina/runtime/sweeps.hpp>

/// The sweeps of blocks of samples through stages, and the tables that lead to them.
namespace lamina::runtime {

namespace detail {

/// Samples that a sweep takes at a time: of several stages the fewest, and where they draw at
/// random a multiple of those whose rows begin and end with groups of eight.
inline int piece_of(const SpacePass& pass, int first, int end) {
  int piece = pass.batch;
  int step = 1;
  for (int s = first; s < end; ++s) {
    const Stage& stage = pass.at(s);
    piece = std::min(piece, SpacePass::samples_of_piece(stage));
    if (stage.random > 0) step = std::lcm(step, samples_of_eight(stage));
  }
  return std::max(1, piece / step) * step;
}

inline void forward_stage(const SpacePass& pass, int index, const Samples& samples) {
  const Stage& stage = pass.at(index);
  pass.apply(index, samples);
  if (stage.means_of_batch()) return pass.add_moments(stage, samples);
  if (stage.means_of_samples()) pass.normalize_samples(stage, samples);
  if (stage.normalized && stage.norm.averages == Averages::Fitted) {
    pass.standardize(stage, samples);
  }
  pass.apply_chain(index, samples);
}

inline int forward_samples(const BackwardPass& of, int index, int end, bool parallel) {
  const SpacePass pass(of);
  const RowBlocks blocks = pass.network.samples_of(pass.batch);
  const int behind = forward_sweep(pass.network.stages, index, end);
  // A product wants as many rows as it gets.
  const bool product = pass.at(index).operation.operation == Operation::Product;
  const int piece = product ? pass.batch : piece_of(pass, index, behind);
  for_each_samples(blocks, parallel, [&](const Samples& block) {
    block.for_each_piece(piece, [&](const Samples& samples) {
      for (int s = index; s < behind; ++s) forward_stage(pass, s, samples);
    });
  });
  const int last = behind - 1;
  const Stage& stage = pass.at(last);
  if (!stage.means_of_batch()) return behind;
  pass.merge_moments(stage, blocks);
  if (stage.recomputed) return behind;
  for_each_samples(blocks, parallel, [&](const Samples& block) {
    block.for_each_piece(piece, [&](const Samples& samples) { pass.normalize(last, samples); });
  });
  return behind;
}

/// Calls f(reader, source, its turned weights) for what reads a stage; moves `turned` behind them.
template <class F>
void for_each_turned(const SpacePass& pass, int index, float*& turned, const F& f) {
  for_each_reader(pass.network.stages, index, [&](const Stage& next, const Source* source) {
    f(next, source, turned);
    turned += runtime::turned_floats(pass.at(index), next, source);
  });
}

/// Weights of all convolutions that a sweep goes back through.
inline void turn_weights(const SpacePass& pass, const BackwardSweep& sweep, bool parallel) {
  float* turned = pass.turned;
  sweep.for_each([&](int s) {
    for_each_turned(pass, s, turned, [&](const Stage& next, const Source* source, float* to) {
      if (source == nullptr || !next.convolves()) return;
      runtime::for_each_task(pass.at(s).panels.count, parallel,
                             [&](int panel) { pass.turn(next, *source, panel, to); });
    });
  });
}

/// The gradient by the outputs of a stage, from all that read it.
inline void pull_samples(const SpacePass& pass, int index, const Samples& samples, float*& turned) {
  bool started = false;
  for_each_turned(pass, index, turned,
                  [&](const Stage& next, const Source* source, const float* weights) {
                    if (source == nullptr) {
                      pass.pull_skip(index, next, samples, started);
                    } else {
                      pass.pull(index, next, *source, samples, weights, started);
                    }
                    started = true;
                  });
}

/// The rest of the way through a stage, once sums over the batch are known.
inline void finish_back(const SpacePass& pass, const Stage& stage, const Samples& samples) {
  if (stage.means_of_batch()) pass.normalize_back(stage, samples);
  if (stage.bias) pass.add_bias_gradient(stage, samples);
  if (stage.convolves()) pass.add_weight_gradient(stage, samples);
}
inline void add_bias_gradients(const SpacePass& pass, const Stage& stage, int blocks) {
  if (!stage.bias) return;
  pass.add_partial_vector(stage.bias_vector, static_cast<std::size_t>(stage.panels.padded()),
                          blocks);
}

/// `of_loss` is the stage whose gradient the loss has left, if it is in the sweep.
inline void sweep_back(const SpacePass& pass, const BackwardSweep& sweep, bool parallel,
                       int of_loss) {
  const RowBlocks blocks = pass.network.samples_of(pass.batch);
  // All samples of a block for a gradient that comes from a product: it turns its weights each
  // time.
  const bool product = !sweep.has_head() && pass.at(sweep.first).feeds_product;
  const int piece =
      product ? pass.batch
              : piece_of(pass, sweep.end, (sweep.has_head() ? sweep.head : sweep.first) + 1);
  turn_weights(pass, sweep, parallel);
  for_each_samples(blocks, parallel, [&](const Samples& block) {
    sweep.for_each([&](int s) { pass.clear_sums(pass.at(s), block); });
    block.for_each_piece(piece, [&](const Samples& samples) {
      if (sweep.has_head()) finish_back(pass, pass.at(sweep.head), samples);
      float* turned = pass.turned;
      sweep.for_each([&](int s) {
        const Stage& stage = pass.at(s);
        if (s == of_loss) {
          pass.keep_output_gradient(stage, samples);
        } else {
          pull_samples(pass, s, samples, turned);
        }
        pass.chain_back(s, samples);
        if (stage.means_of_samples()) pass.samples_back(stage, samples);
        if (!stage.means_of_batch()) finish_back(pass, stage, samples);
      });
    });
  });
  if (sweep.has_head()) add_bias_gradients(pass, pass.at(sweep.head), blocks.count);
  sweep.for_each([&](int s) {
    const Stage& stage = pass.at(s);
    if (stage.normalized) pass.add_partial_vectors(stage, blocks.count);
    if (!stage.means_of_batch()) add_bias_gradients(pass, stage, blocks.count);
  });
}

inline int backward_samples(const BackwardPass& of, int index, int lowest, bool parallel,
                            bool is_last) {
  const SpacePass pass(of);
  const int of_loss = is_last ? index : Stage::absent;
  return for_each_sweep_back(pass.network.stages, index, lowest, [&](const BackwardSweep& sweep) {
    sweep_back(pass, sweep, parallel, of_loss);
  });
}

template <class Net>
inline constexpr SpaceTables space_tables{
    &forward_samples,
    &backward_samples,
    &apply_operation,
    &normalize_samples,
    &scale_elements,
    kernel::convolution_kernels<convolution_rows(Plan<Net>::stages)>,
    kernel::normalize_blocks<normalized_vectors<Net>>,
    operation_floats(Plan<Net>::stages),
    operation_floats(Plan<Net>::stages) + recompute_floats(Plan<Net>::stages),
    turned_floats(Plan<Net>::stages),
    moments_floats(Plan<Net>::stages),
    Plan<Net>::convolution_floats,
    front_of<Net>()};

/// Null for a network without positions, which compiles none of this.
template <class Net>
constexpr const SpaceTables* space_of() {
  if constexpr (Plan<Net>::spatial) {
    return &space_tables<Net>;
  } else {
    return nullptr;
  }
}

/// Samples of which blocks are multiples.
template <class Net>
constexpr int step_of_samples() {
  const int step = sample_step(Plan<Net>::stages);
  if constexpr (Plan<Net>::spatial) {
    if (front<Net>.count > 0) return std::lcm(step, front_samples);
  }
  return step;
}

}  // namespace detail

template <class Net>
inline constexpr NetworkTables tables{Plan<Net>::stages,
                                      Plan<Net>::features,
                                      detail::chains<Net>.data(),
                                      kernel::multiply_panels<detail::product_vectors<Net>>,
                                      kernel::normalize_panels<detail::normalized_vectors<Net>>,
                                      detail::space_of<Net>(),
                                      detail::step_of_samples<Net>(),
                                      sample_tasks(Plan<Net>::common_convolution_floats),
                                      Plan<Net>::inference_slots};

}  // namespace lamina::runtime
