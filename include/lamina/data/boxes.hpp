#pragma once

#include <lamina/core/types.hpp>

namespace lamina::augment {

/// A thing in an image, by its edges: XYXY. The pixel (y, x) alone is {x, y, x + 1, y + 1}.
struct Box {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
  Label label = 0;

  friend constexpr bool operator==(const Box&, const Box&) = default;
};

/// A named place in an image, by pixel centres: that of pixel (y, x) is {x, y}. Which place it is
/// its index says, so that points which leave the image stay in the list and are not visible.
struct KeyPoint {
  float x = 0;
  float y = 0;
  bool visible = true;

  friend constexpr bool operator==(const KeyPoint&, const KeyPoint&) = default;
};

}  // namespace lamina::augment
