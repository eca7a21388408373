#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/kernel/feature_major.hpp>
#include <lamina/kernel/lane_pools.hpp>
#include <lamina/runtime/front_tables.hpp>
#include <lamina/runtime/space_pass.hpp>

namespace lamina::runtime {

/// Sixteen samples or fewer of a batch, in groups of one a lane.
struct LaneBlock {
  int first;  ///< sample
  int rows;

  [[nodiscard]] int group(int part) const {
    return first / detail::front_samples * simd::sum_parts + part;
  }
  [[nodiscard]] int first_of(int part) const { return first + part * simd::lanes; }
  /// Samples of a group; at most none.
  [[nodiscard]] int rows_of(int part) const {
    return std::min(rows - part * simd::lanes, simd::lanes);
  }
};

/// Where a group of samples has its values, gradients and sums.
struct LaneGroup {
  const FrontTables* front;
  float* values;
  float* gradients;
  float* sums;
};

/// The front of a network: its stages, one after the other, on a group of samples, which stays in
/// cache; all of a block's samples before the next.
class FrontPass : public SpacePass {
 public:
  explicit FrontPass(const BackwardPass& pass)
      : SpacePass(pass), front_(*pass.network.space->front) {}

  /// Calls f(block) for the sixteens of a block of samples.
  template <class F>
  static void for_each_block(const Samples& samples, const F& f) {
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

  /// The values and gradients of a block, as stages outside of a front have them.
  void to_panels(const LaneBlock& block) const {
    for (int part = 0; part < simd::sum_parts; ++part) {
      const LaneGroup group = group_of(block, part);
      for (int s = front_.first - 1; s < front_.end; ++s) {
        if (s < 0) continue;
        const Stage& stage = at(s);
        for (int row = 0; row < block.rows_of(part); ++row) {
          const int sample = block.first_of(part) + row;
          spread(stage, values(s, group), row, image(stage.after, stage, sample));
          if (s < front_.first) continue;
          spread(stage, before(s, group), row, image(stage.before, stage, sample));
          spread(stage, gradient(s, group), row, image(stage.gradient, stage, sample));
        }
      }
    }
  }

 private:
  using Values = kernel::LaneImage<float>;

  [[nodiscard]] const FrontStage& place(int s) const {
    return front_.stages[static_cast<std::size_t>(s)];
  }
  static Values lane_image(float* data, std::size_t first, const Shape& shape, const Edges& edges) {
    const std::ptrdiff_t line =
        static_cast<std::ptrdiff_t>(shape.width + edges.x.before + edges.x.after) * simd::lanes;
    const std::ptrdiff_t plane = (shape.height + edges.y.before + edges.y.after) * line;
    return {data + static_cast<std::ptrdiff_t>(first) * simd::lanes + edges.y.before * line +
                static_cast<std::ptrdiff_t>(edges.x.before) * simd::lanes,
            line, plane};
  }
  [[nodiscard]] Values before(int s, const LaneGroup& group) const {
    return lane_image(group.values, place(s).before, at(s).out, place(s).edges);
  }
  [[nodiscard]] Values values(int s, const LaneGroup& group) const {
    if (s < front_.first) {
      return lane_image(group.values, front_.input.after, at(front_.first).in, front_.input.edges);
    }
    return lane_image(group.values, place(s).after, at(s).out, place(s).edges);
  }
  [[nodiscard]] Values gradient(int s, const LaneGroup& group) const {
    const AxisEdges ends{place(s).gradient_edge, place(s).gradient_edge};
    return lane_image(group.gradients, place(s).gradient, at(s).out, {{}, ends});
  }

  [[nodiscard]] LaneGroup group_of(const LaneBlock& block, int part) const {
    const auto group = static_cast<std::size_t>(block.group(part));
    float* own = front_scratch + static_cast<std::size_t>(thread_index()) * front_.thread_floats();
    float* gradients =
        front_gradients == nullptr ? own : front_gradients + group * front_.gradient_floats;
    return {&front_, front_values + group * front_.value_floats, gradients,
            own + front_.gradient_floats + static_cast<std::size_t>(part) * front_.sum_floats};
  }

  /// Calls f(channel, line) for all lines of an image, or once for all where they lie together.
  template <class F>
  static void for_each_run(const Shape& shape, bool together, const F& f) {
    if (together) return f(0, 0, shape.features());
    for (int channel = 0; channel < shape.channels; ++channel) {
      for (int y = 0; y < shape.height; ++y) f(channel, y, shape.width);
    }
  }
  static bool is_whole(const Shape& shape, const Values& image) {
    return image.line == static_cast<std::ptrdiff_t>(shape.width) * simd::lanes &&
           image.plane == shape.height * image.line;
  }
  /// A run of values as the chain's kernels see it: a panel of one register, a row a register.
  static kernel::ChainPanel chain_run(int registers) {
    return {simd::lanes, 1, 0, registers, 0, {}, {}, nullptr, nullptr, nullptr};
  }

  void take_inputs(const LaneGroup& group, const LaneBlock& block, int part) const {
    const Shape& shape = at(front_.first).in;
    const Values to = values(front_.first - 1, group);
    // A group without samples takes the last of the block, as lanes without one do.
    const int rows = std::max(1, block.rows_of(part));
    const int sample = std::min(block.first_of(part), block.first + block.rows - 1);
    const float* from = inputs + static_cast<std::ptrdiff_t>(sample) * features;
    for_each_run(shape, is_whole(shape, to), [&](int channel, int y, int registers) {
      kernel::to_feature_major(from + (channel * shape.height + y) * shape.width, features,
                               registers, rows, to.at(channel, y, 0), simd::lanes);
    });
    if (front_.first > 0) standardize(to);
  }
  void standardize(const Values& image) const {
    const Stage& stage = at(0);
    const float* mean = running + stage.running;
    const float* deviation = mean + stage.panels.padded();
    for (int channel = 0; channel < stage.outputs(); ++channel) {
      for (int y = 0; y < stage.out.height; ++y) {
        kernel::standardize_registers(image.at(channel, y, 0), stage.out.width, mean[channel],
                                      deviation[channel]);
      }
    }
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

  /// Values of the last stage as rows of features, in the order of `Flatten`.
  void flatten(const LaneGroup& group, const LaneBlock& block, int part) const {
    const int rows = block.rows_of(part);
    if (rows <= 0) return;
    const Stage& stage = at(front_.end);
    const float* from = values(front_.end - 1, group).data;
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      kernel::to_rows(from + static_cast<std::ptrdiff_t>(panel) * stage.panels.width * simd::lanes,
                      stage.panels.features_of(panel), rows,
                      rows_at(stage.before, stage, panel, block.first_of(part)),
                      stage.panels.width);
    }
  }
  /// And their gradient back; lanes without a sample have none.
  void unflatten(const LaneGroup& group, const LaneBlock& block, int part) const {
    const Stage& stage = at(front_.end);
    const int last = front_.end - 1;
    const int rows = block.rows_of(part);
    float* const together =
        group.gradients + static_cast<std::ptrdiff_t>(place(last).gradient) * simd::lanes;
    if (rows <= 0) {
      std::fill_n(together, static_cast<std::ptrdiff_t>(stage.outputs()) * simd::lanes, 0.0f);
    }
    for (int panel = 0; panel < stage.panels.count && rows > 0; ++panel) {
      kernel::to_feature_major(
          rows_at(stage.gradient, stage, panel, block.first_of(part)), stage.panels.width,
          stage.panels.features_of(panel), rows,
          together + static_cast<std::ptrdiff_t>(panel) * stage.panels.width * simd::lanes,
          simd::lanes);
    }
    if (rows > 0 && rows < simd::lanes) {
      float* register_of = together;
      for (int f = 0; f < stage.outputs(); ++f, register_of += simd::lanes) {
        simd::first(simd::Register::load(register_of), rows).store(register_of);
      }
    }
    if (place(last).gradient_edge > 0) spread_lines(together, last, gradient(last, group));
  }
  /// Moves lines that lie together to their places, from the last to the first, with zeros at their
  /// ends.
  void spread_lines(const float* together, int s, const Values& to) const {
    const Shape& shape = at(s).out;
    const std::ptrdiff_t edge = std::ptrdiff_t{place(s).gradient_edge} * simd::lanes;
    const std::ptrdiff_t length = static_cast<std::ptrdiff_t>(shape.width) * simd::lanes;
    for (int line = shape.channels * shape.height - 1; line >= 0; --line) {
      float* const target = to.at(line / shape.height, line % shape.height, 0);
      std::memmove(target, together + line * length,
                   static_cast<std::size_t>(length) * sizeof(float));
      std::fill_n(target + length, edge, 0.0f);
    }
    for (int line = 0; line < shape.channels * shape.height; ++line) {
      std::fill_n(to.at(line / shape.height, line % shape.height, 0) - edge, edge, 0.0f);
    }
  }

  /// One sample of a group into an image in panels.
  static void spread(const Stage& stage, const Values& from, int lane,
                     const kernel::Image<float>& to) {
    for (int y = 0; y < stage.out.height; ++y) {
      for (int x = 0; x < stage.out.width; ++x) {
        for (int channel = 0; channel < stage.outputs(); ++channel) {
          *to.at(channel, y * stage.out.width + x) = from.at(channel, y, x)[lane];
        }
      }
    }
    detail::clear_padding_of(to, stage.panels, stage.positions());
  }

  const FrontTables& front_;
};

}  // namespace lamina::runtime
