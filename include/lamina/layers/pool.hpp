#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>

#include <lamina/core/operation.hpp>
#include <lamina/layers/window_attributes.hpp>

namespace lamina {

namespace detail {

/// What pools with a window share; its size is `Size`, a `Kernel`, and the stride is as much.
template <class Size, class... Attributes>
struct Pool {
  static constexpr Role role = Role::Spatial;

  /// Over this input: a signal has one axis.
  static constexpr Window window(Shape input) {
    Window over = sliding;
    if (input.dimensions == 1) over.y = WindowAxis{};
    return over;
  }
  static constexpr Shape output(Shape input) { return slide(window(input), input); }

 protected:
  static constexpr Window sliding =
      window_of<Size, Stride<Size::height, Size::width>, Attributes...>();
  using OwnPadding = find_attribute_t<AttributeKind::Padding, Padding<0>, Attributes...>;

  static constexpr TextBuffer no_padding() {
    TextBuffer wrong;
    if (!requires { OwnPadding::height; }) {
      wrong << "takes no " << name_of<OwnPadding>() << ": give Padding<...>";
    }
    return wrong;
  }
  /// The operation of a mean: of each axis the mean of what the window reads there.
  static constexpr SpatialOperation means(const Shape& input) {
    return {.operation = Operation::Resample,
            .taps = {input.dimensions == 1 ? &same_index : &taps<0>, &taps<1>}};
  }

 private:
  template <int Axis>
  static constexpr AxisTaps taps(int extent, int i) {
    constexpr WindowAxis axis = Axis == 0 ? sliding.y : sliding.x;
    const int begin = std::max(0, i * axis.stride - axis.before);
    const int end = std::min(extent, i * axis.stride - axis.before + axis.kernel);
    constexpr float weight = 1.0f / axis.kernel;
    return {begin, end - begin, weight, weight};
  }
};

/// Pools of one size in each direction.
template <int Size, class... Attributes>
struct SquarePool : Pool<Kernel<Size>, Attributes...> {
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Size < 1) return wrong << "needs a size of at least 1, got " << Size;
    wrong << allow<AttributeKind::Stride, AttributeKind::Padding>::template check<Attributes...>();
    if (wrong.empty()) wrong << SquarePool::no_padding();
    const int padding = std::max(SquarePool::sliding.y.before, SquarePool::sliding.x.before);
    if (wrong.empty() && 2 * padding > Size) {
      wrong << "takes a padding of at most half its size, " << Size / 2 << ", got " << padding;
    }
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong = needs_positions(input);
    if (!wrong.empty()) return wrong;
    const WindowAxis& y = SquarePool::sliding.y;
    const WindowAxis& x = SquarePool::sliding.x;
    if (input.dimensions == 1 && (y.stride != x.stride || y.before != x.before)) {
      return wrong << "has an attribute of two numbers: a signal has one axis, give one";
    }
    return check_window(SquarePool::window(input), input);
  }
};

/// Pools over images, of a size for each axis.
template <class... Attributes>
struct ImagePool
    : Pool<find_attribute_t<AttributeKind::Kernel, Kernel<1>, Attributes...>, Attributes...> {
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    wrong << allow<AttributeKind::Kernel, AttributeKind::Stride,
                   AttributeKind::Padding>::template check<Attributes...>();
    if (!wrong.empty()) return wrong;
    if (std::is_void_v<find_attribute_t<AttributeKind::Kernel, void, Attributes...>>) {
      return wrong << "needs a kernel, such as Kernel<2, 3>";
    }
    wrong << ImagePool::no_padding();
    check_padding(ImagePool::sliding.y, "height", wrong);
    check_padding(ImagePool::sliding.x, "width", wrong);
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions == 2) return check_window(ImagePool::sliding, input);
    return wrong << "expects an image, got " << words_of(input)
                 << (input.dimensions == 1 ? ": over signals, pools have one size, such as <3>"
                                           : ": declare Input<channels, height, width>");
  }

 private:
  static constexpr void check_padding(const WindowAxis& axis, std::string_view name,
                                      TextBuffer& wrong) {
    if (!wrong.empty() || 2 * axis.before <= axis.kernel) return;
    wrong << "takes a padding of at most half its kernel, " << axis.kernel / 2 << " of the " << name
          << ", got " << axis.before;
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
struct MaxPool : detail::SquarePool<Size, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("MaxPool", Size, name_of<Attributes>()...);
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::MaxPool, .window = MaxPool::window(input)};
  }
};

/// `MaxPool` over images with a size for each axis, as `torch.nn.MaxPool2d((height, width))`.
///
/// Attributes, in any order: `Kernel<height, width>`, needed; `Stride<...>`, as much as the kernel
/// where it is not given; `Padding<...>`, along each axis at most half the kernel.
///
/// Errors: a signal or flat features, or a window larger than the padded image, do not compile.
/// Example: `MaxPool2d<Kernel<2, 3>, Stride<2, 1>, Padding<0, 1>>`
template <class... Attributes>
struct MaxPool2d : detail::ImagePool<Attributes...> {
  static constexpr TextBuffer name() { return item_name("MaxPool2d", name_of<Attributes>()...); }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::MaxPool, .window = MaxPool2d::window(input)};
  }
};

/// The mean of every window, as `torch.nn.AvgPool2d`, over signals `AvgPool1d`: zeros of the
/// padding count (`count_include_pad`).
///
/// Attributes and errors as those of `MaxPool`.
/// Example: `AvgPool<2>`
template <int Size, class... Attributes>
struct AvgPool : detail::SquarePool<Size, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("AvgPool", Size, name_of<Attributes>()...);
  }
  static constexpr SpatialOperation spatial(Shape input) { return AvgPool::means(input); }
};

/// `AvgPool` over images with a size for each axis, as `torch.nn.AvgPool2d((height, width))`.
///
/// Attributes and errors as those of `MaxPool2d`.
/// Example: `AvgPool2d<Kernel<1, 4>>`
template <class... Attributes>
struct AvgPool2d : detail::ImagePool<Attributes...> {
  static constexpr TextBuffer name() { return item_name("AvgPool2d", name_of<Attributes>()...); }
  static constexpr SpatialOperation spatial(Shape input) { return AvgPool2d::means(input); }
};

}  // namespace lamina
