#pragma once

#include <cstddef>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

namespace lamina::testing {

/// Calls f() in an arena of `threads` threads, of which there are that many.
template <class F>
auto on_threads(int threads, const F& f) {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  return arena.execute(f);
}

}  // namespace lamina::testing
