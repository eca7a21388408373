#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "../errors.hpp"
#include "../threads.hpp"
#include "images.hpp"

// What lists of items do to samples, whatever they draw.

namespace test_augment {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Images of noise, sample i of class i % classes.
Dataset noise(std::size_t size, Shape shape, int classes, Names names = {}) {
  std::vector<Label> labels(size);
  for (std::size_t i = 0; i < size; ++i) labels[i] = static_cast<Label>(i) % classes;
  const std::size_t count = size * static_cast<std::size_t>(shape.features());
  return Dataset(shape, uniform(count, 3, 0.1f, 0.9f), std::move(labels)).named(std::move(names));
}

bool same_inputs(const Dataset& a, const Dataset& b, std::size_t row) {
  return std::ranges::equal(a.inputs(row), b.inputs(row));
}

/// Writes which of some items were done: adds `Number` to the first value.
template <int Number>
struct Mark {
  static void apply(augment::Subject& subject, Draws&) {
    subject.image().data[0] += static_cast<float>(Number);
  }
};

/// How often each sum of marks comes over `size` black samples.
template <class... Items>
std::map<int, int> marks(std::size_t size, const Augment<Items...>& list) {
  const Dataset black(Shape{1, 2, 2}, std::vector<float>(size * 4), std::vector<Label>(size));
  const Dataset marked = augmented(black, list);
  std::map<int, int> counts;
  for (std::size_t i = 0; i < size; ++i) ++counts[static_cast<int>(marked.inputs(i)[0])];
  return counts;
}

/// Within five standard errors of what a probability says.
bool is_share(int found, std::size_t of, double probability) {
  const auto all = static_cast<double>(of);
  return std::abs(found - all * probability) <
         5 * std::sqrt(all * probability * (1 - probability)) + 1e-9;
}

}  // namespace

TEST_CASE("augment: a policy never touches the classes it is not for", "[augment]") {
  const Dataset data = noise(120, Shape{1, 6, 6}, 4, {.classes = {"a", "b", "cat", "d"}});
  const auto check = [&](const Dataset& changed, std::set<Label> untouched) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      CHECK(same_inputs(data, changed, i) == untouched.contains(data.labels(i)[0]));
      if (changed.has_labels()) CHECK(changed.labels(i)[0] == data.labels(i)[0]);
    }
  };
  using Turn = Rotate<Range{20, 90}>;
  check(augmented(data, Augment<Except<Classes<1, 3>, Turn>>{}), {1, 3});
  check(augmented(data, Augment<Except<Classes<'b', "cat">, Turn, Brightness<0.1>>>{}), {1, 2});
  check(augmented(data, Augment<Only<Classes<"cat", 0>, Turn>>{}), {1, 3});
  check(augmented(one_hot(data, 4), Augment<Only<Classes<2>, Turn>>{}), {0, 1, 3});
}

TEST_CASE("augment: chances and choices are as likely as they say", "[augment]") {
  constexpr std::size_t size = 4000;
  using A = Mark<1>;
  using B = Mark<10>;
  using C = Mark<100>;
  auto found = marks(size, Augment<Sometimes<0.3, A, B>>{});
  CHECK(found.size() == 2);
  CHECK(is_share(found[11], size, 0.3));
  found = marks(size, Augment<OneOf<A, B, C>>{});
  CHECK(found.size() == 3);
  for (const int mark : {1, 10, 100}) CHECK(is_share(found[mark], size, 1.0 / 3));
  found = marks(size, Augment<SomeOf<2, A, B, C>>{});
  CHECK(found.size() == 3);
  for (const int mark : {11, 101, 110}) CHECK(is_share(found[mark], size, 1.0 / 3));
  found = marks(size, Augment<Only<Classes<0>, A>, Except<Classes<0>, B>>{});
  CHECK(found[1] == static_cast<int>(size));
}

TEST_CASE("augment: draws are the samples' own", "[augment]") {
  const Dataset data = noise(40, Shape{3, 9, 11}, 2);
  const Augment<RandomCrop<Extents{9, 11}, Padding<2>, Reflect>, Flip<Horizontal>, Rotate<15>,
                Elastic<3.0, 2.0>, ColorJitter<0.3, 0.3, 0.3, 0.1>, Noise<0.05>, Erase<>>
      list;
  const auto make = [&](int threads, const Dataset& of, int copies = 1) {
    return on_threads(threads, [&] { return augmented(of, list, {.copies = copies}); });
  };
  const Dataset alone = make(1, data);
  const Dataset together = make(4, data, 2);
  const Dataset some = make(2, data.slice(0, 7));
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(same_inputs(alone, together, i));
    CHECK_FALSE(std::ranges::equal(alone.inputs(i), together.inputs(40 + i)));
    if (i < 7) CHECK(same_inputs(alone, some, i));
  }
  const Dataset same(
      Shape{3, 9, 11},
      [&] {
        std::vector<float> all;
        for (int i = 0; i < 20; ++i) {
          all.insert(all.end(), data.inputs(0).begin(), data.inputs(0).end());
        }
        return all;
      }(),
      std::vector<Label>(20));
  const Dataset different = make(2, same);
  for (std::size_t i = 1; i < 20; ++i) {
    CHECK_FALSE(std::ranges::equal(different.inputs(0), different.inputs(i)));
  }
}

TEST_CASE("augment: a class map stays over what it is of", "[augment]") {
  // Four quarters of one value each, so that only seams are mixed by interpolation.
  constexpr int side = 16;
  std::vector<float> pixels;
  std::vector<Label> classes;
  for (int i = 0; i < 60; ++i) {
    for (int at = 0; at < side * side; ++at) {
      const int quarter = 1 + (at / side >= side / 2 ? 2 : 0) + (at % side >= side / 2 ? 1 : 0);
      pixels.push_back(static_cast<float>(quarter) / 8);
      classes.push_back(quarter);
    }
  }
  const Dataset data(Shape{1, side, side}, pixels, classes, Shape{1, side, side});
  const Augment<RandomCrop<14, Padding<2>>, Flip<Horizontal>, Flip<Vertical>, Rotate<30>, Zoom<0.2>,
                Perspective<0.3>>
      list;
  const Dataset moved = augmented(data, list);
  REQUIRE(moved.label_shape() == Shape{1, 14, 14});
  std::size_t plain = 0;
  std::map<Label, int> seen;
  for (std::size_t i = 0; i < moved.inputs().size(); ++i) {
    ++seen[moved.labels()[i]];
    const float quarter = moved.inputs()[i] * 8;
    // Half way between two quarters a third may have the same value: only all but whole ones tell.
    if (std::abs(quarter - std::round(quarter)) > 1e-4f) continue;
    if (moved.labels()[i] == static_cast<Label>(std::round(quarter))) ++plain;
  }
  CHECK(seen.size() == 5);  // with the border's
  CHECK(static_cast<double>(plain) > 0.7 * static_cast<double>(moved.inputs().size()));
}

TEST_CASE("augment: key points stay on their pixels, boxes around them", "[augment]") {
  const Augment<Rotate<180>, Flip<Horizontal>, Translate<0.2>, RandomCrop<24>> list;
  int visible = 0;
  for (std::size_t row = 0; row < 50; ++row) {
    OwnedImage image{1, 32, 32};
    for (int y = 19; y < 22; ++y) {
      for (int x = 9; x < 12; ++x) *image.view().at(0, y, x) = 1;
    }
    std::vector<augment::KeyPoint> points{{10, 20}};
    std::vector<augment::Box> boxes{{9, 19, 12, 22, 7}};
    std::vector<Label> label{0};
    const SampleLayout layout{.shape = {1, 32, 32}};
    const augment::LabelOptions options;
    augment::Subject subject(layout, options, {image.values, label, {}, &boxes, &points});
    Draws draws(1, 0, row);
    detail::Sequence<Rotate<180>, Flip<Horizontal>, Translate<0.2>, RandomCrop<24>>::apply(subject,
                                                                                           draws);
    const augment::Image moved = subject.image();
    REQUIRE(moved.height == 24);
    if (!points[0].visible) continue;
    ++visible;
    const auto x = static_cast<int>(std::lround(points[0].x));
    const auto y = static_cast<int>(std::lround(points[0].y));
    if (x < 1 || y < 1 || x > 22 || y > 22) continue;
    CHECK(*moved.at(0, y, x) > 0.9f);
    REQUIRE(boxes.size() == 1);
    CHECK(boxes[0].left <= points[0].x + 0.5f);
    CHECK(boxes[0].right >= points[0].x + 0.5f);
    CHECK(boxes[0].label == 7);
  }
  CHECK(visible > 15);
}

TEST_CASE("augment: layouts give the same images", "[augment]") {
  using All = detail::Sequence<RandomResizedCrop<12>, Flip<Horizontal>, Rotate<20>,
                               ColorJitter<0.3, 0.3, 0.3, 0.1>, ChannelShuffle<>, ChannelDrop<>,
                               Blur<1>, Noise<0.1>, Erase<>, RandAugment<>>;
  for (std::size_t row = 0; row < 20; ++row) {
    OwnedImage first = noise_image(3, 14, 15, 5);
    OwnedImage last = with_channels_last(first);
    std::vector<Label> label{0};
    const augment::LabelOptions options;
    OwnedImage made{3, 12, 12}, made_last{3, 12, 12, true};
    const auto change = [&](OwnedImage& from, OwnedImage& to) {
      const SampleLayout layout{.shape = {3, 14, 15}, .channels_last = from.last};
      augment::Subject subject(layout, options, {from.values, label});
      Draws draws(2, 0, row);
      All::apply(subject, draws);
      subject.write({to.values, label});
    };
    change(first, made);
    change(last, made_last);
    CHECK(with_channels_last(made).values == made_last.values);
  }
}

TEST_CASE("augment: moves in a row are one interpolation", "[augment]") {
  const Dataset data = noise(6, Shape{1, 20, 20}, 2);
  const Dataset made = augmented(
      data, Augment<CenterCrop<18>, Flip<Horizontal, Chance<1.0>>, Rotate<Range{30, 30}, Edge>>{});
  for (std::size_t row = 0; row < data.size(); ++row) {
    const augment::Size from{20, 20}, to{18, 18};
    const augment::Warp one = augment::center_crop(from, to)
                                  .then(augment::horizontal_flip(to))
                                  .then(augment::rotation(to, 30));
    OwnedImage expected{1, 18, 18};
    augment::warp(augment::ConstImage::plane(data.inputs(row), 20, 20), expected.view(), one,
                  augment::Edge{});
    CHECK(std::ranges::equal(made.inputs(row), expected.values));
  }
}

TEST_CASE("augment: what asks for pixels sees what was moved before", "[augment]") {
  const Dataset data = noise(6, Shape{1, 8, 8}, 2);
  const Dataset made =
      augmented(data, Augment<Flip<Vertical, Chance<1.0>>, Brightness<Range{0.5, 0.5}>>{});
  for (std::size_t row = 0; row < data.size(); ++row) {
    for (std::size_t i = 0; i < 64; ++i) {
      CHECK(made.inputs(row)[i] == 0.5f * data.inputs(row)[(7 - i / 8) * 8 + i % 8]);
    }
  }
}

TEST_CASE("augment: targets that are images move with them and keep their colours", "[augment]") {
  const std::vector<float> pixels = uniform(10 * 36, 4, 0, 1);
  const Dataset data(Shape{1, 6, 6}, pixels, pixels, 36);
  const Dataset moved = augmented(data, Augment<Rotate<90>, Flip<Horizontal>>{});
  CHECK(std::ranges::equal(moved.inputs(), moved.targets()));
  CHECK_FALSE(std::ranges::equal(moved.targets(), data.targets()));
  const Dataset noisy = augmented(data, Augment<Noise<0.2>>{});
  CHECK(std::ranges::equal(noisy.targets(), data.targets()));
  CHECK_FALSE(std::ranges::equal(noisy.inputs(), data.inputs()));
}

TEST_CASE("augment: beyond a class map is what the loss ignores", "[augment]") {
  const auto corner = [](const std::optional<Label>& ignored, const std::optional<Label>& fill) {
    OwnedImage image{1, 5, 5};
    std::vector<Label> classes(25, 3);
    SampleLayout layout{.shape = {1, 5, 5}, .target_shape = {1, 5, 5}};
    layout.ignored = ignored;
    augment::LabelOptions options;
    options.fill = fill;
    augment::Subject subject(layout, options, {image.values, classes});
    subject.warp(augment::translation(subject.size(), 2, 0));
    subject.write({image.values, classes});
    return classes[0];
  };
  CHECK(corner({}, {}) == 0);
  CHECK(corner(255, {}) == 255);
  CHECK(corner(255, 7) == 7);
}

TEST_CASE("augment: samples that do not fit a list are said before anything is done", "[augment]") {
  const Dataset images = noise(3, Shape{2, 6, 6}, 2);
  const Dataset flat = noise(3, Shape{36, 1, 1}, 2);
  CHECK(has(error_of([&] { (void)augmented(images, Augment<RandomCrop<9>>{}); }),
            "RandomCrop<9>: expected images of at least 9 x 9, found 6 x 6"));
  CHECK(has(error_of([&] { (void)augmented(flat, Augment<Rotate<9>>{}); }), "36 features"));
  CHECK(has(error_of([&] { (void)augmented(images, Augment<Sometimes<0.0, Resize<3>>>{}); }),
            "Sometimes<0, Resize<3>>", "3 x 3 of 6 x 6"));
  CHECK(has(error_of([&] { (void)augmented(images, Augment<OneOf<Mark<1>, Hue<0.1>>>{}); }),
            "1 or 3 channels"));
  CHECK(has(error_of([&] { (void)augmented(images, Augment<Only<Classes<'x'>, Mark<1>>>{}); }),
            "a class named 'x'"));
  CHECK(has(error_of([&] { (void)augmented(images, Augment<>{}, {.copies = 0}); }), "copy"));
}

TEST_CASE("augment: what is done by chance is tried out before the first step", "[augment]") {
  const SampleLayout image{.shape = {1, 4, 4}};
  const SampleLayout flat{.shape = {16}};
  const SampleLayout sound{.shape = {1, 1, 100}};
  const auto wrong = [](auto list, const SampleLayout& layout) {
    return error_of([&] { (void)list.layout_after(layout); });
  };
  CHECK(has(wrong(Augment<LowPass<Range{500, 3000}, 8000>>{}, image), "expected sounds"));
  CHECK(has(wrong(Augment<Pitch<3>>{}, flat), "expected sounds"));
  CHECK(has(wrong(Augment<Flip<Horizontal>>{}, flat), "Flip<Horizontal>", "give the Dataset"));
  CHECK(has(wrong(Augment<TimeMask<0.2>>{}, flat), "TimeMask<0.2>", "16 features"));
  CHECK(has(wrong(Augment<Erase<>>{}, flat), "Erase<>", "16 features"));
  CHECK(has(wrong(Augment<RandomCrop<8>>{}, flat), "RandomCrop<8>", "give the Dataset"));
  CHECK(has(wrong(Augment<Perspective<0.5>>{}, sound), "Perspective<0.5>", "1 x 100"));
  CHECK(has(wrong(Augment<Rotate<15>>{}, sound), "Rotate<15>", "1 x 100"));
  CHECK(has(wrong(Augment<Sometimes<0.0, Elastic<2.0, 2.0>>>{}, sound), "Elastic"));
}

TEST_CASE("augment: parts of sounds are drawn by their length", "[augment]") {
  std::vector<float> ramp(20 * 100);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i % 100 + 1);
  const Dataset data(Shape{1, 1, 100}, ramp, std::vector<Label>(20));
  const Dataset parts = augmented(data, Augment<RandomResizedCrop<50, Area<0.5, 0.9>>>{});
  const Dataset hidden =
      augmented(data, Augment<Erase<Area<0.1, 0.3>, Aspect<1.0, 1.0>, Chance<1.0>>>{});
  CHECK(parts.shape().width == 50);
  for (std::size_t row = 0; row < 20; ++row) {
    const float slope = parts.inputs(row)[30] - parts.inputs(row)[29];
    CHECK((slope > 0.99f && slope < 1.81f));
    const auto zeros = std::ranges::count(hidden.inputs(row), 0.0f);
    CHECK((zeros >= 10 && zeros <= 30));
  }
}

TEST_CASE("augment: what is drawn does not decide which moves are one", "[augment]") {
  const Dataset data(Shape{1, 8, 8}, std::vector<float>(200 * 64, 1), std::vector<Label>(200));
  const Dataset made =
      augmented(data, Augment<RandomCrop<8, Padding<1>, Reflect>, Rotate<Range{45, 45}>>{});
  // The borders differ: each move has its own, whether the crop came to need it or not.
  for (std::size_t row = 0; row < 200; ++row) CHECK(made.inputs(row)[0] == 0);
}

namespace {

/// Changes another image while its own is in the thread's memory, as a thread does that waits.
struct Another {
  static void apply(augment::Subject& subject, Draws& draws) {
    static_cast<void>(subject.image());
    OwnedImage image{1, 6, 6}, made{1, 4, 4};
    std::vector<Label> label{0};
    const SampleLayout layout{.shape = {1, 6, 6}};
    const augment::LabelOptions options;
    augment::Subject other(layout, options, {image.values, label});
    detail::Sequence<Resize<9>, RandomCrop<4>, Resize<8>, CenterCrop<4>>::apply(other, draws);
    other.write({made.values, label});
  }
};

}  // namespace

TEST_CASE("augment: samples that are changed at one time keep apart", "[augment]") {
  const Dataset data = noise(5, Shape{1, 8, 8}, 2);
  const Dataset expected = augmented(data, Augment<CenterCrop<4>>{});
  const Dataset made = augmented(data, Augment<CenterCrop<4>, Another>{});
  CHECK(std::ranges::equal(made.inputs(), expected.inputs()));
}

}  // namespace test_augment
