#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sndfile.h>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/decoded_sound.hpp"

namespace lamina::io {

namespace {

// What libsndfile reads from.
struct Memory {
  std::span<const std::uint8_t> bytes;
  sf_count_t at = 0;

  [[nodiscard]] sf_count_t size() const { return static_cast<sf_count_t>(bytes.size()); }
};

sf_count_t size_of(void* memory) {
  return static_cast<Memory*>(memory)->size();
}

sf_count_t seek(sf_count_t offset, int from, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const sf_count_t base = from == SEEK_SET ? 0 : from == SEEK_CUR ? memory.at : memory.size();
  if (offset < -base || offset > memory.size() - base) return -1;
  return memory.at = base + offset;
}

sf_count_t read(void* to, sf_count_t count, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const sf_count_t got = std::clamp(count, sf_count_t{0}, memory.size() - memory.at);
  if (got > 0) std::memcpy(to, memory.bytes.data() + memory.at, static_cast<std::size_t>(got));
  memory.at += got;
  return got;
}

sf_count_t tell(void* memory) {
  return static_cast<Memory*>(memory)->at;
}

struct Close {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

[[noreturn]] void fail(SNDFILE* file) {
  throw Error("expected a whole sound file, found: " + detail::printable(sf_strerror(file), 200));
}

void check(const SF_INFO& info) {
  constexpr std::array codings{SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16,
                               SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
                               SF_FORMAT_DOUBLE, SF_FORMAT_ULAW,   SF_FORMAT_ALAW,
                               SF_FORMAT_VORBIS, SF_FORMAT_OPUS};
  const int coding = info.format & SF_FORMAT_SUBMASK;
  if (std::ranges::find(codings, coding) == codings.end()) {
    throw Error(
        "expected samples of integers, floats, mu-law, A-law, FLAC, Vorbis or Opus, found "
        "another coding");
  }
  if (info.channels < 1 || info.samplerate < 1) {
    throw Error("expected channels and a rate of 1 and more, found " +
                std::to_string(info.channels) + " channels of " + std::to_string(info.samplerate) +
                " samples a second");
  }
}

// The header's length is a claim: memory grows with what is there.
std::vector<float> read_samples(SNDFILE* file, int channels, std::uint64_t max_bytes) {
  const auto each = static_cast<std::size_t>(channels);
  const std::size_t step = std::max<std::size_t>((1 << 16) / each, 1);
  std::vector<float> samples;
  for (;;) {
    const std::size_t before = samples.size();
    samples.resize(before + step * each);
    const sf_count_t got =
        sf_readf_float(file, samples.data() + before, static_cast<sf_count_t>(step));
    const auto length = static_cast<std::size_t>(std::max(got, sf_count_t{0}));
    samples.resize(before + length * each);
    if (samples.size() > max_bytes / sizeof(float)) {
      throw Error("expected samples of at most " + std::to_string(max_bytes) +
                  " bytes (max_bytes), found more");
    }
    if (length < step) return samples;
  }
}

}  // namespace

DecodedSound decode_sound(std::span<const std::uint8_t> bytes, std::uint64_t max_bytes) {
  check_sound_container(bytes);
  Memory memory{.bytes = bytes};
  SF_VIRTUAL_IO io{size_of, seek, read, nullptr, tell};
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, Close> file{sf_open_virtual(&io, SFM_READ, &info, &memory)};
  if (!file) fail(nullptr);
  check(info);
  DecodedSound sound{info.channels, info.samplerate,
                     read_samples(file.get(), info.channels, max_bytes)};
  if (sf_error(file.get()) != SF_ERR_NO_ERROR) fail(file.get());
  const auto length = static_cast<sf_count_t>(sound.length());
  const bool known =
      info.frames != SF_COUNT_MAX && (info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_OGG;
  if (length == 0 || (known && length != info.frames)) {
    throw Error("expected " + (known ? std::to_string(info.frames) : "one or more") +
                " samples a channel, found " + std::to_string(length));
  }
  return sound;
}

}  // namespace lamina::io
