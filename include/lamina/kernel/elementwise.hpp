#pragma once

#include <algorithm>
#include <cstddef>
#include <new>

#include <lamina/core/draw.hpp>
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

/// What the random items of one chain derive from their rates in one step: room for the `Numbers`
/// of any chain, so that tables hold those of all stages.
class ChainNumbers {
 public:
  template <class Numbers>
  void set(const Numbers& numbers) {
    static_assert(sizeof(Numbers) <= size && alignof(Numbers) <= 16,
                  "lamina: the Numbers of a random item take at most 32 bytes");
    static_assert(std::is_trivially_destructible_v<Numbers>);
    ::new (static_cast<void*>(bytes_)) Numbers(numbers);
  }
  template <class Numbers>
  [[nodiscard]] const Numbers& get() const {
    return *std::launder(reinterpret_cast<const Numbers*>(bytes_));
  }

 private:
  static constexpr std::size_t size = 144;
  alignas(16) std::byte bytes_[size];
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
  const int* random_streams;    ///< of the chain's random items in the network
  const ChainNumbers* numbers;  ///< of the chain in this step; read where it has random items
  const float* skip;  ///< what is added at the end, laid out as the values; null where nothing is
  int positions = 1;  ///< rows of a sample

  [[nodiscard]] bool normalized() const { return affine.factor != nullptr; }
};

/// One register of features of a few rows.
struct Column {
  std::ptrdiff_t stride;
  int first_row;
  int rows;
  int feature;  ///< of the first lane
  NoiseSource noise;
  const int* random_streams;
  int positions;  ///< rows of a sample
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

/// The random bits of eight rows for every random item of a chain.
template <class Chain>
class Draws {
 public:
  static constexpr int count = Chain::random;

  HWY_INLINE Draws(const Column& column, int row) {
    for (int i = 0; i < count; ++i) {
      if (Chain::whole_channels[static_cast<std::size_t>(i)]) {
        draw_samples(i, column, column.first_row + row);
      } else {
        blocks_[i] = block(i, column, column.first_row + row);
      }
    }
  }

  /// The bits of row `Row` of the eight for the i-th random item.
  template <int Row>
  [[nodiscard]] HWY_INLINE RegisterDraw draw(int i) const {
    if constexpr (Chain::draws_samples) {
      if (Chain::whole_channels[static_cast<std::size_t>(i)]) return of_samples_[i][Row];
    }
    return bits(blocks_[i].word[Row / 2], Row);
  }

 private:
  static constexpr int most = count > 0 ? count : 1;
  /// Those of every row, of items that draw once for all positions of a sample.
  static constexpr int rows_kept = Chain::draws_samples ? 8 : 1;

  static HWY_INLINE philox::Block block(int i, const Column& column, int row) {
    return philox::block(mask_counter(column.noise, column.random_streams[i], row, column.feature),
                         column.noise.seed);
  }
  static HWY_INLINE RegisterDraw bits(hn::Vec<philox::Words> word, int row) {
    const auto half =
        row % 2 == 0 ? hn::And(word, hn::Set(philox::Words{}, 0xFFFFu)) : hn::ShiftRight<16>(word);
    return {hn::BitCast(RegisterDraw::Int{}, half)};
  }

  /// For eight rows from `row` on: a sample stands for a row of others.
  HWY_INLINE void draw_samples(int i, const Column& column, int row) {
    int sample = row / column.positions;
    int left = (sample + 1) * column.positions - row;  // rows of it
    philox::Block of_eight = block(i, column, sample - sample % 8);
    for (int r = 0; r < rows_kept; ++r, --left) {
      if (left == 0) {
        left = column.positions;
        if (++sample % 8 == 0) of_eight = block(i, column, sample);
      }
      of_samples_[i][r] = bits(of_eight.word[sample % 8 / 2], sample);
    }
  }

  philox::Block blocks_[most];
  RegisterDraw of_samples_[most][rows_kept];
};

/// Stands for the draws of a chain that needs none.
struct NoDraws {};

/// Calls f(row, draws of that row) for all rows of a column, eight rows to a block of random bits.
template <class Chain, bool Random, class F>
HWY_INLINE void for_each_row(const Column& column, const F& f) {
  if constexpr (!Random) {
    for (int row = 0; row < column.rows; ++row) f(row, NoDraws{});
  } else {
    for (int row = 0; row < column.rows; row += 8) {
      const Draws<Chain> draws(column, row);
      const int left = column.rows - row;
      [&]<int... I>(std::integer_sequence<int, I...>) {
        ((I < left ? f(row + I, [&](int i) { return draws.template draw<I>(i); }) : void()), ...);
      }(std::make_integer_sequence<int, 8>{});
    }
  }
}

/// A copy of its own, so that the compiler sees that no store into the panel changes it.
template <class Chain>
HWY_INLINE typename Chain::Numbers numbers_of(const ChainPanel& panel) {
  if constexpr (Chain::random > 0) {
    return panel.numbers->get<typename Chain::Numbers>();
  } else {
    return {};
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
      const Column column{
          panel.stride, panel.first_row + row, rows,           panel.first_feature + lane,
          panel.noise,  panel.random_streams,  panel.positions};
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
  const auto numbers = numbers_of<Chain>(panel);
  for_each_column<Normalized>(panel, [&](const Column& column, const auto& affine,
                                         std::ptrdiff_t offset) LAMINA_INLINE {
    for_each_row<Chain, (Chain::random > 0)>(column, [&](int row, const auto& draws) LAMINA_INLINE {
      const std::ptrdiff_t at = offset + row * column.stride;
      Register y = Chain::forward(affine(Register::load(before + at)), numbers, draws);
      if constexpr (Chain::adds_skip) y += Register::load(panel.skip + at);
      y.store(after + at);
    });
  });
}

template <class Chain, bool Normalized>
HWY_INLINE void apply_columns_backward(const ChainPanel& panel, const float* before,
                                       const float* after, float* gradient) {
  const auto numbers = numbers_of<Chain>(panel);
  for_each_column<Normalized>(panel, [&](const Column& column, const auto& affine,
                                         std::ptrdiff_t offset) LAMINA_INLINE {
    for_each_row<Chain, Chain::draws_again>(column, [&](int row, const auto& draws) LAMINA_INLINE {
      const std::ptrdiff_t at = offset + row * column.stride;
      const Register stored = Chain::reads == expr::Reads::Input
                                  ? affine(Register::load(before + at))
                                  : Register::load(after + at);
      (Register::load(gradient + at) * Chain::slope(stored, numbers, draws)).store(gradient + at);
    });
  });
}

}  // namespace detail

/// after = chain(affine(before)), training: with what is random.
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
  if constexpr (Chain::slope_is_one) return;
  if (Chain::reads == expr::Reads::Input && panel.normalized()) {
    detail::apply_columns_backward<Chain, true>(panel, before, after, gradient);
  } else {
    detail::apply_columns_backward<Chain, false>(panel, before, after, gradient);
  }
}

/// values = chain(affine(values)) + skip for one column, inference: nothing is random.
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
  /// What the random items derive from their rates, once a step.
  void (*numbers)(const double* rates, ChainNumbers& numbers);
};

template <class Chain>
void derive_numbers(const double* rates, ChainNumbers& numbers) {
  numbers.set(Chain::numbers(rates));
}

template <class Chain>
inline constexpr ChainKernels training_chain{&apply_chain<Chain>, &apply_chain_backward<Chain>,
                                             &infer_chain<Chain>, &derive_numbers<Chain>};

}  // namespace lamina::kernel
