#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <lamina/io/sound_directory.hpp>

#include "memory_file.hpp"

static void require_finite(const lamina::SoundFile& sound) {
  lamina::fuzz::require(
      std::ranges::all_of(sound.samples, [](float sample) { return std::isfinite(sample); }),
      "samples are finite");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  constexpr std::uint64_t most = 1 << 22;
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::SoundFile sound = lamina::read_sound(file.path(), {.max_bytes = most});
    require_finite(sound);
    lamina::fuzz::require(
        sound.channels > 0 && sound.rate > 0 &&
            sound.length() * static_cast<std::size_t>(sound.channels) == sound.samples.size(),
        "channels have one length");
  });
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::SoundFile sound = lamina::read_sound(
        file.path(), {.rate = 8000, .channels = 1, .length = 50, .max_bytes = most});
    require_finite(sound);
    lamina::fuzz::require(sound.samples.size() == 50, "a sound has the length asked for");
  });
  return 0;
}
