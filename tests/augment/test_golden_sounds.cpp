#include <functional>

#include "sounds.hpp"

// Sounds against scipy, torchaudio and audiomentations: tests/golden/make_sound_augmentation.py.

namespace test_golden_sounds {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

const Golden& golden() {
  static const Golden read("sound_augmentation");
  return read;
}

void check(const std::string& name, const std::function<void(const Sound&)>& change) {
  INFO(name);
  std::vector<float> samples = golden().floats("sound");
  change(Sound::channels_first(samples, 2));
  Worst worst;
  compare(worst, samples, golden().floats(name), 2e-7, name);  // of numbers up to 2, rounded
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("filters are scipy's") {
  for (const auto& [order, cutoff] : {std::pair{1, 900}, std::pair{2, 900}, std::pair{3, 2500},
                                      std::pair{4, 120}, std::pair{8, 900}}) {
    const std::string name = "pass_" + std::to_string(order) + "_" + std::to_string(cutoff);
    check("low_" + name, [&](const Sound& sound) { low_pass(sound, 8000, cutoff, order); });
    check("high_" + name, [&](const Sound& sound) { high_pass(sound, 8000, cutoff, order); });
  }
}

TEST_CASE("gain, shifts and time masks are audiomentations', fades torchaudio's") {
  check("gain_-7.5", [](const Sound& sound) { gain(sound, -7.5); });
  for (const int by : {30, -45}) {
    const std::string places = std::to_string(by);
    check("shift_wrapped_" + places, [&](const Sound& sound) { shift(sound, by); });
    check("shift_silent_" + places, [&](const Sound& sound) { shift(sound, by, Room::silent); });
  }
  check("time_mask", [](const Sound& sound) { time_mask(sound, 50, 33); });
  check("fade", [](const Sound& sound) { fade(sound, 40, 25); });
}

}  // namespace test_golden_sounds
