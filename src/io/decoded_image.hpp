#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace lamina::io {

/// The pixels of a file as it has them: values of one or two bytes, row by row, the channels of a
/// pixel together.
struct DecodedImage {
  int height = 0;
  int width = 0;
  int channels = 0;   // 1: gray, 2: gray and opacity, 3: RGB, 4: RGB and opacity
  bool wide = false;  // two bytes a value, in this machine's order
  std::vector<std::uint8_t> bytes;

  [[nodiscard]] bool colour() const { return channels >= 3; }
  [[nodiscard]] bool opacity() const { return channels == 2 || channels == 4; }
  [[nodiscard]] unsigned most() const { return wide ? 65535 : 255; }
  /// The value of that place, all values counted.
  [[nodiscard]] unsigned value(std::size_t place) const {
    if (!wide) return bytes[place];
    std::uint16_t value = 0;
    std::memcpy(&value, bytes.data() + 2 * place, sizeof value);
    return value;
  }
};

/// What is made of a PNG file.
enum class Pixels {
  Colours,  // palettes and transparent colours resolved, values of less than a byte scaled to one
  Classes,  // one channel: the indices of a palette, or gray values that are not scaled
};

/// Decodes the bytes of a PNG or JPEG file. Throws `Error` without the file's name; `max_pixels`
/// bounds the extents before anything is allocated. Where the library was built without them, both
/// throw an `Error` that says so.
[[nodiscard]] DecodedImage decode_png(std::span<const std::uint8_t> file, Pixels pixels,
                                      std::uint64_t max_pixels);
[[nodiscard]] DecodedImage decode_jpeg(std::span<const std::uint8_t> file,
                                       std::uint64_t max_pixels);

/// Reads and decodes a file, PNG or JPEG as its content says, PNG alone for classes. Throws `Error`
/// with the file's name.
[[nodiscard]] DecodedImage decode_image(const std::filesystem::path& path, Pixels pixels,
                                        std::uint64_t max_pixels);

/// Throws `Error` for extents of more pixels than that, or of none.
void check_pixels(std::uint64_t height, std::uint64_t width, std::uint64_t max_pixels);

}  // namespace lamina::io
