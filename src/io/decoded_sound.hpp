#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace lamina::io {

/// The samples of a file as it has them, those of one moment together.
struct DecodedSound {
  int channels = 0;
  int rate = 0;
  std::vector<float> samples;  // (length, channels)

  [[nodiscard]] std::size_t length() const {
    return samples.size() / static_cast<std::size_t>(channels);
  }
};

/// Decodes the bytes of a WAV, FLAC or OGG file; samples may be not finite. Throws `Error` without
/// the file's name, also for samples of more than `max_bytes`. Where the library was built without
/// libsndfile, it throws an `Error` that says so.
[[nodiscard]] DecodedSound decode_sound(std::span<const std::uint8_t> file,
                                        std::uint64_t max_bytes);

/// The same sound at another rate, of the length ceil(length rate / rate of the file). Throws
/// `Error` without the file's name for rates that differ by more than 256 times, and for more than
/// `max_bytes`.
[[nodiscard]] DecodedSound resample(const DecodedSound& sound, int rate, std::uint64_t max_bytes);

/// Throws `Error` where a file ends before what its header says (WAV) or a page of it is damaged or
/// missing (OGG): libsndfile reads on as if all were there.
void check_sound_container(std::span<const std::uint8_t> file);

}  // namespace lamina::io
