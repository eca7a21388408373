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
// A compiler told -mavx2 -mfma alone: Highway wants BMI2 and F16C too, or to be told that they are
// not needed; `multiply_add` is spelled below then.
#if defined(__AVX2__) && defined(__FMA__) && !(defined(__BMI2__) && defined(__F16C__))
#if !defined(HWY_DISABLE_BMI2_FMA)
#define HWY_DISABLE_BMI2_FMA
#endif
#if !defined(HWY_DISABLE_F16C)
#define HWY_DISABLE_F16C
#endif
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

namespace detail {

/// A product, rounded by itself, whatever is added to it: see `lamina::rounded`.
HWY_INLINE Vector rounded(Vector product) {
#if defined(__GNUC__) && HWY_ARCH_X86 && HWY_TARGET == HWY_EMU128
  for (float& lane : product.raw) asm("" : "+x"(lane));  // an array: Highway uses no SSE2
#elif defined(__GNUC__) && HWY_ARCH_X86
  asm("" : "+v"(product.raw));
#elif defined(__aarch64__) && defined(__ARM_NEON) && !defined(__ARM_FEATURE_SVE)
  asm("" : "+w"(product.raw));
#endif
  return product;
}

}  // namespace detail

/// A register of floats. Its operators round: multiply-adds are spelled.
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
  HWY_INLINE void store_unaligned(float* to) const { hn::StoreU(v, Tag{}, to); }
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
  friend HWY_INLINE Register operator*(Register a, Register b) {
    return detail::rounded(hn::Mul(a.v, b.v));
  }
  friend HWY_INLINE Register operator/(Register a, Register b) { return hn::Div(a.v, b.v); }
  HWY_INLINE Register& operator+=(Register b) { return *this = *this + b; }
  friend HWY_INLINE Mask operator<(Register a, Register b) { return hn::Lt(a.v, b.v); }
  friend HWY_INLINE Mask operator>(Register a, Register b) { return hn::Gt(a.v, b.v); }
  friend HWY_INLINE Mask operator!=(Register a, Register b) { return hn::Ne(a.v, b.v); }
};

// clang-format off
#if defined(HWY_DISABLE_BMI2_FMA) && defined(__FMA__) && HWY_TARGET == HWY_AVX2
HWY_INLINE Register multiply_add(Register a, Register b, Register c) { return Vector{_mm256_fmadd_ps(a.v.raw, b.v.raw, c.v.raw)}; }
HWY_INLINE Register multiply_subtract(Register a, Register b, Register c) { return Vector{_mm256_fmsub_ps(a.v.raw, b.v.raw, c.v.raw)}; }
HWY_INLINE Register subtract_product(Register a, Register b, Register c) { return Vector{_mm256_fnmadd_ps(a.v.raw, b.v.raw, c.v.raw)}; }
#else
/// a * b + c, rounded once where the machine can.
HWY_INLINE Register multiply_add(Register a, Register b, Register c) { return hn::MulAdd(a.v, b.v, c.v); }
/// a * b - c, likewise.
HWY_INLINE Register multiply_subtract(Register a, Register b, Register c) { return hn::MulSub(a.v, b.v, c.v); }
/// c - a * b, likewise.
HWY_INLINE Register subtract_product(Register a, Register b, Register c) { return hn::NegMulAdd(a.v, b.v, c.v); }
#endif
HWY_INLINE Register select(Mask condition, Register yes, Register no) { return hn::IfThenElse(condition, yes.v, no.v); }
HWY_INLINE Register select_or_zero(Mask condition, Register yes) { return hn::IfThenElseZero(condition, yes.v); }
HWY_INLINE Register min(Register a, Register b) { return hn::Min(a.v, b.v); }
HWY_INLINE Register max(Register a, Register b) { return hn::Max(a.v, b.v); }
HWY_INLINE Mask is_nan(Register x) { return hn::IsNaN(x.v); }
HWY_INLINE Register abs(Register a) { return hn::Abs(a.v); }
HWY_INLINE Register sqrt(Register a) { return hn::Sqrt(a.v); }
HWY_INLINE float largest(Register a) { return hn::GetLane(hn::MaxOfLanes(Tag{}, a.v)); }
// clang-format on

/// Sums across lanes are those of 16 lanes on every machine: number i of what is summed goes to
/// lane i % 16, which takes `sum_parts` registers where one is narrower. The 16 are added in blocks
/// of four, (0 + 2) + (1 + 3), and the four blocks in the same order. So a sum has the same bits
/// whatever the width of a register.
inline constexpr int sum_lanes = lanes < 16 ? 16 : lanes;
inline constexpr int sum_parts = sum_lanes / lanes;

/// The 16 lanes of a running sum.
struct LaneSums {
  Register part[sum_parts];

  HWY_INLINE LaneSums() {
    for (Register& zero : part) zero = Register(0.0f);
  }
};

namespace detail {

/// Adds the upper half of the blocks of four to the lower until one is left.
template <class D, class V>
HWY_INLINE auto add_blocks(D, V v) {
  if constexpr (hn::MaxLanes(D{}) <= 4) {
    return v;
  } else {
    const hn::Half<D> half;
    // Found by the types: a Highway of one lane has no halves.
    return add_blocks(half, Add(LowerHalf(half, v), UpperHalf(half, v)));
  }
}

/// The same for the blocks of all registers of a sum.
HWY_INLINE auto add_blocks(Register (&part)[sum_parts]) {
  for (int half = sum_parts / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) part[i] += part[i + half];
  }
  return add_blocks(Tag{}, part[0].v);
}

}  // namespace detail

/// The sum of the 16 lanes.
HWY_INLINE float sum(LaneSums lanes_of) {
#if HWY_TARGET != HWY_SCALAR
  for (Register& part : lanes_of.part) {
    part += Register(hn::Shuffle1032(part.v));
    part += Register(hn::Shuffle2301(part.v));
  }
#endif
  return hn::GetLane(detail::add_blocks(lanes_of.part));
}

/// The sum of one register, the other lanes being 0.
HWY_INLINE float sum(Register a) {
  LaneSums lanes_of;
  lanes_of.part[0] = a;
  return sum(lanes_of);
}

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
