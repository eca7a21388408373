#pragma once

#include <lamina/core/operation.hpp>
#include <lamina/layers/weighted_layer.hpp>
#include <lamina/layers/window_attributes.hpp>

namespace lamina {

namespace detail {

/// What both convolutions share: y[n] = b[n] + sum over channels c and taps k of W[n, c, k] times
/// the value of channel c that tap k of the output's window reads.
template <int Channels, class... Attributes>
struct Convolution : WeightedLayer<Attributes...> {
  static constexpr Role role = Role::Contraction;

  static constexpr Window window = window_of<Kernel<1>, Stride<1>, Attributes...>();
  static constexpr Shape output(Shape input) {
    return slide(window, input).with_channels(Channels);
  }
  static constexpr int groups(Shape input) {
    return find_attribute_t<AttributeKind::Groups, Groups<1>, Attributes...>::of(input.channels);
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::Convolution, .window = window, .groups = groups(input)};
  }

 protected:
  static constexpr TextBuffer check_shape(const Window& sliding, const Shape& input) {
    TextBuffer wrong = check_window(sliding, input);
    if (wrong.empty()) wrong << check_groups(groups(input), input.channels, Channels);
    return wrong;
  }
  static constexpr TextBuffer check_layer() {
    TextBuffer wrong;
    using OwnKernel = find_attribute_t<AttributeKind::Kernel, void, Attributes...>;
    using OwnPadding = find_attribute_t<AttributeKind::Padding, void, Attributes...>;
    constexpr int most = 1 << 16;  // channels times taps are counted by int
    if (Channels > most) return wrong << "takes at most " << most << " channels, got " << Channels;
    if (Channels <= 0) return wrong << "needs at least 1 channel, got " << Channels;
    wrong << WeightedLayer<Attributes...>::template check_attributes<
        AttributeKind::Kernel, AttributeKind::Stride, AttributeKind::Padding,
        AttributeKind::Dilation, AttributeKind::Groups>();
    if (!wrong.empty()) return wrong;
    if (std::is_void_v<OwnKernel>) return wrong << "needs a kernel, such as Kernel<3>";
    if (std::is_same_v<OwnPadding, Same> && (window.y.stride > 1 || window.x.stride > 1)) {
      return wrong
             << "has Same and a stride above 1, with which outputs are fewer than inputs: give "
                "Padding<...>";
    }
    return wrong;
  }
};

}  // namespace detail

/// A convolution over images, as `torch.nn.Conv2d`:
/// y[n, i, j] = b[n] + sum over c, k, l of W[n, c, k, l] x[c, i s - p + k d, j s - p + l d].
///
/// x: (batch, in, height, width), y: (batch, Channels, ...), W: (Channels, in / groups,
/// kernel height, kernel width), b: (Channels). Outside the image x is zero. An axis of h positions
/// becomes (h + 2 p - d (kernel - 1) - 1) / s + 1.
///
/// Attributes, in any order: `Kernel<3>` or `Kernel<height, width>`, needed; `Stride<s>`,
/// `Padding<p>` or `Same`, `Dilation<d>`, each for both axes or as <height, width>; `Groups<g>`,
/// where c runs over the inputs of the output's group alone, or `Depthwise`, as many groups as
/// inputs; and those of `Linear`. A bias directly before a batch normalization is removed.
///
/// Errors: flat features or a signal as input, a kernel larger than the padded image, groups that
/// do not divide the channels, and repeated or unknown attributes do not compile.
/// Example: `Conv2d<32, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU`
template <int Channels, class... Attributes>
struct Conv2d : detail::Convolution<Channels, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("Conv2d", Channels, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong = Conv2d::check_layer();
    using OwnPadding = find_attribute_t<AttributeKind::Padding, void, Attributes...>;
    if (wrong.empty() && std::is_same_v<OwnPadding, Causal>) {
      wrong << "has no direction in time: Causal is for Conv1d, give Padding<...> or Same";
    }
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions != 2) {
      return wrong << "expects an image, got " << words_of(input)
                   << ": declare Input<channels, height, width>";
    }
    return Conv2d::check_shape(Conv2d::window, input);
  }
};

/// A convolution over signals, as `torch.nn.Conv1d`:
/// y[n, i] = b[n] + sum over c, k of W[n, c, k] x[c, i s - p + k d].
///
/// x: (batch, in, length), y: (batch, Channels, ...), W: (Channels, in / groups, kernel),
/// b: (Channels).
/// Attributes as those of `Conv2d`, of one number each, and `Causal`: all padding stands before the
/// signal, so that no output depends on what comes later.
///
/// Errors: flat features or an image as input, a kernel longer than the padded signal, groups that
/// do not divide the channels, attributes of two numbers, and repeated or unknown ones do not
/// compile.
/// Example: `Conv1d<16, Kernel<9>, Causal, Dilation<2>>, Tanh`
template <int Channels, class... Attributes>
struct Conv1d : detail::Convolution<Channels, Attributes...> {
  static constexpr Window window = [] {
    Window of_length = detail::Convolution<Channels, Attributes...>::window;
    of_length.y = WindowAxis{};
    return of_length;
  }();
  static constexpr Shape output(Shape input) {
    return detail::slide(window, input).with_channels(Channels);
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::Convolution, .window = window, .groups = Conv1d::groups(input)};
  }
  static constexpr TextBuffer name() {
    return item_name("Conv1d", Channels, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong = Conv1d::check_layer();
    if (!wrong.empty()) return wrong;
    const WindowAxis& x = window.x;
    const WindowAxis& y = detail::Convolution<Channels, Attributes...>::window.y;
    if (y.kernel != x.kernel || y.stride != x.stride || y.dilation != x.dilation ||
        y.before != x.before) {
      wrong << "has an attribute of two numbers: a signal has one axis, give one";
    }
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions != 1) {
      return wrong << "expects a signal, got " << words_of(input)
                   << ": declare Input<channels, length>";
    }
    return Conv1d::check_shape(window, input);
  }
};

}  // namespace lamina
