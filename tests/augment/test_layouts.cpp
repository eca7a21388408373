#include <array>
#include <functional>

#include <lamina/augment/color.hpp>
#include <lamina/augment/filter.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/augment/regions.hpp>

#include "warped.hpp"

// What is done to pixels does not depend on how an image lies in memory.

namespace test_layouts {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

using Change = std::function<void(const Image&)>;

/// Sizes around the runs of 64 values in which values are handled.
constexpr Size sizes[] = {{1, 1}, {1, 7}, {5, 1}, {2, 2}, {9, 13}, {3, 64}, {2, 131}};

const std::vector<Change>& changes_of_any() {
  static const std::vector<Change> all{
      [](const Image& image) { brightness(image, 1.3f); },
      [](const Image& image) { contrast(image, 1.6f); },
      [](const Image& image) { gamma(image, 0.7f, 0.9f); },
      [](const Image& image) { grayscale(image); },
      [](const Image& image) { gaussian_blur(image, 5, 1.2f); },
      [](const Image& image) { sharpen(image, 2.5f); },
      [](const Image& image) { gaussian_noise(image, 0.2f, 77); },
      [](const Image& image) { salt_and_pepper(image, 0.4f, 0.3f, 78); },
      [](const Image& image) { erase(image, {-1, 1, 3, 4}, 0.5f); },
      [](const Image& image) { drop_channels(image, std::array{0}, 0.25f); },
      [](const Image& image) {
        const OwnedImage other = noise_image(image.channels, image.height, image.width, 9);
        paste(other.view(), image, {0, 1, 2, 50});
      }};
  return all;
}

const std::vector<Change>& changes_of_colors() {
  static const std::vector<Change> all{
      [](const Image& image) { saturation(image, 1.8f); },
      [](const Image& image) { hue(image, -0.3f); },
      [](const Image& image) { shuffle_channels(image, std::array{2, 0, 1}); },
      [](const Image& image) { erase(image, {0, 0, 2, 2}, std::array{0.1f, 0.2f, 0.3f}); }};
  return all;
}

/// In a larger image, whose other values must stay.
bool same_in_a_part(const OwnedImage& image, const OwnedImage& expected, Size larger, bool last,
                    const Change& change) {
  OwnedImage around{image.channels, larger.height, larger.width, last};
  std::fill(around.values.begin(), around.values.end(), -7.0f);
  const Region all{0, 0, image.height, image.width};
  const Image part = around.view().part({1, larger.width - image.width, image.height, image.width});
  paste(image.view(), part, all);
  change(part);
  OwnedImage made{image.channels, image.height, image.width};
  paste(part, made.view(), all);
  erase(part, all, -7.0f);
  return made.values == expected.values &&
         around.values == std::vector<float>(around.values.size(), -7.0f);
}

void check(int channels, Size size, const Change& change) {
  const OwnedImage image = noise_image(channels, size.height, size.width);
  OwnedImage first = image;
  change(first.view());
  OwnedImage last = with_channels_last(image);
  change(last.view());
  CHECK(last.values == with_channels_last(first).values);
  // Wider, and as wide, whose rows lie together but not its channels.
  for (const Size larger : {Size{size.height + 3, size.width + 2}, {size.height + 2, size.width}}) {
    CHECK(same_in_a_part(image, first, larger, false, change));
    CHECK(same_in_a_part(image, first, larger, true, change));
  }
}

}  // namespace

TEST_CASE("every layout gives the same bits") {
  for (const Size size : sizes) {
    for (const int channels : {1, 2, 3, 4}) {
      for (const Change& change : changes_of_any()) check(channels, size, change);
    }
    for (const Change& change : changes_of_colors()) check(3, size, change);
  }
}

TEST_CASE("upside-down and mirrored views are warped in place") {
  const Size size{6, 7};
  for (const int channels : {1, 2}) {
    for (const auto& [rows, columns] : {std::pair{-1, 1}, {1, -1}, {-1, -1}}) {
      OwnedImage image = noise_image(channels, size.height, size.width);
      Image view = image.view();
      view.data = view.at(0, rows < 0 ? size.height - 1 : 0, columns < 0 ? size.width - 1 : 0);
      view.row_stride *= rows;
      view.column_stride *= columns;
      for (const Warp& by :
           {vertical_flip(size), horizontal_flip(size), translation(size, 2, -1)}) {
        OwnedImage expected{channels, size.height, size.width};
        warp(view, expected.view(), by);
        warp(view, view, by);
        OwnedImage found{channels, size.height, size.width};
        warp(view, found.view(), rotation(size, 0));  // copies
        CHECK(found.values == expected.values);
      }
    }
  }
}

}  // namespace test_layouts
