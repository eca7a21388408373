#pragma once

#include <algorithm>

#include <lamina/kernel/tile.hpp>

/// Products whose depth lies along the registers: the weight gradient of narrow layers, where the
/// lanes are samples.
namespace lamina::kernel {

namespace detail {

namespace hn = simd::hn;

#if HWY_TARGET == HWY_SCALAR

/// Adds the sums over the lanes of the first `count` of four registers to as many floats.
HWY_INLINE void add_lane_sums(const Register (&registers)[4], int count, float* to) {
  for (int i = 0; i < count; ++i) to[i] += simd::sum(registers[i]);
}

#else

/// Adds the upper half of a register to the lower until four floats are left.
template <class D, class V>
HWY_INLINE auto fold_to_quad(D, V v) {
  if constexpr (hn::MaxLanes(D{}) == 4) {
    return v;
  } else {
    const hn::Half<D> half;
    return fold_to_quad(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
}

/// The sums over the lanes of four registers, as four floats.
HWY_INLINE auto sum_lanes_of_four(Register a, Register b, Register c, Register d) {
  const simd::Tag tag;
  const hn::RepartitionToWide<simd::Tag> pairs;
  // [a0+a2.. b0+b2.. a1+a3.. b1+b3..] in every block of four
  const auto ab = hn::Add(hn::InterleaveLower(tag, a.v, b.v), hn::InterleaveUpper(tag, a.v, b.v));
  const auto cd = hn::Add(hn::InterleaveLower(tag, c.v, d.v), hn::InterleaveUpper(tag, c.v, d.v));
  const auto even = hn::InterleaveLower(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, cd));
  const auto odd = hn::InterleaveUpper(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, cd));
  return fold_to_quad(tag, hn::Add(hn::BitCast(tag, even), hn::BitCast(tag, odd)));
}

/// Adds the sums over the lanes of the first `count` of four registers to as many floats; `to` has
/// room for four.
HWY_INLINE void add_lane_sums(const Register (&registers)[4], int count, float* to) {
  const hn::FixedTag<float, 4> quad;
  const auto sums = sum_lanes_of_four(registers[0], registers[1], registers[2], registers[3]);
  const auto used = hn::FirstN(quad, static_cast<std::size_t>(count));
  hn::StoreU(hn::Add(hn::LoadU(quad, to), hn::IfThenElseZero(used, sums)), quad, to);
}

#endif

}  // namespace detail

inline constexpr int dot_rows = 4;

/// Feature-major values in groups: feature f of group g is at data[(g * features + f) * group].
struct FeatureMajor {
  const float* data;
  int features;
};

/// out[i * stride + j] += sum over all samples of left(first_left + i) * right(first_right + j),
/// for a tile of at most 4 by 4 features. A feature that is not there is taken from the last one
/// and its sums are dropped. A group is `Vectors` registers of samples.
template <int Vectors>
HWY_NOINLINE void add_dot_tile(FeatureMajor left, int first_left, FeatureMajor right,
                               int first_right, int groups, float* out, std::ptrdiff_t stride) {
  constexpr int group = Vectors * lanes;
  const float* a[dot_rows];
  const float* b[dot_rows];
  for (int i = 0; i < dot_rows; ++i) {
    a[i] = left.data + std::min(first_left + i, left.features - 1) * group;
    b[i] = right.data + std::min(first_right + i, right.features - 1) * group;
  }
  Register sums[dot_rows][dot_rows];
  LAMINA_UNROLL
  for (int i = 0; i < dot_rows; ++i) {
    LAMINA_UNROLL
    for (int j = 0; j < dot_rows; ++j) sums[i][j] = Register(0.0f);
  }
  std::ptrdiff_t l = 0;
  std::ptrdiff_t r = 0;
  for (int g = 0; g < groups; ++g) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      Register y[dot_rows];
      LAMINA_UNROLL
      for (int j = 0; j < dot_rows; ++j) {
        y[j] = Register::load(b[j] + r + v * lanes);
        simd::hold(y[j]);
      }
      LAMINA_UNROLL
      for (int i = 0; i < dot_rows; ++i) {
        Register x = Register::load(a[i] + l + v * lanes);
        simd::hold(x);
        LAMINA_UNROLL
        for (int j = 0; j < dot_rows; ++j) sums[i][j] = multiply_add(x, y[j], sums[i][j]);
      }
    }
    l += static_cast<std::ptrdiff_t>(left.features) * group;
    r += static_cast<std::ptrdiff_t>(right.features) * group;
  }
  const int columns = std::min(dot_rows, right.features - first_right);
  for (int i = 0; i < std::min(dot_rows, left.features - first_left); ++i) {
    detail::add_lane_sums(sums[i], columns, out + i * stride);
  }
}

}  // namespace lamina::kernel
