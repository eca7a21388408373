#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <lamina/core/normalization.hpp>
#include <lamina/core/operation.hpp>
#include <lamina/core/path.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/expr/function.hpp>
#include <lamina/network/check_state.hpp>

namespace lamina {

/// One of the arrays that a stage reads: the outputs of an earlier stage, or the network's input.
/// Features of values that have positions are their channels.
struct Source {
  static constexpr int network_input = -1;

  int stage = network_input;
  int first = 0;     ///< its first feature among the features that the stage reads
  int features = 0;  ///< how many
};

/// How the work of a stage is cut into tasks that need not see each other.
enum class Loop {
  Tiles,   ///< any block of rows and features
  Panels,  ///< a block of features and the whole batch
  Rows,    ///< a block of rows and all features
  /// A block of samples with all their positions and channels; means over the batch are merged from
  /// those of the blocks.
  Samples,
};

/// One stage of the plan, as numbers: at most one contraction, at most one normalization, and a
/// chain of elementwise items, to which the outputs of another stage may be added. Kernels read
/// these at run time and are shared by all stages of the same tile shape. Offsets count floats;
/// they are into the parameter block, the block of running statistics, or (times the batch) the
/// arena of activations. A row is one position of one sample.
struct Stage {
  static constexpr int absent = -1;
  static constexpr int most_random = most_random_in_a_row;

  int kind = 0;    ///< stages of the same items and sizes are of a kind and share all code
  Path path{};     ///< of the contraction
  int stream = 0;  ///< of the contraction: picks its random numbers
  Path norm_path{};
  int inputs = 0;   ///< features of a position that come in
  Panels panels{};  ///< of the features of a position that go out
  Shape in{};
  Shape out{};
  SpatialOperation operation{};
  bool feeds_positions = false;  ///< a stage that reads it moves positions
  bool feeds_product = false;    ///< a stage that reads it multiplies rows
  bool contraction = false;
  bool bias = false;  ///< a bias is trained
  /// The type has a bias, which the mean over the batch takes away again: it is in files alone.
  bool absorbs_bias = false;
  bool normalized = false;
  Normalization norm{};
  expr::Reads reads = expr::Reads::Nothing;  ///< what the chain's backward reads
  bool trivial_chain = true;   ///< nothing between the normalization and the next stage
  bool expressionless = true;  ///< nothing but random items there: inference does nothing
  int random = 0;              ///< random items in the chain
  std::array<int, most_random> random_streams{};
  int first_random = 0;  ///< the first of them among those of the network

  std::array<Source, most_sources> sources{};  ///< what it reads, behind each other
  int source_count = 0;
  int skip = absent;           ///< the stage whose outputs are added to this one's
  int last_consumer = absent;  ///< the last stage that reads this one
  /// Something before or in it is trained, so that it needs a gradient.
  bool trains = false;
  /// Weights that are made of a magnitude and a direction, which are trained in their place.
  bool reparameterized = false;
  /// The update of a weight needs all weights into its output: a task owns a whole panel of them.
  bool whole_panels = false;

  std::size_t weights = 0;       ///< [panel][input][width], in the parameter block
  std::size_t bias_vector = 0;   ///< [padded], of every contraction: zero where none is trained
  std::size_t magnitude = 0;     ///< [padded], of reparameterized weights
  std::size_t direction = 0;     ///< laid out as the weights, of reparameterized ones
  std::size_t scale_vector = 0;  ///< [padded]: scale of the normalization, one where none is
  std::size_t shift_vector = 0;  ///< [padded]: its shift, zero where none is trained
  /// What is trained of them: these vectors, or of every value of a sample
  /// [panel][position][width].
  std::size_t trained_scale = 0;
  std::size_t trained_shift = 0;
  std::size_t running = 0;  ///< [padded] means or sums, [padded] variances, [lanes] a count
  int norm_index = absent;  ///< which of the normalizations with averages, for its counter

  std::size_t before = 0;  ///< values before the chain, per sample, in the arena
  /// Values after the chain; the same place where both agree, and where nobody keeps them.
  std::size_t after = 0;
  /// Gradient by the values before normalization and chain.
  std::size_t gradient = 0;
  /// Gradient by the outputs: the same place where nothing changes it on its way to `gradient`.
  std::size_t output_gradient = 0;
  /// 1 / sqrt(variance + epsilon) of each row and group, where the loop goes over rows.
  std::size_t row_rsqrt = 0;
  /// [padded] each: 1 / sqrt(variance + epsilon) and the weights of the means in the gradient;
  /// then, where values are normalized again, the moments.
  std::size_t statistics = 0;
  /// The gradient takes the place of the normalized values, which nobody reads again: the product
  /// backward goes to scratch memory that stays in cache.
  bool gradient_in_place = false;
  /// Its outputs are not kept: who reads them makes those of a sample again, in cache, from what
  /// its operation has left.
  bool recomputed = false;
  /// Where the weights of a convolution begin among those of all convolutions.
  std::size_t convolution_weights = 0;
  /// Inference needs no loop for it: frozen, its numbers are in the weights of the layers behind.
  bool folds_forward = false;
  int inference_slot = 0;  ///< where its outputs lie in inference

  [[nodiscard]] constexpr int outputs() const { return panels.features; }
  /// Rows of a sample.
  [[nodiscard]] constexpr int positions() const { return out.positions(); }
  /// Values of a sample that go out.
  [[nodiscard]] constexpr int values_out() const { return outputs() * positions(); }
  /// Floats of a sample's values.
  [[nodiscard]] constexpr std::size_t sample_floats() const {
    return static_cast<std::size_t>(panels.padded()) * static_cast<std::size_t>(positions());
  }
  /// Weights into one output: rows of a packed panel, [tap][input of its group].
  [[nodiscard]] constexpr int depth() const { return group_inputs() * taps(); }
  [[nodiscard]] constexpr int taps() const { return convolves() ? operation.window.taps() : 1; }
  /// Features of a position that go into one output.
  [[nodiscard]] constexpr int group_inputs() const { return inputs / operation.groups; }
  [[nodiscard]] constexpr int group_outputs() const { return outputs() / operation.groups; }
  /// It takes values from other positions.
  [[nodiscard]] constexpr bool moves_positions() const {
    return operation.operation != Operation::None && operation.operation != Operation::Product;
  }
  [[nodiscard]] constexpr bool convolves() const {
    return operation.operation == Operation::Convolution || transposed();
  }
  /// The window slides over what the stage makes; taps are packed in the order of `place_back`.
  [[nodiscard]] constexpr bool transposed() const {
    return operation.operation == Operation::TransposedConvolution;
  }
  [[nodiscard]] constexpr bool grouped() const { return operation.groups > 1; }
  /// What the window slides over, and what it leaves.
  [[nodiscard]] constexpr const Shape& slid() const { return transposed() ? out : in; }
  [[nodiscard]] constexpr const Shape& left() const { return transposed() ? in : out; }
  [[nodiscard]] constexpr std::span<const Source> reads_from() const {
    return {sources.data(), static_cast<std::size_t>(source_count)};
  }
  /// True where the values come from one earlier stage, panel by panel.
  [[nodiscard]] constexpr bool reads_panels() const {
    return source_count == 1 && sources[0].stage != Source::network_input;
  }
  [[nodiscard]] constexpr bool adds_skip() const { return skip != absent; }
  /// A scale or a shift stands between the normalized values and the chain.
  [[nodiscard]] constexpr bool affine() const {
    return normalized && (norm.scaled || norm.shifted);
  }
  /// Scale and shift are of every value of a sample; those of channels are one and zero.
  [[nodiscard]] constexpr bool per_element() const {
    return affine() && norm.per_element && out.dimensions > 0;
  }
  /// Floats of a trained scale.
  [[nodiscard]] constexpr std::size_t trained_scale_floats() const {
    return per_element() ? sample_floats() : static_cast<std::size_t>(panels.padded());
  }
  /// Nothing is left to do once values are normalized: the outputs are those.
  [[nodiscard]] constexpr bool trivial() const {
    return trivial_chain && !affine() && !adds_skip();
  }
  [[nodiscard]] constexpr Loop loop() const {
    // What stands between positions runs as they do, also where there is but one.
    if (in.dimensions > 0 || out.dimensions > 0 || moves_positions() || feeds_positions) {
      return Loop::Samples;
    }
    if (!normalized || norm.axes == Axes::None) return Loop::Tiles;
    return reduces(norm.axes, Axes::Batch) ? Loop::Panels : Loop::Rows;
  }
  /// The gradient by the outputs must outlive the way back through chain and normalization.
  [[nodiscard]] constexpr bool keeps_output_gradient() const {
    return adds_skip() && !(trivial_chain && !normalized);
  }
  /// Means are taken over the batch.
  [[nodiscard]] constexpr bool means_of_batch() const {
    return normalized && reduces(norm.axes, Axes::Batch);
  }
  /// What is kept before the chain are values that are not normalized yet, beside the moments of
  /// the batch: one more array to write and read would cost more than to normalize them where they
  /// are read.
  [[nodiscard]] constexpr bool normalizes_again() const {
    return means_of_batch() && loop() == Loop::Samples;
  }
  /// Floats of what a step keeps of the statistics of a batch: three vectors for the way back, and
  /// the moments where values are normalized again.
  [[nodiscard]] constexpr std::size_t statistics_floats() const {
    if (!means_of_batch()) return 0;
    return (normalizes_again() ? 6 : 3) * static_cast<std::size_t>(panels.padded());
  }
  /// Means are taken of each sample alone.
  [[nodiscard]] constexpr bool means_of_samples() const {
    return normalized && norm.axes != Axes::None && !means_of_batch();
  }
  [[nodiscard]] constexpr bool has_averages() const {
    return normalized && norm.averages != Averages::None;
  }
  /// In inference the normalization is x -> factor x + offset with numbers that do not depend on
  /// the sample.
  [[nodiscard]] constexpr bool affine_in_inference() const { return has_averages(); }
  /// Floats of packed weights.
  [[nodiscard]] constexpr std::size_t weight_floats() const {
    return contraction
               ? static_cast<std::size_t>(depth()) * static_cast<std::size_t>(panels.padded())
               : 0;
  }
  /// The same with outputs in registers of 16 floats: what decides the order of sums counts these,
  /// the same on every machine.
  [[nodiscard]] constexpr std::size_t common_weight_floats() const {
    return contraction ? static_cast<std::size_t>(depth()) * common_floats(outputs()) : 0;
  }
  /// Floats of packed weights and of what they are made of.
  [[nodiscard]] constexpr std::size_t all_weight_floats() const {
    return (reparameterized ? 2 : 1) * weight_floats();
  }
  /// Floats of running statistics.
  [[nodiscard]] constexpr std::size_t running_floats() const {
    if (!has_averages()) return 0;
    const std::size_t padded = static_cast<std::size_t>(panels.padded());
    return 2 * padded + (norm.averages == Averages::Running ? simd::lanes : 0);
  }
  /// Floats a sample for 1 / deviation of each mean, whole registers so that what follows is
  /// aligned.
  [[nodiscard]] constexpr std::size_t row_statistics() const {
    if (!means_of_samples()) return 0;
    const int means = (reduces(norm.axes, Axes::Channels) ? norm.groups : outputs()) *
                      (reduces(norm.axes, Axes::Space) ? 1 : positions());
    return static_cast<std::size_t>((means + simd::lanes - 1) / simd::lanes * simd::lanes);
  }
  /// Where the average number of rows of running sums lies.
  [[nodiscard]] constexpr std::size_t count_of_sums() const {
    return running + 2 * static_cast<std::size_t>(panels.padded());
  }
  /// Scale and shift, where they are trained.
  [[nodiscard]] constexpr int trained_scales() const {
    return normalized ? (norm.scaled ? 1 : 0) + (norm.shifted ? 1 : 0) : 0;
  }
  /// Trained numbers without padding.
  [[nodiscard]] constexpr std::size_t parameters() const {
    const int rows = (contraction ? depth() : 0) + (bias ? 1 : 0) + (reparameterized ? 1 : 0);
    const int of_norm = trained_scales() * (per_element() ? positions() : 1);
    return static_cast<std::size_t>(rows + of_norm) * static_cast<std::size_t>(outputs());
  }
  /// Multiply-adds of the contraction for one sample.
  [[nodiscard]] constexpr std::size_t multiplications() const {
    if (!contraction) return 0;
    const int positions = transposed() ? in.positions() : out.positions();
    return static_cast<std::size_t>(depth()) * static_cast<std::size_t>(outputs()) *
           static_cast<std::size_t>(positions);
  }
};

}  // namespace lamina
