#include <algorithm>
#include <cmath>

#include <lamina/augment/filter.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/core/draw.hpp>
#include <lamina/core/philox.hpp>

#include "augment/check.hpp"
#include "augment/each.hpp"

namespace lamina::augment {

namespace {

/// Counters of a chunk of random numbers: as many as the widest register has lanes, so that the
/// order of numbers is the same for all.
constexpr int counters = 16;
constexpr std::uint32_t normal_stream = 0x6e6f726d;
constexpr std::uint32_t uniform_stream = 0x756e6966;
constexpr std::uint32_t salt_stream = 0x73616c74;
static_assert(counters % simd::lanes == 0);

/// Calls f(number of the register's first word in the chunk, words) for the 64 words of a chunk.
template <class F>
void words_of_chunk(std::size_t chunk, std::uint32_t stream, std::uint64_t seed, const F& f) {
  const auto low = static_cast<std::uint32_t>(chunk * counters);
  const auto high = static_cast<std::uint32_t>((chunk * counters) >> 32);
  for (int lane = 0; lane < counters; lane += simd::lanes) {
    const auto block =
        philox::block({low + static_cast<std::uint32_t>(lane), high, stream, 0}, seed);
    for (int word = 0; word < 4; ++word) f(word * counters + lane, block.word[word]);
  }
}

/// Numbers from chunks of Size: make(chunk, numbers) writes one whole.
template <std::size_t Size, class F>
void in_chunks(std::span<float> numbers, const F& make) {
  std::size_t chunk = 0;
  for (; (chunk + 1) * Size <= numbers.size(); ++chunk) make(chunk, numbers.data() + chunk * Size);
  if (chunk * Size == numbers.size()) return;
  float last[Size];
  make(chunk, last);
  std::copy_n(last, numbers.size() - chunk * Size, numbers.data() + chunk * Size);
}

/// Uniform in (-1, 1), of 16 bits.
void fill_uniform(std::span<float> numbers, std::uint64_t seed, std::uint32_t stream, bool normal) {
  namespace hn = simd::hn;
  using simd::detail::Int;
  constexpr int half = 64;  // the lower halves of all words, then the upper ones
  in_chunks<2 * half>(numbers, [&](std::size_t chunk, float* to) {
    words_of_chunk(chunk, stream, seed, [&](int first, auto words) {
      const RegisterDraw low{hn::BitCast(Int{}, hn::And(words, hn::Set(philox::Words{}, 0xFFFFu)))};
      const RegisterDraw high{hn::BitCast(Int{}, hn::ShiftRight<16>(words))};
      (normal ? low.normal() : low.symmetric()).store_unaligned(to + first);
      (normal ? high.normal() : high.symmetric()).store_unaligned(to + half + first);
    });
  });
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
  fill_uniform(numbers, seed, normal_stream, true);
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
  namespace hn = simd::hn;
  using simd::detail::Int;
  constexpr double scale = 1 << 30;
  const auto changed = static_cast<std::int32_t>(static_cast<double>(share) * scale);
  const auto white =
      static_cast<std::int32_t>(static_cast<double>(share) * static_cast<double>(salt) * scale);
  constexpr int chunk_words = 64;
  const int chunks = (image.height * image.width + chunk_words - 1) / chunk_words;
  std::int32_t* bits = scratch.classes(static_cast<std::size_t>(chunks) * chunk_words).data();
  for (int chunk = 0; chunk < chunks; ++chunk) {
    words_of_chunk(static_cast<std::size_t>(chunk), salt_stream, seed, [&](int first, auto words) {
      hn::StoreU(hn::BitCast(Int{}, hn::ShiftRight<2>(words)), Int{},
                 bits + chunk * chunk_words + first);
    });
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
    fill_uniform(field, seed, stream++, false);
    gaussian_blur(plane, kernel, deviation, scratch);
    each_value(plane, [=](float x) { return strength * x; });
  }
}

}  // namespace lamina::augment
