#pragma once

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

/// Allocations during `action`.
template <class Action>
long allocations_of(Action&& action) {
  const long before = allocations();
  action();
  return allocations() - before;
}

}  // namespace lamina::testing
