#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/core/random.hpp>

namespace lamina {

/// Random numbers for one sample of one training step: a function of the seed, the step and the
/// sample's place in the batch alone, so that they do not depend on threads, on what was drawn for
/// other samples, or on a run that was stopped and gone on with. Numbers of another `stream` are
/// independent of these.
///
/// Example: `if (draws.uniform() < 0.5) flip(sample);`
class Draws {
 public:
  Draws(std::uint64_t seed, std::int64_t step, std::size_t row, std::uint32_t stream = 0)
      : seed_(seed),
        step_(static_cast<std::uint64_t>(step)),
        row_(static_cast<std::uint32_t>(row)),
        stream_(0x64726177 + stream) {}  // apart from positions of layers

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() {
    const philox::Counter words = next();
    const std::uint64_t bits = (std::uint64_t{words[0]} << 21) ^ (words[1] >> 11);
    return static_cast<double>(bits) * 0x1p-53;
  }

  /// Uniform among 0, ..., count - 1.
  std::uint32_t below(std::uint32_t count) {
    return static_cast<std::uint32_t>((std::uint64_t{next()[0]} * count) >> 32);
  }

  /// Uniform in [from, to).
  double between(double from, double to) { return std::fma(to - from, uniform(), from); }

  /// True with this probability.
  bool chance(double probability) { return uniform() < probability || certain_; }

  /// Draws by which all that has a chance is done: for trying out what may be done.
  static Draws certain() {
    Draws draws(0, 0, 0);
    draws.certain_ = true;
    return draws;
  }

  /// A seed for what draws many numbers by itself.
  std::uint64_t seed() {
    const philox::Counter words = next();
    return (std::uint64_t{words[0]} << 32) | words[1];
  }

  /// Standard normal, by Marsaglia's polar method.
  double normal() {
    while (true) {
      const philox::Counter words = next();
      for (std::size_t pair = 0; pair < 4; pair += 2) {
        const double x = random::symmetric(words[pair]);
        const double y = random::symmetric(words[pair + 1]);
        const double square = std::fma(x, x, y * y);
        if (square < 1 && square > 0) return x * std::sqrt(-2 * random::log(square) / square);
      }
    }
  }

 private:
  philox::Counter next() {
    return philox::words({count_++, row_, stream_ ^ static_cast<std::uint32_t>(step_ >> 32),
                          static_cast<std::uint32_t>(step_)},
                         seed_);
  }

  std::uint64_t seed_;
  std::uint64_t step_;
  std::uint32_t row_;
  std::uint32_t stream_;
  std::uint32_t count_ = 0;
  bool certain_ = false;
};

}  // namespace lamina
