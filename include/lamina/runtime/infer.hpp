#pragma once

#include <algorithm>
#include <thread>

#include <lamina/plan/inference_memory.hpp>
#include <lamina/runtime/inference_pass.hpp>
#include <lamina/runtime/inference_scratch.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/runtime/schedule.hpp>

/// Inference of any number of rows: blocks of them, and the memory that each works in.
namespace lamina::runtime {

namespace detail {

/// At most `stack_rows` rows, in scratch memory on the stack. A function of its own, so that those
/// who call it need the stack no longer than it does.
template <class Net>
HWY_NOINLINE void infer_on_stack(const InferencePass& pass, const float* inputs, float* outputs,
                                 int rows) {
  using Memory = InferenceMemory<Net>;
  constexpr auto widest = static_cast<std::size_t>(Plan<Net>::widest);
  alignas(AlignedFloats::alignment) float scratch[Memory::stack_floats];
  pass.run(inputs, outputs, rows, scratch, static_cast<std::size_t>(Memory::stack_rows) * widest);
}

/// What inference needs of a network beside its tables.
struct InferenceLimits {
  int rows;        ///< of a block
  int stack_rows;  ///< of one on the stack
  std::size_t widest;
  std::ptrdiff_t features;
  std::ptrdiff_t outputs;
  std::size_t multiplications;  ///< a row
  /// Null where not even one row fits on the stack.
  void (*on_stack)(const InferencePass&, const float* inputs, float* outputs, int rows);
};

template <class Net>
constexpr InferenceLimits inference_limits() {
  using P = Plan<Net>;
  using Memory = InferenceMemory<Net>;
  InferenceLimits limits{Memory::rows, Memory::stack_rows, static_cast<std::size_t>(P::widest),
                         P::features,  P::outputs,         P::multiplications,
                         nullptr};
  if constexpr (Memory::stack_rows > 0) limits.on_stack = &infer_on_stack<Net>;
  return limits;
}

/// At most `rows` rows of the network's memory, in a kept block or, while all are in use, a few at
/// a time on the stack. Where not even one fits there, the thread waits for a block.
inline void infer_block(const InferencePass& pass, const InferenceLimits& limits,
                        const InferenceScratch& kept, const float* inputs, float* outputs,
                        int rows) {
  while (rows > limits.stack_rows) {
    if (const InferenceScratch::Claim block = kept.claim()) {
      pass.run(inputs, outputs, rows, block.floats(),
               static_cast<std::size_t>(limits.rows) * limits.widest);
      return;
    }
    if (limits.stack_rows > 0) {
      limits.on_stack(pass, inputs, outputs, limits.stack_rows);
      inputs += limits.stack_rows * limits.features;
      outputs += limits.stack_rows * limits.outputs;
      rows -= limits.stack_rows;
    } else {
      std::this_thread::yield();
    }
  }
  if (rows > 0) limits.on_stack(pass, inputs, outputs, rows);
}

inline void infer(const InferencePass& pass, const InferenceLimits& limits,
                  const InferenceScratch& kept, const float* inputs, float* outputs,
                  std::size_t rows) {
  const auto most = static_cast<std::size_t>(limits.rows);
  const bool parallel = rows > 1 && limits.multiplications * rows >= serial_multiplications;
  const std::size_t threads = parallel ? static_cast<std::size_t>(max_threads()) : 1;
  const std::size_t rounds = (rows + most * threads - 1) / (most * threads);
  const std::size_t blocks = std::min(rounds * threads, rows);
  runtime::for_each_task(static_cast<int>(blocks), threads > 1, [&](int block) {
    const std::size_t first = rows * static_cast<std::size_t>(block) / blocks;
    const std::size_t end = rows * (static_cast<std::size_t>(block) + 1) / blocks;
    infer_block(pass, limits, kept, inputs + static_cast<std::ptrdiff_t>(first) * limits.features,
                outputs + static_cast<std::ptrdiff_t>(first) * limits.outputs,
                static_cast<int>(end - first));
  });
}

}  // namespace detail

/// Runs any number of rows, in parallel where that pays. A single row asks TBB for nothing, whose
/// first use would start it.
template <class Net>
void infer(const InferencePass& pass, const InferenceScratch& kept, const float* inputs,
           float* outputs, std::size_t rows) {
  static constexpr detail::InferenceLimits limits = detail::inference_limits<Net>();
  detail::infer(pass, limits, kept, inputs, outputs, rows);
}

}  // namespace lamina::runtime
