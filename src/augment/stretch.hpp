#pragma once

#include <cstddef>
#include <span>

namespace lamina::augment {

/// `factor` times as fast at the same pitch, cut or followed by zeros: a phase vocoder of
/// frames of `frame` samples, a multiple of 4, every quarter of it. The two may be the same memory.
/// Source: Laroche and Dolson 1999, "Improved phase vocoder time-scale modification of audio".
void stretch(std::span<const float> from, std::span<float> to, double factor, int frame,
             std::span<float> memory);

/// Floats of memory for it.
[[nodiscard]] std::size_t stretch_memory(std::size_t from, std::size_t to, double factor,
                                         int frame);

}  // namespace lamina::augment
