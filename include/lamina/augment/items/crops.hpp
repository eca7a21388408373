#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include <lamina/augment/geometry.hpp>
#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/items/regions.hpp>
#include <lamina/augment/subject.hpp>
#include <lamina/layers/window_attributes.hpp>

/// Items that cut a part out of an image. Samples may so have other extents in the data set than
/// the network takes: what the list makes of them must fit.
namespace lamina {

/// A part of these extents, anywhere in the image, with `Padding<n>` anywhere in the image and n
/// pixels around it, by the border.
///
/// Errors: an image that is smaller throws `Error` before the first step.
/// Example: `RandomCrop<32, Padding<4>, Reflect>`, the augmentation of CIFAR
template <Extents To, class... Attributes>
struct RandomCrop {
  static constexpr TextBuffer name() {
    return item_name("RandomCrop", To, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong(
        {detail::check_extents(To),
         allow<AttributeKind::Border, AttributeKind::Padding>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    using Around = find_attribute_t<AttributeKind::Padding, Padding<0>, Attributes...>;
    subject.expect_positions(&name);
    const augment::Size from = subject.size();
    const augment::Size to = To.of(from);
    const auto start = [&](int extent, int cut, int padding) {
      const int places = extent + 2 * padding - cut + 1;
      if (places < 1) detail::refuse_crop(name(), to, from);
      return static_cast<int>(draws.below(static_cast<std::uint32_t>(places))) - padding;
    };
    const int top = start(from.height, to.height, from.height == 1 ? 0 : Around::height);
    const int left = start(from.width, to.width, Around::width);
    // Whether the border is needed must not depend on what is drawn: it decides which moves are
    // one.
    std::optional<augment::Border> border = detail::border_said<Attributes...>();
    if (!border && (Around::height > 0 || Around::width > 0)) border = augment::Fill{};
    subject.warp(augment::crop(from, {top, left, to.height, to.width}), border);
  }
};

/// The middle of the image, of these extents; of one that is smaller, with the border around it.
template <Extents To, class... Attributes>
struct CenterCrop {
  static constexpr TextBuffer name() {
    return item_name("CenterCrop", To, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong(
        {detail::check_extents(To), allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws&) {
    subject.expect_positions(&name);
    subject.warp(augment::center_crop(subject.size(), To.of(subject.size())),
                 detail::border_said<Attributes...>());
  }
};

/// The image in these extents, bilinear, each side by itself; smoothed where it becomes smaller.
template <Extents To>
struct Resize {
  static constexpr TextBuffer name() { return item_name("Resize", To); }
  static constexpr TextBuffer check() { return detail::check_extents(To); }
  static void apply(augment::Subject& subject, Draws&) {
    subject.expect_positions(&name);
    const augment::Size from = subject.size();
    subject.resize({0, 0, from.height, from.width}, To.of(from));
  }
};

/// A part of the image, of a drawn `Area` (a share of 0.08 to 1 without) and `Aspect` (3/4 to 4/3),
/// resized to these extents as `Resize` does. torchvision's RandomResizedCrop, and where ten draws
/// do not fit into the image, like there the middle with the nearest aspect.
template <Extents To, class... Attributes>
struct RandomResizedCrop {
  static constexpr TextBuffer name() {
    return item_name("RandomResizedCrop", To, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong(
        {detail::check_extents(To),
         allow<AttributeKind::Area, AttributeKind::Aspect>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    using Share = find_attribute_t<AttributeKind::Area, Area<0.08, 1.0>, Attributes...>;
    using Form = find_attribute_t<AttributeKind::Aspect, Aspect<3.0 / 4, 4.0 / 3>, Attributes...>;
    subject.expect_positions(&name);
    const augment::Size from = subject.size();
    const auto drawn = detail::draw_region(from, Share::range, Form::range, true, draws);
    const augment::Region region = drawn.value_or(detail::middle_of_aspect(from, Form::range));
    subject.resize(region, To.of(from));
  }
};

}  // namespace lamina
