#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>

namespace lamina::runtime {

/// Blocks of memory that predictions work in whose scratch is too large for a stack: one for each
/// hardware thread, made with the model or predictor that they belong to, so that no prediction
/// allocates. A block is claimed by one atomic exchange; nobody waits for a lock.
///
/// Nothing in them outlives a prediction. So a copy has blocks of its own, what is moved from
/// shares them and still works, and an assignment leaves both as they are.
class InferenceScratch {
 public:
  /// A block while it is used; empty where all are in use.
  class Claim {
   public:
    Claim() = default;
    Claim(float* floats, std::atomic<bool>* used) : floats_(floats), used_(used) {}
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() {
      if (used_ != nullptr) used_->store(false, std::memory_order_release);
    }

    explicit operator bool() const { return used_ != nullptr; }
    [[nodiscard]] float* floats() const { return floats_; }

   private:
    float* floats_ = nullptr;
    std::atomic<bool>* used_ = nullptr;
  };

  /// Blocks of `floats` floats; none where that is 0.
  explicit InferenceScratch(std::size_t floats)
      : blocks_(floats > 0 ? std::make_shared<Blocks>(floats) : nullptr) {}
  InferenceScratch(const InferenceScratch& other)
      : InferenceScratch(other.blocks_ ? other.blocks_->floats : 0) {}
  InferenceScratch(InferenceScratch&& other) noexcept : blocks_(other.blocks_) {}
  InferenceScratch& operator=(const InferenceScratch&) noexcept { return *this; }
  ~InferenceScratch() = default;

  /// A block that nobody uses. The search starts at a place by the thread's stack: the same thread
  /// mostly finds the block that is in its cache, and several rarely want the same.
  [[nodiscard]] Claim claim() const noexcept {
    const char here = 0;
    const auto place = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&here) >> 16);
    constexpr std::uint32_t golden = 0x9e3779b9;  // spreads neighbours, Knuth's multiplicative hash
    const std::size_t count = blocks_->used.size();
    const auto start = static_cast<std::size_t>(std::uint64_t{place * golden} * count >> 32);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t block = (start + i) % count;
      std::atomic<bool>& used = blocks_->used[block].flag;
      if (used.load(std::memory_order_relaxed)) continue;
      if (used.exchange(true, std::memory_order_acquire)) continue;
      return {blocks_->memory.data() + block * blocks_->floats, &used};
    }
    return {};
  }

 private:
  /// A cache line each, so that threads do not disturb one another.
  struct alignas(AlignedFloats::alignment) Use {
    std::atomic<bool> flag{false};
  };

  struct Blocks {
    explicit Blocks(std::size_t wanted)
        : floats((wanted + line - 1) / line * line),
          used(std::max(1u, std::thread::hardware_concurrency())),
          memory(AlignedFloats::unset(floats * used.size())) {}

    static constexpr std::size_t line = AlignedFloats::alignment / sizeof(float);

    std::size_t floats;
    std::vector<Use> used;
    AlignedFloats memory;  // untouched, so that the system gives what is used alone
  };

  std::shared_ptr<Blocks> blocks_;
};

}  // namespace lamina::runtime
