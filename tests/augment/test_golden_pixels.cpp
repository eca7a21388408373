#include <functional>

#include <lamina/augment/color.hpp>
#include <lamina/augment/filter.hpp>

#include "images.hpp"

// Colours and filters against torchvision: tests/golden/make_augmentation.py.

namespace test_golden_pixels {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

const Golden& golden() {
  static const Golden read("augmentation");
  return read;
}

/// In both layouts. A few roundings of numbers up to 1.7 * 1.7.
void check(const std::string& name, const std::function<void(const Image&)>& change) {
  INFO(name);
  const OwnedImage image{3, 16, 13, false, golden().floats("image")};
  for (OwnedImage made : {image, with_channels_last(image)}) {
    change(made.view());
    Worst worst;
    compare(worst, made, golden().floats(name), 1e-6, name);
    LAMINA_CHECK_WORST(worst);
  }
}

}  // namespace

TEST_CASE("lighting is torchvision's") {
  for (const auto& [text, factor] : {std::pair{"0.4", 0.4f}, std::pair{"1.7", 1.7f}}) {
    const std::string name = text;
    check("brightness_" + name, [=](const Image& image) { brightness(image, factor); });
    check("contrast_" + name, [=](const Image& image) { contrast(image, factor); });
    check("gamma_" + name, [=](const Image& image) { gamma(image, factor); });
  }
}

TEST_CASE("the contrast of an image of one channel is torchvision's") {
  OwnedImage image{1, 16, 13};
  std::copy_n(golden().floats("image").begin(), image.values.size(), image.values.begin());
  contrast(image.view(), 1.7f);
  Worst worst;
  compare(worst, image, golden().floats("contrast_gray"), 1e-6, "contrast_gray");
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("colours are torchvision's") {
  for (const auto& [text, factor] : {std::pair{"0.4", 0.4f}, std::pair{"1.7", 1.7f}}) {
    check("saturation_" + std::string(text),
          [=](const Image& image) { saturation(image, factor); });
  }
  for (const auto& [text, turn] :
       {std::pair{"0.1", 0.1f}, std::pair{"-0.35", -0.35f}, std::pair{"0.5", 0.5f}}) {
    check("hue_" + std::string(text), [=](const Image& image) { hue(image, turn); });
  }
  check("grayscale", [](const Image& image) { grayscale(image); });
}

TEST_CASE("fewer, opposite and stretched colours are torchvision's") {
  check("posterize_3", [](const Image& image) { posterize(image, 3); });
  check("solarize_0.4", [](const Image& image) { solarize(image, 0.4f); });
  check("auto_contrast", [](const Image& image) {
    const auto narrower = [](float x) { return 0.5f * x + 0.2f; };
    for (int i = 0; i < 3 * 16 * 13; ++i) image.data[i] = narrower(image.data[i]);
    auto_contrast(image);
  });
}

TEST_CASE("filters are torchvision's") {
  check("blur_3", [](const Image& image) { gaussian_blur(image, 3, 0.8f); });
  check("blur_5", [](const Image& image) { gaussian_blur(image, 5, 1.0f); });
  check("blur_7", [](const Image& image) { gaussian_blur(image, 7, 1.5f); });
  check("sharpen_0.4", [](const Image& image) { sharpen(image, 0.4f); });
  check("sharpen_1.7", [](const Image& image) { sharpen(image, 1.7f); });
}

}  // namespace test_golden_pixels
