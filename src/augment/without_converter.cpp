#include <string>

#include <lamina/core/error.hpp>

#include "augment/converter.hpp"

/// In place of the converter where its library was not there when this one was built.
namespace lamina::augment {

void expect_converter(const char* where) {
  throw Error(std::string(where) +
              ": changes the rate, and this lamina was built without libsndfile and "
              "libsamplerate: install them (Debian: libsndfile1-dev, libsamplerate0-dev) and build "
              "lamina with -Dsound=enabled");
}

void convert_rate(std::span<const float>, std::span<float>, double, const char* where) {
  expect_converter(where);
}

}  // namespace lamina::augment
