#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/io/read_options.hpp>
#include <lamina/io/read_progress.hpp>

namespace lamina {

/// What a sound file becomes.
///
/// Example: `SoundOptions{.rate = 16'000, .channels = 1, .length = 16'000}`
struct SoundOptions {
  /// All sounds get this rate, in samples a second, by a windowed sinc (libsamplerate's medium
  /// quality), and the length ceil(length rate / rate of the file); 0: what the file has.
  int rate = 0;
  /// 1: the mean of all channels; 0: what the file has.
  int channels = 0;
  /// Samples of a channel, counted after the rate is changed: what is longer is cut at its end,
  /// what is shorter goes on with zeros; 0: what the file has.
  int length = 0;
  /// The most bytes that the samples of a file may take; see `ReadOptions`.
  std::uint64_t max_bytes = ReadOptions{}.max_bytes;
};

/// What `read_sound_directory` makes of a directory.
///
/// Example: `SoundDirectoryOptions{.sound = {.length = 8000}, .classes = train.class_names()}`
struct SoundDirectoryOptions {
  SoundOptions sound = {};
  /// Names of the labels from 0 on, as another directory had: the folders are some of them. Empty:
  /// the folders themselves, in the order of their names.
  std::vector<std::string> classes = {};
  /// False: sounds without labels, for predictions, wherever they lie below the directory.
  bool labels = true;
  /// The most bytes that the data set may take; see `ReadOptions`.
  std::uint64_t max_bytes = ReadOptions{}.max_bytes;
  ReadCallback progress = {};
};

/// What a sound file holds.
struct SoundFile {
  std::vector<float> samples;  ///< (channels, length)
  int channels = 0;
  int rate = 0;  ///< samples a second

  [[nodiscard]] std::size_t length() const {
    return channels == 0 ? 0 : samples.size() / static_cast<std::size_t>(channels);
  }
};

/// Reads a directory of sounds with one folder a class, WAV, FLAC and OGG (Vorbis, Opus), into
/// memory: `words/yes/001.wav`.
///
/// Shapes: inputs (sounds, channels, 1, length), floats: integers of n bits / 2^(n - 1), so in
/// [-1, 1); floats of a file as they are. Labels (sounds). The data set has the names of the
/// classes.
///
/// Folders, names that begin with a dot and links as in `read_image_directory`; files are those
/// named `.wav`, `.flac`, `.ogg`, `.oga` and `.opus`, in any case; of other formats of sound they
/// are an error. All sounds must have one rate, one number of channels and one length, or get them
/// by `sound`.
///
/// Errors: `Error` naming the file or folder, what was expected and what was found: for folders
/// without sounds, sounds that differ (two files are named), damaged and truncated files, samples
/// that are not finite, also once the rate is changed, files of more than 1 GiB, more than
/// `max_bytes`, links that lead round, and too little memory. Memory grows with what a file holds,
/// not with what its header claims. Where the library was built without libsndfile and
/// libsamplerate, every sound is an error that says what to install.
///
/// Example:
///
///     Dataset words = read_sound_directory(
///         "words", {.sound = {.rate = 16'000, .channels = 1, .length = 16'000}});
[[nodiscard]] Dataset read_sound_directory(const std::filesystem::path& directory,
                                           const SoundDirectoryOptions& options = {});

/// Reads one sound.
///
/// Errors: as `read_sound_directory`, for this file.
///
/// Example: `SoundFile rain = read_sound("rain.ogg", {.rate = 16'000, .channels = 1});`
[[nodiscard]] SoundFile read_sound(const std::filesystem::path& path,
                                   const SoundOptions& options = {});

}  // namespace lamina
