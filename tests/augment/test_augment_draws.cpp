#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "images.hpp"

// What the items of a list draw: the ranges they say, and all of them.

namespace test_augment_draws {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// The least, the largest and the mean of some numbers.
struct Spread {
  double least = 1e300;
  double largest = -1e300;
  double sum = 0;
  int count = 0;

  void add(double x) {
    least = std::min(least, x);
    largest = std::max(largest, x);
    sum += x;
    ++count;
  }
  /// Uniform in a range: within it, near both ends, and its mean within five standard errors.
  [[nodiscard]] bool is_uniform(double from, double to) const {
    const double width = to - from;
    const double error = width / std::sqrt(12.0 * count);
    UNSCOPED_INFO(least << " to " << largest << ", mean " << sum / count);
    return least >= from - 1e-4 && largest <= to + 1e-4 && least < from + 0.05 * width &&
           largest > to - 0.05 * width && std::abs(sum / count - (from + to) / 2) < 5 * error;
  }
};

/// Draws an item for many samples and shows each one's key points behind it.
template <class Entry, class Look>
void each_moved(augment::Size size, const std::vector<augment::KeyPoint>& points, int draws,
                const Look& look) {
  for (int i = 0; i < draws; ++i) {
    OwnedImage image{1, size.height, size.width};
    std::vector<Label> label{0};
    std::vector<augment::KeyPoint> moved = points;
    const SampleLayout layout{.shape = {1, size.height, size.width}};
    const augment::LabelOptions options;
    augment::Subject subject(layout, options, {image.values, label, {}, nullptr, &moved});
    Draws drawn(3, 0, static_cast<std::size_t>(i));
    Entry::apply(subject, drawn);
    look(subject.points());
  }
}

/// Gray images of one value.
Dataset gray(std::size_t size, float value, Shape shape) {
  return {shape, std::vector<float>(size * static_cast<std::size_t>(shape.features()), value),
          std::vector<Label>(size)};
}

bool is_share(int found, int of, double probability) {
  return std::abs(found - of * probability) < 5 * std::sqrt(of * probability * (1 - probability));
}

}  // namespace

TEST_CASE("augment: a crop may be anywhere in the padded image", "[augment]") {
  std::vector<float> pixels;
  constexpr int size = 3200;
  for (int i = 0; i < size; ++i) {
    for (int at = 0; at < 16; ++at) pixels.push_back(static_cast<float>(at + 1));
  }
  const Dataset data(Shape{1, 4, 4}, std::move(pixels), std::vector<Label>(size));
  const Dataset cut = augmented(data, Augment<RandomCrop<3, Padding<1>>>{});
  std::map<int, int> middles;
  for (std::size_t row = 0; row < size; ++row) ++middles[static_cast<int>(cut.inputs(row)[4])];
  CHECK(middles.size() == 16);
  for (const auto& [middle, count] : middles) CHECK(is_share(count, size, 1.0 / 16));
}

TEST_CASE("augment: moves are drawn uniformly within their ranges", "[augment]") {
  const augment::Size size{41, 41};
  constexpr int draws = 1000;
  const auto middle = [](const augment::KeyPoint& p) {
    return std::pair{static_cast<double>(p.x) - 20, static_cast<double>(p.y) - 20};
  };
  Spread degrees, right, down, factor, slant;
  int flipped = 0;
  each_moved<Rotate<15>>(size, {{30, 20}}, draws, [&](auto points) {
    const auto [x, y] = middle(points[0]);
    degrees.add(std::atan2(-y, x) * 180 / std::numbers::pi);  // anticlockwise
  });
  each_moved<Translate<0.25>>(size, {{20, 20}}, draws, [&](auto points) {
    const auto [x, y] = middle(points[0]);
    CHECK(x == std::round(x));
    right.add(x);
    down.add(y);
  });
  each_moved<Zoom<0.2>>(size, {{30, 20}}, draws,
                        [&](auto points) { factor.add(middle(points[0]).first / 10); });
  each_moved<Shear<10>>(size, {{20, 30}}, draws, [&](auto points) {
    slant.add(std::atan(middle(points[0]).first / 10) * 180 / std::numbers::pi);
  });
  each_moved<Flip<Vertical, Chance<0.3>>>(
      size, {{20, 30}}, draws, [&](auto points) { flipped += points[0].y < 20 ? 1 : 0; });
  CHECK(degrees.is_uniform(-15, 15));
  CHECK(right.is_uniform(-10, 10));
  CHECK(down.is_uniform(-10, 10));
  CHECK(factor.is_uniform(0.8, 1.2));
  CHECK(slant.is_uniform(-10, 10));
  CHECK(is_share(flipped, draws, 0.3));
}

TEST_CASE("augment: parts that are resized have the area and form that are drawn", "[augment]") {
  Spread area, form;
  each_moved<RandomResizedCrop<64, Area<0.2, 0.6>, Aspect<0.5, 2.0>>>(
      {200, 200}, {{50, 50}, {150, 150}}, 1000, [&](auto points) {
        const double width = 64 * 100 / static_cast<double>(points[1].x - points[0].x);
        const double height = 64 * 100 / static_cast<double>(points[1].y - points[0].y);
        area.add(width * height / 40000);
        form.add(std::log2(width / height));
      });
  // Pixels are whole, and of ten draws those that do not fit into the image are left out.
  CHECK((area.least > 0.195 && area.least < 0.22 && area.largest < 0.605 && area.largest > 0.57));
  CHECK((form.least > -1.02 && form.least < -0.9 && form.largest < 1.02 && form.largest > 0.9));
}

TEST_CASE("augment: factors of colours are drawn around what changes nothing", "[augment]") {
  const Dataset data = gray(1000, 0.5f, Shape{1, 2, 2});
  const auto spread = [&](const Dataset& changed, const auto& factor) {
    Spread found;
    for (std::size_t row = 0; row < data.size(); ++row) {
      found.add(factor(static_cast<double>(changed.inputs(row)[0])));
    }
    return found;
  };
  CHECK(spread(augmented(data, Augment<Brightness<0.2>>{}), [](double x) {
          return x / 0.5;
        }).is_uniform(0.8, 1.2));
  CHECK(spread(augmented(data, Augment<Brightness<Range{0.2, 0.4}>>{}), [](double x) {
          return x / 0.5;
        }).is_uniform(0.2, 0.4));
  CHECK(spread(augmented(data, Augment<Gamma<0.3>>{}), [](double x) {
          return std::log(x) / std::log(0.5);
        }).is_uniform(0.7, 1.3));
  // Of two values about their mean the distance tells.
  std::vector<float> pairs;
  for (int i = 0; i < 1000; ++i) pairs.insert(pairs.end(), {0.4f, 0.6f});
  const Dataset two(Shape{1, 1, 2}, std::move(pairs), std::vector<Label>(1000));
  const Dataset changed = augmented(two, Augment<Contrast<0.5>>{});
  Spread found;
  for (std::size_t row = 0; row < 1000; ++row) {
    const auto x = changed.inputs(row);
    found.add((static_cast<double>(x[1]) - static_cast<double>(x[0])) / 0.2);
  }
  CHECK(found.is_uniform(0.5, 1.5));
}

TEST_CASE("augment: what is hidden has the area that is drawn, for as many as are drawn",
          "[augment]") {
  const Dataset data = gray(1000, 1, Shape{1, 40, 40});
  const Dataset hidden = augmented(data, Augment<Erase<Area<0.1, 0.3>, Aspect<0.5, 2.0>>>{});
  Spread area;
  int done = 0, at_corner = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto count = std::ranges::count(hidden.inputs(row), 0.0f);
    if (count == 0) continue;
    ++done;
    area.add(static_cast<double>(count) / 1600);
    at_corner += hidden.inputs(row)[0] == 0 || hidden.inputs(row)[1599] == 0 ? 1 : 0;
  }
  CHECK(is_share(done, 1000, 0.5));
  CHECK((area.least > 0.09 && area.least < 0.115));
  CHECK((area.largest < 0.315 && area.largest > 0.285));
  CHECK((at_corner > 0 && at_corner < done / 10));
}

TEST_CASE("augment: all orders of channels are as likely", "[augment]") {
  std::vector<float> pixels;
  for (int i = 0; i < 1200; ++i) pixels.insert(pixels.end(), {0.1f, 0.2f, 0.3f});
  const Dataset data(Shape{3, 1, 1}, std::move(pixels), std::vector<Label>(1200));
  const Dataset shuffled = augmented(data, Augment<ChannelShuffle<Chance<1.0>>>{});
  const Dataset dropped = augmented(data, Augment<ChannelDrop<Chance<1.0>, Value<1.0>>>{});
  std::map<std::vector<float>, int> orders, drops;
  for (std::size_t row = 0; row < 1200; ++row) {
    const auto of = [row](const Dataset& from) {
      return std::vector<float>(from.inputs(row).begin(), from.inputs(row).end());
    };
    ++orders[of(shuffled)];
    ++drops[of(dropped)];
  }
  CHECK(orders.size() == 6);
  for (const auto& [order, count] : orders) CHECK(is_share(count, 1200, 1.0 / 6));
  CHECK(drops.size() == 3);
  for (const auto& [left, count] : drops) CHECK(is_share(count, 1200, 1.0 / 3));
}

}  // namespace test_augment_draws
