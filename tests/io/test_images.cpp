#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/image_files.hpp"
#include "io/image_values.hpp"

namespace test_images {

namespace {

using namespace lamina::testing;
using lamina::ImageOptions;
using lamina::read_image;
using lamina::Tensor;
using Extents = std::vector<std::int64_t>;

constexpr lamina::ImageSize smaller{4, 5};
constexpr lamina::ImageSize larger{13, 30};

// The largest distance from what Pillow reads; nothing where the shapes differ.
float distance(const Tensor& found, const std::string& name) {
  const Tensor& expected = golden_values().at(name);
  if (found.shape != expected.shape) return INFINITY;
  float most = 0;
  for (std::size_t i = 0; i < floats(found).size(); ++i) {
    most = std::max(most, std::abs(floats(found)[i] - floats(expected)[i]));
  }
  return most;
}

Tensor read(const std::string& file, const ImageOptions& options = {}) {
  return read_image(golden_image(file), options);
}

TEST_CASE("images: PNG files of all kinds are what Pillow reads, to the bit") {
  for (const char* name :
       {"gray_1", "gray_2", "gray_4", "gray_8", "gray_16", "gray_opacity", "rgb", "rgb_16",
        "rgb_opacity", "palette_2", "palette_8", "interlaced", "gamma"}) {
    INFO(name);
    CHECK(distance(read(std::string(name) + ".png"), name) == 0);
  }
}

TEST_CASE(
    "images: JPEG files are what Pillow reads, to one of 255 levels; turned ones stay as they "
    "lie") {
  for (const char* name : {"gray", "rgb_420", "rgb_444", "progressive", "turned"}) {
    INFO(name);
    CHECK(distance(read(std::string(name) + ".jpg"), name) < 1.01F / 255);
  }
}

TEST_CASE("images: gray of colours rounds as Pillow's, and gray stays gray in RGB") {
  for (const char* name : {"rgb", "rgb_opacity", "palette_2", "palette_8"}) {
    INFO(name);
    CHECK(distance(read(std::string(name) + ".png", {.channels = 1}),
                   std::string(name) + ".gray") == 0);
  }
  const Tensor gray = read("gray_8.png");
  const Tensor rgb = read("gray_8.png", {.channels = 3});
  CHECK(rgb.shape == Extents{3, 9, 14});
  const std::size_t plane = floats(gray).size();
  for (std::size_t i = 0; i < 3 * plane; ++i) CHECK(floats(rgb)[i] == floats(gray)[i % plane]);
}

// Pillow sums in double, lamina in float: some roundings of numbers up to 1.
TEST_CASE("images: resized as by Pillow's bilinear over floats") {
  for (const char* name : {"rgb", "gray_8"}) {
    INFO(name);
    const std::string file = std::string(name) + ".png";
    CHECK(distance(read(file, {.size = smaller}), std::string(name) + ".resized") < 4e-7F);
    CHECK(distance(read(file, {.size = larger}), std::string(name) + ".enlarged") < 4e-7F);
  }
  CHECK(distance(read("rgb_420.jpg", {.size = smaller}), "rgb_420.resized") < 1.01F / 255);
  CHECK(distance(read("rgb.png", {.size = {9, 14}}), "rgb") == 0);
}

TEST_CASE("images: a background shows through by what opacity lacks") {
  // Opacity of the two colours of its palette is 0 and 128, of the others 255.
  const Tensor plain = read("palette_2.png");
  const Tensor over = read("palette_2.png", {.background = 0.25F});
  const auto& maps = golden_values().at("palette_2.classes");
  const auto& classes = std::get<std::vector<std::int64_t>>(maps.values);
  const std::size_t plane = classes.size();
  for (std::size_t i = 0; i < 3 * plane; ++i) {
    const std::int64_t colour = classes[i % plane];
    const float opacity = colour == 0 ? 0 : colour == 1 ? 128.0F / 255 : 1;
    const float expected = opacity * floats(plain)[i] + (1 - opacity) * 0.25F;
    CHECK(std::abs(floats(over)[i] - expected) < 1e-6F);
  }
  CHECK(floats(read("rgb.png", {.background = 0.25F})) == floats(read("rgb.png")));
}

TEST_CASE("images: what cannot be read says why") {
  const auto error = [](const std::string& file, const ImageOptions& options = {}) {
    return error_of([&] { (void)read(file, options); });
  };
  CHECK(has(error("cmyk.jpg"), "cmyk.jpg", "gray or RGB", "found CMYK"));
  CHECK(has(error("values.npz"), "values.npz", "PNG or JPEG", "begins with \"PK"));
  CHECK(has(error("none.png"), "none.png", "found nothing there"));
  CHECK(has(error("rgb.png", {.max_pixels = 125}), "rgb.png", "125 pixels", "9 x 14"));
  CHECK(has(error("gray.jpg", {.max_pixels = 125}), "gray.jpg", "125 pixels", "9 x 14"));
  CHECK(has(error("rgb.png", {.size = {3, 0}}), "1 x 1 or more", "3 x 0"));
  CHECK(has(error("rgb.png", {.size = {65536, 32768}}), "2^31 values"));
  CHECK(has(error("rgb.png", {.channels = 2}), "channels of 1 or 3", "found 2"));
  CHECK(has(error("rgb.png", {.background = 1.5F}), "background from 0 to 1"));
}

TEST_CASE("images: what decoders would read on over is refused") {
  const ImageTree tree;
  const auto error = [&](const Bytes& bytes) {
    const auto path = tree.put("one", bytes);
    return error_of([&] { (void)read_image(path); });
  };
  Bytes jpeg = read_file(golden_image("gray.jpg"));
  const Bytes start{0xff, 0xc0, 0, 11, 8};
  std::ranges::search(jpeg, start)[1] = 0xc9;
  CHECK(has(error(jpeg), "one: expected", "Huffman", "found arithmetic coding"));
  Bytes png = read_file(golden_image("palette_2.png"));
  const Bytes opacity{'t', 'R', 'N', 'S'};
  std::ranges::search(png, opacity)[4] ^= 1;
  CHECK(has(error(png), "one: expected a whole PNG file", "tRNS", "CRC"));
}

// Sums of weights are 1 but for rounding.
TEST_CASE("images: white stays within 1 at every size") {
  lamina::io::DecodedImage white{
      .height = 9, .width = 14, .channels = 1, .wide = false, .bytes = {}};
  white.bytes.assign(9 * 14, 255);
  for (int size = 1; size < 40; ++size) {
    INFO(size);
    std::vector<float> values(static_cast<std::size_t>(size * size));
    lamina::io::write_values(white, {.size = {size, size}}, values.data());
    CHECK(std::ranges::all_of(values, [](float v) { return v > 0.999999F && v <= 1; }));
  }
}

TEST_CASE("images: truncated at every byte") {
  const ImageTree tree;
  for (const char* name :
       {"rgb.png", "interlaced.png", "palette_2.png", "rgb_420.jpg", "progressive.jpg"}) {
    const Bytes whole = read_file(golden_image(name));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const auto path = tree.put("cut", first(whole, length));
      INFO(name << " at " << length << " of " << whole.size());
      CHECK(has(error_of([&] { (void)read_image(path); }), "cut: expected a"));
    }
  }
}

TEST_CASE("images: extents that a file is too small for are refused before memory is taken") {
  const ImageTree tree;
  // 11000 x 11000, of a checksum that is right (by zlib's crc32) and of Huffman's code.
  Bytes png = read_file(golden_image("gray_8.png"));
  const Bytes header{0, 0, 0x2a, 0xf8, 0, 0, 0x2a, 0xf8, 8, 0, 0, 0, 0, 0xeb, 0x44, 0xc5, 0x56};
  std::ranges::copy(header, png.begin() + 16);
  const auto wide = tree.put("wide.png", png);
  CHECK(has(error_of([&] { (void)read_image(wide); }), "wide.png", "too few for 11000 x 11000"));
  Bytes jpeg = read_file(golden_image("gray.jpg"));
  const Bytes start{0xff, 0xc0, 0, 11, 8};
  const auto frame = std::ranges::search(jpeg, start).begin();
  std::ranges::copy(Bytes{0x2a, 0xf8, 0x2a, 0xf8}, frame + 5);
  const auto high = tree.put("high.jpg", jpeg);
  CHECK(has(error_of([&] { (void)read_image(high); }), "high.jpg", "too few for 11000 x 11000"));
}

}  // namespace

}  // namespace test_images
