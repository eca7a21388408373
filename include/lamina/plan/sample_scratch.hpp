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
  const auto product = [](int a, int b, int c) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) * static_cast<std::size_t>(c);
  };
  if (!stage.convolves()) {
    return product(Panels::of(stage.inputs).padded(), stage.in.height, stage.in.width);
  }
  const Window& window = stage.operation.window;
  const AxisEdges y = gradient_edges(window.y, stage.in.height, stage.out.height);
  const AxisEdges x = gradient_edges(window.x, stage.in.width, stage.out.width);
  const std::size_t slack = simd::lanes;  // staging writes whole registers
  return slack + std::max(product(stage.inputs, stage.in.height + window.y.before + window.y.after,
                                  stage.in.width + window.x.before + window.x.after),
                          product(stage.outputs(), stage.out.height + y.before + y.after,
                                  stage.out.width + x.before + x.after));
}

}  // namespace lamina
