#pragma once

#include <cstddef>

#include <lamina/kernel/normalize_rows.hpp>

/// Scale and shift of every value of a sample, where a normalization does not have them of channels
/// alone. A loop of its own and no operand of the chain's: the loops of all other networks keep
/// their scale and shift in registers from row to row.
namespace lamina::kernel {

/// Some rows of one panel, whose first is a position of a sample.
struct ElementRows {
  std::ptrdiff_t width;
  int vectors;
  int position;  ///< of the first row
  int positions;
  int rows;

  /// Calls f(offset of a register, offset of its scale in [position][width]).
  template <class F>
  HWY_INLINE void for_each(const F& f) const {
    std::ptrdiff_t element = position * width;
    const std::ptrdiff_t end = positions * width;
    for (int row = 0; row < rows; ++row) {
      for (int v = 0; v < vectors; ++v) f(row * width + v * lanes, element + v * lanes);
      element += width;
      if (element == end) element = 0;
    }
  }
};

/// to = scale x + shift; `to` may be `x`.
inline void scale_elements(const ElementRows& panel, const float* x, const float* scale,
                           const float* shift, float* to) {
  panel.for_each([&](std::ptrdiff_t at, std::ptrdiff_t element) {
    multiply_add(Register::load(x + at), Register::load(scale + element),
                 Register::load(shift + element))
        .store(to + at);
  });
}

/// Adds the sums of dy x^ and of dy for every value of a sample, and makes dy scale of the gradient
/// dy: that by the normalized values x^.
inline void scale_elements_back(const ElementRows& panel, const float* normalized,
                                const float* scale, float* gradient, float* scale_sums,
                                float* shift_sums) {
  panel.for_each([&](std::ptrdiff_t at, std::ptrdiff_t element) {
    const Register dy = Register::load(gradient + at);
    multiply_add(dy, Register::load(normalized + at), Register::load(scale_sums + element))
        .store(scale_sums + element);
    (Register::load(shift_sums + element) + dy).store(shift_sums + element);
    (dy * Register::load(scale + element)).store(gradient + at);
  });
}

}  // namespace lamina::kernel
