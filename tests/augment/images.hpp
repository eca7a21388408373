#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <lamina/augment/image.hpp>

#include "../numbers.hpp"

/// Images that own their values, for tests.
namespace lamina::testing {

/// (C, H, W), or channels last.
struct OwnedImage {
  int channels;
  int height;
  int width;
  bool last = false;
  std::vector<float> values =
      std::vector<float>(static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
                         static_cast<std::size_t>(width));

  [[nodiscard]] augment::Image view() {
    return last ? augment::Image::channels_last(values, channels, height, width)
                : augment::Image::channels_first(values, channels, height, width);
  }
  [[nodiscard]] augment::ConstImage view() const {
    return last ? augment::ConstImage::channels_last(values, channels, height, width)
                : augment::ConstImage::channels_first(values, channels, height, width);
  }
};

inline OwnedImage noise_image(int channels, int height, int width, unsigned seed = 1) {
  OwnedImage made{channels, height, width};
  made.values = uniform(made.values.size(), seed, 0, 1);
  return made;
}

/// The same image with channels side by side.
inline OwnedImage with_channels_last(const OwnedImage& image) {
  OwnedImage made{image.channels, image.height, image.width, true};
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) *made.view().at(c, y, x) = *image.view().at(c, y, x);
    }
  }
  return made;
}

/// Compares all values, channel by channel.
inline void compare(Worst& worst, const OwnedImage& found, const std::vector<float>& expected,
                    double tolerance, const std::string& name) {
  std::size_t i = 0;
  for (int c = 0; c < found.channels; ++c) {
    for (int y = 0; y < found.height; ++y) {
      for (int x = 0; x < found.width; ++x) {
        worst.compare(static_cast<double>(*found.view().at(c, y, x)),
                      static_cast<double>(expected.at(i++)), tolerance,
                      name + " at " + std::to_string(c) + ", " + std::to_string(y) + ", " +
                          std::to_string(x));
      }
    }
  }
  worst.compare(static_cast<double>(i), static_cast<double>(expected.size()), 0.5,
                name + ": values");
}

}  // namespace lamina::testing
