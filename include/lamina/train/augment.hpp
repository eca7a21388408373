#pragma once

#include <algorithm>
#include <type_traits>

#include <lamina/augment/items/sequence.hpp>
#include <lamina/core/diagnosis.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/train/transform.hpp>

namespace lamina {

namespace detail {

/// Finds what is wrong with an `Augment` list.
template <class... Items>
struct CheckAugment {
  static constexpr TextBuffer found = [] {
    TextBuffer wrong;
    const TextBuffer list = check_items<Items...>();
    if (!list.empty()) wrong << "Augment: " << list;
    return wrong;
  }();
};

template <class Target>
augment::SampleParts parts_of(const TrainingBatch<Target>& batch, std::size_t row) {
  augment::SampleParts parts{.input = batch.input(row)};
  if constexpr (std::is_same_v<Target, Label>) {
    parts.labels = batch.target(row);
  } else {
    parts.targets = batch.target(row);
  }
  if (!batch.boxes.empty()) parts.boxes = &batch.boxes[row];
  if (!batch.points.empty()) parts.points = &batch.points[row];
  return parts;
}

}  // namespace detail

/// Data augmentation as a list of types: a callback of `fit` that changes every sample by what its
/// items draw, in their order, and class maps, boxes and key points with the image.
///
/// Drawn is by the seed, the step and the sample's place in the batch: the same for any number of
/// threads, and for a run that is gone on with. Samples are changed beside the steps before theirs.
/// Moves that follow each other are one interpolation.
///
/// Items: `RandomCrop`, `RandomResizedCrop`, `CenterCrop`, `Resize`, `Flip`, `Rotate`, `Translate`,
/// `Zoom`, `Shear`, `Perspective`, `Elastic`; `Brightness`, `Contrast`, `Saturation`, `Hue`,
/// `Gamma`, `ColorJitter`, `Grayscale`; `Blur`, `Sharpen`, `Noise`, `SaltAndPepper`; `Erase`,
/// `ChannelShuffle`, `ChannelDrop`; of sounds `NoiseLevel`, `NoiseRatio`, `Gain`, `Shift`, `Fade`,
/// `LowPass`, `HighPass`, `Speed`, `Tempo`, `Pitch`, and of them and their spectrograms `TimeMask`
/// and `FrequencyMask`; and around others `Sometimes`, `OneOf`, `SomeOf`, `Only`,
/// `Except`, `RandAugment`; your own, see `AugmentItem`.
///
/// Images are floats in [0, 1], (channels, height, width), or channels last where the network has
/// `ChannelsLast`. Beyond a class map is the label that the loss ignores, or class 0. Float targets
/// at the positions of the image, and those of an autoencoder, move with it and keep their colours.
///
/// Errors: a list that is wrong does not compile; samples that do not fit it, and images that do
/// not have the network's extents behind it, throw `Error` before the first step.
///
/// Example:
///
///     trainer.fit(train, validation, {},
///                 Augment<RandomCrop<32, Padding<4>>, Flip<Horizontal>,
///                         Except<Classes<6, 9>, Rotate<15>>, Brightness<0.2>, Erase<>>{});
template <class... Items>
struct Augment {
  using Check = detail::CheckAugment<Items...>;

  /// Of boxes, key points and class maps.
  augment::LabelOptions labels = {};

  /// How samples lie when the items have changed them.
  /// Errors: `Error` for samples that do not fit an item.
  [[nodiscard]] SampleLayout layout_after(const SampleLayout& layout) const {
    static_cast<void>(Diagnose<Check>{});
    return detail::rehearse_on_blank(layout, labels, &All::rehearse);
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& from, const TrainingBatch<Target>& to) const {
    constexpr std::size_t group = 8;
    const auto tasks = static_cast<int>((from.rows + group - 1) / group);
    runtime::for_each_task(tasks, true, [&](int task) {
      const std::size_t first = static_cast<std::size_t>(task) * group;
      for (std::size_t row = first; row < std::min(from.rows, first + group); ++row) {
        Draws draws = from.draws(row);
        augment::Subject subject(from.layout, labels, detail::parts_of(from, row));
        All::apply(subject, draws);
        subject.write(detail::parts_of(to, row));
      }
    });
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    transform(batch, batch);
  }

 private:
  /// Of a wrong list nothing, so that what is wrong is said once.
  using All =
      std::conditional_t<Check::found.empty(), detail::Sequence<Items...>, detail::Sequence<>>;
};

}  // namespace lamina
