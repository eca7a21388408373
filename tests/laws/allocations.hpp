#pragma once

#include <cstddef>

namespace lamina::testing {

/// Heap allocations of this program so far, by any thread: every form of operator new, and what
/// goes past it to malloc and its kin. Releasing memory is not counted: who releases has allocated.
long allocations();
/// Those through operator new alone.
long allocations_by_new();
/// True where operator new is counted: not under the thread and memory sanitizers.
bool counts_new();
/// True where malloc is counted too: with glibc, and not under the address sanitizer either.
bool counts_malloc();

/// While it lives, operator new has no blocks of `bytes` or more to give, where it is counted.
class ScarceMemory {
 public:
  explicit ScarceMemory(std::size_t bytes);
  ~ScarceMemory();
  ScarceMemory(const ScarceMemory&) = delete;
  ScarceMemory& operator=(const ScarceMemory&) = delete;
};

/// Allocations during `action`.
template <class Action>
long allocations_of(Action&& action) {
  const long before = allocations();
  action();
  return allocations() - before;
}

}  // namespace lamina::testing
