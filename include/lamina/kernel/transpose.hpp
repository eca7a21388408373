#pragma once

#include <lamina/core/simd.hpp>
#include <lamina/core/tile.hpp>

/// Turns packed weights for the way back: the gradient by the inputs multiplies by the transpose,
/// made panel by panel just before use. Measured, a second packed copy kept up to date is no
/// faster.
namespace lamina::kernel {

namespace detail {

using simd::lanes;
using simd::Register;
using simd::Tag;
namespace hn = simd::hn;

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE void transpose_strip(const float* from, std::ptrdiff_t, float* to,
                                std::ptrdiff_t to_stride) {
  for (int column = 0; column < 4; ++column) to[column * to_stride] = from[column];
}

#else

/// 4 floats of each of the rows r, r + 4, r + 8, ... side by side in one register.
template <class D>
HWY_INLINE hn::Vec<D> load_quads(D d, const float* from, std::ptrdiff_t stride) {
  constexpr auto size = static_cast<std::ptrdiff_t>(hn::MaxLanes(D{}));
  if constexpr (size == 4) {
    return hn::LoadU(d, from);
  } else {
    const hn::Half<D> half;
    return hn::Combine(d, load_quads(half, from + size / 2 * stride, stride),
                       load_quads(half, from, stride));
  }
}

/// Four columns of `lanes` rows become four registers: 4 x 4 transposes within 128-bit blocks.
HWY_INLINE void transpose_strip(const float* from, std::ptrdiff_t from_stride, float* to,
                                std::ptrdiff_t to_stride) {
  const hn::RepartitionToWide<Tag> pairs;
  const auto a = load_quads(Tag{}, from, from_stride);
  const auto b = load_quads(Tag{}, from + from_stride, from_stride);
  const auto c = load_quads(Tag{}, from + 2 * from_stride, from_stride);
  const auto d = load_quads(Tag{}, from + 3 * from_stride, from_stride);
  const auto ab_low = hn::BitCast(pairs, hn::InterleaveLower(Tag{}, a, b));
  const auto cd_low = hn::BitCast(pairs, hn::InterleaveLower(Tag{}, c, d));
  const auto ab_high = hn::BitCast(pairs, hn::InterleaveUpper(Tag{}, a, b));
  const auto cd_high = hn::BitCast(pairs, hn::InterleaveUpper(Tag{}, c, d));
  const auto store = [&](int column, auto value) {
    hn::Store(hn::BitCast(Tag{}, value), Tag{}, to + column * to_stride);
  };
  store(0, hn::InterleaveLower(pairs, ab_low, cd_low));
  store(1, hn::InterleaveUpper(pairs, ab_low, cd_low));
  store(2, hn::InterleaveLower(pairs, ab_high, cd_high));
  store(3, hn::InterleaveUpper(pairs, ab_high, cd_high));
}

#endif

}  // namespace detail

/// Columns that one strip turns.
inline constexpr int strip = 4;

/// Inputs [first, first + count) of packed weights [panel][input][width] as a panel of the
/// transpose: to[n][to_width], n over the padded outputs. Columns from `count` to the next multiple
/// of the register width are zero.
inline void transpose_inputs(const float* weights, const Panels& panels, int inputs, int first,
                             int count, float* to, int to_width) {
  using simd::lanes;
  const int padded = (count + lanes - 1) / lanes * lanes;
  const int whole = panels.width % strip == 0 ? count / lanes * lanes : 0;
  for (int panel = 0; panel < panels.count; ++panel) {
    const float* from =
        weights + (static_cast<std::ptrdiff_t>(panel) * inputs + first) * panels.width;
    float* rows = to + static_cast<std::ptrdiff_t>(panel) * panels.width * to_width;
    for (int k = 0; k < whole; k += lanes) {
      for (int n = 0; n < panels.width; n += strip) {
        detail::transpose_strip(from + static_cast<std::ptrdiff_t>(k) * panels.width + n,
                                panels.width, rows + static_cast<std::ptrdiff_t>(n) * to_width + k,
                                to_width);
      }
    }
    if (whole == count) continue;
    for (int n = 0; n < panels.width; ++n) {
      float* row = rows + static_cast<std::ptrdiff_t>(n) * to_width;
      for (int k = whole; k < padded; ++k) {
        row[k] = k < count ? from[static_cast<std::ptrdiff_t>(k) * panels.width + n] : 0.0f;
      }
    }
  }
}

}  // namespace lamina::kernel
