#include "augmenting.hpp"

#include <array>
#include <functional>
#include <vector>

#include <lamina/augment/color.hpp>
#include <lamina/augment/filter.hpp>
#include <lamina/augment/geometry.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/augment/regions.hpp>

// Microseconds an image of 3 x 32 x 32 for what augmentation does, on one core; a line each, with a
// tab between. Best of several rounds. bench/peers/torchvision_images.py has torchvision's.

using namespace lamina::augment;
using namespace lamina::bench;

namespace {

void measure(const char* name, const std::function<void()>& call) {
  print(name, microseconds(call));
}

constexpr Size size{32, 32};

void measure_warps(const Image& from, const Image& to, const Image& gray) {
  const auto row = [&](const char* name, const auto& make) {
    measure(name, [&] { warp(from, to, make()); });
  };
  const std::vector<float> field = numbers(32 * 32);
  std::vector<lamina::Label> classes(32 * 32);
  const auto mask = Mask<lamina::Label>::plane(classes, 32, 32);
  row("rotation", [] { return rotation(size, 10); });
  measure("rotation of 1 x 28 x 28", [&] { warp(gray, gray, rotation({28, 28}, 10)); });
  measure("rotation of a mask", [&] { warp(mask, mask, rotation(size, 10)); });
  measure("rotation, reflected", [&] { warp(from, to, rotation(size, 10), Reflect{}); });
  row("affine", [] {
    return affine(size, {.degrees = 10, .right = 1, .scale = 1.1, .x_shear = 5, .y_shear = 3});
  });
  row("perspective", [] {
    return perspective(size, {{{0, 0}, {31, 0}, {31, 31}, {0, 31}}},
                       {{{1, 2}, {30, 0}, {31, 29}, {-1, 30}}});
  });
  row("displacement", [&] { return Warp::displacement(size, field, field); });
  row("horizontal flip", [] { return horizontal_flip(size); });
  row("vertical flip", [] { return vertical_flip(size); });
  row("crop, padded by 4", [] { return crop(size, {-3, 2, 32, 32}); });
  row("resized crop", [] { return resized_crop(size, {4, 3, 20, 24}, size); });
}

void measure_pixels(const Image& image) {
  const std::vector<float> others = numbers(3 * 32 * 32);
  const auto other = ConstImage::channels_first(others, 3, 32, 32);
  measure("brightness", [&] { brightness(image, 1.01f); });
  measure("contrast", [&] { contrast(image, 1.01f); });
  measure("saturation", [&] { saturation(image, 1.01f); });
  measure("hue", [&] { hue(image, 0.1f); });
  measure("gamma", [&] { gamma(image, 1.01f); });
  measure("grayscale", [&] { grayscale(image); });
  measure("Gaussian blur, 3 x 3", [&] { gaussian_blur(image, 3, 0.8f); });
  measure("Gaussian blur, 5 x 5", [&] { gaussian_blur(image, 5, 1); });
  measure("sharpen", [&] { sharpen(image, 1.1f); });
  measure("Gaussian noise", [&] { gaussian_noise(image, 0.1f, 3); });
  measure("salt and pepper", [&] { salt_and_pepper(image, 0.01f, 0.5f, 3); });
  measure("erase", [&] { erase(image, {8, 8, 10, 12}, 0.5f); });
  measure("paste", [&] { paste(other, image, {4, 5, 16, 20}); });
  measure("shuffle channels", [&] { shuffle_channels(image, std::array{2, 0, 1}); });
}

}  // namespace

int main() {
  std::vector<float> from = numbers(3 * 32 * 32);
  std::vector<float> to = from;
  std::vector<float> gray = numbers(28 * 28);
  const Image image = Image::channels_first(to, 3, 32, 32);
  measure_warps(Image::channels_first(from, 3, 32, 32), image, Image::plane(gray, 28, 28));
  measure_pixels(image);
  measure("crop, flip, rotation, brightness, erase", [&] {
    warp(image, image,
         crop(size, {-3, 2, 32, 32}).then(horizontal_flip(size)).then(rotation(size, 10)));
    brightness(image, 1.01f);
    erase(image, {8, 8, 10, 12}, 0.5f);
  });
  measure("the same, each apart", [&] {
    warp(image, image, crop(size, {-3, 2, 32, 32}));
    warp(image, image, horizontal_flip(size));
    warp(image, image, rotation(size, 10));
    brightness(image, 1.01f);
    erase(image, {8, 8, 10, 12}, 0.5f);
  });
  measure_lists();
}
