#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/data/names.hpp>
#include <lamina/io/sound_directory.hpp>

#include "io/decoded_sound.hpp"
#include "io/directory.hpp"
#include "io/each_file.hpp"
#include "io/whole_file.hpp"

namespace lamina {

namespace {

namespace fs = std::filesystem;
using io::DecodedSound;
using io::in_words;

constexpr std::array<std::string_view, 5> endings{".wav", ".flac", ".ogg", ".oga", ".opus"};
constexpr std::array<std::string_view, 10> unreadable{".mp3",  ".aac",  ".m4a", ".wma",  ".aif",
                                                      ".aiff", ".aifc", ".au",  ".webm", ".amr"};
constexpr io::FileKind sounds{"sounds (.wav, .flac, .ogg, .oga, .opus)", endings, unreadable};

void check(const SoundOptions& options, const char* function) {
  const auto refuse = [&](const char* what, int found) {
    throw Error(std::string(function) + ": expected " + what + ", found " + std::to_string(found));
  };
  if (options.rate < 0) refuse("a rate of 1 or more, or 0 for that of the files", options.rate);
  if (options.length < 0) {
    refuse("a length of 1 or more, or 0 for that of the files", options.length);
  }
  if (options.channels != 0 && options.channels != 1) {
    refuse("channels of 1, or 0 for those of the files", options.channels);
  }
}

DecodedSound mean_of_channels(const DecodedSound& sound) {
  DecodedSound made{1, sound.rate, {}};
  made.samples.reserve(sound.length());
  const auto each = static_cast<std::size_t>(sound.channels);
  for (std::size_t at = 0; at < sound.samples.size(); at += each) {
    double sum = 0;  // of floats as large as there are
    for (std::size_t channel = 0; channel < each; ++channel) sum += sound.samples[at + channel];
    made.samples.push_back(static_cast<float>(sum / static_cast<double>(each)));
  }
  return made;
}

// (length, channels) to (channels, length), cut or followed by zeros.
std::vector<float> channel_first(const DecodedSound& sound, std::size_t length) {
  const auto channels = static_cast<std::size_t>(sound.channels);
  std::vector<float> samples(channels * length);
  const std::size_t there = std::min(length, sound.length());
  for (std::size_t channel = 0; channel < channels; ++channel) {
    for (std::size_t at = 0; at < there; ++at) {
      samples[channel * length + at] = sound.samples[at * channels + channel];
    }
  }
  return samples;
}

void check_finite(const DecodedSound& sound, const char* where) {
  const auto broken =
      std::ranges::find_if_not(sound.samples, [](float v) { return std::isfinite(v); });
  if (broken == sound.samples.end()) return;
  throw Error("expected finite samples" + std::string(where) + ", found " +
              std::to_string(*broken) + " at sample " +
              std::to_string((broken - sound.samples.begin()) / sound.channels));
}

bool is_sound(std::string_view begin) {
  const bool wave = begin.starts_with("RIFF") || begin.starts_with("RF64");
  return (wave && begin.substr(std::min<std::size_t>(begin.size(), 8)).starts_with("WAVE")) ||
         begin.starts_with("fLaC") || begin.starts_with("OggS");
}

SoundFile read(const fs::path& path, const SoundOptions& options) {
  const auto bytes = io::read_whole(path, "a WAV, FLAC or OGG file", is_sound);
  return io::with_name(path, [&]() -> SoundFile {
    DecodedSound sound = io::decode_sound(bytes, options.max_bytes);
    check_finite(sound, "");
    if (options.channels == 1 && sound.channels > 1) sound = mean_of_channels(sound);
    if (options.rate != 0) {
      sound = io::resample(sound, options.rate, options.max_bytes);
      check_finite(sound, " at the rate asked for");
    }
    const auto length =
        options.length == 0 ? sound.length() : static_cast<std::size_t>(options.length);
    if (length > options.max_bytes / sizeof(float) / static_cast<std::size_t>(sound.channels)) {
      throw Error("expected samples of at most " + std::to_string(options.max_bytes) +
                  " bytes (max_bytes), found a length of " + std::to_string(length));
    }
    return {channel_first(sound, length), sound.channels, sound.rate};
  });
}

// The sounds of a directory, one after another, as the rows of a data set.
class Rows {
 public:
  Rows(const std::vector<fs::path>& files, const SoundDirectoryOptions& options)
      : files_{files}, options_{options} {}

  void add(const fs::path& file) {
    SoundOptions sound = options_.sound;
    sound.max_bytes = std::min(sound.max_bytes, options_.max_bytes);
    const SoundFile found = read(file, sound);
    if (values_.empty()) begin(found);
    check_like_first(file, "channels", "channels (or .channels = 1)", count(found.channels),
                     count(channels_));
    check_like_first(file, "samples a second", "samples a second (or a .rate for all)",
                     count(found.rate), count(rate_));
    check_like_first(file, "samples a channel", "samples a channel (or a .length for all)",
                     found.length(), static_cast<std::size_t>(length_));
    values_.insert(values_.end(), found.samples.begin(), found.samples.end());
  }

  [[nodiscard]] std::vector<float> take_values() { return std::exchange(values_, {}); }
  [[nodiscard]] Shape shape() const { return {channels_, 1, length_}; }

 private:
  static std::uint64_t count(int number) { return static_cast<std::uint64_t>(number); }

  void begin(const SoundFile& sound) {
    const std::uint64_t bytes = sound.samples.size() * sizeof(float);
    if (bytes > options_.max_bytes / files_.size() ||
        sound.samples.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      throw Error(in_words(files_.front()) + ": expected at most " +
                  std::to_string(options_.max_bytes) + " bytes (max_bytes) for " +
                  std::to_string(files_.size()) +
                  " sounds, of 2^31 - 1 values each, found sounds "
                  "of " +
                  std::to_string(bytes) + " bytes");
    }
    channels_ = sound.channels;
    rate_ = sound.rate;
    length_ = static_cast<int>(sound.length());
    values_.reserve(sound.samples.size() * files_.size());
  }

  void check_like_first(const fs::path& file, const char* unit, const char* wanted,
                        std::uint64_t found, std::uint64_t expected) const {
    if (found == expected) return;
    throw Error(in_words(file) + ": expected as " + in_words(files_.front()) + " " +
                std::to_string(expected) + " " + wanted + ", found " + std::to_string(found) + " " +
                unit);
  }

  const std::vector<fs::path>& files_;
  const SoundDirectoryOptions& options_;
  int channels_ = 0, rate_ = 0, length_ = 0;
  std::vector<float> values_;
};

}  // namespace

Dataset read_sound_directory(const fs::path& directory, const SoundDirectoryOptions& options) {
  constexpr const char* name = "read_sound_directory";
  check(options.sound, name);
  io::check_classes(options.classes, name);
  if (!options.labels && !options.classes.empty()) {
    throw Error(std::string(name) + ": expected classes with labels, found them without");
  }
  io::FoundFiles found;
  if (options.labels) {
    found = io::find_class_folders(directory, sounds, options.classes);
  } else {
    found.files = io::find_files(directory, sounds);
  }
  Rows rows{found.files, options};
  io::for_each_file(found.files, options.progress, [&](const fs::path& file) { rows.add(file); });
  if (!options.labels) return {rows.shape(), rows.take_values()};
  return Dataset(rows.shape(), rows.take_values(), std::move(found.labels))
      .named({.classes = std::move(found.classes)});
}

SoundFile read_sound(const fs::path& path, const SoundOptions& options) {
  check(options, "read_sound");
  return io::within_memory(path, [&] { return read(path, options); });
}

}  // namespace lamina
