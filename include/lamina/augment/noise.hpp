#pragma once

#include <cstdint>
#include <span>

#include <lamina/augment/image.hpp>
#include <lamina/augment/scratch.hpp>

/// Noise. Where a seed is given, the numbers are those of the library's counter-based generator: a
/// function of the seed and the place in the image alone.
namespace lamina::augment {

/// x + deviation * noise, clipped to [0, 1]; the noise (channels, height, width), row-major,
/// whatever the image's layout.
/// Errors: `Error` for a deviation that is not finite and at least 0, or another count of numbers.
void gaussian_noise(const Image& image, float deviation, std::span<const float> noise);

/// The same with standard normal noise drawn from a seed.
void gaussian_noise(const Image& image, float deviation, std::uint64_t seed,
                    Scratch& scratch = Scratch::of_thread());

/// Standard normal numbers: number i of a seed is always the same.
void fill_normal(std::span<float> numbers, std::uint64_t seed);

/// A share of the pixels becomes white, 1 in every channel, or black, 0: of those `salt` are white.
/// Errors: `Error` for shares outside [0, 1].
void salt_and_pepper(const Image& image, float share, float salt, std::uint64_t seed,
                     Scratch& scratch = Scratch::of_thread());

/// Displacements for `Warp::displacement`, in pixels: `strength` times uniform numbers in (-1, 1)
/// that a Gaussian of this deviation, in pixels, has smoothed. torchvision's alpha is twice the
/// strength.
/// Errors: `Error` for fields that are not (height, width), a strength that is not finite, and a
/// deviation outside (0, 127].
/// Source: Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks".
void elastic_field(Size size, float strength, float deviation, std::uint64_t seed,
                   std::span<float> right, std::span<float> down,
                   Scratch& scratch = Scratch::of_thread());

}  // namespace lamina::augment
