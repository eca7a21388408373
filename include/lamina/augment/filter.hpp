#pragma once

#include <lamina/augment/image.hpp>
#include <lamina/augment/scratch.hpp>

namespace lamina::augment {

/// Every value becomes a mean of those around it, with weights exp(-d^2 / (2 deviation^2)) over
/// `kernel` x `kernel` pixels; beyond the image it is its mirror, `Reflect`.
/// Errors: `Error` for a kernel that is not odd and above 0, or above 1023, and a deviation that is
/// not finite and above 0.
void gaussian_blur(const Image& image, int kernel, float deviation,
                   Scratch& scratch = Scratch::of_thread());

/// factor * x + (1 - factor) * b, clipped to [0, 1], b a mean of the 3 x 3 pixels around with 5 of
/// 13 parts for the middle: 1 changes nothing, 0 blurs, 2 sharpens. The outermost pixels stay.
/// Errors: `Error` for a factor that is not finite and at least 0.
void sharpen(const Image& image, float factor, Scratch& scratch = Scratch::of_thread());

}  // namespace lamina::augment
