#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/augment/sample_views.hpp>
#include <lamina/augment/spectrogram.hpp>
#include <lamina/core/error.hpp>
#include <lamina/train/transform.hpp>

namespace lamina {

/// Makes spectrograms of the sounds of every batch: a callback of `fit` between an `Augment` list
/// for sounds and one for their spectrograms. The network's input is that of the spectrograms.
///
/// What a validation sees is made once, by `augment::spectrograms(data, spectrogram)`.
/// Errors: samples that are not (channels, 1, length), channel by channel, throw `Error` before the
/// first step.
/// Example:
///
///     const augment::Spectrogram spectrogram({.rate = 16000, .hop = 160, .mels = 40});
///     trainer.fit(sounds, augment::spectrograms(validation, spectrogram), {},
///                 Augment<Gain<6>, NoiseRatio<Range{5, 40}>>{}, ToSpectrogram{spectrogram},
///                 Augment<TimeMask<0.2, MeanValue>, FrequencyMask<0.2, MeanValue>>{});
struct ToSpectrogram {
  augment::Spectrogram spectrogram;

  [[nodiscard]] SampleLayout layout_after(const SampleLayout& layout) const {
    if (layout.shape.height != 1 || layout.shape.flat() || layout.channels_last) {
      throw Error("ToSpectrogram: expected sounds, (channels, 1, length), found other samples");
    }
    SampleLayout made = layout;
    const augment::Size size = spectrogram.size(layout.shape.width);
    made.shape = {layout.shape.channels, size.height, size.width, 2};
    return made;
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& from, const TrainingBatch<Target>& to) const {
    const auto tasks = static_cast<int>(from.rows);
    runtime::for_each_task(tasks, true, [&](int task) {
      const auto row = static_cast<std::size_t>(task);
      const auto sound =
          augment::ConstSound::channels_first(from.input(row), from.layout.shape.channels);
      spectrogram(sound, augment::input_view(to.input(row), to.layout));
      std::ranges::copy(from.target(row), to.target(row).begin());
    });
  }
};

}  // namespace lamina
