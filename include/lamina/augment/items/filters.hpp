#pragma once

#include <cmath>

#include <lamina/augment/filter.hpp>
#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/noise.hpp>
#include <lamina/augment/subject.hpp>

/// Items that blur, sharpen and disturb images, whose values are in [0, 1].
namespace lamina {

/// A Gaussian blur of a drawn deviation in pixels, over 3 deviations to each side; one number is
/// the deviation itself. With a `Chance` of 1/2 without another.
///
/// Example: `Blur<Range{0.1, 2.0}>`
template <Range Deviation, class... Attributes>
struct Blur {
  static constexpr TextBuffer name() {
    return item_name("Blur", Deviation, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(Deviation, 0.01, 100, "deviations"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    const double deviation = Deviation.draw(draws);
    const int kernel = 2 * static_cast<int>(std::ceil(3 * deviation)) + 1;
    augment::gaussian_blur(subject.image(), kernel, static_cast<float>(deviation));
  }
};

/// Sharpens by a drawn factor: 1 changes nothing, 0 blurs, 2 sharpens; one number x draws from 1 to
/// 1 + x. With a `Chance` of 1/2 without another.
template <Range Factor, class... Attributes>
struct Sharpen {
  static constexpr Range factor = Factor.one ? Range(1, 1 + Factor.from) : Factor;
  static constexpr TextBuffer name() {
    return item_name("Sharpen", Factor, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(factor, 0, 1000, "factors"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    augment::sharpen(subject.image(), static_cast<float>(factor.draw(draws)));
  }
};

/// Gaussian noise of a drawn deviation on every value, clipped to [0, 1]; one number is the
/// deviation itself.
///
/// `GaussianNoise`, the item of a network, adds noise that is not clipped.
template <Range Deviation>
struct Noise {
  static constexpr TextBuffer name() { return item_name("Noise", Deviation); }
  static constexpr TextBuffer check() {
    return detail::check_range(Deviation, 0, 1000, "deviations");
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    const auto deviation = static_cast<float>(Deviation.draw(draws));
    augment::gaussian_noise(subject.image(), deviation, draws.seed());
  }
};

/// A drawn share of the pixels becomes white or black, half of them each; one number is the share
/// itself.
template <Range Share>
struct SaltAndPepper {
  static constexpr TextBuffer name() { return item_name("SaltAndPepper", Share); }
  static constexpr TextBuffer check() { return detail::check_range(Share, 0, 1, "shares"); }
  static void apply(augment::Subject& subject, Draws& draws) {
    const auto share = static_cast<float>(Share.draw(draws));
    augment::salt_and_pepper(subject.image(), share, 0.5f, draws.seed());
  }
};

}  // namespace lamina
