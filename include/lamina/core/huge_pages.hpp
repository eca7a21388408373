#pragma once

#include <cstddef>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Pages of 2 MiB for large blocks of memory: a step goes through all of its values, and a
/// processor remembers the places of some 2048 pages, 8 MiB of the usual ones. A step of a VGG with
/// 100 MB of values took 130 ms with those and 122 with large ones (Sapphire Rapids in a virtual
/// machine, where finding a page takes longest), and differed less from one run to the next.
namespace lamina::detail {

inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// What a block of so many bytes is aligned to, so that it can have large pages.
constexpr std::size_t alignment_of(std::size_t bytes, std::size_t least) {
  return bytes >= 2 * huge_page ? huge_page : least;
}

/// Asks for them, where a system gives them to those who ask; a block that gets none is as good.
inline void want_huge_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (bytes >= 2 * huge_page) static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));
#endif
}

}  // namespace lamina::detail
