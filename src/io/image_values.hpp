#pragma once

#include <string>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/io/image_directory.hpp>

#include "io/decoded_image.hpp"

namespace lamina::io {

/// Extents of what these options make of an image.
struct ImageExtents {
  int channels = 0;
  ImageSize size;

  [[nodiscard]] std::uint64_t values() const {
    return static_cast<std::uint64_t>(channels) * static_cast<std::uint64_t>(size.height) *
           static_cast<std::uint64_t>(size.width);
  }
};

/// Throws `Error` for options that make no sense.
void check_image_options(const ImageOptions& options, const char* function);

[[nodiscard]] ImageExtents extents_of(const DecodedImage& image, const ImageOptions& options);

/// Writes the values in [0, 1], (channels, height, width), to `to`, which holds zeros.
void write_values(const DecodedImage& image, const ImageOptions& options, float* to);

/// The classes of a map that was decoded for them, (height, width), resized where a size is given.
/// Throws `Error` without the file's name for a value that `values` lacks.
[[nodiscard]] std::vector<Label> classes_of(const DecodedImage& map, ImageSize size,
                                            const std::vector<int>& values);

/// `28 x 30`.
[[nodiscard]] std::string text(ImageSize size);

}  // namespace lamina::io
