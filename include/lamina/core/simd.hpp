#pragma once

// Highway takes a machine for an AVX2 one only if it has AES too, which compilers do not say of
// x86-64-v3. Nothing here needs it.
#if !defined(HWY_DISABLE_PCLMUL_AES)
#define HWY_DISABLE_PCLMUL_AES
#endif
// One target, the compiler's own: without this Highway checks it against those it can dispatch to
// at run time, and stops on machines with VAES (Zen 4 and later as g++ 12 describes them), whose
// best target is not among them once AES is disabled.
#if !defined(HWY_COMPILE_ONLY_STATIC)
#define HWY_COMPILE_ONLY_STATIC
#endif
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <hwy/highway.h>

/// For lambdas what HWY_INLINE is for functions: the loops of kernels are built of them.
#define LAMINA_INLINE __attribute__((always_inline))

/// The one wrapper around the SIMD library: a register of floats with the operators of a number, so
/// that expressions, losses and optimizers are written once for registers and for double.
namespace lamina::simd {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
using Mask = hn::Mask<Tag>;

/// Floats in a register: 16 with AVX-512, 8 with AVX2, 4 in the baseline.
inline constexpr int lanes = static_cast<int>(HWY_LANES(float));
/// Architectural vector registers: what a tile of accumulators may fill.
inline constexpr int registers = lanes >= 16 ? 32 : 16;

/// Masked loads and stores touch the masked floats alone from AVX2 on; before, Highway loads all.
inline constexpr bool has_masked_memory = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2;

/// A register of floats.
struct Register {
  Vector v;

  HWY_INLINE Register() = default;
  // NOLINTNEXTLINE: SIMD vectors convert to registers
  HWY_INLINE Register(Vector vector) : v(vector) {}
  HWY_INLINE explicit Register(float number) : v(hn::Set(Tag{}, number)) {}

  static HWY_INLINE Register load(const float* from) { return hn::Load(Tag{}, from); }
  static HWY_INLINE Register load_unaligned(const float* from) { return hn::LoadU(Tag{}, from); }
  /// The first `count` floats, zeros behind them; reads no further.
  static HWY_INLINE Register load_first(const float* from, int count) {
    if constexpr (has_masked_memory) {
      return hn::MaskedLoad(hn::FirstN(Tag{}, static_cast<std::size_t>(count)), Tag{}, from);
    } else {
      alignas(64) float copy[lanes] = {};
      std::memcpy(copy, from, static_cast<std::size_t>(count) * sizeof(float));
      return load(copy);
    }
  }
  HWY_INLINE void store(float* to) const { hn::Store(v, Tag{}, to); }
  /// Writes the first `count` lanes and nothing behind them.
  HWY_INLINE void store_first(float* to, int count) const {
    if constexpr (has_masked_memory) {
      hn::BlendedStore(v, hn::FirstN(Tag{}, static_cast<std::size_t>(count)), Tag{}, to);
    } else {
      alignas(64) float copy[lanes];
      store(copy);
      std::memcpy(to, copy, static_cast<std::size_t>(count) * sizeof(float));
    }
  }

  friend HWY_INLINE Register operator+(Register a, Register b) { return hn::Add(a.v, b.v); }
  friend HWY_INLINE Register operator-(Register a, Register b) { return hn::Sub(a.v, b.v); }
  friend HWY_INLINE Register operator*(Register a, Register b) { return hn::Mul(a.v, b.v); }
  friend HWY_INLINE Register operator/(Register a, Register b) { return hn::Div(a.v, b.v); }
  HWY_INLINE Register& operator+=(Register b) { return *this = *this + b; }
  friend HWY_INLINE Mask operator<(Register a, Register b) { return hn::Lt(a.v, b.v); }
  friend HWY_INLINE Mask operator>(Register a, Register b) { return hn::Gt(a.v, b.v); }
  friend HWY_INLINE Mask operator!=(Register a, Register b) { return hn::Ne(a.v, b.v); }
};

// clang-format off
/// a * b + c, fused where the machine can.
HWY_INLINE Register multiply_add(Register a, Register b, Register c) { return hn::MulAdd(a.v, b.v, c.v); }
/// c - a * b.
HWY_INLINE Register subtract_product(Register a, Register b, Register c) { return hn::NegMulAdd(a.v, b.v, c.v); }
HWY_INLINE Register select(Mask condition, Register yes, Register no) { return hn::IfThenElse(condition, yes.v, no.v); }
HWY_INLINE Register select_or_zero(Mask condition, Register yes) { return hn::IfThenElseZero(condition, yes.v); }
HWY_INLINE Register min(Register a, Register b) { return hn::Min(a.v, b.v); }
HWY_INLINE Register max(Register a, Register b) { return hn::Max(a.v, b.v); }
HWY_INLINE Register abs(Register a) { return hn::Abs(a.v); }
HWY_INLINE Register sqrt(Register a) { return hn::Sqrt(a.v); }
HWY_INLINE float sum(Register a) { return hn::GetLane(hn::SumOfLanes(Tag{}, a.v)); }
HWY_INLINE float largest(Register a) { return hn::GetLane(hn::MaxOfLanes(Tag{}, a.v)); }
// clang-format on

/// a cut to [-limit, limit]. NaN stays NaN: of operands of which one is NaN, min and max take the
/// second.
HWY_INLINE Register limited(Register a, Register limit) {
  return max(Register(0.0f) - limit, min(limit, a));
}

/// Makes the compiler hold a value in a register: g++ 12 folds a load with several uses into each
/// of them, and a loop of 16 multiply-adds becomes one of 20 loads, bound by the load ports.
HWY_INLINE void hold(Register& a) {
#if defined(__GNUC__) && !defined(__clang__) && HWY_ARCH_X86
  asm("" : "+v"(a.v.raw));
#else
  (void)a;
#endif
}

/// The first `count` lanes of `a`, zeros behind them.
HWY_INLINE Register first(Register a, int count) {
  return hn::IfThenElseZero(hn::FirstN(Tag{}, static_cast<std::size_t>(count)), a.v);
}

}  // namespace lamina::simd
