#pragma once

#include <array>
#include <cstddef>

#include <lamina/kernel/convolution_kernels.hpp>
#include <lamina/kernel/normalize_blocks.hpp>
#include <lamina/kernel/normalize_rows.hpp>
#include <lamina/plan/plan.hpp>

/// What networks with positions need beside the tables of all networks. Others have none of it, and
/// compile none of it.
namespace lamina::runtime {

class BackwardPass;
struct FrontTables;
struct NetworkTables;

/// An operation of one sample: where its operands lie.
struct SampleOperands {
  const Stage* stage;
  const float* parameters;
  std::array<kernel::Image<const float>, most_sources> sources;
  kernel::Image<float> out;
  float* scratch;
};

struct SpaceTables {
  /// The loops over blocks of samples, forward from a stage on, before `end`, and backward from
  /// one, `lowest` at most: through as many stages as go together. They return the next stage. The
  /// last stage's gradient is where the loss has left it.
  int (*forward)(const BackwardPass&, int stage, int end, bool parallel);
  int (*backward)(const BackwardPass&, int stage, int lowest, bool parallel, bool last);
  /// The operation of a stage for one sample.
  void (*apply)(const NetworkTables&, const SampleOperands&);
  /// The norm of whole samples, forward.
  void (*normalize_samples)(const Stage&, const kernel::SampleRows&, float* rsqrt);
  /// Scale and shift of every value of whole samples.
  void (*scale_elements)(const Stage&, const float* parameters, const kernel::SampleRows&,
                         float* to);
  std::array<kernel::ConvolutionKernels, kernel::convolution_kinds> convolution;
  kernel::NormalizeBlocks normalize;
  std::size_t operation_floats;    ///< of a thread's scratch, for what operations need
  std::size_t scratch_floats;      ///< of it in all
  std::size_t turned_floats;       ///< of the weights that a sweep goes back through
  std::size_t moments_floats;      ///< of a block of samples
  std::size_t convolution_floats;  ///< weights of all convolutions
  const FrontTables* front;        ///< null where no stages train with samples in the lanes
};

constexpr kernel::Convolution convolution_of(const Stage& stage) {
  return {stage.operation.window, stage.slid(), stage.left(),
          stage.operation.groups, stage.panels, stage.group_inputs()};
}
constexpr std::size_t kind_of_convolution(const Stage& stage) {
  return kernel::convolution_kind(stage.transposed(), stage.grouped());
}

}  // namespace lamina::runtime
