#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/kernel/feature_major.hpp>
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
  float* values;
  float* gradients;
  float* sums;
};

/// Where the stages of a front have their values and gradients, how samples get there, and how they
/// leave.
class FrontMemory : public SpacePass {
 public:
  explicit FrontMemory(const BackwardPass& pass)
      : SpacePass(pass), front_(*pass.network.space->front) {}

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
          spread(stage, gradient(s, group), row, image(stage.gradient, stage, sample));
        }
      }
    }
  }

 protected:
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
    return {front_values + group * front_.value_floats, gradients,
            own + front_.gradient_floats + static_cast<std::size_t>(part) * front_.sum_floats};
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

 private:
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

 protected:
  const FrontTables& front_;
};

}  // namespace lamina::runtime
