#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <lamina/augment/color.hpp>
#include <lamina/augment/filter.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/augment/regions.hpp>

#include "../errors.hpp"
#include "images.hpp"

// Laws of what is done to pixels.

namespace test_pixels {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

/// The largest difference of any two values that stand in the same place.
float distance(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b.at(i)));
  return largest;
}

}  // namespace

TEST_CASE("factors of 1 change nothing, and others keep to [0, 1]") {
  const OwnedImage image = noise_image(3, 9, 7);
  OwnedImage made = image;
  brightness(made.view(), 1);
  saturation(made.view(), 1);
  CHECK(made.values == image.values);
  contrast(made.view(), 1);
  hue(made.view(), 0);
  gamma(made.view(), 1);
  sharpen(made.view(), 1);
  CHECK(distance(made.values, image.values) < 2e-6f);
  brightness(made.view(), 3);
  contrast(made.view(), 3);
  saturation(made.view(), 3);
  sharpen(made.view(), 5);
  CHECK(*std::min_element(made.values.begin(), made.values.end()) == 0);
  CHECK(*std::max_element(made.values.begin(), made.values.end()) == 1);
}

TEST_CASE("gamma at the ends of its range") {
  OwnedImage image{1, 1, 5, false, {0, 1e-30f, 0.25f, 1, 2}};
  gamma(image.view(), 0);
  CHECK(image.values == std::vector<float>{1, 1, 1, 1, 1});
  gamma(image.view(), 0, 0.5f);
  CHECK(image.values[0] == 0.5f);
  image.values = {0, -1, 0.25f, 1, 0.5f};
  gamma(image.view(), 0, 0.5f);
  CHECK(image.values == std::vector<float>{0.5f, 0.5f, 0.5f, 0.5f, 0.5f});
  image.values = {0, -1, 0.25f, 1, 0.5f};
  gamma(image.view(), 2);
  CHECK(image.values[0] == 0);
  CHECK(image.values[1] == 0);
  CHECK(image.values[2] == Approx(0.0625));
  CHECK(image.values[3] == 1);
}

TEST_CASE("a blur keeps one colour, and sharpening undoes a part of it") {
  OwnedImage flat{2, 6, 9};
  std::fill(flat.values.begin(), flat.values.end(), 0.625f);
  gaussian_blur(flat.view(), 31, 6);  // wider than the image
  CHECK(distance(flat.values, std::vector<float>(flat.values.size(), 0.625f)) < 1e-6f);
  const OwnedImage image = noise_image(1, 20, 20);
  OwnedImage blurred = image;
  gaussian_blur(blurred.view(), 3, 0.5f);
  OwnedImage sharp = blurred;
  sharpen(sharp.view(), 1.5f);
  const auto error = [&](const OwnedImage& other) {
    double sum = 0;
    for (std::size_t i = 0; i < image.values.size(); ++i) {
      sum += std::abs(static_cast<double>(other.values[i] - image.values[i]));
    }
    return sum;
  };
  CHECK(error(sharp) < 0.95 * error(blurred));
}

TEST_CASE("gamma is a power to a few roundings, for dark pixels too") {
  OwnedImage image{1, 40, 50};
  for (const float exponent : {0.1f, 0.5f, 1.0f, 2.2f, 7.0f}) {
    for (std::size_t i = 0; i < image.values.size(); ++i) {
      image.values[i] = std::exp(-0.02f * static_cast<float>(i));
    }
    const std::vector<float> before = image.values;
    gamma(image.view(), exponent);
    Worst worst;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double power = std::pow(static_cast<double>(before[i]), static_cast<double>(exponent));
      // The logarithm's relative error of 2e-7 is that of the power times the power's logarithm,
      // and p |log p| is below 0.37; below e^-87 there is nothing to see.
      worst.compare(static_cast<double>(image.values[i]), power, 3e-7 * (power + 0.4) + 1e-37,
                    static_cast<double>(before[i]));
    }
    LAMINA_CHECK_WORST(worst);
  }
}

TEST_CASE("an erased region hides its key points and its classes") {
  std::vector<KeyPoint> points{{2, 1}, {3.4f, 2.4f}, {1.4f, 1}, {4, 1}};
  erase(points, {1, 2, 2, 2});
  CHECK(!points[0].visible);
  CHECK(!points[1].visible);
  CHECK(points[2].visible);
  CHECK(points[3].visible);
  std::vector<std::uint8_t> mask(20, 3);
  erase(Mask<std::uint8_t>::plane(mask, 4, 5), {2, 3, 9, 9}, std::uint8_t{255});
  CHECK(std::count(mask.begin(), mask.end(), 255) == 4);
  CHECK(mask[2 * 5 + 3] == 255);
}

TEST_CASE("CutMix's region has its share, and its paste takes the other's pixels") {
  const Region region = cut_mix_region({32, 40}, 0.25, 16, 20);
  CHECK(region == Region{8, 10, 16, 20});
  CHECK(cut_mix_region({32, 40}, 0.25, 0, 39) == Region{0, 29, 8, 11});
  CHECK(cut_mix_region({32, 40}, 1, 16, 20) == Region{0, 0, 32, 40});
  CHECK(cut_mix_region({32, 40}, 0, 5, 6) == Region{5, 6, 0, 0});
  const std::vector<Label> own(12, 1);
  const std::vector<Label> other(12, 2);
  std::vector<Label> made = own;
  paste(Mask<const Label>::plane(other, 3, 4), Mask<Label>::plane(made, 3, 4), {1, 1, 1, 2});
  CHECK(made == std::vector<Label>{1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1});
}

TEST_CASE("channels are shuffled and dropped") {
  OwnedImage image{3, 1, 2, false, {1, 2, 3, 4, 5, 6}};
  shuffle_channels(image.view(), std::array{2, 0, 1});
  CHECK(image.values == std::vector<float>{5, 6, 1, 2, 3, 4});
  drop_channels(image.view(), std::array{1, 2}, 0.5f);
  CHECK(image.values == std::vector<float>{5, 6, 0.5f, 0.5f, 0.5f, 0.5f});
}

TEST_CASE("wrong arguments of what is done to pixels are refused") {
  OwnedImage owned = noise_image(2, 4, 5);
  const std::vector<float> before = owned.values;
  const Image image = owned.view();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(has(error_of([&] { brightness(image, -1); }), "brightness", "at least 0", "-1"));
  CHECK(has(error_of([&] { contrast(image, nan); }), "contrast", "nan"));
  CHECK(has(error_of([&] { saturation(image, 1); }), "1 or 3 channels", "found 2"));
  CHECK(has(error_of([&] { hue(image, 0.6f); }), "[-0.5, 0.5]", "0.6"));
  CHECK(has(error_of([&] { hue(image, 0.1f); }), "1 or 3 channels", "found 2"));
  CHECK(has(error_of([&] { gamma(image, -1); }), "gamma", "-1"));
  CHECK(has(error_of([&] { gaussian_blur(image, 4, 1); }), "odd kernel", "found 4"));
  CHECK(has(error_of([&] { gaussian_blur(image, 3, 0); }), "above 0", "found 0"));
  CHECK(has(error_of([&] { sharpen(image, nan); }), "sharpen", "nan"));
  CHECK(has(error_of([&] { gaussian_noise(image, 1, std::vector<float>(39)); }), "40 numbers",
            "found 39"));
  CHECK(has(error_of([&] { salt_and_pepper(image, 1.5f, 0, 1); }), "[0, 1]", "1.5"));
  CHECK(has(error_of([&] { erase(image, {0, 0, -1, 2}); }), "0 x 0 or more", "-1 x 2"));
  CHECK(has(error_of([&] { erase(image, {0, 0, 1, 1}, std::array{1.0f}); }), "each channel"));
  CHECK(has(error_of([&] { shuffle_channels(image, std::array{1, 1}); }), "each channel once"));
  CHECK(has(error_of([&] { drop_channels(image, std::array{2}); }), "channel of the image", "2"));
  OwnedImage other = noise_image(2, 5, 4);
  CHECK(has(error_of([&] { paste(other.view(), image, {0, 0, 1, 1}); }), "4 x 5", "5 x 4"));
  CHECK(has(error_of([&] { (void)cut_mix_region({4, 5}, 0.5, 4, 0); }), "in the image", "4"));
  std::vector<float> field(20);
  CHECK(has(error_of([&] { elastic_field({4, 5}, 1, 0, 1, field, field); }), "(0, 127]"));
  CHECK(has(error_of([] { brightness(Image{}, 1); }), "expected an image", "0 x 0"));
  // One value at 2^31 positions, which an int cannot count.
  const Image many{owned.values.data(), 2, 1 << 15, 1 << 15};
  CHECK(has(error_of([&] { brightness(many, 1); }), "expected an image", "2 channels"));
  CHECK(owned.values == before);
}

}  // namespace test_pixels
