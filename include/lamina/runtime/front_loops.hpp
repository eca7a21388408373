#pragma once

#include <lamina/runtime/front_pass.hpp>

/// The loops over blocks of samples of a network's front.
namespace lamina::runtime::detail {

inline void forward_front(const BackwardPass& of, bool parallel) {
  const FrontPass pass(of);
  for_each_samples(pass.network.samples_of(pass.batch), parallel, [&](const Samples& samples) {
    FrontPass::for_each_sixteen(samples, [&](const LaneBlock& block) { pass.forward(block); });
    pass.apply_chain(pass.network.space->front->end, samples);
  });
}

inline void backward_front(const BackwardPass& of, bool parallel) {
  const FrontPass pass(of);
  const FrontTables& front = *pass.network.space->front;
  for_each_samples(pass.network.samples_of(pass.batch), parallel, [&](const Samples& samples) {
    for (int s = front.first; s < front.end; ++s) {
      if (!pass.at(s).convolves()) continue;
      pass.clear_sums(pass.at(s), samples);
    }
    FrontPass::for_each_sixteen(
        samples, [&](const LaneBlock& block) { pass.backward(block, samples.index); });
  });
  const int blocks = pass.network.samples_of(pass.batch).count;
  for (int s = front.first; s < front.end; ++s) {
    const Stage& stage = pass.at(s);
    if (!stage.bias) continue;
    pass.add_partial_vector(stage.bias_vector, static_cast<std::size_t>(stage.panels.padded()),
                            blocks);
  }
}

inline void front_to_panels(const BackwardPass& of, bool parallel) {
  const FrontPass pass(of);
  for_each_samples(pass.network.samples_of(pass.batch), parallel, [&](const Samples& samples) {
    FrontPass::for_each_sixteen(samples, [&](const LaneBlock& block) { pass.to_panels(block); });
  });
}

template <class Net>
inline constexpr FrontTables front_tables{
    .stages = front<Net>.stages,
    .input = front<Net>.input,
    .first = front<Net>.first(),
    .end = front<Net>.end(),
    .value_floats = simd::lanes * front<Net>.value_registers,
    .gradient_floats = simd::lanes * front<Net>.gradient_registers,
    .sum_floats = simd::lanes * front<Net>.sum_registers,
    .tiles = kernel::lane_tiles<front_rows<Net>.tiles>(),
    .products =
        kernel::lane_product_tiles<front_rows<Net>.product_rows, front_rows<Net>.product_columns>(),
    .forward = &forward_front,
    .backward = &backward_front,
    .to_panels = &front_to_panels};

/// Null for a network without a front, which compiles none of this.
template <class Net>
constexpr const FrontTables* front_of() {
  if constexpr (front<Net>.count > 0) {
    return &front_tables<Net>;
  } else {
    return nullptr;
  }
}

}  // namespace lamina::runtime::detail
