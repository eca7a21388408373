#pragma once

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

/// Channels become positions, as `torch.nn.PixelShuffle`: the `Scale` squared channels behind each
/// other that belong to an output channel are the positions of a Scale x Scale square.
///
/// (batch, Scale^2 channels, height, width) -> (batch, channels, Scale height, Scale width).
///
/// Errors: no image, or channels that Scale^2 does not divide, do not compile.
/// Source: Shi et al. 2016, https://arxiv.org/abs/1609.05158
/// Example: `Conv2d<4, Kernel<3>, Same>, PixelShuffle<2>`
template <int Scale>
struct PixelShuffle {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("PixelShuffle", Scale); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Scale < 1) wrong << "needs a scale of at least 1, got " << Scale;
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions != 2) return wrong << "expects an image, got " << words_of(input);
    if (input.channels % square != 0) {
      wrong << "expects channels that " << square << " divides evenly, got " << input.channels;
    }
    return wrong;
  }
  static constexpr Shape output(Shape input) {
    // As many values as before: what can be counted stays so.
    return {static_cast<int>(input.channels / square), input.height * Scale, input.width * Scale,
            2};
  }
  static constexpr SpatialOperation spatial(Shape) {
    return {.operation = Operation::Permute, .place = &place};
  }

 private:
  static constexpr long long square = static_cast<long long>(Scale) * Scale;
  static constexpr Place place(const Shape& input, Place from) {
    const int within = from.channel % (Scale * Scale);
    const int y = from.position / input.width * Scale + within / Scale;
    const int x = from.position % input.width * Scale + within % Scale;
    return {from.channel / (Scale * Scale), y * input.width * Scale + x};
  }
};

}  // namespace lamina
