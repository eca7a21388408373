#include "program/folder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <system_error>

#include <lamina/io/image_directory.hpp>
#include <lamina/io/sound_directory.hpp>

#include "io/directory.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> endings{".png",  ".jpg", ".jpeg", ".wav",
                                                  ".flac", ".ogg", ".oga",  ".opus"};
constexpr std::size_t of_images = 3;
constexpr io::FileKind any_kind{
    "images (.png, .jpg, .jpeg) or sounds (.wav, .flac, .ogg, .oga, .opus)", endings};

bool has_idx_files(const fs::path& directory) {
  const auto has = [&](const char* name) {
    std::error_code code;
    return fs::exists(directory / name, code);
  };
  return has("train-images-idx3-ubyte") || has("train-images-idx3-ubyte.gz") ||
         has("t10k-images-idx3-ubyte") || has("t10k-images-idx3-ubyte.gz");
}

std::size_t ending_of(const fs::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return static_cast<std::size_t>(std::ranges::find(endings, ending) - endings.begin());
}

bool is_wanted(const fs::path& file) {
  return ending_of(file) < endings.size();
}

bool is_image(const fs::path& file) {
  return ending_of(file) < of_images;
}

bool has_folder(const fs::path& directory, const char* name) {
  std::error_code code;
  return fs::is_directory(directory / name, code);
}

// The folder of new data; empty where the directory has no parts.
std::string other_part(const fs::path& directory) {
  if (!has_folder(directory, "train")) return "";
  for (const char* name : {"test", "validation"}) {
    if (has_folder(directory, name)) return name;
  }
  return "";
}

Dataset read(const fs::path& directory, const FolderOptions& options,
             std::vector<std::string> classes, bool labels) {
  if (folder_kind(directory) == FolderKind::Sounds) {
    return read_sound_directory(
        directory,
        {.sound = {.rate = options.rate, .channels = options.channels, .length = options.length},
         .classes = std::move(classes),
         .labels = labels});
  }
  return read_image_directory(
      directory, {.image = {.size = {options.height, options.width}, .channels = options.channels},
                  .classes = std::move(classes),
                  .labels = labels});
}

}  // namespace

FolderKind folder_kind(const fs::path& directory) {
  std::error_code code;
  if (!fs::is_directory(directory, code) || has_idx_files(directory)) return FolderKind::None;
  if (io::entries_of(directory, true).empty()) {
    const std::vector<fs::path> files = io::entries_of(directory, false);
    if (std::ranges::none_of(files, is_wanted)) return FolderKind::None;
  }
  const std::vector<fs::path> files = io::find_files(directory, any_kind);
  const auto images = std::ranges::count_if(files, is_image);
  return 2 * static_cast<std::size_t>(images) >= files.size() ? FolderKind::Images
                                                              : FolderKind::Sounds;
}

Dataset read_training_folder(const Configuration& run) {
  const fs::path directory = run.data;
  return read(other_part(directory).empty() ? directory : directory / "train", run.folder, {},
              true);
}

Dataset read_new_folder(const fs::path& directory, const Configuration& run, bool with_targets) {
  std::vector<std::string> classes;
  if (with_targets) classes = run.description.class_names;
  const std::string part = other_part(directory);
  return read(part.empty() ? directory : directory / part, run.folder, std::move(classes),
              with_targets);
}

void expect_folder_options(const Configuration& run) {
  const FolderOptions& options = run.folder;
  const bool of_images_alone = options.height != 0;
  const bool of_sounds_alone = options.rate != 0 || options.length != 0;
  if (options == FolderOptions{}) return;
  const FolderKind kind = folder_kind(run.data);
  if (of_images_alone && kind != FolderKind::Images) {
    throw UsageError("--image-size says how a directory of images is read; " + run.data +
                     " is none");
  }
  if (of_sounds_alone && kind != FolderKind::Sounds) {
    throw UsageError("--rate and --length say how a directory of sounds is read; " + run.data +
                     " is none");
  }
  if (kind == FolderKind::None) {
    throw UsageError("--channels says how a directory of images or sounds is read; " + run.data +
                     " is none");
  }
  if (options.channels == 3 && kind == FolderKind::Sounds) {
    throw UsageError("--channels: expected 1 for sounds, their mean, found 3");
  }
}

}  // namespace lamina::program
