#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <lamina/io/sound_directory.hpp>

#include "errors.hpp"
#include "io/files.hpp"

/// Files of sounds (golden/make_sounds.py), and WAV files of samples.
namespace lamina::testing {

using Floats = std::vector<float>;

inline std::filesystem::path golden_sound(const std::string& name) {
  return std::filesystem::path{LAMINA_TEST_DIRECTORY} / "golden" / "sounds" / name;
}

/// Its lowest bytes, the lowest first.
inline void append_number(Bytes& bytes, std::uint32_t number, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> 8 * i));
}

/// A WAV file of floats (3) or of 16 bits (1).
inline Bytes wav(const Floats& samples, int rate, int channels = 1, std::uint32_t coding = 3) {
  const std::uint32_t each = coding == 3 ? 4 : 2;
  const auto size = static_cast<std::uint32_t>(samples.size()) * each;
  const auto frame = each * static_cast<std::uint32_t>(channels);
  Bytes bytes{'R', 'I', 'F', 'F'};
  append_number(bytes, 36 + size, 4);
  for (const char letter : std::string{"WAVEfmt "})
    bytes.push_back(static_cast<std::uint8_t>(letter));
  append_number(bytes, 16, 4);
  append_number(bytes, coding, 2);
  append_number(bytes, static_cast<std::uint32_t>(channels), 2);
  append_number(bytes, static_cast<std::uint32_t>(rate), 4);
  append_number(bytes, static_cast<std::uint32_t>(rate) * frame, 4);
  append_number(bytes, frame, 2);
  append_number(bytes, 8 * each, 2);
  for (const char letter : std::string{"data"}) bytes.push_back(static_cast<std::uint8_t>(letter));
  append_number(bytes, size, 4);
  for (const float sample : samples) {
    const auto word = static_cast<std::int16_t>(std::lround(sample * 32767));
    append_number(
        bytes,
        coding == 3 ? std::bit_cast<std::uint32_t>(sample) : static_cast<std::uint16_t>(word),
        static_cast<int>(each));
  }
  return bytes;
}

/// A directory of sounds, or one of them, `one`.
struct SoundTree {
  TemporaryDirectory directory;

  std::filesystem::path put(const std::string& name, const Bytes& bytes) const {
    return put_file(directory, name, bytes);
  }
  SoundFile one(const Bytes& bytes, const SoundOptions& options = {}) const {
    return read_sound(put("one", bytes), options);
  }
  std::string error(const Bytes& bytes, const SoundOptions& options = {}) const {
    return error_of([&] { (void)one(bytes, options); });
  }
  Dataset read(const SoundDirectoryOptions& options = {}) const {
    return read_sound_directory(directory.path(), options);
  }
  std::string directory_error(const SoundDirectoryOptions& options = {}) const {
    return error_of([&] { (void)read(options); });
  }
};

}  // namespace lamina::testing
