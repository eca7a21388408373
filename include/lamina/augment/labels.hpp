#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/data/boxes.hpp>

namespace lamina::augment {

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
