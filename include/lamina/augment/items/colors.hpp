#pragma once

#include <array>
#include <cmath>
#include <utility>

#include <lamina/augment/color.hpp>
#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/subject.hpp>

/// Items that change the colours of images, whose values are in [0, 1]. Labels stay as they are.
namespace lamina {

namespace detail {

/// An item that does a function of an image and a drawn factor.
template <void (*Change)(const augment::Image&, float), Range Factor>
struct DrawnFactor {
  static void apply(augment::Subject& subject, Draws& draws) {
    Change(subject.image(), static_cast<float>(Factor.draw(draws)));
  }
};

/// A factor around 1 and not below 0: `x` of ColorJitter in torchvision.
constexpr Range factor_range(const Range& factor) {
  return factor.one && factor.from >= 0 ? factor.around(1).at_least(0) : factor;
}

constexpr TextBuffer check_factor(const Range& factor) {
  return check_range(factor_range(factor), 0, 1000, "factors");
}

inline void change_gamma(const augment::Image& image, float exponent) {
  augment::gamma(image, exponent);
}

}  // namespace detail

/// Times a factor; `Brightness<0.2>` draws from 0.8 to 1.2, as torchvision's ColorJitter.
template <Range Factor>
struct Brightness : detail::DrawnFactor<augment::brightness, detail::factor_range(Factor)> {
  static constexpr TextBuffer name() { return item_name("Brightness", Factor); }
  static constexpr TextBuffer check() { return detail::check_factor(Factor); }
};

/// The distance from the mean gray times a factor; `Contrast<0.2>` draws from 0.8 to 1.2.
template <Range Factor>
struct Contrast : detail::DrawnFactor<augment::contrast, detail::factor_range(Factor)> {
  static constexpr TextBuffer name() { return item_name("Contrast", Factor); }
  static constexpr TextBuffer check() { return detail::check_factor(Factor); }
};

/// The distance from each pixel's gray times a factor; `Saturation<0.2>` draws from 0.8 to 1.2.
template <Range Factor>
struct Saturation : detail::DrawnFactor<augment::saturation, detail::factor_range(Factor)> {
  static constexpr TextBuffer name() { return item_name("Saturation", Factor); }
  static constexpr TextBuffer check() { return detail::check_factor(Factor); }
};

/// Turns the hue by a share of the circle; `Hue<0.1>` draws from -0.1 to 0.1, 0.5 at most.
template <Range Turn>
struct Hue : detail::DrawnFactor<augment::hue, Turn.around(0)> {
  static constexpr TextBuffer name() { return item_name("Hue", Turn); }
  static constexpr TextBuffer check() {
    return detail::check_range(Turn.around(0), -0.5, 0.5, "turns");
  }
};

/// To the power of an exponent, "lighting"; `Gamma<0.2>` draws from 0.8 to 1.2.
template <Range Exponent>
struct Gamma : detail::DrawnFactor<detail::change_gamma, detail::factor_range(Exponent)> {
  static constexpr TextBuffer name() { return item_name("Gamma", Exponent); }
  static constexpr TextBuffer check() { return detail::check_factor(Exponent); }
};

/// As many colours as a drawn number of bits a channel can say; one number is that of bits itself.
template <Range Bits>
struct Posterize {
  static constexpr TextBuffer name() { return item_name("Posterize", Bits); }
  static constexpr TextBuffer check() { return detail::check_range(Bits, 1, 8, "bits"); }
  static void apply(augment::Subject& subject, Draws& draws) {
    augment::posterize(subject.image(), static_cast<int>(std::lround(Bits.draw(draws))));
  }
};

/// Values above a drawn threshold become their opposites; one number is the threshold itself.
template <Range Threshold>
struct Solarize : detail::DrawnFactor<augment::solarize, Threshold> {
  static constexpr TextBuffer name() { return item_name("Solarize", Threshold); }
  static constexpr TextBuffer check() { return detail::check_range(Threshold, 0, 1, "thresholds"); }
};

/// Stretches the values of each channel from 0 to 1, with a `Chance` of 1/2 without another.
template <class... Attributes>
struct AutoContrast {
  static constexpr TextBuffer name() { return detail::list_name<Attributes...>("AutoContrast"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Chance>::check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    augment::auto_contrast(subject.image());
  }
};

/// All channels become gray, with a `Chance` of 0.1 without another.
template <class... Attributes>
struct Grayscale {
  static constexpr TextBuffer name() { return detail::list_name<Attributes...>("Grayscale"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Chance>::check<Attributes...>();
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (draws.chance(detail::chance_of<0.1, Attributes...>)) augment::grayscale(subject.image());
  }
};

/// `Brightness`, `Contrast`, `Saturation` and `Hue` in a drawn order. torchvision's ColorJitter.
///
/// Example: `ColorJitter<0.4, 0.4, 0.4, 0.1>`
template <Range BrightnessFactor, Range ContrastFactor = 0, Range SaturationFactor = 0,
          Range HueTurn = 0>
struct ColorJitter {
  static constexpr TextBuffer name() {
    return item_name("ColorJitter", BrightnessFactor, ContrastFactor, SaturationFactor, HueTurn);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({Brightness<BrightnessFactor>::check(),
                                Contrast<ContrastFactor>::check(),
                                Saturation<SaturationFactor>::check(), Hue<HueTurn>::check()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    using Change = void (*)(augment::Subject&, Draws&);
    std::array<Change, 4> changes{of<Brightness<BrightnessFactor>>(BrightnessFactor),
                                  of<Contrast<ContrastFactor>>(ContrastFactor),
                                  of<Saturation<SaturationFactor>>(SaturationFactor),
                                  of<Hue<HueTurn>>(HueTurn)};
    for (std::uint32_t left = 4; left > 0; --left) {
      std::swap(changes[left - 1], changes[draws.below(left)]);
      if (changes[left - 1] != nullptr) changes[left - 1](subject, draws);
    }
  }

 private:
  /// Null for what changes nothing.
  template <class Entry>
  static auto of(const Range& range) -> void (*)(augment::Subject&, Draws&) {
    return range.one && range.from == 0 ? nullptr : &Entry::apply;
  }
};

}  // namespace lamina
