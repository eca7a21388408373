#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lamina/augment/geometry.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/augment/regions.hpp>
#include <lamina/augment/sample_views.hpp>
#include <lamina/augment/subject.hpp>

#include "augment/check.hpp"

namespace lamina::augment {

namespace {

/// Where images of another size are made: of two arrays one is read while the other is written.
template <class Value>
struct Arrays {
  std::array<std::vector<Value>, 2> arrays;
  std::size_t next = 0;

  Pixels<Value> make(int channels, Size size) {
    std::vector<Value>& array = arrays[std::exchange(next, 1 - next)];
    const auto count = static_cast<std::size_t>(channels) * static_cast<std::size_t>(size.height) *
                       static_cast<std::size_t>(size.width);
    if (array.size() < count) array.resize(count);
    return Pixels<Value>::channels_first(std::span(array).first(count), channels, size.height,
                                         size.width);
  }
};

template <class Value>
void copy(const Pixels<Value>& from, const Pixels<Value>& to) {
  if (from.data == to.data) return;
  paste(from, to, {0, 0, from.height, from.width});
}

/// A target at other positions cannot move with its sample.
void expect_alike(const SampleLayout& layout) {
  if (layout.target_shape.flat() || (layout.target_shape.height == layout.shape.height &&
                                     layout.target_shape.width == layout.shape.width)) {
    return;
  }
  throw Error("Augment: expected targets of the image's " +
              text_of(Size{layout.shape.height, layout.shape.width}) +
              " positions to move with it, found " +
              text_of(Size{layout.target_shape.height, layout.target_shape.width}));
}

}  // namespace

struct Subject::Memory {
  Arrays<float> images;
  Arrays<float> target_images;
  Arrays<Label> masks;
  std::vector<float> displacements;

  /// That of the thread's next subject: those that are alive together end in the reverse order.
  static Memory* take() {
    if (used == all.size()) all.push_back(std::make_unique<Memory>());
    return all[used++].get();
  }
  static void give_back() { --used; }

 private:
  static thread_local std::vector<std::unique_ptr<Memory>> all;
  static thread_local std::size_t used;
};

thread_local std::vector<std::unique_ptr<Subject::Memory>> Subject::Memory::all;
thread_local std::size_t Subject::Memory::used = 0;

Subject::Lease::Lease() : memory_(Memory::take()) {}

Subject::Lease::~Lease() {
  Memory::give_back();
}

Subject::Subject(const SampleLayout& layout, const LabelOptions& options, const SampleParts& parts)
    : layout_(layout), options_(options), parts_(parts), image_(input_view(parts.input, layout)) {
  if (layout.target_shape.flat()) return;
  if (!parts.targets.empty()) target_image_ = target_view(parts.targets, layout);
  if (!parts.labels.empty()) mask_ = target_view(parts.labels, layout);
}

void Subject::expect_positions(Name item) const {
  if (!layout_.shape.flat()) return;
  throw Error("Augment: " + std::string(item().view()) + ": expected images or sounds, found " +
              std::to_string(layout_.shape.channels) +
              " features without positions: give the Dataset their Shape");
}

void Subject::expect_plane(Name item) const {
  expect_positions(item);
  if (size().height > 1 && size().width > 1) return;
  throw Error("Augment: " + std::string(item().view()) +
              ": expected images of more rows and columns than one, found " + text_of(size()));
}

SampleLayout Subject::layout() const {
  SampleLayout now = layout_;
  now.shape.height = size().height;
  now.shape.width = size().width;
  if (!now.target_shape.flat() && size() != Size{layout_.shape.height, layout_.shape.width}) {
    now.target_shape.height = size().height;
    now.target_shape.width = size().width;
  }
  return now;
}

std::optional<Label> Subject::label() const {
  if (!layout_.target_shape.flat()) return {};
  if (parts_.labels.size() == 1) return parts_.labels[0];
  if (parts_.targets.size() < 2) return {};
  const auto largest = std::max_element(parts_.targets.begin(), parts_.targets.end());
  return static_cast<Label>(largest - parts_.targets.begin());
}

std::string_view Subject::class_name(Label label) const {
  const auto at = static_cast<std::size_t>(label);
  return label >= 0 && at < layout_.class_names.size() ? layout_.class_names[at]
                                                       : std::string_view();
}

const Image& Subject::image() {
  flush();
  return image_;
}

Sound Subject::sound() {
  flush();
  if (!layout_.shape.flat() && image_.height == 1 &&
      (image_.column_stride == 1 || image_.width == 1)) {
    return {image_.data, image_.channels, image_.width, image_.channel_stride};
  }
  throw Error(
      "Augment: expected sounds, (channels, 1, length) channel by channel, found samples of " +
      std::to_string(image_.channels) + " channels of " + text_of(image_.size()) +
      (image_.column_stride == 1 ? "" : ", channels last"));
}

const Mask<Label>& Subject::mask() {
  flush();
  return mask_;
}

std::span<KeyPoint> Subject::points() {
  flush();
  return parts_.points == nullptr ? std::span<KeyPoint>() : std::span(*parts_.points);
}

void Subject::warp(const Warp& by, const std::optional<Border>& border) {
  expect_positions([] { return item_name("warp"); });
  expect_alike(layout_);
  const bool one_border = !border || !border_ || *border == *border_;
  if (pending_ && one_border && pending_->joins(by)) {
    pending_ = pending_->then(by);
    if (!border_) border_ = border;
    return;
  }
  flush();
  pending_ = by;
  border_ = border;
  if (!by.right().empty()) flush();  // the caller's displacements last as long as this call
}

void Subject::displace(float strength, float deviation, std::uint64_t seed, const Border& border) {
  std::vector<float>& field = memory_->displacements;
  const auto positions =
      static_cast<std::size_t>(size().height) * static_cast<std::size_t>(size().width);
  if (field.size() < 2 * positions) field.resize(2 * positions);
  const auto right = std::span(field).first(positions);
  const auto down = std::span(field).subspan(positions, positions);
  elastic_field(size(), strength, deviation, seed, right, down);
  warp(Warp::displacement(size(), right, down), border);
}

template <class Move>
void Subject::move_all(const Warp& by, const Border& border, const Move& move_image) {
  const bool in_place = by.from() == by.to();
  const auto move = [&]<class Value>(Pixels<Value>& pixels, Arrays<Value>& made,
                                     const auto& change) {
    if (pixels.data == nullptr) return;
    const Pixels<Value> to = in_place ? pixels : made.make(pixels.channels, by.to());
    change(pixels, to);
    pixels = to;
  };
  move(image_, memory_->images, move_image);
  move(target_image_, memory_->target_images, move_image);
  move(mask_, memory_->masks, [&](const auto& from, const auto& to) {
    const Label fill = options_.fill.value_or(layout_.ignored.value_or(0));
    augment::warp(Mask<const Label>(from), to, by, border, fill);
  });
  if (parts_.boxes != nullptr) augment::warp(*parts_.boxes, by, options_.min_visibility);
  if (parts_.points != nullptr) augment::warp(std::span(*parts_.points), by, options_.swaps);
}

void Subject::flush() {
  if (!pending_) return;
  const Warp by = *std::exchange(pending_, std::nullopt);
  const Border border = std::exchange(border_, std::nullopt).value_or(Fill{});
  move_all(by, border,
           [&](const Image& from, const Image& to) { augment::warp(from, to, by, border); });
}

void Subject::resize(const Region& region, Size to) {
  if (to.height >= region.height && to.width >= region.width) {
    warp(resized_crop(size(), region, to));
    return;
  }
  expect_alike(layout_);
  flush();
  const Warp by = resized_crop(size(), region, to);
  move_all(by, Fill{},
           [&](const Image& from, const Image& made) { smooth_resize(from.part(region), made); });
}

void Subject::write(const SampleParts& to) {
  flush();
  const SampleLayout now = layout();
  copy(image_, input_view(to.input, now));
  if (target_image_.data != nullptr) {
    copy(target_image_, target_view(to.targets, now));
  } else if (to.targets.data() != parts_.targets.data()) {
    std::copy(parts_.targets.begin(), parts_.targets.end(), to.targets.begin());
  }
  if (mask_.data != nullptr) {
    copy(mask_, target_view(to.labels, now));
  } else if (to.labels.data() != parts_.labels.data()) {
    std::copy(parts_.labels.begin(), parts_.labels.end(), to.labels.begin());
  }
}

}  // namespace lamina::augment
