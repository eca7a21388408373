#pragma once

#include <concepts>
#include <type_traits>

namespace lamina {

/// A product that something is added to, rounded by itself: `1 - rounded(rate * decay)`.
///
/// A compiler may make one fused multiply-add, which rounds once, of a product and a sum. g++ does
/// so wherever it can, across statements and inlined functions; clang within an expression; at -O0
/// neither. So that all give the same bits, multiply-adds that are meant are spelled
/// (`multiply_add`, `std::fma`), and every other product that is added to passes through here or
/// through the operators of `simd::Register`. Costs no instruction: the value is said to be changed
/// in its register.
template <std::floating_point T>
constexpr T rounded(T product) {
  if (!std::is_constant_evaluated()) {
#if defined(__SSE2__)
    asm("" : "+x"(product));
#elif defined(__aarch64__)
    asm("" : "+w"(product));
#endif
  }
  return product;
}

}  // namespace lamina
