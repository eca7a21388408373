#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include <lamina/io/image_directory.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::ImageOptions options{.size = {5, 7}, .channels = 3, .max_pixels = 1 << 18};
    const lamina::Tensor image = lamina::read_image(file.path(), options);
    const auto& values = std::get<std::vector<float>>(image.values);
    lamina::fuzz::require(values.size() == 105, "an image has the size asked for");
    lamina::fuzz::require(
        std::ranges::all_of(values, [](float value) { return value >= 0 && value <= 1; }),
        "values are in [0, 1]");
  });
  return 0;
}
