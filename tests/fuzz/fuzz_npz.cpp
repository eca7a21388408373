#include <cstddef>
#include <cstdint>

#include <lamina/io/npy.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  lamina::fuzz::expect_error_or_success(
      [&] { (void)lamina::read_npz_arrays(file.path(), lamina::fuzz::most); });
  lamina::fuzz::expect_error_or_success(
      [&] { (void)lamina::read_npz(file.path(), "", "", lamina::fuzz::most); });
  return 0;
}
