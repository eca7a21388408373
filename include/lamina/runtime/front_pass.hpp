#pragma once

#include <algorithm>

#include <lamina/kernel/lane_pools.hpp>
#include <lamina/runtime/front_memory.hpp>

namespace lamina::runtime {

/// The front of a network: its stages, one after the other, on a group of samples, which stays in
/// cache; all of a block's samples before the next.
class FrontPass : public FrontMemory {
 public:
  using FrontMemory::FrontMemory;

  /// Calls f(block) for sixteen samples of a block after the other.
  template <class F>
  static void for_each_sixteen(const Samples& samples, const F& f) {
    samples.for_each_piece(detail::front_samples,
                           [&](const Samples& piece) { f(LaneBlock{piece.first, piece.count}); });
  }

  void forward(const LaneBlock& block) const {
    for (int part = 0; part < simd::sum_parts; ++part) {
      const LaneGroup group = group_of(block, part);
      take_inputs(group, block, part);
      for (int s = front_.first; s < front_.end; ++s) forward_stage(s, group);
      flatten(group, block, part);
    }
  }

  /// Adds the gradients by weights to those of the block of samples `index`.
  void backward(const LaneBlock& block, int index) const {
    for (int part = 0; part < simd::sum_parts; ++part) {
      const LaneGroup group = group_of(block, part);
      clear_biases(group);
      unflatten(group, block, part);
      const int last = front_.end - 1;
      for (int channel = 0; channel < at(last).outputs(); ++channel) {
        lines_back(last, group, channel, 0, at(last).out.height);
      }
      for (int s = last; s >= front_.first; --s) backward_stage(s, group);
    }
    const LaneGroup first = group_of(block, 0);
    for (int s = front_.first; s < front_.end; ++s) {
      if (at(s).convolves()) add_sums(s, first.sums, index);
    }
  }

 private:
  /// A run of values as the chain's kernels see it: a panel of one register, a row a register.
  static kernel::ChainPanel chain_run(int registers) {
    return {simd::lanes, 1, 0, registers, 0, {}, {}, nullptr, nullptr, nullptr};
  }

  /// The chain of some lines of a channel, forward.
  void chain_lines(int s, const LaneGroup& group, int channel, int y) const {
    const Stage& stage = at(s);
    if (stage.trivial()) return;
    network.chain_of(stage).forward(chain_run(stage.out.width), before(s, group).at(channel, y, 0),
                                    values(s, group).at(channel, y, 0));
  }
  void forward_stage(int s, const LaneGroup& group) const {
    const Stage& stage = at(s);
    const Values out = before(s, group);
    const auto chain = [&](int y) {
      for (int channel = 0; channel < stage.outputs(); ++channel) chain_lines(s, group, channel, y);
    };
    if (stage.convolves()) {
      return kernel::convolve_lanes(convolution_of(stage), front_.tiles, values(s - 1, group),
                                    parameters + stage.weights, parameters + stage.bias_vector, out,
                                    chain);
    }
    const bool resamples = stage.operation.operation == Operation::Resample;
    const auto pool = resamples ? &kernel::resample_lanes : &kernel::max_pool_lanes;
    pool(detail::position_task(stage), values(s - 1, group), out);
    for (int y = 0; y < stage.out.height; ++y) chain(y);
  }

  /// The way through the chain of a stage of lines [first, end) of a channel, and their part of the
  /// gradient by its bias.
  void lines_back(int s, const LaneGroup& group, int channel, int first, int end) const {
    const Stage& stage = at(s);
    const Values slopes = gradient(s, group);
    for (int y = first; y < end; ++y) {
      float* line = slopes.at(channel, y, 0);
      if (!stage.trivial_chain) {
        network.chain_of(stage).backward(chain_run(stage.out.width),
                                         before(s, group).at(channel, y, 0),
                                         values(s, group).at(channel, y, 0), line);
      }
      if (!stage.bias) continue;
      kernel::add_lane_bias(line, stage.out.width, biases(s, group.sums) + channel * bias_floats);
    }
  }
  void backward_stage(int s, const LaneGroup& group) const {
    const Stage& stage = at(s);
    const Values slopes = gradient(s, group);
    if (stage.convolves()) {
      kernel::add_lane_gradient(convolution_of(stage), front_.products, values(s - 1, group),
                                slopes, products(s, group.sums));
    }
    if (s == front_.first) return;
    const Values to = gradient(s - 1, group);
    const auto lines_behind = [&](int channel, int first, int end) {
      lines_back(s - 1, group, channel, first, end);
    };
    if (stage.convolves()) {
      kernel::convolve_lanes_back(convolution_of(stage), front_.tiles, slopes,
                                  parameters + stage.weights, to, [&](int y) {
                                    for (int channel = 0; channel < stage.inputs; ++channel) {
                                      lines_behind(channel, y, y + 1);
                                    }
                                  });
    } else if (stage.operation.operation == Operation::Resample) {
      kernel::resample_lanes_back(detail::position_task(stage), slopes, to);
      for (int channel = 0; channel < stage.inputs; ++channel) {
        lines_behind(channel, 0, stage.in.height);
      }
    } else {
      kernel::max_pool_lanes_back(detail::position_task(stage), values(s - 1, group), slopes, to,
                                  lines_behind);
    }
  }

  void clear_biases(const LaneGroup& group) const {
    for (int s = front_.first; s < front_.end; ++s) {
      if (at(s).bias) std::fill_n(biases(s, group.sums), at(s).outputs() * bias_floats, 0.0f);
    }
  }

  static constexpr std::ptrdiff_t bias_floats = std::ptrdiff_t{lamina::bias_chains} * simd::lanes;
  /// The sums of a group by the weights of a stage, and by its biases.
  template <class Float>
  [[nodiscard]] Float* products(int s, Float* sums) const {
    return sums + static_cast<std::ptrdiff_t>(place(s).sums) * simd::lanes;
  }
  template <class Float>
  [[nodiscard]] Float* biases(int s, Float* sums) const {
    return products(s, sums) + kernel::product_registers(convolution_of(at(s))) * simd::lanes;
  }
  /// Adds the sums of the groups of a block across the lanes.
  void add_sums(int s, const float* of_block, int index) const {
    const Stage& stage = at(s);
    const auto part_stride = static_cast<std::ptrdiff_t>(front_.sum_floats);
    kernel::add_lane_sums_of(convolution_of(stage), products(s, of_block), part_stride,
                             gradients_of_convolution(stage, index));
    if (!stage.bias) return;
    const float* chains = biases(s, of_block);
    float* to =
        partial_vectors + static_cast<std::size_t>(index) * vector_floats + stage.bias_vector;
    for (int channel = 0; channel < stage.outputs(); ++channel, chains += bias_floats) {
      simd::LaneSums lanes_of;
      for (int part = 0; part < simd::sum_parts; ++part) {
        lanes_of.part[part] = kernel::lane_bias(chains + part * part_stride);
      }
      to[channel] += simd::sum(lanes_of);
    }
  }
};

}  // namespace lamina::runtime
