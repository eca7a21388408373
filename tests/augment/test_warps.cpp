#include <algorithm>
#include <cmath>

#include "../errors.hpp"
#include "warped.hpp"

// Laws of warps: what must hold whatever any other package computes.

namespace test_warps {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

/// Sizes around the runs of 64 that samplers work in, and single lines.
constexpr Size sizes[] = {{1, 1}, {1, 5}, {7, 1}, {2, 2}, {16, 13}, {9, 63}, {5, 64}, {4, 131}};

/// Low waves, which bilinear interpolation follows.
OwnedImage smooth_image(int height, int width) {
  OwnedImage made{1, height, width};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      *made.view().at(0, y, x) = 0.5f + 0.4f * std::sin(0.2f * static_cast<float>(x)) *
                                            std::cos(0.15f * static_cast<float>(y));
    }
  }
  return made;
}

}  // namespace

TEST_CASE("warps that change nothing are exact") {
  for (const Size size : sizes) {
    const OwnedImage image = noise_image(3, size.height, size.width);
    const std::vector<float> none(image.values.size() / 3);
    for (const Border& border : {Border{Fill{0.5f}}, Border{Reflect{}}, Border{Edge{}}}) {
      CHECK(warped(image, rotation(size, 0), border).values == image.values);
      CHECK(warped(image, Warp::displacement(size, none, none), border).values == image.values);
      CHECK(warped(image, resize(size, size), border).values == image.values);
      const Warp there = horizontal_flip(size).then(horizontal_flip(size));
      CHECK(warped(image, there, border).values == image.values);
    }
  }
}

TEST_CASE("whole quarter turns move pixels") {
  const OwnedImage image = noise_image(2, 9, 9);
  const OwnedImage turned = warped(image, rotation({9, 9}, 90));
  Worst worst;
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 9; ++x) {
      worst.compare(static_cast<double>(*turned.view().at(1, 8 - x, y)),
                    static_cast<double>(*image.view().at(1, y, x)), 1e-6, x);
    }
  }
  LAMINA_CHECK_WORST(worst);
  const std::vector<Label> mask = some_labels(81, 200, 2);
  const Warp quarter = rotation({9, 9}, 90);
  CHECK(warped_mask(mask, quarter.then(quarter)) == warped_mask(mask, rotation({9, 9}, 180)));
  CHECK(warped_mask(mask, rotation({9, 9}, 180)) == std::vector<Label>(mask.rbegin(), mask.rend()));
}

TEST_CASE("copies of whole pixels are what bilinear taps give") {
  for (const Size size : sizes) {
    const OwnedImage image = noise_image(3, size.height, size.width);
    const std::size_t positions = image.values.size() / 3;
    const std::vector<float> shift_right(positions, -2.0f);
    const std::vector<float> shift_down(positions, 3.0f);
    for (const Border& border : {Border{Fill{0.5f}}, Border{Reflect{}}, Border{Edge{}}}) {
      const auto by_copy = warped(image, translation(size, 2, -3), border);
      const auto by_taps = warped(image, Warp::displacement(size, shift_right, shift_down), border);
      CHECK(by_copy.values == by_taps.values);
    }
  }
}

TEST_CASE("there and back is the image, but for interpolation") {
  const OwnedImage image = smooth_image(40, 50);
  const Size size{40, 50};
  for (const double degrees : {5.0, 30.0, 123.0}) {
    const OwnedImage back =
        warped(warped(image, rotation(size, degrees), Reflect{}), rotation(size, -degrees));
    Worst worst;
    for (int y = 10; y < 30; ++y) {  // what stays inside all the while
      for (int x = 15; x < 35; ++x) {
        // The second derivative is 0.4 * 0.2^2 = 0.016 at most; linear interpolation is off by an
        // eighth of it in x and in y, twice.
        worst.compare(static_cast<double>(*back.view().at(0, y, x)),
                      static_cast<double>(*image.view().at(0, y, x)), 8e-3, degrees);
      }
    }
    LAMINA_CHECK_WORST(worst);
  }
}

TEST_CASE("channels last, strided parts and images in place are the same, bit for bit") {
  for (const Size size : sizes) {
    const auto positions = static_cast<std::size_t>(size.height * size.width);
    const std::vector<float> right = uniform(positions, 3, -3, 3);
    const std::vector<float> down = uniform(positions, 4, -3, 3);
    for (const Warp& by : some_warps(size, right, down)) {
      for (const Border& border : {Border{Fill{0.3f}}, Border{Reflect{}}, Border{Edge{}}}) {
        for (const int channels : {1, 2, 3, 4, 6}) {
          OwnedImage image = noise_image(channels, size.height, size.width);
          const OwnedImage first = warped(image, by, border);
          OwnedImage last = with_channels_last(image);
          CHECK(with_channels_last(first).values == warped(last, by, border).values);
          OwnedImage crossed{channels, by.to().height, by.to().width, true};
          warp(image.view(), crossed.view(), by, border);
          CHECK(with_channels_last(first).values == crossed.values);
          // Each channel alone, which is another number of lanes.
          OwnedImage single{channels, by.to().height, by.to().width};
          for (int c = 0; c < channels; ++c) {
            ConstImage from = std::as_const(image).view();
            Image to = single.view();
            from.data = from.at(c, 0, 0);
            to.data = to.at(c, 0, 0);
            from.channels = to.channels = 1;
            warp(from, to, by, border);
          }
          CHECK(single.values == first.values);
          if (by.to() != by.from()) continue;
          warp(image.view(), image.view(), by, border);
          CHECK(image.values == first.values);
          warp(last.view(), last.view(), by, border);
          CHECK(last.values == with_channels_last(first).values);
        }
      }
    }
  }
}

TEST_CASE("two warps as one are the two of them") {
  const Size size{30, 20};
  const Warp both = crop(size, {-4, 2, 25, 18}).then(rotation({25, 18}, 15));
  std::vector<KeyPoint> points{{7, 9}, {3.5f, 4.25f}};
  std::vector<KeyPoint> in_turn = points;
  warp(points, both);
  warp(in_turn, crop(size, {-4, 2, 25, 18}));
  warp(in_turn, rotation({25, 18}, 15));
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(points[i].x == Approx(in_turn[i].x).margin(1e-5));
    CHECK(points[i].y == Approx(in_turn[i].y).margin(1e-5));
  }
}

TEST_CASE("padding, flip and rotation as one are the three on a canvas that cuts nothing") {
  const Size size{20, 17};
  const Region region{-3, 2, 20, 17};
  const Size canvas{60, 57};
  const OwnedImage image = noise_image(3, size.height, size.width);
  const Warp all = crop(size, region).then(horizontal_flip(size)).then(rotation(size, -17));
  // 20 pixels more on every side: the border is there before the rotation looks for it.
  const Warp around = crop(size, {region.top - 20, region.left - 20, canvas.height, canvas.width});
  for (const Border& border : {Border{Fill{0.7f}}, Border{Reflect{}}, Border{Edge{}}}) {
    const auto flipped = warped(warped(image, around, border), horizontal_flip(canvas));
    const auto turned = warped(flipped, rotation(canvas, -17));
    Worst worst;
    compare(worst, warped(image, all, border),
            warped(turned, crop(canvas, {20, 20, 20, 17})).values, 1e-5, "canvas");
    LAMINA_CHECK_WORST(worst);
  }
}

TEST_CASE("a resize with flips and crops as one has no border, as in turn") {
  const Size size{12, 9};
  const Size to{20, 21};
  const Region region{2, 1, 7, 5};
  const Region inner{3, 0, 15, 19};
  const auto one = [&](const Warp& first, const Warp& next, const Warp& both) {
    OwnedImage image = noise_image(2, size.height, size.width);
    Worst worst;
    compare(worst, warped(image, both, Fill{7}), warped(warped(image, first), next).values, 1e-5,
            "in turn");
    LAMINA_CHECK_WORST(worst);
    const std::vector<Label> mask = some_labels(108, 200, 3);
    CHECK(warped_mask(mask, both, Fill{}, 255) == warped_mask(warped_mask(mask, first), next));
  };
  const auto then = [&](const Warp& first, const Warp& next) {
    one(first, next, first.then(next));
  };
  then(horizontal_flip(size), resize(size, to));
  then(vertical_flip(size), resized_crop(size, region, to));
  then(crop(size, region), resize(region.size(), to));
  then(crop(size, {-2, -3, 15, 14}), resized_crop({15, 14}, {2, 3, 12, 9}, to));  // not the padding
  then(resize(size, to), vertical_flip(to));
  then(resized_crop(size, region, to), horizontal_flip(to));
  then(resize(size, to), crop(to, inner));
  one(resize(size, to), rotation(to, 180), resize(size, to).then(rotation(to, 180)));
  const OwnedImage image = noise_image(1, size.height, size.width);
  CHECK(warped(image, crop(size, region).then(resize(region.size(), to)), Fill{7}).values ==
        warped(image, resized_crop(size, region, to)).values);
  CHECK(warped(image, resize(size, to).then(resize(to, {5, 30})), Fill{7}).values ==
        warped(image, resize(size, {5, 30})).values);
}

TEST_CASE("a resize that as one would need a border is refused") {
  const Size size{12, 9};
  const Size to{20, 21};
  const auto refused = [](const Warp& first, const Warp& next) {
    return has(error_of([&] { (void)first.then(next); }), "then: expected", "resize");
  };
  CHECK(refused(resize(size, to), rotation(to, 30)));
  CHECK(refused(resize(size, to), crop(to, {-1, 0, 20, 21})));
  CHECK(refused(resize(size, to), translation(to, 0.5, 0)));
  CHECK(refused(resize(size, to), resized_crop(to, {2, 2, 8, 8}, size)));
  CHECK(refused(rotation(size, 30), resize(size, to)));
  CHECK(refused(translation(size, 2, 0), resize(size, to)));
  CHECK(refused(crop(size, {-1, 0, 12, 9}), resize(size, to)));
}

TEST_CASE("the middle of an image that is too small is padded, more at the top and left") {
  const OwnedImage image{1, 1, 2, false, {0.5f, 1}};
  CHECK(warped(image, center_crop({1, 2}, {1, 5})).values == std::vector<float>{0, 0, 0.5f, 1, 0});
  CHECK(warped(image, center_crop({1, 2}, {1, 1})).values == std::vector<float>{0.5f});
}

TEST_CASE("the target of a source is where it came from") {
  const Size size{21, 30};
  std::vector<float> right, down;  // neighbours move alike, by up to three pixels
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      right.push_back(3 * std::sin(0.1f * static_cast<float>(x + y)));
      down.push_back(2 * std::cos(0.15f * static_cast<float>(x - y)));
    }
  }
  Worst worst;
  for (const Warp& by : some_warps(size, right, down)) {
    for (const Point place : {Point{10, 9}, Point{12.25, 10.5}, Point{15, 7}}) {
      const auto source = by.source(place);
      REQUIRE(source);
      const auto back = by.target(*source);
      REQUIRE(back);
      worst.compare(back->x, place.x, 1e-4, place.y);
      worst.compare(back->y, place.y, 1e-4, place.x);
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace test_warps
