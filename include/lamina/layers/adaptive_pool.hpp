#pragma once

#include <array>

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

/// Means of windows that cut the positions into `Height` x `Width` parts as even as they can be, of
/// a signal (`AdaptiveAvgPool<Length>`) into so many, as `torch.nn.AdaptiveAvgPool2d`: part i of n
/// begins at floor(i extent / n) and ends before ceil((i + 1) extent / n).
///
/// Errors: flat features, or one number for an image and two for a signal, do not compile.
/// Example: `AdaptiveAvgPool<7, 7>, Flatten, Linear<10>`
template <int... Extents>
struct AdaptiveAvgPool {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("AdaptiveAvgPool", Extents...); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (sizeof...(Extents) != 1 && sizeof...(Extents) != 2) {
      return wrong << "takes a length, or a height and a width, got "
                   << static_cast<int>(sizeof...(Extents)) << " numbers";
    }
    ((Extents < 1 && wrong.empty() ? wrong << "needs extents of at least 1, got " << Extents
                                   : wrong),
     ...);
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong = detail::needs_positions(input);
    if (wrong.empty() && input.dimensions != static_cast<int>(sizeof...(Extents))) {
      wrong << (input.dimensions == 1 ? "has two numbers for " : "has one number for ")
            << words_of(input)
            << (input.dimensions == 1 ? ": give one length" : ": give a height and a width");
    }
    return wrong;
  }
  static constexpr Shape output(Shape input) {
    if (input.dimensions == 2) input.height = extents[0];
    input.width = extents[sizeof...(Extents) - 1];
    return input;
  }
  static constexpr SpatialOperation spatial(Shape input) {
    constexpr auto width = &parts<extents[sizeof...(Extents) - 1]>;
    return {.operation = Operation::Resample,
            .taps = {input.dimensions == 1 ? &detail::same_index : &parts<extents[0]>, width}};
  }

 private:
  static constexpr std::array<int, sizeof...(Extents)> extents{Extents...};
  template <int Count>
  static constexpr AxisTaps parts(int extent, int i) {
    const int first = i * extent / Count;
    const int count = ((i + 1) * extent + Count - 1) / Count - first;
    const float weight = 1 / static_cast<float>(count);
    return {first, count, weight, weight};
  }
};

/// The mean of all positions of each channel: flat features, one a channel. Keras's
/// `GlobalAveragePooling2D`, PyTorch's `AdaptiveAvgPool2d(1)` and `Flatten`.
///
/// Errors: flat features do not compile.
/// Example: `Conv2d<64, Kernel<3>>, ReLU, GlobalAvgPool, Linear<10>`
struct GlobalAvgPool {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("GlobalAvgPool"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr TextBuffer check_input(Shape input) { return detail::needs_positions(input); }
  static constexpr Shape output(Shape input) { return Shape{input.channels}; }
  static constexpr SpatialOperation spatial(Shape) {
    return {.operation = Operation::Resample, .taps = {&all, &all}};
  }

 private:
  static constexpr AxisTaps all(int extent, int) {
    const float weight = 1 / static_cast<float>(extent);
    return {0, extent, weight, weight};
  }
};

/// The largest of all positions of each channel: flat features, one a channel. Keras's
/// `GlobalMaxPooling2D`.
///
/// Errors: flat features do not compile.
/// Example: `Conv1d<64, Kernel<9>>, ReLU, GlobalMaxPool, Linear<10>`
struct GlobalMaxPool {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("GlobalMaxPool"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr TextBuffer check_input(Shape input) { return detail::needs_positions(input); }
  static constexpr Shape output(Shape input) { return Shape{input.channels}; }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::MaxPool, .window = {{input.height}, {input.width}}};
  }
};

}  // namespace lamina
