#pragma once

#include <numeric>

#include <lamina/runtime/front_loops.hpp>
#include <lamina/runtime/space_pass.hpp>
#include <lamina/runtime/space_sizes.hpp>

/// The loops over blocks of samples of one stage, and the tables that lead to them.
namespace lamina::runtime {

namespace detail {

inline void forward_samples(const BackwardPass& of, int index, bool parallel) {
  const SpacePass pass(of);
  const Stage& stage = pass.at(index);
  const RowBlocks blocks = pass.network.samples_of(pass.batch);
  const int piece = pass.samples_of_piece(stage);
  const bool means = stage.means_of_batch();
  for_each_samples(blocks, parallel, [&](const Samples& block) {
    block.for_each_piece(piece, [&](const Samples& samples) {
      pass.apply(index, samples);
      if (means) return;
      if (stage.means_of_samples()) pass.normalize_samples(stage, samples);
      if (stage.normalized && stage.norm.averages == Averages::Fitted) {
        pass.standardize(stage, samples);
      }
      pass.apply_chain(index, samples);
    });
    if (means) pass.find_moments(stage, block);
  });
  if (!means) return;
  pass.merge_moments(stage, blocks);
  for_each_samples(blocks, parallel, [&](const Samples& block) {
    block.for_each_piece(piece, [&](const Samples& samples) {
      pass.normalize(stage, samples);
      pass.apply_chain(index, samples);
    });
  });
}

/// The gradient by the outputs of a stage, from all that read it, piece by piece; with the last of
/// them calls begin(block) before all of its pieces and last(samples) behind each.
template <class Begin, class Last>
void pull_samples(const SpacePass& pass, int index, const RowBlocks& blocks, bool parallel,
                  const Begin& begin, const Last& last) {
  const Stage& stage = pass.at(index);
  const int piece = pass.samples_of_piece(stage);
  int left = 0;
  const auto for_each_reader = [&](const auto& f) {
    for (int reader = index + 1; reader <= stage.last_consumer; ++reader) {
      const Stage& next = pass.at(reader);
      if (next.skip == index) f(next, static_cast<const Source*>(nullptr));
      for (const Source& source : next.reads_from()) {
        if (source.stage == index) f(next, &source);
      }
    }
  };
  for_each_reader([&](const Stage&, const Source*) { ++left; });
  bool started = false;
  for_each_reader([&](const Stage& next, const Source* source) {
    if (source != nullptr && next.convolves()) {
      runtime::for_each_task(stage.panels.count, parallel,
                             [&](int panel) { pass.turn(next, *source, panel); });
    }
    const bool is_last = --left == 0;
    for_each_samples(blocks, parallel, [&](const Samples& block) {
      if (is_last) begin(block);
      block.for_each_piece(piece, [&](const Samples& samples) {
        if (source == nullptr) {
          pass.pull_skip(index, next, samples, started);
        } else {
          pass.pull(index, next, *source, samples, started);
        }
        if (is_last) last(samples);
      });
    });
    started = true;
  });
}

inline void backward_samples(const BackwardPass& of, int index, bool parallel, bool is_last) {
  const SpacePass pass(of);
  const Stage& stage = pass.at(index);
  const RowBlocks blocks = pass.network.samples_of(pass.batch);
  const int piece = pass.samples_of_piece(stage);
  const bool means = stage.means_of_batch();
  const auto begin = [&](const Samples& block) {
    pass.clear_sums(stage, block);
    if (stage.convolves()) pass.clear_weight_gradient(stage, block);
  };
  const auto finish = [&](const Samples& samples) {
    if (means) pass.normalize_back(stage, samples);
    if (stage.bias) pass.add_bias_gradient(stage, samples);
    if (stage.convolves()) pass.add_weight_gradient(stage, samples);
  };
  const auto go_back = [&](const Samples& samples) {
    if (is_last) pass.keep_output_gradient(stage, samples);
    pass.chain_back(index, samples);
    if (stage.means_of_samples()) pass.samples_back(stage, samples);
    if (!means) finish(samples);
  };
  if (is_last) {
    for_each_samples(blocks, parallel, [&](const Samples& block) {
      begin(block);
      block.for_each_piece(piece, go_back);
    });
  } else {
    pull_samples(pass, index, blocks, parallel, begin, go_back);
  }
  if (stage.normalized) pass.add_partial_vectors(stage, blocks.count);
  if (means) {
    for_each_samples(blocks, parallel,
                     [&](const Samples& block) { block.for_each_piece(piece, finish); });
  }
  if (stage.bias) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    pass.add_partial_vector(stage.bias_vector, padded, blocks.count);
  }
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
    space_scratch(Plan<Net>::stages),
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
                                      sample_tasks(Plan<Net>::convolution_floats),
                                      Plan<Net>::inference_slots};

}  // namespace lamina::runtime
