#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>

#include <lamina/augment/warp.hpp>

#include "augment/strides.hpp"

/// Warps that move whole pixels to whole pixels, rows to rows: flips, crops with or without
/// padding, shifts. Copied, they take a tenth of the time of taps with shares of 0, which give the
/// same values.
namespace lamina::augment {

/// The index that `Reflect` finds.
inline int reflected(int index, int extent) {
  const int period = std::max(2 * (extent - 1), 1);
  const int rest = std::abs(index) % period;
  return std::min(rest, period - rest) % extent;
}

/// One axis: output index i is input index sign * i + start.
struct WholeAxis {
  int sign = 1;
  int start = 0;
  int extent = 0;  ///< of the input
  bool mirrored = false;
  bool filled = false;

  /// The input index, or -1 for what is filled.
  [[nodiscard]] int at(int output) const {
    const int index = sign * output + start;
    if (index >= 0 && index < extent) return index;
    if (filled) return -1;
    if (!mirrored) return std::clamp(index, 0, extent - 1);
    return reflected(index, extent);
  }
  /// The first output index in [0, count] from which inputs are inside.
  [[nodiscard]] int first_inside(int count) const {
    return std::clamp(sign > 0 ? -start : start - extent + 1, 0, count);
  }
  [[nodiscard]] int end_inside(int count) const {
    return std::clamp(sign > 0 ? extent - start : start + 1, first_inside(count), count);
  }
};

inline std::optional<WholeAxis> whole_axis(double step, double across, double start, int extent,
                                           const Border& border) {
  constexpr double most = 1 << 28;
  const bool whole =
      std::abs(step) == 1 && across == 0 && std::abs(start) < most && std::floor(start) == start;
  if (!whole) return std::nullopt;
  return WholeAxis{step > 0 ? 1 : -1, static_cast<int>(start), extent,
                   std::holds_alternative<Reflect>(border), std::holds_alternative<Fill>(border)};
}

/// All rows of all channels: what is inside at once, what is around it one by one. Views do not
/// overlap.
template <class From, class To, class FromStride, class ToStride>
void copy_rows(const Pixels<From>& from, FromStride step, const Pixels<To>& to, ToStride to_step,
               const WholeAxis& rows, const WholeAxis& columns, To fill) {
  const int inside = columns.first_inside(to.width);
  const int end = columns.end_inside(to.width);
  const std::ptrdiff_t first = columns.at(inside) * from.column_stride;
  for (int y = 0; y < to.height; ++y) {
    const int row = rows.at(y);
    for (int c = 0; c < to.channels; ++c) {
      To* __restrict target = to.at(c, y, 0);
      if (row < 0) {
        for (int x = 0; x < to.width; ++x) target[x * to_step] = fill;
        continue;
      }
      const From* __restrict source = from.at(c, row, 0);
      const auto around = [&](int x) {
        const int column = columns.at(x);
        target[x * to_step] =
            column < 0 ? fill : static_cast<To>(source[column * from.column_stride]);
      };
      for (int x = 0; x < inside; ++x) around(x);
      for (int x = 0; x < end - inside; ++x) {
        target[(inside + x) * to_step] = static_cast<To>(source[first + x * step]);
      }
      for (int x = end; x < to.width; ++x) around(x);
    }
  }
}

/// Does the warp and says true, where it moves whole pixels. `kept` is memory to copy an image to
/// that is changed where it stands.
template <class From, class To, class Keep>
bool copy_whole(Pixels<From> from, const Pixels<To>& to, const Warp& by, const Border& border,
                To fill, const Keep& kept) {
  if (!by.is_affine() || by.seen()) return false;
  const auto& m = by.matrix();
  const auto columns = whole_axis(m[0], m[1], m[2], from.width, border);
  const auto rows = whole_axis(m[4], m[3], m[5], from.height, border);
  if (!columns || !rows) return false;
  const auto copy = [&](const auto& source) {
    with_stride(source.column_stride * columns->sign, [&](auto step) {
      with_stride(to.column_stride, [&](auto to_step) {
        copy_rows(source, step, to, to_step, *rows, *columns, fill);
      });
    });
  };
  if (!overlap(from, to)) {
    copy(from);
    return true;
  }
  const auto values =
      kept(static_cast<std::size_t>(from.channels) * static_cast<std::size_t>(from.height) *
           static_cast<std::size_t>(from.width));
  using Kept = Pixels<typename decltype(values)::element_type>;
  const Kept copied = has_joined_rows(from)
                          ? Kept::channels_last(values, from.channels, from.height, from.width)
                          : Kept::channels_first(values, from.channels, from.height, from.width);
  copy_values(from, copied);
  copy(copied);
  return true;
}

}  // namespace lamina::augment
