#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <variant>
#include <zlib.h>

#include <lamina/io/image_directory.hpp>

#include "io/image_values.hpp"
#include "memory_file.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t most);

namespace {

constexpr std::uint64_t most_pixels = 1 << 20;

std::uint32_t big_endian(const std::uint8_t* bytes) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | bytes[i];
  return number;
}

}  // namespace

// Changed bytes get checksums that are right: without them few changes get any further.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size,
                                               std::size_t most, unsigned) {
  size = LLVMFuzzerMutate(bytes, size, most);
  for (std::size_t at = 8; at + 12 <= size;) {
    const std::size_t length = big_endian(bytes + at);
    if (length > size - at - 12) break;
    const auto sum = crc32(0, bytes + at + 4, static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    }
    at += 12 + length;
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::Tensor image = lamina::read_image(file.path(), {.max_pixels = most_pixels});
    const auto& values = std::get<std::vector<float>>(image.values);
    lamina::fuzz::require(
        std::ranges::all_of(values, [](float value) { return value >= 0 && value <= 1; }),
        "values are in [0, 1]");
  });
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::ImageOptions options{
        .size = {5, 7}, .channels = 1, .background = 0.5F, .max_pixels = most_pixels};
    const lamina::Tensor image = lamina::read_image(file.path(), options);
    lamina::fuzz::require(std::get<std::vector<float>>(image.values).size() == 35,
                          "an image has the size asked for");
  });
  lamina::fuzz::expect_error_or_success([&] {
    using lamina::io::Pixels;
    const auto map = lamina::io::decode_image(file.path(), Pixels::Classes, most_pixels);
    lamina::fuzz::require(lamina::io::classes_of(map, {3, 4}, {}).size() == 12,
                          "a class map has the size asked for");
  });
  return 0;
}
