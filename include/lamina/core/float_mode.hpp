#pragma once

#include <cstdint>
#include <type_traits>

/// How the processor rounds, and what it does with denormals: the mode that everything is computed
/// in. The thread's mode when we are called may be any: audio hosts flush denormals, others round
/// upwards or trap what is invalid.
namespace lamina {

namespace detail {

#if defined(__SSE2__)

/// MXCSR: rounding, masks of traps, treatment of denormals; and flags of what has happened.
struct FloatControl {
  using Word = std::uint32_t;
  static constexpr Word flags = 0x3f;
  /// Rounds to nearest, traps nothing, flushes denormal results (bit 15) and operands (bit 6).
  static constexpr Word ours = 0x1f80 | 0x8000 | 0x0040;
  static constexpr Word standard = 0x1f80;

  static Word read() {
    Word word;
    asm volatile("stmxcsr %0" : "=m"(word) : : "memory");
    return word;
  }
  static void write(Word word) { asm volatile("ldmxcsr %0" : : "m"(word) : "memory"); }
};

#elif defined(__aarch64__)

/// FPCR. The flags are elsewhere.
struct FloatControl {
  using Word = std::uint64_t;
  static constexpr Word flags = 0;
  /// Rounds to nearest, traps nothing, flushes denormals (FZ, bit 24).
  static constexpr Word ours = Word{1} << 24;
  static constexpr Word standard = 0;

  static Word read() {
    Word word;
    asm volatile("mrs %0, fpcr" : "=r"(word) : : "memory");
    return word;
  }
  static void write(Word word) { asm volatile("msr fpcr, %0" : : "r"(word) : "memory"); }
};

#else

/// A machine whose mode we do not know how to set stays as it is.
struct FloatControl {
  using Word = std::uint32_t;
  static constexpr Word flags = 0;
  static constexpr Word ours = 0;
  static constexpr Word standard = 0;
  static Word read() { return ours; }
  static void write(Word) {}
};

#endif

/// While it lives, this thread computes in our mode, or that given; then it is in its own again.
/// The sticky flags of what has happened are left to gather what comes, as in any arithmetic.
///
/// On a Sapphire Rapids a prediction that takes 22.7 ns takes 25.5 in another mode, 23.2 in ours.
/// A write that clears a flag, other than that of inexact results, takes 120 ns, so none does; and
/// a write right after a read takes less time than one without.
template <FloatControl::Word Wanted = FloatControl::ours>
class FloatMode {
 public:
  FloatMode() : before_(FloatControl::read()) {
    if (control(before_) != Wanted) FloatControl::write(Wanted | flags(before_));
  }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;
  ~FloatMode() {
    const Word now = FloatControl::read();
    const Word back = before_ | flags(now);  // TBB takes flags away
    if (now != back) FloatControl::write(back);
  }

 private:
  using Word = FloatControl::Word;

  static constexpr Word control(Word word) { return word & ~FloatControl::flags; }
  static constexpr Word flags(Word word) { return word & FloatControl::flags; }

  Word before_;
};

}  // namespace detail

/// Calls work() with denormals flushed to zero, as operands and as results, rounding to nearest and
/// trapping nothing, whatever the mode of this thread; afterwards, also after an exception, the
/// mode is what it was. On processors other than x86 and 64-bit ARM nothing is set.
///
/// Multiply-adds on denormals take a microcode assist of some 150 cycles: gradients that vanish,
/// moments of units that died and inputs that fade to silence made steps 20 times as long and
/// predictions 480 times.
///
/// Compilers do not know that arithmetic depends on the mode, and would move it across the
/// instructions that set it. They cannot here: `work` is only known by an address that comes out of
/// an assembly statement after the mode is set, so that whatever it reads is read after that; and
/// what it writes, its result among it, is in memory before the statement that sets the mode back,
/// which may look at all memory.
template <class Work>
inline __attribute__((always_inline)) auto in_float_mode(Work&& work) {
  [[maybe_unused]] const detail::FloatMode<> mode;
  auto* hidden = &work;
  asm volatile("" : "+r"(hidden) : : "memory");
  if constexpr (std::is_void_v<decltype((*hidden)())>) {
    (*hidden)();
  } else {
    auto result = (*hidden)();
    asm volatile("" : : "r"(&result) : "memory");
    return result;
  }
}

namespace detail {

/// The same in the mode that programs start in, denormals kept: what is called out of our own.
template <class Work>
void in_standard_float_mode(Work&& work) {
  [[maybe_unused]] const FloatMode<FloatControl::standard> mode;
  auto* hidden = &work;
  asm volatile("" : "+r"(hidden) : : "memory");
  (*hidden)();
}

}  // namespace detail

}  // namespace lamina
