#include <cstddef>
#include <cstdint>

#include <lamina/io/idx.hpp>

#include "memory_file.hpp"

// The first byte says how much of the rest are labels; images follow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || bytes[0] > size - 1) return -1;
  const lamina::fuzz::MemoryFile labels{bytes + 1, bytes[0]};
  const lamina::fuzz::MemoryFile images{bytes + 1 + bytes[0], size - 1 - bytes[0]};
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::Dataset data = lamina::read_idx(images.path(), labels.path(), lamina::fuzz::most);
    lamina::fuzz::require(data.inputs().size() == data.labels().size() * data.features(),
                          "an image for each label");
  });
  return 0;
}
