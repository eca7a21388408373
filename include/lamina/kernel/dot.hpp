#pragma once

#include <algorithm>
#include <utility>

#include <lamina/kernel/tile.hpp>

/// Products whose depth lies along the registers: the weight gradient of narrow layers, where the
/// lanes are samples.
namespace lamina::kernel {

namespace detail {

namespace hn = simd::hn;

#if HWY_TARGET == HWY_SCALAR

/// Adds the sums over the lanes of the first `count` of four sums to as many floats.
HWY_INLINE void add_lane_sums(const Register (&sums)[4][simd::sum_parts], int count, float* to) {
  for (int i = 0; i < count; ++i) {
    simd::LaneSums lanes_of;
    std::copy_n(sums[i], simd::sum_parts, lanes_of.part);
    to[i] += simd::sum(lanes_of);
  }
}

#else

/// The sums within every block of four lanes of four registers, [a b c d] in place of each block.
HWY_INLINE Register sum_blocks_of_four(Register a, Register b, Register c, Register d) {
  const simd::Tag tag;
  const hn::RepartitionToWide<simd::Tag> pairs;
  // [a0+a2.. b0+b2.. a1+a3.. b1+b3..] in every block of four
  const auto ab = hn::Add(hn::InterleaveLower(tag, a.v, b.v), hn::InterleaveUpper(tag, a.v, b.v));
  const auto cd = hn::Add(hn::InterleaveLower(tag, c.v, d.v), hn::InterleaveUpper(tag, c.v, d.v));
  const auto even = hn::InterleaveLower(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, cd));
  const auto odd = hn::InterleaveUpper(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, cd));
  return hn::Add(hn::BitCast(tag, even), hn::BitCast(tag, odd));
}

/// Adds the sums over the lanes of the first `count` of four sums to as many floats, in the order
/// of `simd::sum`; `to` has room for four.
HWY_INLINE void add_lane_sums(const Register (&sums)[4][simd::sum_parts], int count, float* to) {
  const hn::FixedTag<float, 4> quad;
  Register blocks[simd::sum_parts];
  for (int i = 0; i < simd::sum_parts; ++i) {
    blocks[i] = sum_blocks_of_four(sums[0][i], sums[1][i], sums[2][i], sums[3][i]);
  }
  const auto all = simd::detail::add_blocks(blocks);
  const auto used = hn::FirstN(quad, static_cast<std::size_t>(count));
  hn::StoreU(hn::Add(hn::LoadU(quad, to), hn::IfThenElseZero(used, all)), quad, to);
}

#endif

}  // namespace detail

inline constexpr int dot_rows = 4;

/// Feature-major values in groups: feature f of group g is at data[(g * features + f) * group].
struct FeatureMajor {
  const float* data;
  int features;
};

namespace detail {

/// A tile of sums, of the lanes of one part of `simd::LaneSums`.
struct DotTile {
  const float* left[dot_rows];
  const float* right[dot_rows];
  std::ptrdiff_t left_stride;  ///< of a group
  std::ptrdiff_t right_stride;
  int groups;

  template <int Vectors, int Part>
  HWY_INLINE void sum(Register (&to)[dot_rows][dot_rows][simd::sum_parts]) const {
    constexpr int step = std::max(1, simd::sum_parts / Vectors);
    Register sums[dot_rows][dot_rows];
    LAMINA_UNROLL
    for (int i = 0; i < dot_rows; ++i) {
      LAMINA_UNROLL
      for (int j = 0; j < dot_rows; ++j) sums[i][j] = Register(0.0f);
    }
    std::ptrdiff_t l = Part / Vectors * left_stride;
    std::ptrdiff_t r = Part / Vectors * right_stride;
    for (int g = Part / Vectors; g < groups; g += step) {
      LAMINA_UNROLL
      for (int v = Part % Vectors; v < Vectors; v += simd::sum_parts) {
        Register y[dot_rows];
        LAMINA_UNROLL
        for (int j = 0; j < dot_rows; ++j) {
          y[j] = Register::load(right[j] + r + v * lanes);
          simd::hold(y[j]);
        }
        LAMINA_UNROLL
        for (int i = 0; i < dot_rows; ++i) {
          Register x = Register::load(left[i] + l + v * lanes);
          simd::hold(x);
          LAMINA_UNROLL
          for (int j = 0; j < dot_rows; ++j) sums[i][j] = multiply_add(x, y[j], sums[i][j]);
        }
      }
      l += step * left_stride;
      r += step * right_stride;
    }
    LAMINA_UNROLL
    for (int i = 0; i < dot_rows; ++i) {
      LAMINA_UNROLL
      for (int j = 0; j < dot_rows; ++j) to[i][j][Part] = sums[i][j];
    }
  }
};

}  // namespace detail

/// out[i * stride + j] += sum over all samples of left(first_left + i) * right(first_right + j),
/// for a tile of at most 4 by 4 features. A feature that is not there is taken from the last one
/// and its sums are dropped. A group is `Vectors` registers of samples. The parts of the sums are
/// made one after the other: those of all would not fit into the registers.
template <int Vectors>
HWY_NOINLINE void add_dot_tile(FeatureMajor left, int first_left, FeatureMajor right,
                               int first_right, int groups, float* out, std::ptrdiff_t stride) {
  constexpr int group = Vectors * lanes;
  detail::DotTile tile{{},
                       {},
                       static_cast<std::ptrdiff_t>(left.features) * group,
                       static_cast<std::ptrdiff_t>(right.features) * group,
                       groups};
  for (int i = 0; i < dot_rows; ++i) {
    tile.left[i] = left.data + std::min(first_left + i, left.features - 1) * group;
    tile.right[i] = right.data + std::min(first_right + i, right.features - 1) * group;
  }
  Register sums[dot_rows][dot_rows][simd::sum_parts];  // left as it is: zeros would cost 16 stores
  [&]<int... Part>(std::integer_sequence<int, Part...>) {
    (tile.template sum<Vectors, Part>(sums), ...);
  }(std::make_integer_sequence<int, simd::sum_parts>{});
  const int columns = std::min(dot_rows, right.features - first_right);
  for (int i = 0; i < std::min(dot_rows, left.features - first_left); ++i) {
    detail::add_lane_sums(sums[i], columns, out + i * stride);
  }
}

}  // namespace lamina::kernel
