#include "program/samples.hpp"

#include <array>

#include "program/counted.hpp"

namespace lamina::program {

namespace {

// Lines of several channels are the lines of one channel.
std::array<int, 3> as_image(const Shape& sample) {
  std::array<int, 3> extents{sample.channels, sample.height, sample.width};
  if (extents[1] == 1) extents = {1, extents[0], extents[2]};
  return extents;
}

}  // namespace

std::string sample_text(const Shape& sample) {
  if (sample.flat()) return counted(static_cast<std::size_t>(sample.channels), "feature");
  const auto [channels, height, width] = as_image(sample);
  std::string text;
  if (channels > 1) text = std::to_string(channels) + " x ";
  return text + std::to_string(height) + " x " + std::to_string(width);
}

std::string sample_words(const Shape& sample) {
  return (sample.flat() ? "" : "samples of ") + sample_text(sample);
}

std::string samples_text(std::size_t count, const Shape& sample) {
  return counted(count, "sample") + " of " + sample_text(sample);
}

bool agree(const Shape& one, const Shape& other) {
  if (one.features() != other.features()) return false;
  return one.flat() || other.flat() || as_image(one) == as_image(other);
}

}  // namespace lamina::program
