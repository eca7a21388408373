#pragma once

#include <cmath>
#include <string>

#include <lamina/augment/image.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>

/// What functions of images say of wrong arguments.
namespace lamina::augment {

inline std::string text_of(double number) {
  TextBuffer text;
  text << number;
  return std::string(text.view());
}

inline std::string text_of(Size size) {
  return std::to_string(size.height) + " x " + std::to_string(size.width);
}

/// `Error` unless `right`: "rotation: expected finite degrees, found nan".
inline void expect(bool right, const char* where, const char* expected, double found) {
  if (right) return;
  throw Error(std::string(where) + ": expected " + expected + ", found " + text_of(found));
}

inline void expect_finite(double number, const char* where, const char* what) {
  expect(std::isfinite(number), where, what, number);
}

inline void expect_image(const ConstImage& image, const char* where) {
  if (image.data != nullptr && !image.empty() && image.countable()) return;
  throw Error(std::string(where) + ": expected an image of 1 to 2^30 values, found " +
              std::to_string(image.channels) + " channels of " + text_of(image.size()));
}

inline void expect_size(Size found, Size expected, const char* where, const char* what) {
  if (found == expected) return;
  throw Error(std::string(where) + ": expected " + what + " of " + text_of(expected) + ", found " +
              text_of(found));
}

}  // namespace lamina::augment
