#pragma once

#include <algorithm>

#include <lamina/kernel/places.hpp>
#include <lamina/kernel/positions.hpp>
#include <lamina/runtime/network_tables.hpp>
#include <lamina/runtime/sample_convolution.hpp>

/// The operation of a stage for one sample, forward: training and inference share it.
namespace lamina::runtime {

namespace detail {

inline kernel::PositionTask position_task(const Stage& stage) {
  return {stage.operation, stage.in, stage.out};
}

/// Zeros in the registers' lanes that no channel has: what is infinite or no number there would get
/// into sums that are multiplied by zero.
inline void clear_padding_of(const kernel::Image<float>& image, const Panels& panels,
                             int positions) {
  const int panel = panels.count - 1;
  kernel::clear_padding(panels, panel, positions, image.data + panel * image.panel_stride);
}

/// What an operation reads as one image in panels: where it lies, or put together in scratch.
inline kernel::Image<const float> one_image(const SampleOperands& of) {
  const Stage& stage = *of.stage;
  if (stage.reads_panels()) return of.sources[0];
  const Panels panels = Panels::of(stage.inputs);
  const int positions = stage.in.positions();
  const kernel::Image<float> whole{of.scratch, panels.width,
                                   static_cast<std::ptrdiff_t>(positions) * panels.width};
  for (int i = 0; i < stage.source_count; ++i) {
    const Source& source = stage.sources[static_cast<std::size_t>(i)];
    kernel::take_channels<false>(of.sources[static_cast<std::size_t>(i)], 0, whole, source.first,
                                 source.features, positions);
  }
  clear_padding_of(whole, panels, positions);
  return whole;
}

}  // namespace detail

inline void apply_operation(const NetworkTables& network, const SampleOperands& of) {
  const Stage& stage = *of.stage;
  const kernel::PositionTask task = detail::position_task(stage);
  switch (stage.operation.operation) {
    case Operation::Convolution:
    case Operation::TransposedConvolution:
      return convolve_sample(network, of);
    case Operation::MaxPool:
      return kernel::max_pool(task, stage.panels, detail::one_image(of), of.out);
    case Operation::Resample:
      return kernel::resample(task, stage.panels, detail::one_image(of), of.out);
    case Operation::Flatten:
      kernel::flatten(task, detail::one_image(of), of.out);
      return detail::clear_padding_of(of.out, stage.panels, stage.positions());
    case Operation::Permute:
      kernel::permute(task, detail::one_image(of), of.out);
      return detail::clear_padding_of(of.out, stage.panels, stage.positions());
    default:
      for (int i = 0; i < stage.source_count; ++i) {
        const Source& source = stage.sources[static_cast<std::size_t>(i)];
        const kernel::Image<const float>& from = of.sources[static_cast<std::size_t>(i)];
        if (from.data == of.out.data) return;  // they lie there already
        kernel::take_channels<false>(from, 0, of.out, source.first, source.features,
                                     stage.positions());
      }
      return detail::clear_padding_of(of.out, stage.panels, stage.positions());
  }
}

}  // namespace lamina::runtime
