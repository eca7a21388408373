#pragma once

#include <optional>
#include <span>
#include <string>

#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>

namespace lamina {

/// How the samples of a fit lie in memory, and what their numbers mean: what one must know to
/// change them.
struct SampleLayout {
  Shape shape;                 ///< of one sample
  bool channels_last = false;  ///< the channels of a position lie together, as of `ChannelsLast`
  /// Of its target: a class map has one channel, one label one position.
  Shape target_shape{1};
  bool target_is_label = true;        ///< a label or a class map; false for floats
  bool target_channels_last = false;  ///< of a target that is an image
  /// The label that the loss ignores.
  std::optional<Label> ignored = {};
  std::span<const std::string> class_names = {};
};

}  // namespace lamina
