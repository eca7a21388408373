#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

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

/// Which key points change their places in the list when the image is mirrored: of a mirrored face
/// the left eye is the right one.
///
/// Errors: a name that is not there, or stands twice, throws `Error`; so does a list of points of
/// another size.
///
/// Example:
///
///     const KeyPointSwaps swaps{{"nose", "left_eye", "right_eye"}, {{"left_eye", "right_eye"}}};
class KeyPointSwaps {
 public:
  /// None change.
  KeyPointSwaps() = default;
  KeyPointSwaps(const std::vector<std::string>& names,
                const std::vector<std::pair<std::string, std::string>>& pairs);

  void apply(std::span<KeyPoint> points) const;

 private:
  std::size_t names_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
};

}  // namespace lamina::augment
