#pragma once

#include <cstddef>

#include <lamina/runtime/network_tables.hpp>

/// Convolutions of one sample. A transposed one is the way back of its mirror image, and that one
/// its way back; in groups every panel reads an image of its own.
namespace lamina::runtime {

namespace detail {

/// Where a channel that a stage reads lies.
inline kernel::ChannelLine line_of(const SampleOperands& of, int channel) {
  int i = of.stage->source_count - 1;
  while (of.stage->sources[static_cast<std::size_t>(i)].first > channel) --i;
  const kernel::Image<const float>& image = of.sources[static_cast<std::size_t>(i)];
  return {image.at(channel - of.stage->sources[static_cast<std::size_t>(i)].first, 0), image.width};
}

/// What one panel of a convolution's outputs reads, with edges, in scratch; where there are no
/// groups all panels read the same, which the first of them stages.
inline kernel::Staged stage_input(const SampleOperands& of, int panel) {
  const Stage& stage = *of.stage;
  const Panels& panels = stage.panels;
  const kernel::GroupLanes lanes{panel * panels.width, panels.features_of(panel),
                                 panels.vectors_of(panel) * simd::lanes, stage.group_outputs(),
                                 stage.group_inputs()};
  const int channels = stage.grouped() ? lanes.channels() : stage.inputs;
  const kernel::Convolution convolution = convolution_of(stage);
  const kernel::Staged staged = stage.transposed()
                                    ? kernel::staged_gradient(convolution, channels, of.scratch)
                                    : kernel::staged_input(convolution, channels, of.scratch);
  const Shape& in = stage.in;
  if (stage.grouped()) {
    const auto line = [&](int channel) { return line_of(of, channel); };
    kernel::stage_groups(lanes, line, in.height, in.width, staged);
  } else if (panel > 0) {
    return staged;
  } else {
    for (int i = stage.source_count - 1; i >= 0; --i) {
      const Source& source = stage.sources[static_cast<std::size_t>(i)];
      kernel::stage_channels(of.sources[static_cast<std::size_t>(i)], source.features, in.height,
                             in.width, staged, source.first);
    }
  }
  kernel::clear_edges(staged, in.height, in.width);
  return staged;
}

/// The same of the gradient by its outputs, for a panel of one of its sources.
inline kernel::Staged stage_gradient(const Stage& next, const kernel::Image<const float>& gradient,
                                     const Source& source, const Panels& panels, int panel,
                                     float* scratch) {
  const kernel::GroupLanes lanes{source.first + panel * panels.width, panels.features_of(panel),
                                 panels.vectors_of(panel) * simd::lanes, next.group_inputs(),
                                 next.group_outputs()};
  const int channels = next.grouped() ? lanes.channels() : next.outputs();
  const kernel::Convolution convolution = convolution_of(next);
  const kernel::Staged staged = next.transposed()
                                    ? kernel::staged_input(convolution, channels, scratch)
                                    : kernel::staged_gradient(convolution, channels, scratch);
  const Shape& out = next.out;
  if (next.grouped()) {
    const auto line = [&](int channel) {
      return kernel::ChannelLine{gradient.at(channel, 0), gradient.width};
    };
    kernel::stage_groups(lanes, line, out.height, out.width, staged);
  } else if (panel > 0) {
    return staged;
  } else {
    kernel::stage_channels(gradient, next.outputs(), out.height, out.width, staged, 0);
  }
  kernel::clear_edges(staged, out.height, out.width);
  return staged;
}

}  // namespace detail

/// Forward.
inline void convolve_sample(const NetworkTables& network, const SampleOperands& of) {
  const Stage& stage = *of.stage;
  const kernel::Convolution convolution = convolution_of(stage);
  const kernel::MultiplyPanels& multiply =
      network.space->convolution[kind_of_convolution(stage)].lines;
  for (int panel = 0; panel < stage.panels.count; ++panel) {
    const kernel::Staged staged = detail::stage_input(of, panel);
    const int width = stage.panels.width;
    const kernel::PanelWeights weights{
        of.parameters + stage.weights + panel * convolution.panel_floats(), width};
    const kernel::PanelTarget to{of.out.data + panel * of.out.panel_stride, of.out.width,
                                 of.parameters + stage.bias_vector + panel * width, false};
    const auto go = stage.transposed() ? &kernel::convolve_back : &kernel::convolve;
    go(convolution, stage.group_inputs(),
       multiply[static_cast<std::size_t>(stage.panels.vectors_of(panel))], staged, weights, to);
  }
}

/// The gradient by one of its sources: `to`, in panels, set or added. `turned` has the weights of
/// all of those panels.
inline void pull_convolution(const NetworkTables& network, const Stage& next, const Source& source,
                             const Panels& panels, const kernel::Image<const float>& gradient,
                             const float* turned, const kernel::Image<float>& to, bool add,
                             float* scratch) {
  const kernel::Convolution convolution = convolution_of(next);
  const kernel::MultiplyPanels& multiply =
      network.space->convolution[kind_of_convolution(next)].lines;
  for (int panel = 0; panel < panels.count; ++panel) {
    const kernel::Staged staged =
        detail::stage_gradient(next, gradient, source, panels, panel, scratch);
    const int vectors = panels.vectors_of(panel);
    const kernel::PanelWeights weights{
        turned + static_cast<std::size_t>(panel) * kernel::turned_floats(convolution, panels.width),
        vectors * simd::lanes};
    const kernel::PanelTarget target{to.data + panel * to.panel_stride, to.width, nullptr, add};
    const auto go = next.transposed() ? &kernel::convolve : &kernel::convolve_back;
    go(convolution, next.group_outputs(), multiply[static_cast<std::size_t>(vectors)], staged,
       weights, target);
  }
}

/// Weights into what `panel` of a source has, for `pull_convolution`.
inline void turn_convolution(const Stage& next, const Source& source, const Panels& panels,
                             int panel, const float* parameters, float* turned) {
  const kernel::Convolution convolution = convolution_of(next);
  float* to =
      turned + static_cast<std::size_t>(panel) * kernel::turned_floats(convolution, panels.width);
  const auto turn = next.grouped() ? &kernel::turn_groups : &kernel::turn_weights;
  turn(convolution, next.transposed(), parameters + next.weights,
       source.first + panel * panels.width, panels.features_of(panel), to,
       panels.vectors_of(panel) * simd::lanes);
}

/// Adds the gradient by the weights; `gradient` is that by the outputs.
inline void add_weight_gradient(const NetworkTables& network, const SampleOperands& of,
                                const kernel::Image<const float>& gradient, float* to) {
  const Stage& stage = *of.stage;
  const kernel::Convolution convolution = convolution_of(stage);
  const auto& kernels = network.space->convolution[kind_of_convolution(stage)].gradients;
  for (int panel = 0; panel < stage.panels.count; ++panel) {
    kernels[static_cast<std::size_t>(stage.panels.vectors_of(panel))](
        convolution, detail::stage_input(of, panel), gradient.data + panel * gradient.panel_stride,
        to + panel * convolution.panel_floats());
  }
}

}  // namespace lamina::runtime
