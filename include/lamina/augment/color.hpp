#pragma once

#include <lamina/augment/image.hpp>

/// What is done to the colours of an image, where it stands. Results are clipped to [0, 1], but for
/// those of `hue` and `grayscale`, which are in [0, 1] where the image is. "Gray" is 0.2989 red +
/// 0.587 green + 0.114 blue, and of images without three channels their mean.
///
/// Errors: factors that are not finite or out of their range, and images of other channels than
/// said, throw `Error`.
namespace lamina::augment {

/// factor * x; 1 changes nothing, 0 is black. factor >= 0.
void brightness(const Image& image, float factor);

/// factor * (x - m) + m, m the mean of the image in gray: 1 changes nothing, 0 is one gray.
/// factor >= 0.
void contrast(const Image& image, float factor);

/// factor * x + (1 - factor) * gray: 1 changes nothing, 0 is gray. factor >= 0. An image of one
/// channel stays as it is; others must have three.
void saturation(const Image& image, float factor);

/// Turns the hue by a share of the circle in [-0.5, 0.5]; lightness and saturation stay. An image
/// of one channel stays as it is; others must have three.
void hue(const Image& image, float turn);

/// gain * x^exponent: "lighting"; an exponent above 1 darkens. exponent, gain >= 0.
void gamma(const Image& image, float exponent, float gain = 1);

/// The colours that `bits` bits a channel can say: floor(2^bits x) / 2^bits, 1 as the last of them.
/// 1 to 8 bits.
void posterize(const Image& image, int bits);

/// Values of at least a threshold in [0, 1] become 1 - x.
void solarize(const Image& image, float threshold);

/// Stretches each channel so that its least value is 0 and its largest 1; one of a single value
/// stays as it is.
void auto_contrast(const Image& image);

/// Every channel becomes gray.
void grayscale(const Image& image);

}  // namespace lamina::augment
