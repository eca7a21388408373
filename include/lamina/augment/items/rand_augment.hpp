#pragma once

#include <lamina/augment/items/choices.hpp>
#include <lamina/augment/items/colors.hpp>
#include <lamina/augment/items/filters.hpp>
#include <lamina/augment/items/moves.hpp>

namespace lamina {

/// `Count` changes, each drawn anew from a fixed list: rotation (30 degrees), shear (17 degrees),
/// translation (0.45 of the extents), brightness, contrast, saturation and sharpness (factors from
/// 0.1 to 1.9), posterizing (down to 4 bits), solarizing (all values), stretched contrast, and
/// nothing. `Magnitude` is a share of these, from 0 to 30.
///
/// Other than torchvision's RandAugment, each change draws its strength up to the magnitude and
/// shears along one axis, and nothing is equalized. Images have 1 or 3 channels.
///
/// Source: Cubuk et al. 2019, https://arxiv.org/abs/1909.13719; numbers as torchvision's.
/// Example: `Augment<RandomCrop<32, Padding<4>>, Flip<Horizontal>, RandAugment<2, 9>>`
template <int Count = 2, int Magnitude = 9, class... Attributes>
struct RandAugment {
  static constexpr double share = Magnitude / 30.0;

  static constexpr TextBuffer name() {
    return item_name("RandAugment", Count, Magnitude, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Count < 0) wrong << "needs a count of at least 0, got " << Count;
    return detail::first_wrong({wrong, detail::check_range(Magnitude, 0, 30, "a magnitude"),
                                allow<AttributeKind::Border>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    for (int i = 0; i < Count; ++i) Choice::apply(subject, draws);
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    Choice::rehearse(subject, draws);
  }

 private:
  struct Nothing {
    static void apply(augment::Subject&, Draws&) {}
  };
  static constexpr Range factor{1 - 0.9 * share, 1 + 0.9 * share};
  using Choice =
      OneOf<Nothing, Rotate<30 * share, Attributes...>, Shear<16.7 * share, Attributes...>,
            Translate<0.453 * share, Attributes...>, Brightness<factor>, Contrast<factor>,
            Saturation<factor>, Sharpen<factor, Chance<1.0>>, Posterize<Range{8 - 4 * share, 8}>,
            Solarize<Range{1 - share, 1}>, AutoContrast<Chance<1.0>>>;
};

}  // namespace lamina
