#pragma once

#include <string>
#include <utility>

#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/sound.hpp>
#include <lamina/core/error.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/train/transform.hpp>

namespace lamina {

/// Mixes sounds with others, such as the noise of a street: a callback of `fit`. Which, and from
/// where on, is drawn for each sample, and by how many decibels it is weaker than the sample.
///
/// The backgrounds are samples of a data set, of one channel or as many as what is trained on, and
/// of any length; they start again where they end.
///
/// Errors: backgrounds that are none, or do not fit the samples, and numbers out of their range
/// throw `Error` before the first step.
/// Example: `trainer.fit(words, {}, {}, MixBackground{read_sound_directory("street"), {5, 40}})`
struct MixBackground {
  Dataset backgrounds;
  Range decibels{5, 40};  ///< the signal-to-noise ratio
  double chance = 0.5;

  [[nodiscard]] SampleLayout layout_after(const SampleLayout& layout) const {
    const auto fail = [](const std::string& expected, const std::string& found) {
      throw Error("MixBackground: expected " + expected + ", found " + found);
    };
    const Shape& own = backgrounds.shape();
    if (backgrounds.empty()) fail("backgrounds", "none");
    if (!backgrounds.in_memory()) fail("backgrounds in memory", "some that are read when asked");
    if (layout.shape.height != 1 || layout.shape.flat() || own.height != 1 ||
        layout.channels_last) {
      fail("sounds, (channels, 1, length)", "other samples");
    }
    if (own.channels != 1 && own.channels != layout.shape.channels) {
      fail("backgrounds of 1 channel or " + std::to_string(layout.shape.channels),
           std::to_string(own.channels));
    }
    if (!decibels.within(-200, 200)) fail("decibels between -200 and 200", "others");
    if (!(chance >= 0 && chance <= 1)) fail("a chance between 0 and 1", std::to_string(chance));
    return layout;
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    const Transform mix{[this](const auto& sample, Draws& draws) {
      if (!draws.chance(chance)) return;
      const Shape& own = backgrounds.shape();
      const auto row = draws.below(static_cast<std::uint32_t>(backgrounds.size()));
      const auto offset = draws.below(static_cast<std::uint32_t>(own.width));
      augment::mix(augment::Sound::channels_first(sample.input, sample.shape.channels),
                   augment::ConstSound::channels_first(backgrounds.inputs(row), own.channels),
                   {decibels.draw(draws)}, static_cast<int>(offset));
    }};
    mix.transform(batch);
  }
};

}  // namespace lamina
