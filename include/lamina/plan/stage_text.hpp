#pragma once

#include <algorithm>
#include <string>

#include <lamina/plan/stage.hpp>

/// What the description of a plan says of a stage's numbers.
namespace lamina::detail {

/// What a stage with positions takes its means over, in brackets; empty where it takes none.
inline std::string means_text(const Stage& stage) {
  if (stage.means_of_batch()) return " (means over the batch, merged from those of the blocks)";
  if (!stage.means_of_samples()) return {};
  if (!reduces(stage.norm.axes, Axes::Channels)) return " (means over the positions of a channel)";
  const std::string channels = stage.norm.groups == 1
                                   ? "channels"
                                   : std::to_string(stage.norm.groups) + " groups of channels";
  const std::string scales = stage.per_element() ? ", scales of every value)" : ")";
  if (!reduces(stage.norm.axes, Axes::Space))
    return " (means over the " + channels + " of a position" + scales;
  return " (means over the positions and " + channels + " of a sample" + scales;
}

/// Of the stages of a narrow front, while training.
inline constexpr const char* front_text =
    "a task owns a block of samples, which lie in the lanes, and takes it up to the Flatten";

inline std::string axes_text(const Stage& stage) {
  switch (stage.loop()) {
    case Loop::Panels:
      return std::string("a task owns ") + std::to_string(stage.panels.width) +
             " features and the whole batch (means over the batch)";
    case Loop::Rows:
      return std::string("a task owns a block of rows and all features (means over ") +
             (stage.norm.groups == 1 ? "the features"
                                     : std::to_string(stage.norm.groups) + " groups of features") +
             ")";
    case Loop::Samples:
      return "a task owns a block of samples with all positions and channels" + means_text(stage);
    default:
      return "a task owns any block of rows and features";
  }
}

/// Positions at the end of an axis that no output reads, since they fill no window.
inline int left_out(const WindowAxis& window, int extent, int outputs) {
  return std::max(0, extent - ((outputs - 1) * window.stride - window.before + window.reach()));
}
/// The same of an operation given by its taps. Where each output takes one position, as in a crop,
/// they are left out on purpose.
inline int left_out(AxisTaps (*taps)(int, int), int extent, int outputs) {
  int end = 0;
  bool windows = false;
  for (int i = 0; i < outputs; ++i) {
    const AxisTaps of = taps(extent, i);
    end = std::max(end, of.first + of.count);
    windows = windows || of.count > 1;
  }
  return windows ? extent - end : 0;
}

inline std::string left_out_text(const Stage& stage) {
  const SpatialOperation& of = stage.operation;
  int lines = 0;
  int columns = 0;
  if (of.operation == Operation::Convolution || of.operation == Operation::MaxPool) {
    lines = left_out(of.window.y, stage.in.height, stage.out.height);
    columns = left_out(of.window.x, stage.in.width, stage.out.width);
  } else if (of.operation == Operation::Resample) {
    lines = left_out(of.taps[0], stage.in.height, stage.out.height);
    columns = left_out(of.taps[1], stage.in.width, stage.out.width);
  }
  const auto last = [](int count, const std::string& name) {
    return "the last " + (count == 1 ? name : std::to_string(count) + " " + name + "s");
  };
  std::string text;
  if (lines > 0) text += last(lines, "row");
  if (columns > 0) {
    text += (text.empty() ? "" : " and ") +
            last(columns, stage.in.dimensions == 1 ? "position" : "column");
  }
  if (text.empty()) return text;
  return "\n  left out, as PyTorch does: " + text + ", which no window reaches";
}

/// What a stage reads, where that is not the stage before it alone.
inline std::string reads_text(const Stage& stage, int index) {
  std::string text;
  const bool plain = stage.source_count == 1 && stage.sources[0].stage == index - 1;
  const auto name = [](int source) {
    return source == Source::network_input ? std::string("the input")
                                           : "stage " + std::to_string(source);
  };
  for (const Source& source : stage.reads_from()) {
    if (!plain) text += (text.empty() ? "reads " : " and ") + name(source.stage);
  }
  if (stage.adds_skip()) text += (text.empty() ? "adds " : ", adds ") + name(stage.skip);
  return text.empty() ? text : "\n  " + text;
}

inline const char* kept_text(const Stage& stage) {
  if (stage.recomputed) return "values before the norm; the output is made again where it is read";
  if (stage.normalizes_again()) return "values before the norm, and the output";
  if (stage.trivial()) return "the output";
  if (stage.normalized) return "normalized values, and the output";
  if (stage.trivial_chain) return "the output";
  return stage.reads == expr::Reads::Input ? "values before the activation, and the output"
                                           : "the output alone";
}

}  // namespace lamina::detail
