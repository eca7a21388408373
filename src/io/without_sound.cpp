#include <lamina/core/error.hpp>

#include "io/decoded_sound.hpp"

/// In place of the decoder where its libraries were not there when this one was built.
namespace lamina::io {

DecodedSound decode_sound(std::span<const std::uint8_t>, std::uint64_t) {
  throw Error(
      "is a sound file, and this lamina was built without libsndfile and libsamplerate: install "
      "them (Debian: libsndfile1-dev, libsamplerate0-dev) and build lamina with -Dsound=enabled");
}

DecodedSound resample(const DecodedSound& sound, int, std::uint64_t) {
  return sound;  // none was decoded
}

}  // namespace lamina::io
