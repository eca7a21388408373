#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

// Replaces operator new of the test program, and with glibc malloc too, so that a test can count
// allocations. The address sanitizer has a malloc of its own, which must stay; the thread and
// memory sanitizers have an operator new of their own as well.

#if defined(__has_feature)
#define LAMINA_SANITIZER(name) __has_feature(name)
#else
#define LAMINA_SANITIZER(name) 0
#endif

#if !defined(__SANITIZE_THREAD__) && !LAMINA_SANITIZER(thread_sanitizer) && \
    !LAMINA_SANITIZER(memory_sanitizer)
#define LAMINA_COUNTS_NEW 1
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !LAMINA_SANITIZER(address_sanitizer)
#define LAMINA_COUNTS_MALLOC 1
#endif
#endif

namespace {

[[maybe_unused]] std::atomic<long> by_new{0};
[[maybe_unused]] std::atomic<long> by_malloc{0};
[[maybe_unused]] std::atomic<std::size_t> too_large{std::numeric_limits<std::size_t>::max()};

#if defined(LAMINA_COUNTS_NEW)
void* allocate(std::size_t size) noexcept {
  by_new.fetch_add(1, std::memory_order_relaxed);
  if (size >= too_large.load(std::memory_order_relaxed)) return nullptr;
  return std::malloc(size > 0 ? size : 1);
}
void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
  by_new.fetch_add(1, std::memory_order_relaxed);
  if (size >= too_large.load(std::memory_order_relaxed)) return nullptr;
  const auto multiple = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(multiple, (size + multiple) / multiple * multiple);
}
template <class... Alignment>
void* allocate_or_throw(std::size_t size, Alignment... alignment) {
  if (void* const memory = allocate(size, alignment...)) return memory;
  throw std::bad_alloc();
}
#endif

}  // namespace

namespace lamina::testing {

ScarceMemory::ScarceMemory(std::size_t bytes) {
  too_large.store(bytes);
}
ScarceMemory::~ScarceMemory() {
  too_large.store(std::numeric_limits<std::size_t>::max());
}

long allocations_by_new() {
  return by_new.load();
}

// The operator new here goes on to malloc, which therefore counts everything.
long allocations() {
#if defined(LAMINA_COUNTS_MALLOC)
  return by_malloc.load();
#else
  return by_new.load();
#endif
}

bool counts_new() {
#if defined(LAMINA_COUNTS_NEW)
  return true;
#else
  return false;
#endif
}

bool counts_malloc() {
#if defined(LAMINA_COUNTS_MALLOC)
  return true;
#else
  return false;
#endif
}

}  // namespace lamina::testing

#if defined(LAMINA_COUNTS_NEW)
// clang-format off
void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, std::align_val_t to) { return allocate_or_throw(size, to); }
void* operator new[](std::size_t size, std::align_val_t to) { return allocate_or_throw(size, to); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t to, const std::nothrow_t&) noexcept { return allocate(size, to); }
void* operator new[](std::size_t size, std::align_val_t to, const std::nothrow_t&) noexcept { return allocate(size, to); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
// clang-format on
#endif

#if defined(LAMINA_COUNTS_MALLOC)
// glibc's own functions under the names that it exports for this purpose; free stays as it is.
// NOLINTBEGIN: reserved names
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  by_malloc.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  by_malloc.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  by_malloc.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  by_malloc.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? 12 : 0;  // ENOMEM
}
}
// NOLINTEND
#endif
