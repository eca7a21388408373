#pragma once

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

/// The user's memory has the channels of a position side by side: images (batch, height, width,
/// channels), as most files, cameras and screens have them, signals (batch, length, channels).
///
/// It stands directly behind `Input`, whose extents are still channels, height, width. Each sample
/// is put in order as it is read; all that follows, and what leaves the network, is channel by
/// channel. PyTorch's `x.permute(0, 3, 1, 2)`.
///
/// Errors: flat features as input do not compile.
/// Example: `Input<3, 224, 224>, ChannelsLast, Conv2d<16, Kernel<3>>`
struct ChannelsLast {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("ChannelsLast"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr TextBuffer check_input(Shape input) { return detail::needs_positions(input); }
  static constexpr Shape output(Shape input) { return input; }
  static constexpr SpatialOperation spatial(Shape) {
    return {.operation = Operation::Permute, .place = &place};
  }

 private:
  static constexpr Place place(const Shape& input, Place from) {
    const int at = from.channel * input.positions() + from.position;
    return {at % input.channels, at / input.channels};
  }
};

}  // namespace lamina
