#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <lamina/augment/border.hpp>
#include <lamina/augment/image.hpp>
#include <lamina/augment/labels.hpp>
#include <lamina/augment/sound.hpp>
#include <lamina/augment/warp.hpp>
#include <lamina/data/sample_layout.hpp>

namespace lamina::augment {

/// What warps do with labels.
struct LabelOptions {
  float min_visibility = 0;     ///< boxes of which less of the area is left are dropped
  KeyPointSwaps swaps = {};     ///< of key points where an image is mirrored
  std::optional<Label> fill{};  ///< of class maps beyond their image
};

/// The memory of one sample, and of what belongs to it.
struct SampleParts {
  std::span<float> input;
  std::span<Label> labels = {};   ///< one label, or a class map
  std::span<float> targets = {};  ///< float targets
  std::vector<Box>* boxes = nullptr;
  std::vector<KeyPoint>* points = nullptr;
};

/// One sample on its way through an `Augment` list: an image, or a signal, whose image has one row,
/// and the labels that move with it.
///
/// Warps are collected: those that follow each other are one, so that a pixel is interpolated once,
/// and are done when something asks for pixels. What `Warp::then` says of two of them holds: what
/// the first moves out of the image comes back with the second.
class Subject {
 public:
  /// Errors: `Error` for parts that have other sizes than the layout.
  Subject(const SampleLayout& layout, const LabelOptions& options, const SampleParts& parts);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// The extents of the image, with all that has been asked for.
  [[nodiscard]] Size size() const { return pending_ ? pending_->to() : image_.size(); }
  [[nodiscard]] int channels() const { return image_.channels; }
  /// How the sample lies now.
  [[nodiscard]] SampleLayout layout() const;
  /// What names an item. It is called for an error alone: writing a name takes longer than many an
  /// item.
  using Name = TextBuffer (*)();
  /// Errors: `Error` for features without positions, naming the item.
  void expect_positions(Name item) const;
  /// Errors: `Error` for what has one row or one column, such as a sound, naming the item.
  void expect_plane(Name item) const;

  /// The class, of float targets that of the largest; none of class maps and of one float target.
  [[nodiscard]] std::optional<Label> label() const;
  /// The name of a class; "" where classes have none.
  [[nodiscard]] std::string_view class_name(Label label) const;

  /// The image as it is now, to be changed.
  [[nodiscard]] const Image& image();
  /// The sound as it is now, to be changed.
  /// Errors: `Error` for a sample of more rows than one, or with channels side by side.
  [[nodiscard]] Sound sound();
  /// The class map as it is now, to be changed; `data` is null where there is none.
  [[nodiscard]] const Mask<Label>& mask();
  /// The key points as they are now; none where there are none.
  [[nodiscard]] std::span<KeyPoint> points();

  /// Moves the image, class map or target image, boxes and points alike. Without a border, what has
  /// one decides for both, and at last `Fill{0}`.
  /// Errors: `Error` for a sample without positions, and warps of another size.
  void warp(const Warp& by, const std::optional<Border>& border = {});

  /// A region in another size, smoothed where it becomes smaller, with its labels.
  void resize(const Region& region, Size to);
  /// Moves every place by its own displacement, as `elastic_field` makes them.
  void displace(float strength, float deviation, std::uint64_t seed, const Border& border);

  /// Ends it: does what is pending, and writes the sample where it shall be, which may be where it
  /// was.
  void write(const SampleParts& to);

 private:
  /// Subjects of a thread that are alive together have each their own: while an item waits for
  /// a parallel loop, its thread may begin another sample.
  struct Memory;
  class Lease {
   public:
    Lease();
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Memory* operator->() const { return memory_; }

   private:
    Memory* memory_;
  };

  void flush();
  template <class Move>
  void move_all(const Warp& by, const Border& border, const Move& move_image);

  const SampleLayout& layout_;
  const LabelOptions& options_;
  SampleParts parts_;
  Image image_;
  Image target_image_;  ///< float targets at the same positions
  Mask<Label> mask_;
  std::optional<Warp> pending_;
  std::optional<Border> border_;
  Lease memory_;
};

}  // namespace lamina::augment
