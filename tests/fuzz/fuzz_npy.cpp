#include <cstddef>
#include <cstdint>
#include <variant>

#include <lamina/io/npy.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::Tensor tensor = lamina::read_npy(file.path(), lamina::fuzz::most);
    std::size_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= static_cast<std::size_t>(extent);
    const auto size_of = [](const auto& values) { return values.size(); };
    lamina::fuzz::require(std::visit(size_of, tensor.values) == count, "a shape fits its values");
  });
  lamina::fuzz::expect_error_or_success(
      [&] { (void)lamina::read_npy(file.path(), file.path(), lamina::fuzz::most); });
  return 0;
}
