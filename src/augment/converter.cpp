#include "augment/converter.hpp"

#include <algorithm>
#include <samplerate.h>
#include <string>

#include <lamina/core/error.hpp>

namespace lamina::augment {

void expect_converter(const char*) {}

void convert_rate(std::span<const float> from, std::span<float> to, double ratio,
                  const char* where) {
  SRC_DATA data{};
  data.data_in = from.data();
  data.data_out = to.data();
  data.input_frames = static_cast<long>(from.size());
  data.output_frames = static_cast<long>(to.size());
  data.src_ratio = ratio;
  // That of `read_sound`: 121 dB, 90 % of the band.
  const int error = src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1);
  if (error != 0) throw Error(std::string(where) + ": libsamplerate: " + src_strerror(error));
  std::fill(to.begin() + data.output_frames_gen, to.end(), 0.0f);
}

}  // namespace lamina::augment
