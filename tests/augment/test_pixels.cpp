#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

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

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

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

TEST_CASE("noise of a seed is standard normal, the same for any length") {
  std::vector<float> numbers(100000);
  fill_normal(numbers, 5);
  double square = 0;
  for (const float x : numbers) square += static_cast<double>(x) * static_cast<double>(x);
  // Four standard errors: sqrt(1 / n), and sqrt(2 / n) of the variance.
  CHECK(std::abs(mean(numbers)) < 4 / std::sqrt(1e5));
  CHECK(std::abs(square / 1e5 - 1) < 4 * std::sqrt(2 / 1e5));
  std::vector<float> few(333);
  fill_normal(few, 5);
  CHECK(std::equal(few.begin(), few.end(), numbers.begin()));
  std::vector<float> others(333);
  fill_normal(others, 6);
  CHECK(few != others);
  double product = 0;
  for (std::size_t i = 0; i < 50000; ++i) {
    product += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i + 50000]);
  }
  CHECK(std::abs(product / 5e4) < 4 / std::sqrt(5e4));
}

TEST_CASE("Gaussian noise is the given noise, clipped") {
  OwnedImage image{1, 1, 3, true, {0.5f, 0.5f, 0.5f}};
  gaussian_noise(image.view(), 0.25f, std::array{1.0f, -1.0f, 3.0f});
  CHECK(image.values == std::vector<float>{0.75f, 0.25f, 1.0f});
}

TEST_CASE("salt and pepper falls on whole pixels, by the shares that were asked for") {
  OwnedImage image{3, 200, 200};
  std::fill(image.values.begin(), image.values.end(), 0.5f);
  salt_and_pepper(image.view(), 0.2f, 0.75f, 3);
  const auto plane = image.values.size() / 3;
  CHECK(std::equal(image.values.begin(), image.values.begin() + static_cast<int>(plane),
                   image.values.begin() + static_cast<int>(plane)));
  const auto count = [&](float value) {
    const auto found = std::count(image.values.begin(), image.values.end(), value);
    return static_cast<double>(found) / static_cast<double>(image.values.size());
  };
  // Four standard errors of 40,000 draws.
  CHECK(std::abs(count(1) - 0.15) < 4 * std::sqrt(0.15 * 0.85 / 4e4));
  CHECK(std::abs(count(0) - 0.05) < 4 * std::sqrt(0.05 * 0.95 / 4e4));
  CHECK(count(0) + count(1) + count(0.5f) == Approx(1));
  salt_and_pepper(image.view(), 1, 1, 4);
  CHECK(count(1) == 1);
  salt_and_pepper(image.view(), 0, 1, 4);
  CHECK(count(1) == 1);
}

TEST_CASE("an elastic field is smooth, of zero mean, and as strong as asked for") {
  std::vector<float> right(64 * 64), down(64 * 64), twice(64 * 64);
  elastic_field({64, 64}, 10, 3, 1, right, down);
  // Uniform numbers deviate by sqrt(1 / 3); a Gaussian of deviation s leaves 1 / (2 s sqrt(pi)).
  const double deviation = 10 * std::sqrt(1.0 / 3) / (2 * 3 * std::sqrt(3.14159265));
  double square = 0;
  for (const float x : right) square += static_cast<double>(x) * static_cast<double>(x);
  CHECK(std::sqrt(square / 4096) == Approx(deviation).epsilon(0.25));
  for (std::size_t i = 0; i + 1 < right.size(); ++i) {
    if (i % 64 != 63) CHECK(std::abs(right[i + 1] - right[i]) < 2 * deviation);
  }
  CHECK(right != down);
  elastic_field({64, 64}, 20, 3, 1, twice, down);
  for (float& x : right) x *= 2;
  CHECK(right == twice);
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
  CHECK(owned.values == before);
}

}  // namespace test_pixels
