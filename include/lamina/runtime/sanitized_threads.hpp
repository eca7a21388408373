#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

/// Plain threads in place of TBB's under ThreadSanitizer. TBB's library is not built with the
/// sanitizer, which therefore does not see how it orders its threads and reports races where there
/// are none; plain threads it sees, and so it checks what our tasks share.
namespace lamina::runtime::sanitized {

/// Index of the calling thread among those of a loop.
inline int& thread_index() {
  static thread_local int index = 0;
  return index;
}

/// Calls f(task) for tasks 0 to count - 1 on at most `threads` threads.
template <class F>
void for_each_task(int count, int threads, const F& f) {
  std::atomic<int> next{0};
  const auto work = [&](int index) {
    thread_index() = index;
    for (int task = next++; task < count; task = next++) f(task);
  };
  std::vector<std::thread> others;
  for (int i = 1; i < std::min(threads, count); ++i) others.emplace_back(work, i);
  work(0);
  for (std::thread& other : others) other.join();
}

}  // namespace lamina::runtime::sanitized
