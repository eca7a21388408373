#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <lamina/augment/noise.hpp>
#include <lamina/core/draw.hpp>
#include <lamina/core/philox.hpp>

#include "images.hpp"

// Noise is drawn by counters, with the moments that it should have.

namespace test_image_noise {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

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

TEST_CASE("noise of a seed is that of the library's generator") {
  std::vector<float> numbers(3 * 128 + 5);
  const std::uint64_t seed = 0x123456789abcdef;
  fill_normal(numbers, seed);
  Worst worst;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // Of each 128 numbers, 16 counters of 4 words: first the lower halves of words, then the upper.
    const auto counter = static_cast<std::uint32_t>(i / 128 * 16 + i % 16);
    const std::uint32_t word = philox::words({counter, 0, 0x6e6f726d, 0}, seed)[i % 64 / 16];
    const auto bits = static_cast<std::int32_t>(i % 128 < 64 ? word & 0xFFFFu : word >> 16);
    // A few roundings of numbers up to 4.4.
    worst.compare(static_cast<double>(numbers[i]), ScalarDraw<double>{bits}.normal(), 3e-6,
                  static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
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

}  // namespace test_image_noise
