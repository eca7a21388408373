#pragma once

#include <variant>

namespace lamina::augment {

/// Beyond the image everything is `value`; of a mask its own fill.
struct Fill {
  float value = 0;
};

/// The image goes on as its mirror, whose axis is the last pixel's centre: d c b | a b c d | c b a,
/// which others call reflect 101.
struct Reflect {};

/// The last pixel goes on.
struct Edge {};

/// What a warp finds beyond the image.
using Border = std::variant<Fill, Reflect, Edge>;

}  // namespace lamina::augment
