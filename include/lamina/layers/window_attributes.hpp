#pragma once

#include <string_view>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/window.hpp>

namespace lamina {

namespace detail {

/// An attribute of one number for both axes, or one each for height and width.
template <AttributeKind Kind, int Least, int Height, int Width>
struct PerAxis {
  static constexpr AttributeKind attribute = Kind;
  static constexpr int height = Height;
  static constexpr int width = Width;

 protected:
  static constexpr TextBuffer write(std::string_view name) {
    if constexpr (Height == Width) return item_name(name, Height);
    return item_name(name, Height, Width);
  }
  static constexpr TextBuffer check_numbers(std::string_view name) {
    TextBuffer wrong;
    constexpr int least = Height < Width ? Height : Width;
    constexpr int largest = Height < Width ? Width : Height;
    constexpr int most = 1 << 15;  // a kernel times a dilation is counted by int
    if (least < Least) wrong << "needs a " << name << " of at least " << Least << ", got " << least;
    if (largest > most)
      wrong << "takes a " << name << " of at most " << most << ", got " << largest;
    return wrong;
  }
};

}  // namespace detail

/// Attribute of a convolution: the extents of its kernel, `Kernel<3>` or `Kernel<height, width>`;
/// in one dimension its length.
template <int Height, int Width = Height>
struct Kernel : detail::PerAxis<AttributeKind::Kernel, 1, Height, Width> {
  static constexpr TextBuffer name() { return Kernel::write("Kernel"); }
  static constexpr TextBuffer check() { return Kernel::check_numbers("kernel"); }
};

/// Attribute of a convolution or pool: positions from one output to the next; 1 for a convolution,
/// the size for a pool.
template <int Height, int Width = Height>
struct Stride : detail::PerAxis<AttributeKind::Stride, 1, Height, Width> {
  static constexpr TextBuffer name() { return Stride::write("Stride"); }
  static constexpr TextBuffer check() { return Stride::check_numbers("stride"); }
};

/// Attribute of a convolution or pool: zeros (for a max pool, values below all others) around the
/// input, on both sides of an axis. 0 without. Of a transposed convolution, which goes the other
/// way, positions that are taken away on both sides of its output.
template <int Height, int Width = Height>
struct Padding : detail::PerAxis<AttributeKind::Padding, 0, Height, Width> {
  static constexpr TextBuffer name() { return Padding::write("Padding"); }
  static constexpr TextBuffer check() { return Padding::check_numbers("padding"); }
};

/// Attribute of a convolution: positions between the taps of its kernel; 1 for neighbours.
template <int Height, int Width = Height>
struct Dilation : detail::PerAxis<AttributeKind::Dilation, 1, Height, Width> {
  static constexpr TextBuffer name() { return Dilation::write("Dilation"); }
  static constexpr TextBuffer check() { return Dilation::check_numbers("dilation"); }
};

/// Attribute of a convolution: channels are cut into `Count` runs, and each run of outputs reads
/// one run of inputs alone. PyTorch's `groups`.
template <int Count>
struct Groups {
  static constexpr AttributeKind attribute = AttributeKind::Groups;
  static constexpr int of(int) { return Count; }
  static constexpr TextBuffer name() { return item_name("Groups", Count); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Count < 1) wrong << "needs at least 1 group, got " << Count;
    return wrong;
  }
};

/// Attribute of a convolution: as many groups as channels come in, so that every output reads one
/// channel.
struct Depthwise {
  static constexpr AttributeKind attribute = AttributeKind::Groups;
  static constexpr int of(int channels) { return channels; }
  static constexpr TextBuffer name() { return item_name("Depthwise"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Attribute of a transposed convolution: positions more behind the last, which a stride above 1
/// leaves open: fewer than the larger of stride and dilation. PyTorch's `output_padding`.
template <int Height, int Width = Height>
struct OutputPadding : detail::PerAxis<AttributeKind::OutputPadding, 0, Height, Width> {
  static constexpr TextBuffer name() { return OutputPadding::write("OutputPadding"); }
  static constexpr TextBuffer check() { return OutputPadding::check_numbers("padding"); }
};

/// Attribute of a convolution of stride 1: padding so that the output has the positions of the
/// input; where that is odd, the one more stands behind. PyTorch's `padding="same"`.
struct Same {
  static constexpr AttributeKind attribute = AttributeKind::Padding;
  static constexpr TextBuffer name() { return item_name("Same"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Attribute of `Conv1d`: all padding stands before the signal, so that no output depends on a
/// later input.
struct Causal {
  static constexpr AttributeKind attribute = AttributeKind::Padding;
  static constexpr TextBuffer name() { return item_name("Causal"); }
  static constexpr TextBuffer check() { return {}; }
};

namespace detail {

/// The window that the attributes of an item describe; `Size` where none names a kernel.
template <class Size, class DefaultStride, class... Attributes>
constexpr Window window_of() {
  using OwnKernel = find_attribute_t<AttributeKind::Kernel, Size, Attributes...>;
  using OwnStride = find_attribute_t<AttributeKind::Stride, DefaultStride, Attributes...>;
  using OwnDilation = find_attribute_t<AttributeKind::Dilation, Dilation<1>, Attributes...>;
  using OwnPadding = find_attribute_t<AttributeKind::Padding, Padding<0>, Attributes...>;
  Window window{{OwnKernel::height, OwnStride::height, OwnDilation::height},
                {OwnKernel::width, OwnStride::width, OwnDilation::width}};
  const auto pad = [](WindowAxis& axis, [[maybe_unused]] int padding) {
    if constexpr (std::is_same_v<OwnPadding, Same>) {
      axis.before = (axis.reach() - 1) / 2;
      axis.after = axis.reach() - 1 - axis.before;
    } else if constexpr (std::is_same_v<OwnPadding, Causal>) {
      axis.before = axis.reach() - 1;
    } else {
      axis.before = axis.after = padding;
    }
  };
  if constexpr (requires { OwnPadding::height; }) {
    pad(window.y, OwnPadding::height);
    pad(window.x, OwnPadding::width);
  } else {
    pad(window.y, 0);
    pad(window.x, 0);
  }
  return window;
}

/// What groups say against channels that they do not divide.
constexpr TextBuffer check_groups(int groups, int inputs, int outputs) {
  TextBuffer wrong;
  if (inputs % groups != 0) {
    wrong << "cuts channels into " << groups << " groups, which do not divide the " << inputs
          << " that come in";
  } else if (outputs % groups != 0) {
    wrong << "cuts channels into " << groups << " groups, which do not divide its " << outputs
          << " outputs";
  }
  return wrong;
}

/// What a window makes of a shape; an axis without outputs has none.
constexpr Shape slide(const Window& window, const Shape& input) {
  return {input.channels, window.y.output(input.height), window.x.output(input.width),
          input.dimensions};
}

/// What a window says against a shape that it does not fit.
constexpr TextBuffer check_window(const Window& window, const Shape& input) {
  TextBuffer wrong;
  const auto check = [&](const WindowAxis& axis, int extent, std::string_view name) {
    if (!wrong.empty() || axis.output(extent) > 0) return;
    wrong << "reaches over " << axis.reach() << " positions, more than the "
          << extent + axis.before + axis.after << " of the " << name;
    if (axis.before + axis.after > 0) wrong << " with its padding";
    wrong << ": it got " << words_of(input);
  };
  check(window.y, input.height, "height");
  check(window.x, input.width, input.dimensions == 1 ? "length" : "width");
  return wrong;
}

}  // namespace detail

}  // namespace lamina
