#include <lamina/core/error.hpp>

#include "io/decoded_image.hpp"

/// In place of the decoders where their libraries were not there when this one was built.
namespace lamina::io {

namespace {

[[noreturn]] void refuse(const char* kind) {
  throw Error(std::string("is a ") + kind +
              " file, and this lamina was built without libpng and libjpeg: install them (Debian: "
              "libpng-dev, libjpeg-dev) and build lamina with -Dimages=enabled");
}

}  // namespace

DecodedImage decode_png(std::span<const std::uint8_t>, Pixels, std::uint64_t) {
  refuse("PNG");
}

DecodedImage decode_jpeg(std::span<const std::uint8_t>, std::uint64_t) {
  refuse("JPEG");
}

}  // namespace lamina::io
