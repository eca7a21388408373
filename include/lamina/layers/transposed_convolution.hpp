#pragma once

#include <algorithm>

#include <lamina/core/operation.hpp>
#include <lamina/layers/weighted_layer.hpp>
#include <lamina/layers/window_attributes.hpp>

namespace lamina {

namespace detail {

/// Positions that a transposed convolution makes of so many: what a convolution of this window
/// would leave of them are those.
constexpr int spread(const WindowAxis& axis, int extent, int more) {
  return bounded_extent(static_cast<long long>(extent - 1) * axis.stride + axis.reach() -
                        axis.before - axis.after + more);
}

/// What both transposed convolutions share: each value of x adds W times itself to the positions
/// of its window.
template <int Channels, bool Signal, class... Attributes>
struct ConvTranspose : WeightedLayer<Attributes...> {
 private:
  using More = find_attribute_t<AttributeKind::OutputPadding, OutputPadding<0>, Attributes...>;
  static constexpr Window both = window_of<Kernel<1>, Stride<1>, Attributes...>();

 public:
  static constexpr Role role = Role::Contraction;
  static constexpr Window window = Signal ? Window{WindowAxis{}, both.x} : both;

  static constexpr int groups(Shape input) {
    return find_attribute_t<AttributeKind::Groups, Groups<1>, Attributes...>::of(input.channels);
  }
  static constexpr Shape output(Shape input) {
    return {Channels, Signal ? 1 : spread(window.y, input.height, More::height),
            spread(window.x, input.width, More::width), input.dimensions};
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {
        .operation = Operation::TransposedConvolution, .window = window, .groups = groups(input)};
  }

  static constexpr TextBuffer check() {
    TextBuffer wrong;
    using OwnKernel = find_attribute_t<AttributeKind::Kernel, void, Attributes...>;
    using OwnPadding = find_attribute_t<AttributeKind::Padding, Padding<0>, Attributes...>;
    constexpr int most = 1 << 16;  // channels times taps are counted by int
    if (Channels > most) return wrong << "takes at most " << most << " channels, got " << Channels;
    if (Channels <= 0) return wrong << "needs at least 1 channel, got " << Channels;
    wrong << WeightedLayer<Attributes...>::template check_attributes<
        AttributeKind::Kernel, AttributeKind::Stride, AttributeKind::Padding,
        AttributeKind::Dilation, AttributeKind::Groups, AttributeKind::OutputPadding>();
    if (!wrong.empty()) return wrong;
    if (std::is_void_v<OwnKernel>) return wrong << "needs a kernel, such as Kernel<3>";
    if (!requires { OwnPadding::height; }) {
      return wrong << "takes no " << name_of<OwnPadding>() << ": give Padding<...>";
    }
    if (Signal && (!same_axes() || More::height != More::width)) {
      return wrong << "has an attribute of two numbers: a signal has one axis, give one";
    }
    const auto check_more = [&](const WindowAxis& axis, int more) {
      const int end = std::max(axis.stride, axis.dilation);
      if (wrong.empty() && more >= end) {
        wrong << "has " << name_of<More>() << ": it takes fewer than its stride or dilation, "
              << end;
      }
    };
    check_more(both.y, More::height);
    check_more(both.x, More::width);
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions != (Signal ? 1 : 2)) {
      return wrong << "expects " << (Signal ? "a signal" : "an image") << ", got "
                   << words_of(input) << ": declare Input<channels, "
                   << (Signal ? "length>" : "height, width>");
    }
    const Shape made = output(input);
    if (made.height < 1 || made.width < 1) {
      return wrong << "takes away more by its padding than it makes of " << words_of(input);
    }
    return wrong << check_groups(groups(input), input.channels, Channels);
  }

 private:
  static constexpr bool same_axes() {
    return both.y.kernel == both.x.kernel && both.y.stride == both.x.stride &&
           both.y.dilation == both.x.dilation && both.y.before == both.x.before;
  }
};

}  // namespace detail

/// A transposed convolution over images, as `torch.nn.ConvTranspose2d`: the gradient of a `Conv2d`
/// of these attributes by its inputs, as a layer. It enlarges images:
/// y[n, i s - p + k d, j s - p + l d] += W[c, n, k, l] x[c, i, j], and b[n] everywhere.
///
/// x: (batch, in, height, width), y: (batch, Channels, ...), W: (in, Channels / groups, kernel
/// height, kernel width), b: (Channels). An axis of h positions becomes
/// (h - 1) s - 2 p + d (kernel - 1) + 1 + output padding.
///
/// Attributes, in any order: `Kernel<2>` or `Kernel<height, width>`, needed; `Stride<s>`,
/// `Padding<p>`, `Dilation<d>`, `OutputPadding<o>`, each for both axes or as <height, width>;
/// `Groups<g>` or `Depthwise`; and those of `Linear`. Initializers take in x taps / stride^2 for
/// the fan-in, the products that an output is the sum of (PyTorch: the outputs x taps).
/// `WeightNorm` is `torch.nn.utils.weight_norm(..., dim=1)`; in groups each output has a magnitude
/// of its own, where PyTorch's are shared by the groups, so that such files are not exchanged.
///
/// Errors: flat features or a signal as input, an output padding that is not below the stride or
/// the dilation, padding that leaves nothing, groups that do not divide the channels, and repeated
/// or unknown attributes do not compile.
/// Example: `ConvTranspose2d<16, Kernel<2>, Stride<2>>` doubles height and width.
/// Source: Dumoulin and Visin 2016, https://arxiv.org/abs/1603.07285
template <int Channels, class... Attributes>
struct ConvTranspose2d : detail::ConvTranspose<Channels, false, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("ConvTranspose2d", Channels, name_of<Attributes>()...);
  }
};

/// A transposed convolution over signals, as `torch.nn.ConvTranspose1d`:
/// y[n, i s - p + k d] += W[c, n, k] x[c, i], and b[n] everywhere.
///
/// x: (batch, in, length), y: (batch, Channels, ...), W: (in, Channels / groups, kernel),
/// b: (Channels). Attributes and errors as those of `ConvTranspose2d`, of one number each.
/// Example: `ConvTranspose1d<8, Kernel<4>, Stride<2>, Padding<1>>` doubles the length.
template <int Channels, class... Attributes>
struct ConvTranspose1d : detail::ConvTranspose<Channels, true, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("ConvTranspose1d", Channels, name_of<Attributes>()...);
  }
};

}  // namespace lamina
