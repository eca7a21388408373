#include <algorithm>
#include <cmath>

#include <lamina/augment/filter.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/core/philox.hpp>

#include "augment/check.hpp"
#include "augment/each.hpp"
#include "augment/elementary.hpp"

namespace lamina::augment {

namespace {

/// Counters of a chunk of random numbers, whose words are made side by side.
constexpr std::size_t counters = 16;
constexpr std::size_t chunk_words = 4 * counters;
constexpr std::uint32_t normal_stream = 0x6e6f726d;
constexpr std::uint32_t uniform_stream = 0x756e6966;
constexpr std::uint32_t salt_stream = 0x73616c74;

/// `philox::words` of 16 counters that follow each other: word w of counter i at w * 16 + i.
void words_of_chunk(std::size_t chunk, std::uint32_t stream, std::uint64_t seed,
                    std::uint32_t (&words)[chunk_words]) {
  const std::uint64_t first = chunk * counters;
  auto low = static_cast<std::uint32_t>(seed);
  auto high = static_cast<std::uint32_t>(seed >> 32);
  for (std::size_t i = 0; i < counters; ++i) {
    words[i] = static_cast<std::uint32_t>(first + i);
    words[counters + i] = static_cast<std::uint32_t>(first >> 32);
    words[2 * counters + i] = stream;
    words[3 * counters + i] = 0;
  }
  for (int round = 0; round < philox::rounds; ++round) {
    for (std::size_t i = 0; i < counters; ++i) {
      const std::uint64_t a = std::uint64_t{philox::multiplier[0]} * words[i];
      const std::uint64_t b = std::uint64_t{philox::multiplier[1]} * words[2 * counters + i];
      words[i] = static_cast<std::uint32_t>(b >> 32) ^ words[counters + i] ^ low;
      words[counters + i] = static_cast<std::uint32_t>(b);
      words[2 * counters + i] =
          static_cast<std::uint32_t>(a >> 32) ^ words[3 * counters + i] ^ high;
      words[3 * counters + i] = static_cast<std::uint32_t>(a);
    }
    low += philox::increment[0];
    high += philox::increment[1];
  }
}

/// number = make(16 bits): of a chunk the lower halves of all words, then the upper ones.
template <class F>
void fill_drawn(std::span<float> numbers, std::uint64_t seed, std::uint32_t stream, const F& make) {
  constexpr std::size_t size = 2 * chunk_words;
  for (std::size_t first = 0; first < numbers.size(); first += size) {
    std::uint32_t words[chunk_words];
    words_of_chunk(first / size, stream, seed, words);
    float made[size];
    for (std::size_t i = 0; i < chunk_words; ++i) made[i] = make(words[i] & 0xFFFFu);
    for (std::size_t i = 0; i < chunk_words; ++i) made[chunk_words + i] = make(words[i] >> 16);
    std::copy_n(made, std::min(size, numbers.size() - first), numbers.data() + first);
  }
}

void expect_share(float share, const char* where) {
  expect(share >= 0 && share <= 1, where, "a share in [0, 1]", static_cast<double>(share));
}

std::size_t values_of(const Image& image) {
  return static_cast<std::size_t>(image.channels) * static_cast<std::size_t>(image.height) *
         static_cast<std::size_t>(image.width);
}

}  // namespace

void fill_normal(std::span<float> numbers, std::uint64_t seed) {
  fill_drawn(numbers, seed, normal_stream, normal_of_bits);
}

void gaussian_noise(const Image& image, float deviation, std::span<const float> noise) {
  expect_image(image, "gaussian_noise");
  expect(deviation >= 0 && std::isfinite(deviation), "gaussian_noise",
         "a finite deviation of at least 0", static_cast<double>(deviation));
  if (noise.size() != values_of(image)) {
    throw Error("gaussian_noise: expected " + std::to_string(values_of(image)) +
                " numbers, one a value, found " + std::to_string(noise.size()));
  }
  const float* next = noise.data();
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y, next += image.width) {
      float* row = image.at(c, y, 0);
      with_stride(image.column_stride, [&](auto stride) {
        for (int x = 0; x < image.width; ++x) {
          row[x * stride] = clipped(row[x * stride] + deviation * next[x]);
        }
      });
    }
  }
}

void gaussian_noise(const Image& image, float deviation, std::uint64_t seed, Scratch& scratch) {
  expect_image(image, "gaussian_noise");
  const std::span<float> noise = scratch.floats(values_of(image));
  fill_normal(noise, seed);
  gaussian_noise(image, deviation, noise);
}

void salt_and_pepper(const Image& image, float share, float salt, std::uint64_t seed,
                     Scratch& scratch) {
  expect_image(image, "salt_and_pepper");
  expect_share(share, "salt_and_pepper");
  expect_share(salt, "salt_and_pepper");
  constexpr double scale = 1 << 30;
  const auto changed = static_cast<std::int32_t>(static_cast<double>(share) * scale);
  const auto white =
      static_cast<std::int32_t>(static_cast<double>(share) * static_cast<double>(salt) * scale);
  const std::size_t pixels =
      static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  const std::size_t chunks = (pixels + chunk_words - 1) / chunk_words;
  std::int32_t* bits = scratch.classes(chunks * chunk_words).data();
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    std::uint32_t words[chunk_words];
    words_of_chunk(chunk, salt_stream, seed, words);
    for (std::size_t i = 0; i < chunk_words; ++i) {
      bits[chunk * chunk_words + i] = static_cast<std::int32_t>(words[i] >> 2);
    }
  }
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      float* row = image.at(c, y, 0);
      const std::int32_t* drawn = bits + static_cast<std::ptrdiff_t>(y) * image.width;
      with_stride(image.column_stride, [&](auto stride) {
        for (int x = 0; x < image.width; ++x) {
          const float grain = drawn[x] < white ? 1.0f : 0.0f;
          row[x * stride] = drawn[x] < changed ? grain : row[x * stride];
        }
      });
    }
  }
}

void elastic_field(Size size, float strength, float deviation, std::uint64_t seed,
                   std::span<float> right, std::span<float> down, Scratch& scratch) {
  expect_finite(static_cast<double>(strength), "elastic_field", "a finite strength");
  expect(deviation > 0 && deviation <= 127, "elastic_field", "a deviation in (0, 127]",
         static_cast<double>(deviation));
  // Four deviations to each side, as torchvision.
  const int kernel = 2 * static_cast<int>(std::ceil(4 * deviation)) + 1;
  std::uint32_t stream = uniform_stream;
  for (const std::span<float> field : {right, down}) {
    const Image plane = Image::plane(field, size.height, size.width);
    fill_drawn(field, seed, stream++, [](std::uint32_t bits) {
      return static_cast<float>(2 * static_cast<std::int32_t>(bits) - 65535) * 0x1p-16f;
    });
    gaussian_blur(plane, kernel, deviation, scratch);
    each_value(plane, [=](float x) { return strength * x; });
  }
}

}  // namespace lamina::augment
