#pragma once

#include <optional>

#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/regions.hpp>
#include <lamina/augment/subject.hpp>

namespace lamina {

namespace detail {

/// A region of a drawn share of the image and a drawn aspect, anywhere in it; none where ten draws
/// do not fit. `whole`: it may be all of the image.
std::optional<augment::Region> draw_region(augment::Size size, const Range& area,
                                           const Range& aspect, bool whole, Draws& draws);

/// The largest region in the middle whose aspect is in a range.
augment::Region middle_of_aspect(augment::Size size, const Range& aspect);

/// A stretch of a line of an extent: floor(share extent) long, each place as likely.
struct Stretch {
  int start;
  int count;
};
Stretch draw_stretch(int extent, const Range& share, Draws& draws);

/// The mean of all values.
float mean_of(const augment::Image& image);

/// Errors: always. An image is smaller than what shall be cut out of it.
[[noreturn]] void refuse_crop(const TextBuffer& item, augment::Size cut, augment::Size found);

constexpr TextBuffer check_extents(const Extents& extents) {
  TextBuffer wrong;
  if (extents.positive()) return wrong;
  return wrong << "needs extents of at least 1, got " << extents.height << " and " << extents.width;
}

/// Writes a drawn region of a subject's image.
void erase(augment::Subject& subject, const Range& area, const Range& aspect, float value,
           Draws& draws);
/// Gives a subject's channels a drawn order.
void shuffle_channels(augment::Subject& subject, Draws& draws);
/// Writes a drawn channel of a subject.
void drop_channel(augment::Subject& subject, float value, Draws& draws);

}  // namespace detail

/// Hides a rectangle of a drawn `Area` (a share of 0.02 to 0.33 without) and `Aspect` (0.3 to 3.3)
/// behind a `Value` (0), with a `Chance` of 1/2: random erasing; cutout with `Aspect<1.0, 1.0>`.
/// Class maps and boxes stay as they are; key points in it are no longer visible.
///
/// Source: Zhong et al. 2017, https://arxiv.org/abs/1708.04896; numbers as torchvision's.
/// Example: `Erase<>`, `Erase<Area<0.1, 0.1>, Aspect<1.0, 1.0>, Value<0.5>, Chance<1.0>>`
template <class... Attributes>
struct Erase {
  static constexpr TextBuffer name() { return detail::list_name<Attributes...>("Erase"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Area, AttributeKind::Aspect, AttributeKind::Value,
                 AttributeKind::Chance>::template check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    using Share = find_attribute_t<AttributeKind::Area, Area<0.02, 0.33>, Attributes...>;
    using Form = find_attribute_t<AttributeKind::Aspect, Aspect<0.3, 3.3>, Attributes...>;
    using Written = find_attribute_t<AttributeKind::Value, Value<0.0>, Attributes...>;
    subject.expect_positions(&name);
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    detail::erase(subject, Share::range, Form::range, static_cast<float>(Written::value), draws);
  }
};

/// The channels in another order, with a `Chance` of 1/2 without another.
template <class... Attributes>
struct ChannelShuffle {
  static constexpr TextBuffer name() { return detail::list_name<Attributes...>("ChannelShuffle"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Chance>::check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    detail::shuffle_channels(subject, draws);
  }
};

/// One of the channels becomes a `Value` (0), with a `Chance` of 1/2 without another.
template <class... Attributes>
struct ChannelDrop {
  static constexpr TextBuffer name() { return detail::list_name<Attributes...>("ChannelDrop"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Chance, AttributeKind::Value>::check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    using Written = find_attribute_t<AttributeKind::Value, Value<0.0>, Attributes...>;
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    detail::drop_channel(subject, static_cast<float>(Written::value), draws);
  }
};

}  // namespace lamina
