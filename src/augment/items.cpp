#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <lamina/augment/items/classes.hpp>
#include <lamina/augment/items/regions.hpp>
#include <lamina/core/rounded.hpp>

#include "augment/check.hpp"

namespace lamina {

using augment::Region;
using augment::Size;
using augment::Subject;

namespace detail {

namespace {

/// Of a line, such as a sound, a part of a drawn share of its length.
Region draw_part(Size size, const Range& share, bool whole, Draws& draws) {
  const int length = std::max(size.height, size.width);
  const int most = whole || length == 1 ? length : length - 1;
  const int count = std::clamp(static_cast<int>(std::lround(share.draw(draws) * length)), 1, most);
  const auto start = static_cast<int>(draws.below(static_cast<std::uint32_t>(length - count + 1)));
  return size.height == 1 ? Region{0, start, 1, count} : Region{start, 0, count, 1};
}

}  // namespace

std::optional<Region> draw_region(Size size, const Range& area, const Range& aspect, bool whole,
                                  Draws& draws) {
  if (size.height == 1 || size.width == 1) return draw_part(size, area, whole, draws);
  const double positions = static_cast<double>(size.height) * size.width;
  const Range logarithm{std::log(aspect.from), std::log(aspect.to)};
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double target = area.draw(draws) * positions;
    const double form = std::exp(logarithm.draw(draws));
    const auto height = static_cast<int>(std::lround(std::sqrt(target / form)));
    const auto width = static_cast<int>(std::lround(std::sqrt(rounded(target * form))));
    const int most = whole ? 0 : 1;  // that an extent is less than the image's
    if (height < 1 || width < 1 || height > size.height - most || width > size.width - most) {
      continue;
    }
    const auto below = [&](int places) {
      return static_cast<int>(draws.below(static_cast<std::uint32_t>(places)));
    };
    const int top = below(size.height - height + 1);
    return Region{top, below(size.width - width + 1), height, width};
  }
  return std::nullopt;
}

Region middle_of_aspect(Size size, const Range& aspect) {
  const double found = static_cast<double>(size.width) / size.height;
  Size middle = size;
  if (found < aspect.from) {
    middle.height = std::max(1, static_cast<int>(std::lround(size.width / aspect.from)));
  } else if (found > aspect.to) {
    middle.width = std::max(1, static_cast<int>(std::lround(rounded(size.height * aspect.to))));
  }
  return {(size.height - middle.height) / 2, (size.width - middle.width) / 2, middle.height,
          middle.width};
}

Stretch draw_stretch(int extent, const Range& share, Draws& draws) {
  const int count = static_cast<int>(share.draw(draws) * extent);
  return {static_cast<int>(draws.below(static_cast<std::uint32_t>(extent - count + 1))), count};
}

float mean_of(const augment::Image& image) {
  double sum = 0;
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) sum += static_cast<double>(*image.at(c, y, x));
    }
  }
  const double values = static_cast<double>(image.channels) * image.height * image.width;
  return static_cast<float>(sum / values);
}

void refuse_crop(const TextBuffer& item, Size cut, Size found) {
  throw Error("Augment: " + std::string(item.view()) + ": expected images of at least " +
              augment::text_of(cut) + ", found " + augment::text_of(found) +
              ": Padding<n> makes them larger");
}

SampleLayout rehearse_on_blank(const SampleLayout& layout, const augment::LabelOptions& labels,
                               void (*rehearse)(Subject&, Draws&)) {
  std::vector<float> input(static_cast<std::size_t>(layout.shape.features()));
  std::vector<float> targets;
  std::vector<Label> classes;
  const auto count = static_cast<std::size_t>(layout.target_shape.features());
  if (layout.target_is_label) {
    classes.resize(count);
  } else {
    targets.resize(count);
  }
  Subject subject(layout, labels, {.input = input, .labels = classes, .targets = targets});
  Draws draws = Draws::certain();
  rehearse(subject, draws);
  static_cast<void>(subject.image());  // does what is collected
  return subject.layout();
}

void expect_same_size(const TextBuffer& item, Size expected, Size found) {
  if (found == expected) return;
  throw Error("Augment: " + std::string(item.view()) +
              ": expected items that keep the extents, as not all samples go through them, found "
              "one that makes " +
              augment::text_of(found) + " of " + augment::text_of(expected));
}

void expect_classes(const TextBuffer& item, const Subject& subject) {
  if (subject.label()) return;
  throw Error("Augment: " + std::string(item.view()) +
              ": expected samples with one class each, found class maps or float targets");
}

void expect_class_name(const TextBuffer& item, std::string_view name, const Subject& subject) {
  const auto names = subject.layout().class_names;
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  throw Error("Augment: " + std::string(item.view()) + ": expected a class named '" +
              std::string(name) + "', found " + (names.empty() ? "classes without names" : "none"));
}

void erase(Subject& subject, const Range& area, const Range& aspect, float value, Draws& draws) {
  const auto region = draw_region(subject.size(), area, aspect, false, draws);
  if (!region) return;
  augment::erase(subject.image(), *region, value);
  augment::erase(subject.points(), *region);
}

void shuffle_channels(Subject& subject, Draws& draws) {
  std::vector<int> order(static_cast<std::size_t>(subject.channels()));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[draws.below(static_cast<std::uint32_t>(i))]);
  }
  augment::shuffle_channels(subject.image(), order);
}

void drop_channel(Subject& subject, float value, Draws& draws) {
  const auto channels = static_cast<std::uint32_t>(subject.channels());
  const int channel = static_cast<int>(draws.below(channels));
  augment::drop_channels(subject.image(), std::span(&channel, 1), value);
}

}  // namespace detail

}  // namespace lamina
