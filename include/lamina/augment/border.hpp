#pragma once

#include <variant>

#include <lamina/core/attribute.hpp>

namespace lamina::augment {

/// Beyond the image everything is `value`; of a mask its own fill.
struct Fill {
  float value = 0;

  friend constexpr bool operator==(const Fill&, const Fill&) = default;
};

/// The image goes on as its mirror, whose axis is the last pixel's centre: d c b | a b c d | c b a,
/// which others call reflect 101.
struct Reflect {
  static constexpr AttributeKind attribute = AttributeKind::Border;
  static constexpr TextBuffer name() { return item_name("Reflect"); }

  friend constexpr bool operator==(const Reflect&, const Reflect&) = default;
};

/// The last pixel goes on.
struct Edge {
  static constexpr AttributeKind attribute = AttributeKind::Border;
  static constexpr TextBuffer name() { return item_name("Edge"); }

  friend constexpr bool operator==(const Edge&, const Edge&) = default;
};

/// What a warp finds beyond the image.
using Border = std::variant<Fill, Reflect, Edge>;

}  // namespace lamina::augment
