#pragma once

#include <cmath>

#include <lamina/augment/geometry.hpp>
#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/subject.hpp>
#include <lamina/core/rounded.hpp>

/// Items that move images, and class maps, boxes and key points with them. Those that follow each
/// other in a list are one warp. All take a border: `Filled<value>` (of 0 without), `Reflect` or
/// `Edge`.
namespace lamina {

/// Turns about the middle by an angle in degrees, anticlockwise; `Rotate<15>` draws from -15 to 15.
///
/// Example: `Augment<Rotate<15>>`, `Augment<Rotate<Range{0, 360}, Reflect>>`
template <Range Degrees, class... Attributes>
struct Rotate {
  static constexpr Range degrees = Degrees.around(0);
  static constexpr TextBuffer name() {
    return item_name("Rotate", Degrees, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(degrees, -360, 360, "degrees"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_plane(&name);
    subject.warp(augment::rotation(subject.size(), degrees.draw(draws)),
                 detail::border_of<Attributes...>());
  }
};

/// Moves by whole pixels, to the right or left and down or up by shares of the width and height;
/// `Translate<0.1>` draws each from -0.1 to 0.1.
template <Range Share, class... Attributes>
struct Translate {
  static constexpr Range share = Share.around(0);
  static constexpr TextBuffer name() {
    return item_name("Translate", Share, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(share, -1, 1, "shares"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_positions(&name);
    const augment::Size size = subject.size();
    const double right = std::round(share.draw(draws) * size.width);
    const double down = size.height == 1 ? 0 : std::round(share.draw(draws) * size.height);
    subject.warp(augment::translation(size, right, down), detail::border_of<Attributes...>());
  }
};

/// Makes larger or smaller about the middle, of the same extents; `Zoom<0.2>` draws a factor from
/// 0.8 to 1.2.
template <Range Factor, class... Attributes>
struct Zoom {
  static constexpr Range factor = Factor.around(1);
  static constexpr TextBuffer name() { return item_name("Zoom", Factor, name_of<Attributes>()...); }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(factor, 0.01, 100, "factors"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_positions(&name);
    subject.warp(augment::scaling(subject.size(), factor.draw(draws)),
                 detail::border_of<Attributes...>());
  }
};

/// Slants: rows are moved along by an angle in degrees; `Shear<10>` draws from -10 to 10.
/// torchvision's x shear.
template <Range Degrees, class... Attributes>
struct Shear {
  static constexpr Range degrees = Degrees.around(0);
  static constexpr TextBuffer name() {
    return item_name("Shear", Degrees, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(degrees, -89, 89, "degrees"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_plane(&name);
    subject.warp(augment::shear(subject.size(), degrees.draw(draws)),
                 detail::border_of<Attributes...>());
  }
};

/// A direction of `Flip`: left becomes right.
struct Horizontal {
  static constexpr TextBuffer name() { return item_name("Horizontal"); }
  static augment::Warp warp(augment::Size size) { return augment::horizontal_flip(size); }
};
/// A direction of `Flip`: top becomes bottom.
struct Vertical {
  static constexpr TextBuffer name() { return item_name("Vertical"); }
  static augment::Warp warp(augment::Size size) { return augment::vertical_flip(size); }
};

/// Mirrors, with a `Chance` of 1/2 without another. Key points change places as `Augment::labels`
/// says. Of a signal, `Flip<Horizontal>` is backwards in time.
template <class Direction, class... Attributes>
struct Flip {
  static constexpr TextBuffer name() {
    return item_name("Flip", name_of<Direction>(), name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    if constexpr (!requires(augment::Size size) { Direction::warp(size); }) {
      TextBuffer wrong;
      return wrong << "needs Horizontal or Vertical first, got " << name_of<Direction>();
    }
    return allow<AttributeKind::Chance>::check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_positions(&name);
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    subject.warp(Direction::warp(subject.size()));
  }
};

/// Moves the corners towards the middle, each by its own share, at most `Distortion` / 2 of the
/// extents; with a `Chance` of 1/2 without another. torchvision's RandomPerspective, whose default
/// is 0.5.
template <double Distortion, class... Attributes>
struct Perspective {
  static constexpr TextBuffer name() {
    return item_name("Perspective", Distortion, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong(
        {detail::check_range(Distortion, 0, 0.95, "a distortion"),
         allow<AttributeKind::Border, AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_plane(&name);
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    const augment::Size size = subject.size();
    const double right = size.width - 1.0;
    const double bottom = size.height - 1.0;
    const auto x = [&] { return rounded(draws.between(0, Distortion / 2) * right); };
    const auto y = [&] { return rounded(draws.between(0, Distortion / 2) * bottom); };
    const double top_left[] = {x(), y()};
    const double top_right[] = {x(), y()};
    const double bottom_right[] = {x(), y()};
    const double bottom_left[] = {x(), y()};
    subject.warp(augment::perspective(size, {{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}}},
                                      {{{top_left[0], top_left[1]},
                                        {right - top_right[0], top_right[1]},
                                        {right - bottom_right[0], bottom - bottom_right[1]},
                                        {bottom_left[0], bottom - bottom_left[1]}}}),
                 detail::border_of<Attributes...>());
  }
};

/// Moves every place by its own smooth displacement: `Strength` times uniform numbers that a
/// Gaussian of `Deviation` pixels has smoothed, in pixels. torchvision's alpha is twice the
/// strength.
///
/// Source: Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks".
/// Example: `Augment<Elastic<20.0, 4.0>>` for digits of 28 x 28
template <double Strength, double Deviation, class... Attributes>
struct Elastic {
  static constexpr TextBuffer name() {
    return item_name("Elastic", Strength, Deviation, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(Strength, 0, 1e4, "a strength"),
                                detail::check_range(Deviation, 0.1, 127, "a deviation"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_plane(&name);
    subject.displace(static_cast<float>(Strength), static_cast<float>(Deviation), draws.seed(),
                     detail::border_of<Attributes...>());
  }
};

}  // namespace lamina
