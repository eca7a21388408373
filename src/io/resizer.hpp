#pragma once

#include <vector>

#include "augment/resize_taps.hpp"

namespace lamina::io {

/// Resizes an image that comes line by line; nothing as large as the image is kept.
class Resizer {
 public:
  /// `to` is (channels, height, width), zero before.
  Resizer(int height, int width, int channels, int to_height, int to_width, float* to);

  /// Takes the next line: (channels, width).
  void add(const float* line);

 private:
  int width_, channels_, to_height_, to_width_;
  float* to_;
  augment::ResizeTaps lines_;
  augment::ResizeTaps columns_;
  std::vector<float> resized_;  // (channels, to_width)
  int line_ = 0;
  int unfinished_ = 0;  // output lines before this one have all of their inputs
};

}  // namespace lamina::io
