#pragma once

#include <array>
#include <cstdint>

#include <lamina/core/simd.hpp>

/// Philox-4x32-7, a counter-based generator: 128 bits of counter and 64 of key give 128 random
/// bits. Seven rounds are the fewest that pass the BigCrush battery in the authors' tests; the unit
/// tests hold the known answers. Source: Salmon et al. 2011, "Parallel random numbers: as easy as
/// 1, 2, 3".
namespace lamina::philox {

inline constexpr int rounds = 7;
inline constexpr std::uint32_t multiplier[2] = {0xD2511F53u, 0xCD9E8D57u};
inline constexpr std::uint32_t increment[2] = {0x9E3779B9u, 0xBB67AE85u};

using Counter = std::array<std::uint32_t, 4>;

/// The four random words of one counter under one key.
constexpr Counter words(Counter counter, std::uint64_t key, int round_count = rounds) {
  auto low = static_cast<std::uint32_t>(key);
  auto high = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < round_count; ++round) {
    const std::uint64_t a = std::uint64_t{multiplier[0]} * counter[0];
    const std::uint64_t b = std::uint64_t{multiplier[1]} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ low, static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ high, static_cast<std::uint32_t>(a)};
    low += increment[0];
    high += increment[1];
  }
  return counter;
}

namespace hn = simd::hn;
using Words = hn::RebindToUnsigned<simd::Tag>;

/// `words` of the counters {first + lane, counter[1], counter[2], counter[3]}, a word a register.
struct Block {
  hn::Vec<Words> word[4];
};

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE Block block(Counter counter, std::uint64_t key) {
  const Counter found = words(counter, key);
  return {{hn::Set(Words{}, found[0]), hn::Set(Words{}, found[1]), hn::Set(Words{}, found[2]),
           hn::Set(Words{}, found[3])}};
}

#else

namespace detail {

/// The high and low halves of 32-bit products.
HWY_INLINE void multiply(hn::Vec<Words> a, std::uint32_t b, hn::Vec<Words>& high,
                         hn::Vec<Words>& low) {
  const hn::RepartitionToWide<Words> wide;
  const auto factor = hn::Set(Words{}, b);
  const auto even = hn::MulEven(a, factor);
  const auto odd =
      hn::MulEven(hn::BitCast(Words{}, hn::ShiftRight<32>(hn::BitCast(wide, a))), factor);
  high = hn::OddEven(hn::BitCast(Words{}, odd), hn::BitCast(Words{}, hn::ShiftRight<32>(even)));
  low = hn::OddEven(hn::BitCast(Words{}, hn::ShiftLeft<32>(odd)), hn::BitCast(Words{}, even));
}

}  // namespace detail

HWY_INLINE Block block(Counter counter, std::uint64_t key) {
  auto c0 = hn::Add(hn::Iota(Words{}, 0), hn::Set(Words{}, counter[0]));
  auto c1 = hn::Set(Words{}, counter[1]);
  auto c2 = hn::Set(Words{}, counter[2]);
  auto c3 = hn::Set(Words{}, counter[3]);
  auto low = static_cast<std::uint32_t>(key);
  auto high = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < rounds; ++round) {
    hn::Vec<Words> a_high, a_low, b_high, b_low;
    detail::multiply(c0, multiplier[0], a_high, a_low);
    detail::multiply(c2, multiplier[1], b_high, b_low);
    c0 = hn::Xor(hn::Xor(b_high, c1), hn::Set(Words{}, low));
    c1 = b_low;
    c2 = hn::Xor(hn::Xor(a_high, c3), hn::Set(Words{}, high));
    c3 = a_low;
    low += increment[0];
    high += increment[1];
  }
  return {{c0, c1, c2, c3}};
}

#endif

}  // namespace lamina::philox
