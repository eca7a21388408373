#pragma once

#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/items/regions.hpp>
#include <lamina/augment/spectrogram.hpp>
#include <lamina/augment/subject.hpp>

/// Stretches of time and of frequency that are hidden: of a sound, which has one row, and of its
/// spectrogram, whose rows are frequencies and columns times.
namespace lamina {

/// Attribute of a mask: the mean of the sample is written.
struct MeanValue {
  static constexpr AttributeKind attribute = AttributeKind::Value;
  static constexpr TextBuffer name() { return item_name("MeanValue"); }
};

namespace detail {

/// What a mask writes of a subject's sample.
template <class... Attributes>
float mask_value(augment::Subject& subject) {
  using Found = find_attribute_t<AttributeKind::Value, Value<0.0>, Attributes...>;
  if constexpr (requires { Found::value; }) {
    return static_cast<float>(Found::value);
  } else {
    return mean_of(subject.image());
  }
}

}  // namespace detail

/// Hides a stretch of time of a drawn share of the length, at a drawn place, behind a `Value` (0)
/// or the `MeanValue`; one number draws from 0 to it.
///
/// Source: Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779
/// Example: `TimeMask<Range{0.01, 0.2}>` of a sound, `TimeMask<0.2, MeanValue>` of a spectrogram
template <Range Share, class... Attributes>
struct TimeMask {
  static constexpr Range share = Share.up_to();
  static constexpr TextBuffer name() {
    return item_name("TimeMask", Share, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(share, 0, 1, "shares"),
                                allow<AttributeKind::Value>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_positions(&name);
    const auto [start, count] = detail::draw_stretch(subject.size().width, share, draws);
    augment::time_mask(subject.image(), start, count, detail::mask_value<Attributes...>(subject));
  }
};

/// Hides a band of frequencies of a spectrogram, of a drawn share of its rows, as `TimeMask` does
/// of times.
///
/// Example: `Augment<FrequencyMask<0.25>, FrequencyMask<0.25>, TimeMask<0.2>, TimeMask<0.2>>`
template <Range Share, class... Attributes>
struct FrequencyMask {
  static constexpr Range share = Share.up_to();
  static constexpr TextBuffer name() {
    return item_name("FrequencyMask", Share, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(share, 0, 1, "shares"),
                                allow<AttributeKind::Value>::check<Attributes...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    subject.expect_plane(&name);
    const auto [start, count] = detail::draw_stretch(subject.size().height, share, draws);
    augment::frequency_mask(subject.image(), start, count,
                            detail::mask_value<Attributes...>(subject));
  }
};

}  // namespace lamina
