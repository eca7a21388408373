#pragma once

#include <algorithm>
#include <array>

#include <lamina/core/operation.hpp>
#include <lamina/layers/window_attributes.hpp>

namespace lamina {

namespace detail {

/// What pools with a window share: `Size` positions in each direction, a stride of as many.
template <int Size, class... Attributes>
struct Pool {
  static constexpr Role role = Role::Spatial;

  /// Over this input: a signal has one axis.
  static constexpr Window window(Shape input) {
    Window sliding = window_of<Kernel<Size>, Stride<Size>, Attributes...>();
    if (input.dimensions == 1) sliding.y = WindowAxis{};
    return sliding;
  }
  static constexpr Shape output(Shape input) { return slide(window(input), input); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Size < 1) return wrong << "needs a size of at least 1, got " << Size;
    wrong << allow<AttributeKind::Stride, AttributeKind::Padding>::template check<Attributes...>();
    if (!wrong.empty()) return wrong;
    const Window sliding = window_of<Kernel<Size>, Stride<Size>, Attributes...>();
    const int padding = std::max(sliding.y.before, sliding.x.before);
    using OwnPadding = find_attribute_t<AttributeKind::Padding, Padding<0>, Attributes...>;
    if (!requires { OwnPadding::height; }) {
      wrong << "takes no " << name_of<OwnPadding>() << ": give Padding<...>";
    } else if (2 * padding > Size) {
      wrong << "takes a padding of at most half its size, " << Size / 2 << ", got " << padding;
    }
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong = needs_positions(input);
    if (!wrong.empty()) return wrong;
    const Window sliding = window_of<Kernel<Size>, Stride<Size>, Attributes...>();
    if (input.dimensions == 1 &&
        (sliding.y.stride != sliding.x.stride || sliding.y.before != sliding.x.before)) {
      return wrong << "has an attribute of two numbers: a signal has one axis, give one";
    }
    return check_window(window(input), input);
  }
};

}  // namespace detail

/// The largest value of every window, as `torch.nn.MaxPool2d`, over signals `MaxPool1d`.
///
/// `MaxPool<2>` takes 2 x 2 positions, over signals 2, and goes on by as many. Attributes:
/// `Stride<...>`, `Padding<...>`, at most half the size. Rows at the end that fill no window are
/// left out, as PyTorch does. The gradient goes to the first of several largest values.
///
/// Errors: flat features, or a window larger than the padded input, do not compile.
/// Example: `Conv2d<32, Kernel<3>, Padding<1>>, ReLU, MaxPool<2>`
template <int Size, class... Attributes>
struct MaxPool : detail::Pool<Size, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("MaxPool", Size, name_of<Attributes>()...);
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::MaxPool, .window = MaxPool::window(input)};
  }
};

/// The mean of every window, as `torch.nn.AvgPool2d`, over signals `AvgPool1d`: zeros of the
/// padding count (`count_include_pad`).
///
/// Attributes and errors as those of `MaxPool`.
/// Example: `AvgPool<2>`
template <int Size, class... Attributes>
struct AvgPool : detail::Pool<Size, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("AvgPool", Size, name_of<Attributes>()...);
  }
  static constexpr SpatialOperation spatial(Shape input) {
    if (input.dimensions == 1)
      return {.operation = Operation::Resample, .taps = {&detail::same_index, &taps<1>}};
    return {.operation = Operation::Resample, .taps = {&taps<0>, &taps<1>}};
  }

 private:
  template <int Axis>
  static constexpr AxisTaps taps(int extent, int i) {
    constexpr Window window = detail::window_of<Kernel<Size>, Stride<Size>, Attributes...>();
    constexpr WindowAxis axis = Axis == 0 ? window.y : window.x;
    const int begin = std::max(0, i * axis.stride - axis.before);
    const int end = std::min(extent, i * axis.stride - axis.before + Size);
    constexpr float weight = 1.0f / Size;
    return {begin, end - begin, weight, weight};
  }
};

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
