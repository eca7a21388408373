#pragma once

#include <cmath>

#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/sound.hpp>
#include <lamina/augment/subject.hpp>

/// Items that change sounds: samples of (channels, length), in [-1, 1] by custom; nothing is
/// clipped. Levels are in decibels, rates in samples a second.
///
/// `LowPass`, `HighPass`, `Speed`, `Tempo`, `Pitch` and `Fade` have a `Chance` of 1/2 without
/// another.
namespace lamina {

/// Gaussian noise of a drawn deviation; one number is the deviation itself.
///
/// Example: `NoiseLevel<Range{0.001, 0.015}>`
template <Range Deviation>
struct NoiseLevel {
  static constexpr TextBuffer name() { return item_name("NoiseLevel", Deviation); }
  static constexpr TextBuffer check() {
    return detail::check_range(Deviation, 0, 1000, "deviations");
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    const auto deviation = static_cast<float>(Deviation.draw(draws));
    augment::gaussian_noise(subject.sound(), deviation, draws.seed());
  }
};

/// Gaussian noise that is a drawn number of decibels weaker than the sound, its signal-to-noise
/// ratio; one number is the ratio itself.
///
/// Example: `NoiseRatio<Range{5, 40}>`
template <Range Decibels>
struct NoiseRatio {
  static constexpr TextBuffer name() { return item_name("NoiseRatio", Decibels); }
  static constexpr TextBuffer check() {
    return detail::check_range(Decibels, -200, 200, "decibels");
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    const augment::SignalToNoise ratio{Decibels.draw(draws)};
    augment::gaussian_noise(subject.sound(), ratio, draws.seed());
  }
};

/// Louder or softer by drawn decibels; `Gain<12>` draws from -12 to 12.
template <Range Decibels>
struct Gain {
  static constexpr Range decibels = Decibels.around(0);
  static constexpr TextBuffer name() { return item_name("Gain", Decibels); }
  static constexpr TextBuffer check() {
    return detail::check_range(decibels, -200, 200, "decibels");
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    augment::gain(subject.sound(), decibels.draw(draws));
  }
};

/// Attribute of `Shift`: zeros come in, in place of what left at the other end.
struct Silent {
  static constexpr AttributeKind attribute = AttributeKind::Border;
  static constexpr TextBuffer name() { return item_name("Silent"); }
};

/// Later or sooner by a drawn share of the length; `Shift<0.5>` draws from -0.5 to 0.5. What leaves
/// at one end comes in at the other, or zeros with `Silent`.
template <Range Share, class... Attributes>
struct Shift {
  static constexpr Range share = Share.around(0);
  static constexpr TextBuffer name() { return item_name("Shift", Share, name_of<Attributes>()...); }
  static constexpr TextBuffer check() {
    TextBuffer wrong = detail::check_range(share, -1, 1, "shares");
    ((wrong.empty() && !std::is_same_v<Attributes, Silent>
          ? wrong << "takes no " << name_of<Attributes>() << ": it takes Silent"
          : wrong),
     ...);
    return wrong;
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    const augment::Sound sound = subject.sound();
    const int by = static_cast<int>(std::lround(share.draw(draws) * sound.length));
    augment::shift(sound, by,
                   sizeof...(Attributes) > 0 ? augment::Room::silent : augment::Room::wrapped);
  }
};

/// From silence at the start and to silence at the end, each over a drawn share of the length; one
/// number draws from 0 to it.
template <Range Share, class... Attributes>
struct Fade {
  static constexpr Range share = Share.up_to();
  static constexpr TextBuffer name() { return item_name("Fade", Share, name_of<Attributes>()...); }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(share, 0, 1, "shares"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    const augment::Sound sound = subject.sound();
    const int in = static_cast<int>(share.draw(draws) * sound.length);
    augment::fade(sound, in, static_cast<int>(share.draw(draws) * sound.length));
  }
};

namespace detail {

/// A Butterworth filter of fourth order with a drawn cutoff in Hz, its logarithm uniform.
template <void (*Filter)(const augment::Sound&, int, double, int), Range Cutoff, int Rate,
          class... Attributes>
struct DrawnFilter {
  static constexpr TextBuffer check() {
    return first_wrong({check_range(Cutoff, 1, Rate / 2.0 - 1, "cutoffs in Hz"),
                        allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(chance_of<0.5, Attributes...>)) return;
    const double cutoff = std::exp(draws.between(random::log(Cutoff.from), random::log(Cutoff.to)));
    Filter(subject.sound(), Rate, cutoff, 4);
  }
};

}  // namespace detail

/// Takes away what is above a drawn cutoff in Hz, its logarithm drawn uniformly, of a sound of a
/// rate: as through a wall or a telephone.
///
/// Example: `LowPass<Range{500, 7000}, 16000>`
template <Range Cutoff, int Rate, class... Attributes>
struct LowPass : detail::DrawnFilter<augment::low_pass, Cutoff, Rate, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("LowPass", Cutoff, Rate, name_of<Attributes>()...);
  }
};

/// Takes away what is below a drawn cutoff in Hz: as from a small loudspeaker.
///
/// Example: `HighPass<Range{20, 2400}, 16000>`
template <Range Cutoff, int Rate, class... Attributes>
struct HighPass : detail::DrawnFilter<augment::high_pass, Cutoff, Rate, Attributes...> {
  static constexpr TextBuffer name() {
    return item_name("HighPass", Cutoff, Rate, name_of<Attributes>()...);
  }
};

/// Faster and higher, or slower and lower, by a drawn factor; `Speed<0.1>` draws from 0.9 to 1.1.
template <Range Factor, class... Attributes>
struct Speed {
  static constexpr Range factor = Factor.around(1);
  static constexpr TextBuffer name() {
    return item_name("Speed", Factor, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(factor, 0.01, 100, "factors"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    augment::speed(subject.sound(), factor.draw(draws));
  }
};

/// Faster or slower at the same pitch, by a drawn factor; `Tempo<0.2>` draws from 0.8 to 1.2.
template <Range Factor, class... Attributes>
struct Tempo {
  static constexpr Range factor = Factor.around(1);
  static constexpr TextBuffer name() {
    return item_name("Tempo", Factor, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(factor, 0.0625, 16, "factors"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    augment::tempo(subject.sound(), factor.draw(draws));
  }
};

/// Higher or lower at the same tempo, by drawn semitones; `Pitch<4>` draws from -4 to 4.
template <Range Semitones, class... Attributes>
struct Pitch {
  static constexpr Range semitones = Semitones.around(0);
  static constexpr TextBuffer name() {
    return item_name("Pitch", Semitones, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(semitones, -36, 36, "semitones"),
                                allow<AttributeKind::Chance>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!draws.chance(detail::chance_of<0.5, Attributes...>)) return;
    augment::pitch(subject.sound(), semitones.draw(draws));
  }
};

}  // namespace lamina
