#pragma once

#include <algorithm>

#include <lamina/core/dropout_mask.hpp>
#include <lamina/core/math.hpp>
#include <lamina/expr/chain.hpp>
#include <lamina/kernel/tile.hpp>

/// The chain of a stage over a hot panel, forward and backward: a few rows at a time, so that a
/// column of them stays in the L1 cache while its registers are done one by one.
namespace lamina::kernel {

/// Scale and shift of a normalization, arrays of a panel's width.
struct PanelAffine {
  const float* factor;
  const float* offset;
};

/// x -> (x - center) * factor + offset, a register of features.
struct Affine {
  Register center;
  Register factor;
  Register offset;

  static HWY_INLINE Affine identity() {
    const Register zero(0.0f);
    return {zero, Register(1.0f), zero};
  }
  HWY_INLINE Register operator()(Register x) const {
    return multiply_add(x - center, factor, offset);
  }
};

/// A panel over rows [first_row, first_row + rows), first_row a multiple of 8.
struct ChainPanel {
  std::ptrdiff_t stride;
  int vectors;
  int first_row;
  int rows;
  int first_feature;
  PanelAffine affine;  ///< null where the stage is not normalized
  NoiseSource noise;
  const int* dropping_positions;  ///< of the chain's dropouts in the network
  const float* skip;  ///< what is added at the end, laid out as the values; null where nothing is

  [[nodiscard]] bool normalized() const { return affine.factor != nullptr; }
};

/// One register of features of a few rows.
struct Column {
  std::ptrdiff_t stride;
  int first_row;
  int rows;
  int feature;  ///< of the first lane
  NoiseSource noise;
  const int* dropping_positions;
};

/// Rows that are done together: 8 KiB of a panel of 64 features.
inline constexpr int column_rows = 32;

namespace detail {

namespace hn = simd::hn;

/// Scale and shift between a normalization and a chain.
struct ScaleShift {
  Register factor;
  Register offset;
  HWY_INLINE Register operator()(Register x) const { return multiply_add(x, factor, offset); }
};

/// What stands between a contraction and a chain without normalization.
struct NoAffine {
  HWY_INLINE Register operator()(Register x) const { return x; }
};

/// The masks of eight rows for every dropping item of a chain.
template <class Chain>
class Masks {
 public:
  static constexpr int count = Chain::dropping;

  HWY_INLINE Masks(const Column& column, int row) {
    for (int i = 0; i < count; ++i) {
      blocks_[i] = philox::block(mask_counter(column.noise, column.dropping_positions[i],
                                              column.first_row + row, column.feature),
                                 column.noise.seed);
    }
  }

  /// 1 / keep or 0 for row `Row` of the eight and the i-th dropping item.
  template <int Row>
  [[nodiscard]] HWY_INLINE Register multiplier(int i) const {
    using Int = hn::RebindToSigned<simd::Tag>;
    const auto word = blocks_[i].word[Row / 2];
    const auto bits =
        Row % 2 == 0 ? hn::And(word, hn::Set(philox::Words{}, 0xFFFFu)) : hn::ShiftRight<16>(word);
    const auto kept =
        hn::Lt(hn::BitCast(Int{}, bits), hn::Set(Int{}, keep_threshold(Chain::keep(i))));
    const Register scale(static_cast<float>(1 / Chain::keep(i)));
    return hn::IfThenElseZero(hn::RebindMask(simd::Tag{}, kept), scale.v);
  }

 private:
  philox::Block blocks_[count > 0 ? count : 1];
};

/// Calls f(row, masks of that row) for all rows of a column, eight rows to a block of masks.
template <class Chain, bool Random, class F>
HWY_INLINE void for_each_row(const Column& column, const F& f) {
  const auto none = [](int) { return Register(1.0f); };
  if constexpr (!Random) {
    for (int row = 0; row < column.rows; ++row) f(row, none);
  } else {
    for (int row = 0; row < column.rows; row += 8) {
      const Masks<Chain> masks(column, row);
      const int left = column.rows - row;
      [&]<int... I>(std::integer_sequence<int, I...>) {
        ((I < left ? f(
                         row + I, [&](int i) { return masks.template multiplier<I>(i); })
                   : void()),
         ...);
      }(std::make_integer_sequence<int, 8>{});
    }
  }
}

}  // namespace detail

namespace detail {

/// Calls f(column, affine, offset) for the columns of a panel, a few rows at a time; without
/// normalization the affine is not there.
template <bool Normalized, class F>
HWY_INLINE void for_each_column(const ChainPanel& panel, const F& f) {
  for (int row = 0; row < panel.rows; row += column_rows) {
    const int rows = std::min(column_rows, panel.rows - row);
    for (int lane = 0; lane < panel.vectors * lanes; lane += lanes) {
      const Column column{panel.stride, panel.first_row + row,   rows, panel.first_feature + lane,
                          panel.noise,  panel.dropping_positions};
      const std::ptrdiff_t offset = row * panel.stride + lane;
      if constexpr (Normalized) {
        f(column,
          ScaleShift{Register::load(panel.affine.factor + lane),
                     Register::load(panel.affine.offset + lane)},
          offset);
      } else {
        f(column, NoAffine{}, offset);
      }
    }
  }
}

template <class Chain, bool Normalized>
HWY_INLINE void apply_columns(const ChainPanel& panel, const float* before, float* after) {
  for_each_column<Normalized>(
      panel, [&](const Column& column, const auto& affine, std::ptrdiff_t offset) {
        for_each_row<Chain, (Chain::dropping > 0)>(column, [&](int row, const auto& masks) {
          const std::ptrdiff_t at = offset + row * column.stride;
          Register y = Chain::forward(affine(Register::load(before + at)), masks);
          if constexpr (Chain::adds_skip) y += Register::load(panel.skip + at);
          y.store(after + at);
        });
      });
}

template <class Chain, bool Normalized>
HWY_INLINE void apply_columns_backward(const ChainPanel& panel, const float* before,
                                       const float* after, float* gradient) {
  for_each_column<Normalized>(
      panel, [&](const Column& column, const auto& affine, std::ptrdiff_t offset) {
        for_each_row<Chain, !Chain::masks_in_output>(column, [&](int row, const auto& masks) {
          const std::ptrdiff_t at = offset + row * column.stride;
          const Register stored = Chain::reads == expr::Reads::Input
                                      ? affine(Register::load(before + at))
                                      : Register::load(after + at);
          (Register::load(gradient + at) * Chain::slope(stored, masks)).store(gradient + at);
        });
      });
}

}  // namespace detail

/// after = chain(affine(before)), training: with dropout.
template <class Chain>
void apply_chain(const ChainPanel& panel, const float* before, float* after) {
  if (panel.normalized()) {
    detail::apply_columns<Chain, true>(panel, before, after);
  } else {
    detail::apply_columns<Chain, false>(panel, before, after);
  }
}

/// gradient *= d chain / d input, from what the chain reads: `after`, or affine(`before`).
template <class Chain>
void apply_chain_backward(const ChainPanel& panel, const float* before, const float* after,
                          float* gradient) {
  if (Chain::reads == expr::Reads::Input && panel.normalized()) {
    detail::apply_columns_backward<Chain, true>(panel, before, after, gradient);
  } else {
    detail::apply_columns_backward<Chain, false>(panel, before, after, gradient);
  }
}

/// values = chain(affine(values)) + skip for one column, inference: without dropout.
template <class Chain>
void infer_chain(const Affine& affine, float* values, const float* skip, std::ptrdiff_t stride,
                 int rows) {
  for (int row = 0; row < rows; ++row) {
    float* at = values + row * stride;
    Register y = Chain::infer(affine(Register::load(at)));
    if constexpr (Chain::adds_skip) y += Register::load(skip + row * stride);
    y.store(at);
  }
}

/// The chain of one stage, for run-time tables: stages with the same chain share these functions.
struct ChainKernels {
  void (*forward)(const ChainPanel&, const float* before, float* after);
  void (*backward)(const ChainPanel&, const float* before, const float* after, float* gradient);
  void (*infer)(const Affine&, float* values, const float* skip, std::ptrdiff_t stride, int rows);
};

template <class Chain>
inline constexpr ChainKernels training_chain{&apply_chain<Chain>, &apply_chain_backward<Chain>,
                                             &infer_chain<Chain>};

}  // namespace lamina::kernel
