#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/window.hpp>
#include <lamina/plan/stage.hpp>

namespace lamina {

/// Floats of the scratch memory that one sample of a stage needs: what a convolution reads with its
/// edges of zeros, or its gradient with those; what another operation reads, put into one image.
constexpr std::size_t sample_scratch(const Stage& stage) {
  if (stage.loop() != Loop::Samples) return 0;
  const auto floats = [](int channels, std::size_t positions) {
    return static_cast<std::size_t>(channels) * positions;
  };
  if (!stage.convolves()) {
    return floats(Panels::of(stage.inputs).padded(),
                  static_cast<std::size_t>(stage.in.positions()));
  }
  const Window& window = stage.operation.window;
  const std::size_t slid = input_edges(window).positions(stage.slid());
  const std::size_t left =
      gradient_edges(window, stage.slid(), stage.left()).positions(stage.left());
  // In groups a panel of values for each that goes into an output, or comes out of an input.
  constexpr int panel = tile_vectors * simd::lanes;
  const int inputs = stage.grouped() ? stage.group_inputs() * panel : stage.inputs;
  const int outputs = stage.grouped() ? stage.group_outputs() * panel : stage.outputs();
  const std::size_t slack = simd::lanes;  // staging writes whole registers
  return slack + std::max(floats(inputs, stage.transposed() ? left : slid),
                          floats(outputs, stage.transposed() ? slid : left));
}

}  // namespace lamina
