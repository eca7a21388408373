#pragma once

#include <span>

namespace lamina::augment {

/// The same sound at `ratio` times its rate, 1/256 to 256, of one channel; cut or followed by
/// zeros. The two do not share memory. Where the library was built without libsamplerate, an
/// `Error` says so.
void convert_rate(std::span<const float> from, std::span<float> to, double ratio,
                  const char* where);

/// Throws that error, before anything is changed.
void expect_converter(const char* where);

}  // namespace lamina::augment
