#pragma once

#include <algorithm>

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

namespace detail {

/// Positions before and behind each axis: one number for all sides, two of a signal, four of an
/// image: top, bottom, left, right.
template <int... Sides>
struct Edges {
  static constexpr int top = 0;
  static constexpr int bottom = 0;
  static constexpr int left = 0;
  static constexpr int right = 0;
};
template <int Side>
struct Edges<Side> {
  static constexpr int top = Side;
  static constexpr int bottom = Side;
  static constexpr int left = Side;
  static constexpr int right = Side;
};
template <int Left, int Right>
struct Edges<Left, Right> : Edges<> {
  static constexpr int left = Left;
  static constexpr int right = Right;
};
template <int Top, int Bottom, int Left, int Right>
struct Edges<Top, Bottom, Left, Right> {
  static constexpr int top = Top;
  static constexpr int bottom = Bottom;
  static constexpr int left = Left;
  static constexpr int right = Right;
};

/// What items that change the edges of images and signals share.
template <int... Sides>
struct EdgeLayer {
  static constexpr Role role = Role::Spatial;
  using Sizes = Edges<Sides...>;
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    constexpr int count = static_cast<int>(sizeof...(Sides));
    if (count != 1 && count != 2 && count != 4) {
      return wrong << "takes one number for all sides, two for a signal or four for an image (top, "
                      "bottom, left, right), got "
                   << count;
    }
    ((Sides < 0 && wrong.empty() ? wrong << "needs sizes of at least 0, got " << Sides : wrong),
     ...);
    return wrong;
  }
  /// Extents grow by the edges, or shrink with `sign` -1.
  static constexpr Shape resized(Shape input, int sign) {
    constexpr long long lines = static_cast<long long>(Sizes::top) + Sizes::bottom;
    constexpr long long columns = static_cast<long long>(Sizes::left) + Sizes::right;
    if (input.dimensions == 2) input.height = bounded_extent(input.height + sign * lines);
    input.width = bounded_extent(input.width + sign * columns);
    return input;
  }
  static constexpr TextBuffer check_edges(Shape input) {
    TextBuffer wrong = needs_positions(input);
    if (!wrong.empty()) return wrong;
    if (sizeof...(Sides) == 4 && input.dimensions == 1) {
      wrong << "has four sides, a signal has two: it got " << words_of(input);
    } else if (sizeof...(Sides) == 2 && input.dimensions == 2) {
      wrong << "has two sides, an image has four (top, bottom, left, right): it got "
            << words_of(input);
    }
    return wrong;
  }
  /// The operation with these taps of height and width; a signal's one line stays.
  static constexpr SpatialOperation with_taps(const Shape& input, AxisTaps (*height)(int, int),
                                              AxisTaps (*width)(int, int)) {
    return {.operation = Operation::Resample,
            .taps = {input.dimensions == 1 ? &same_index : height, width}};
  }
};

}  // namespace detail

/// Leaves positions out at the edges: `Crop<1>` on all sides, `Crop<left, right>` of a signal,
/// `Crop<top, bottom, left, right>` of an image.
///
/// Errors: flat features, or more positions than there are, do not compile.
/// Example: `Conv2d<16, Kernel<3>, Padding<1>>, Crop<0, 1, 0, 1>`
template <int... Sides>
struct Crop : detail::EdgeLayer<Sides...> {
  static constexpr TextBuffer name() { return item_name("Crop", Sides...); }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong = Crop::check_edges(input);
    const Shape left = Crop::resized(input, -1);
    if (wrong.empty() && (left.height < 1 || left.width < 1)) {
      wrong << "leaves nothing of " << words_of(input);
    }
    return wrong;
  }
  static constexpr Shape output(Shape input) { return Crop::resized(input, -1); }
  static constexpr SpatialOperation spatial(Shape input) {
    return Crop::with_taps(input, &taps<Crop::Sizes::top>, &taps<Crop::Sizes::left>);
  }

 private:
  template <int Before>
  static constexpr AxisTaps taps(int, int i) {
    return {i + Before, 1};
  }
};

/// Puts zeros around the positions, sides as those of `Crop`. As `torch.nn.ZeroPad2d`, which counts
/// left and right first.
///
/// Errors: flat features do not compile.
/// Example: `ZeroPad<0, 1, 0, 1>, Conv2d<32, Kernel<3>, Stride<2>>`
template <int... Sides>
struct ZeroPad : detail::EdgeLayer<Sides...> {
  static constexpr TextBuffer name() { return item_name("ZeroPad", Sides...); }
  static constexpr TextBuffer check_input(Shape input) { return ZeroPad::check_edges(input); }
  static constexpr Shape output(Shape input) { return ZeroPad::resized(input, 1); }
  static constexpr SpatialOperation spatial(Shape input) {
    return ZeroPad::with_taps(input, &taps<ZeroPad::Sizes::top>, &taps<ZeroPad::Sizes::left>);
  }

 private:
  template <int Before>
  static constexpr AxisTaps taps(int extent, int i) {
    const int at = i - Before;
    return {at, at >= 0 && at < extent ? 1 : 0};
  }
};

/// Continues the positions beyond their edges as in a mirror there, the edge itself not repeated;
/// sides as those of `Crop`. As `torch.nn.ReflectionPad2d`, which counts left and right first.
///
/// Errors: flat features, or an edge as wide as the input or wider, do not compile.
/// Example: `ReflectPad<1>, Conv2d<32, Kernel<3>>`
template <int... Sides>
struct ReflectPad : detail::EdgeLayer<Sides...> {
  static constexpr TextBuffer name() { return item_name("ReflectPad", Sides...); }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong = ReflectPad::check_edges(input);
    using Sizes = typename ReflectPad::Sizes;
    const bool tall = input.dimensions == 1 || std::max(Sizes::top, Sizes::bottom) < input.height;
    if (wrong.empty() && (!tall || std::max(Sizes::left, Sizes::right) >= input.width)) {
      wrong << "mirrors more positions than there are behind the edge: it got " << words_of(input);
    }
    return wrong;
  }
  static constexpr Shape output(Shape input) { return ReflectPad::resized(input, 1); }
  static constexpr SpatialOperation spatial(Shape input) {
    return ReflectPad::with_taps(input, &taps<ReflectPad::Sizes::top>,
                                 &taps<ReflectPad::Sizes::left>);
  }

 private:
  template <int Before>
  static constexpr AxisTaps taps(int extent, int i) {
    const int at = i < Before ? Before - i : i - Before;
    return {at < extent ? at : 2 * (extent - 1) - at, 1};
  }
};

}  // namespace lamina
