#include "io/decoded_image.hpp"

#include <string_view>

#include <lamina/core/error.hpp>

#include "io/whole_file.hpp"

namespace lamina::io {

namespace {

constexpr std::string_view png = "\x89PNG\r\n\x1a\n";
constexpr std::string_view jpeg = "\xff\xd8\xff";

}  // namespace

DecodedImage decode_image(const std::filesystem::path& path, Pixels pixels,
                          std::uint64_t max_pixels) {
  const bool classes = pixels == Pixels::Classes;
  const auto file =
      read_whole(path, classes ? "a PNG file as a class map" : "a PNG or JPEG file",
                 [&](std::string_view begin) {
                   return begin.starts_with(png) || (!classes && begin.starts_with(jpeg));
                 });
  const bool is_png = file.front() == static_cast<std::uint8_t>(png.front());
  return with_name(path, [&] {
    return is_png ? decode_png(file, pixels, max_pixels) : decode_jpeg(file, max_pixels);
  });
}

void check_pixels(std::uint64_t height, std::uint64_t width, std::uint64_t max_pixels) {
  if (height != 0 && width <= max_pixels / height) return;  // both come of 32 bits
  throw Error("expected at most " + std::to_string(max_pixels) + " pixels (max_pixels), found " +
              std::to_string(height) + " x " + std::to_string(width));
}

}  // namespace lamina::io
