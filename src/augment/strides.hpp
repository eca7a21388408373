#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include <lamina/augment/image.hpp>

/// Loops over views whose strides the compiler knows, where they are those of common layouts.
namespace lamina::augment {

template <std::ptrdiff_t Stride>
using FixedStride = std::integral_constant<std::ptrdiff_t, Stride>;

/// Calls f(stride): a constant for values that lie together, in either direction, and for three
/// channels side by side.
template <class F>
void with_stride(std::ptrdiff_t stride, const F& f) {
  if (stride == 1) {
    f(FixedStride<1>{});
  } else if (stride == -1) {
    f(FixedStride<-1>{});
  } else if (stride == 3) {
    f(FixedStride<3>{});
  } else {
    f(stride);
  }
}

/// True where the values of a row's pixels lie together, all channels of each side by side.
template <class Value>
bool has_joined_rows(const Pixels<Value>& pixels) {
  return pixels.channel_stride == 1 && pixels.column_stride == pixels.channels;
}

/// The same values as one channel of rows of single values, where that is what they are in memory:
/// for what treats every value alike.
template <class Value>
Pixels<Value> joined(Pixels<Value> pixels) {
  if (has_joined_rows(pixels)) {
    pixels.width *= pixels.channels;
    pixels.channels = 1;
    pixels.column_stride = 1;
  }
  if (pixels.column_stride == 1 && pixels.row_stride == pixels.width) {  // rows lie together
    pixels.width *= pixels.height;
    pixels.height = 1;
    if (pixels.channels > 1 && pixels.channel_stride == pixels.width) {
      pixels.width *= pixels.channels;
      pixels.channels = 1;
    }
  }
  return pixels;
}

/// Copies all values; the views have the same extents and do not overlap.
template <class From, class To>
void copy_values(const Pixels<From>& from, const Pixels<To>& to) {
  const bool same_rows = has_joined_rows(from) && has_joined_rows(to);
  const int channels = same_rows ? 1 : from.channels;
  const std::ptrdiff_t width = std::ptrdiff_t{from.width} * (same_rows ? from.channels : 1);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < from.height; ++y) {
      const From* source = from.at(c, y, 0);
      To* target = to.at(c, y, 0);
      with_stride(same_rows ? 1 : from.column_stride, [&](auto from_stride) {
        with_stride(same_rows ? 1 : to.column_stride, [&](auto to_stride) {
          for (std::ptrdiff_t x = 0; x < width; ++x) {
            target[x * to_stride] = static_cast<To>(source[x * from_stride]);
          }
        });
      });
    }
  }
}

/// True where two views have memory in common, or memory between that of the other.
template <class A, class B>
bool overlap(const Pixels<A>& a, const Pixels<B>& b) {
  const auto bounds = [](const auto& pixels) {
    const auto end = [&](bool last) {  // a stride below 0 has its last value first in memory
      return static_cast<const void*>(
          pixels.at((pixels.channel_stride > 0) == last ? pixels.channels - 1 : 0,
                    (pixels.row_stride > 0) == last ? pixels.height - 1 : 0,
                    (pixels.column_stride > 0) == last ? pixels.width - 1 : 0));
    };
    return std::pair{end(false), end(true)};
  };
  const std::less<const void*> before;
  return !before(bounds(a).second, bounds(b).first) && !before(bounds(b).second, bounds(a).first);
}

}  // namespace lamina::augment
