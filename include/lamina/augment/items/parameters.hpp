#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>

#include <lamina/augment/border.hpp>
#include <lamina/augment/image.hpp>
#include <lamina/core/attribute.hpp>
#include <lamina/data/draws.hpp>

/// What the items of an `Augment` list take in their own lists.
namespace lamina {

/// Numbers that an item draws from, uniformly: `Rotate<15>`, or `Rotate<Range{-10, 30}>`. What one
/// number alone means each item says: mostly that far to both sides of what changes nothing.
struct Range {
  double from = 0;
  double to = 0;
  bool one = false;  ///< one number alone, which both are

  constexpr Range(double number) : from(number), to(number), one(true) {}  // NOLINT: Rotate<15.0>
  constexpr Range(int number) : Range(static_cast<double>(number)) {}      // NOLINT: Rotate<15>
  constexpr Range(double first, double last) : from(first), to(last) {}

  /// One number alone as the distance to both sides of a middle.
  [[nodiscard]] constexpr Range around(double middle) const {
    return one ? Range(middle - from, middle + from) : *this;
  }
  /// One number alone as the last of what begins at 0.
  [[nodiscard]] constexpr Range up_to() const { return one ? Range(0, to) : *this; }
  /// The same without what is below a bound.
  [[nodiscard]] constexpr Range at_least(double least) const {
    return {from < least ? least : from, to < least ? least : to};
  }
  [[nodiscard]] double draw(Draws& draws) const { return draws.between(from, to); }
  [[nodiscard]] constexpr bool within(double least, double most) const {
    return from >= least && from <= to && to <= most;
  }

  friend constexpr TextBuffer& operator<<(TextBuffer& text, const Range& range) {
    if (range.one) return text << range.from;
    return text << "Range{" << range.from << ", " << range.to << "}";
  }
};

/// Height and width of an image: `RandomCrop<32>`, or `RandomCrop<Extents{24, 32}>`. One number is
/// both; of a signal its length.
struct Extents {
  int height = 0;
  int width = 0;
  bool one = false;  ///< one number alone, which both are

  constexpr Extents(int side) : height(side), width(side), one(true) {}  // NOLINT: Resize<32>
  constexpr Extents(int rows, int columns) : height(rows), width(columns) {}

  [[nodiscard]] constexpr augment::Size of(augment::Size image) const {
    return {one && image.height == 1 ? 1 : height, width};
  }
  [[nodiscard]] constexpr bool positive() const { return height > 0 && width > 0; }

  friend constexpr TextBuffer& operator<<(TextBuffer& text, const Extents& extents) {
    if (extents.one) return text << extents.width;
    return text << "Extents{" << extents.height << ", " << extents.width << "}";
  }
};

using augment::Edge;
using augment::Reflect;

/// Attribute of an item that moves images: what is beyond them has this value. 0 without.
template <double Value>
struct Filled {
  static constexpr AttributeKind attribute = AttributeKind::Border;
  static constexpr TextBuffer name() { return item_name("Filled", Value); }
  static constexpr augment::Border border() { return augment::Fill{static_cast<float>(Value)}; }
};

/// Attribute of an item that is not always done: with this probability, in [0, 1].
template <double P>
struct Chance {
  static constexpr AttributeKind attribute = AttributeKind::Chance;
  static constexpr double probability = P;
  static constexpr TextBuffer name() { return item_name("Chance", P); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(P >= 0 && P <= 1)) wrong << "needs a chance between 0 and 1, got " << P;
    return wrong;
  }
};

/// Attribute: the share of the image that a region takes is drawn between these, above 0 and at
/// most 1.
template <double From, double To>
struct Area {
  static constexpr AttributeKind attribute = AttributeKind::Area;
  static constexpr Range range{From, To};
  static constexpr TextBuffer name() { return item_name("Area", From, To); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(From > 0 && From <= To && To <= 1)) {
      wrong << "needs areas above 0 and at most 1, the smaller first, got " << From << " and "
            << To;
    }
    return wrong;
  }
};

/// Attribute: the width of a region over its height is drawn between these, above 0, its logarithm
/// uniformly.
template <double From, double To>
struct Aspect {
  static constexpr AttributeKind attribute = AttributeKind::Aspect;
  static constexpr Range range{From, To};
  static constexpr TextBuffer name() { return item_name("Aspect", From, To); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(From > 0 && From <= To && To <= 1e6)) {
      wrong << "needs aspects above 0, the smaller first, got " << From << " and " << To;
    }
    return wrong;
  }
};

/// Attribute: the value that is written.
template <double Number>
struct Value {
  static constexpr AttributeKind attribute = AttributeKind::Value;
  static constexpr double value = Number;
  static constexpr TextBuffer name() { return item_name("Value", Number); }
};

namespace detail {

/// `Erase<>` where a list is empty.
template <class... Attributes>
constexpr TextBuffer list_name(std::string_view name) {
  TextBuffer written;
  if constexpr (sizeof...(Attributes) == 0) {
    return written << name << "<>";
  } else {
    return item_name(name, name_of<Attributes>()...);
  }
}

/// The border that an item's list says, if it does.
template <class... Attributes>
std::optional<augment::Border> border_said() {
  using Found = find_attribute_t<AttributeKind::Border, void, Attributes...>;
  if constexpr (std::is_void_v<Found>) {
    return std::nullopt;
  } else if constexpr (requires { Found::border(); }) {
    return Found::border();
  } else {
    return Found{};
  }
}

/// The border of an item's list; `Fill{0}` where it says none.
template <class... Attributes>
augment::Border border_of() {
  return border_said<Attributes...>().value_or(augment::Fill{});
}

/// The probability of an item's list, or the item's own.
template <double Default, class... Attributes>
inline constexpr double chance_of =
    find_attribute_t<AttributeKind::Chance, Chance<Default>, Attributes...>::probability;

/// Says that a range is not what an item takes.
constexpr TextBuffer check_range(const Range& range, double least, double most,
                                 std::string_view what) {
  TextBuffer wrong;
  if (range.within(least, most)) return wrong;
  wrong << "needs " << what << " between " << least << " and " << most
        << ", the smaller first, got " << range.from;
  if (range.to != range.from) wrong << " to " << range.to;
  return wrong;
}

/// The first of some findings that says something.
constexpr TextBuffer first_wrong(std::initializer_list<TextBuffer> findings) {
  for (const TextBuffer& finding : findings) {
    if (!finding.empty()) return finding;
  }
  return {};
}

}  // namespace detail

}  // namespace lamina
