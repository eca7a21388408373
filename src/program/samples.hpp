#pragma once

#include <cstddef>
#include <string>

#include <lamina/core/shape.hpp>

/// What the program says of the shape of samples, and whether shapes agree.
namespace lamina::program {

/// `4 features`, `28 x 28`, `3 x 32 x 32`.
[[nodiscard]] std::string sample_text(const Shape& sample);

/// `4 features`, `samples of 28 x 28`.
[[nodiscard]] std::string sample_words(const Shape& sample);

/// `48000 samples of 28 x 28`.
[[nodiscard]] std::string samples_text(std::size_t count, const Shape& sample);

/// True where samples of one shape may stand for those of the other: plain features for anything
/// with as many values, and images for images of the same channels, height and width. Files do not
/// tell a signal (channels, length) from an image of one channel.
[[nodiscard]] bool agree(const Shape& one, const Shape& other);

}  // namespace lamina::program
