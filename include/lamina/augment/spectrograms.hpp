#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <lamina/augment/spectrogram.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/runtime/parallel.hpp>

namespace lamina::augment {

/// The spectrograms of a data set of sounds, (channels, 1, length), as a data set of images,
/// (channels, rows, frames). Labels, targets, and the names of classes and targets are kept; names
/// of features are not. In parallel, in the caller's TBB arena.
///
/// Errors: `Error` for a data set of images, an empty one, and more than 2^30 values a sample.
///
/// Example: `const Dataset images = spectrograms(sounds, Spectrogram({.rate = 16000}));`
[[nodiscard]] inline Dataset spectrograms(const Dataset& sounds, const Spectrogram& spectrogram) {
  const Shape from = sounds.shape();
  if (sounds.empty() || from.height != 1 || from.flat()) {
    throw Error("spectrograms: expected sounds (channels, 1, length), found " +
                std::to_string(sounds.size()) + " samples of " + std::to_string(from.channels) +
                " x " + std::to_string(from.height) + " x " + std::to_string(from.width));
  }
  const Size size = spectrogram.size(from.width);
  const Shape shape{from.channels, size.height, size.width};
  if (!shape.countable()) {
    throw Error("spectrograms: expected at most 2^30 values a sample, found " +
                std::to_string(size.height) + " x " + std::to_string(size.width) + " in each of " +
                std::to_string(from.channels) + " channels");
  }
  const auto features = static_cast<std::size_t>(shape.features());
  std::vector<float> values(sounds.size() * features);
  const std::size_t tasks = std::min<std::size_t>(sounds.size(), 4096);
  constexpr std::size_t worth_threads = 1 << 16;  // values: a tenth of a millisecond and more
  const auto rows_of_task = [&](int task) {
    const auto first = static_cast<std::size_t>(task) * sounds.size() / tasks;
    const auto end = (static_cast<std::size_t>(task) + 1) * sounds.size() / tasks;
    std::vector<float> own(sounds.in_memory() ? 0 : sounds.features());
    for (std::size_t row = first; row < end; ++row) {
      const std::span<float> image(values.data() + row * features, features);
      if (!sounds.in_memory()) sounds.read_inputs(row, own);
      const std::span<const float> samples = sounds.in_memory() ? sounds.inputs(row) : own;
      spectrogram(ConstSound::channels_first(samples, from.channels),
                  Image::channels_first(image, shape.channels, shape.height, shape.width));
    }
  };
  runtime::for_each_task(static_cast<int>(tasks), sounds.size() * sounds.features() > worth_threads,
                         rows_of_task);
  const auto copied = [](auto all) { return std::vector(all.begin(), all.end()); };
  Dataset made = sounds.has_labels() ? Dataset(shape, std::move(values), copied(sounds.labels()),
                                               sounds.label_shape())
                 : sounds.outputs() > 0
                     ? Dataset(shape, std::move(values), copied(sounds.targets()), sounds.outputs())
                     : Dataset(shape, std::move(values));
  return std::move(made).named(
      {.features = {}, .classes = sounds.class_names(), .targets = sounds.target_names()});
}

}  // namespace lamina::augment
