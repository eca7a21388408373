#pragma once

#include <cstdint>
#include <span>

#include <lamina/augment/image.hpp>
#include <lamina/augment/labels.hpp>
#include <lamina/augment/scratch.hpp>

/// What is done to rectangles of images and to whole channels, where they stand.
namespace lamina::augment {

/// Every value of the region becomes `value`: random erasing, cutout. What of the region is beyond
/// the image is left out.
/// Errors: `Error` for a region of less than nothing.
void erase(const Image& image, const Region& region, float value = 0);
/// The same with a value for each channel.
/// Errors: `Error` for another count of values than channels.
void erase(const Image& image, const Region& region, std::span<const float> values);
/// Of masks, where the classes of what is hidden shall change too; torchvision leaves them alone.
void erase(const Mask<std::uint8_t>& mask, const Region& region, std::uint8_t value);
void erase(const Mask<std::uint16_t>& mask, const Region& region, std::uint16_t value);
void erase(const Mask<std::int32_t>& mask, const Region& region, std::int32_t value);
/// Key points in the region are not visible from then on.
void erase(std::span<KeyPoint> points, const Region& region);

/// The region of another image of the same extents, in the same place: CutMix. What of the region
/// is beyond the image is left out.
/// Errors: `Error` for images of other extents.
void paste(const ConstImage& from, const Image& to, const Region& region);
void paste(const Mask<const std::uint8_t>& from, const Mask<std::uint8_t>& to,
           const Region& region);
void paste(const Mask<const std::uint16_t>& from, const Mask<std::uint16_t>& to,
           const Region& region);
void paste(const Mask<const std::int32_t>& from, const Mask<std::int32_t>& to,
           const Region& region);

/// CutMix's region: the image's form, `share` of its area, about the pixel (y, x), without what is
/// beyond the image, so that it may be smaller. Its true share is height * width over the image's.
/// Errors: `Error` for a share outside [0, 1], and a middle that is not in the image.
/// Source: Yun et al. 2019, https://arxiv.org/abs/1905.04899
[[nodiscard]] Region cut_mix_region(Size size, double share, int y, int x);

/// Channel c becomes what channel order[c] was.
/// Errors: `Error` for what is no order of the image's channels.
void shuffle_channels(const Image& image, std::span<const int> order,
                      Scratch& scratch = Scratch::of_thread());

/// The named channels become `value`.
/// Errors: `Error` for a channel that is not there.
void drop_channels(const Image& image, std::span<const int> channels, float value = 0);

}  // namespace lamina::augment
