// Spoken words, of a program that training knows and of one that it does not, by what is done to
// sounds and to their spectrograms.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <int Channels>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>>;

/// Of 40 mel bands at 101 times.
using Words = Network<Input<1, 40, 101>, Conv<8>, BatchNorm<>, ReLU, MaxPool<2>,  //
                      Conv<16>, BatchNorm<>, ReLU, MaxPool<2>,                    //
                      Conv<32>, BatchNorm<>, ReLU, GlobalAvgPool, Linear<10>, CrossEntropy<>>;

const augment::Spectrogram& log_mel() {
  static const augment::Spectrogram spectrogram(
      {.rate = 16'000, .frame = 512, .hop = 160, .window = 400, .mels = 40});
  return spectrogram;
}

/// The spectrograms of a test, under the name of a column.
struct Test {
  std::string name;
  Dataset images;
};

struct Sounds {
  Dataset train;
  std::vector<Test> tests;
};

Sounds read_words(const std::filesystem::path& folder) {
  const SoundOptions second{.rate = 16'000, .channels = 1, .length = 16'000};
  Sounds sounds{read_sound_directory(folder / "train", {.sound = second}), {}};
  for (const auto& [part, name] :
       {std::pair{"validation", "espeak-ng"}, std::pair{"test", "flite"}}) {
    const Dataset clean = read_sound_directory(
        folder / part, {.sound = second, .classes = sounds.train.class_names()});
    const Dataset noisy = augmented(clean, Augment<NoiseRatio<10>>{});
    sounds.tests.push_back({name, augment::spectrograms(clean, log_mel())});
    sounds.tests.push_back(
        {std::string(name) + ", 10 dB", augment::spectrograms(noisy, log_mel())});
  }
  return sounds;
}

/// Where results go: means, and a point a seed beside each other.
struct Tables {
  Results means{"augmentation"};
  Results points{"test"};
  int lists = 0;
};

/// Accuracies in % after training with a list for sounds and one for their spectrograms.
template <class ForSounds, class ForSpectrograms>
void add(const char* name, const Sounds& sounds, Tables& tables) {
  for (const std::uint64_t seed : seeds) {
    const auto trained =
        train<Words>(seed, {sounds.train, {}}, AdamW{}, {.epochs = 12, .batch_size = 32},
                     OneCycle{.max_learning_rate = 0.01f}, ForSounds{}, ToSpectrogram{log_mel()},
                     ForSpectrograms{});
    double place = 1;
    for (const Test& test : sounds.tests) {
      const double accuracy = 100 * evaluate(trained.model, test.images).accuracy;
      tables.means.add(name, test.name, accuracy);
      tables.points.add(
          place + 0.16 * (tables.lists - 1.5) + 0.03 * (static_cast<double>(seed) - 2), name,
          accuracy);
      std::printf("%s, seed %d, %s: %.1f\n", name, static_cast<int>(seed), test.name.c_str(),
                  accuracy);
      place += 1;
    }
    std::fflush(stdout);
  }
  ++tables.lists;
}

}  // namespace

void sound(const Place& place) {
  const std::filesystem::path folder = place.results / "words";
  if (!std::filesystem::exists(folder)) {
    std::printf("sound: no words, %s is made by docs/figures/words.py\n", folder.string().c_str());
    return;
  }
  using Recordings =
      Augment<Speed<0.15>, Pitch<3>, Shift<0.1, Silent>, Gain<6>, NoiseRatio<Range{5, 40}>>;
  using Masks = Augment<TimeMask<0.2, MeanValue>, FrequencyMask<0.25, MeanValue>>;
  const Sounds sounds = read_words(folder);
  Tables tables;
  add<Augment<>, Augment<>>("none", sounds, tables);
  add<Recordings, Augment<>>("sounds", sounds, tables);
  add<Augment<>, Masks>("masks", sounds, tables);
  add<Recordings, Masks>("sounds and masks", sounds, tables);
  tables.means.save_markdown(place.results / "sound.md", {.digits = 1});
  tables.points.save_csv(place.results / "sound.csv");
}

}  // namespace lamina::figures
