#include "io/directory.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <system_error>
#include <unordered_set>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

namespace {

namespace fs = std::filesystem;

// Links may make a tree of few folders endless, or nearly so: two ways in each of thirty folders to
// the next are a billion.
constexpr std::size_t deepest = 64;
constexpr std::size_t most_again = std::size_t{1} << 12;
constexpr std::size_t most_entries = std::size_t{1} << 24;

[[noreturn]] void fail(const fs::path& where, const std::string& message) {
  throw Error(detail::printable_path(where.string()) + ": " + message);
}

bool hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

bool ends_with_one_of(const fs::path& path, std::span<const std::string_view> endings) {
  std::string name = path.filename().string();
  std::ranges::transform(name, name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return std::ranges::any_of(endings, [&](auto ending) { return name.ends_with(ending); });
}

// All that is right in a directory and visible, sorted by name.
std::vector<fs::path> list(const fs::path& directory, const std::string& wanted) {
  std::error_code code;
  const fs::file_status status = fs::status(directory, code);
  if (status.type() == fs::file_type::not_found) {
    fail(directory, "expected " + wanted + ", found nothing there");
  }
  if (code) fail(directory, "cannot be read: " + code.message());
  if (!fs::is_directory(status)) fail(directory, "expected " + wanted + ", found something else");
  std::vector<fs::path> entries;
  fs::directory_iterator entry{directory, code};
  for (; !code && entry != fs::directory_iterator{}; entry.increment(code)) {
    if (hidden(entry->path())) continue;
    if (entries.size() == most_entries) {
      fail(directory, "expected at most " + std::to_string(most_entries) + " files, found more");
    }
    entries.push_back(entry->path());
  }
  if (code) fail(directory, "cannot be read: " + code.message());
  std::ranges::sort(entries, {}, [](const fs::path& path) { return path.filename().string(); });
  return entries;
}

bool is_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

// The files of a kind below a directory, sorted by folder and name as by torchvision: `a-b/1`
// stands before `a/b/1`.
class Walk {
 public:
  explicit Walk(const FileKind& kind) : kind_{kind} {}

  void enter(const fs::path& directory) {
    way_.push_back(check_way(directory));
    std::vector<fs::path> folders;
    std::vector<fs::path> files;
    for (fs::path& path : list(directory, "a directory")) {
      if (++entries_ > most_entries) {
        fail(directory,
             "expected at most " + std::to_string(most_entries) + " files up to here, found more");
      }
      if (is_folder(path)) {
        folders.push_back(std::move(path));
      } else if (is_wanted(path)) {
        files.push_back(std::move(path));
      }
    }
    if (!files.empty()) files_.emplace(directory.string(), std::move(files));
    for (const fs::path& folder : folders) enter(folder);
    way_.pop_back();
  }

  [[nodiscard]] std::vector<fs::path> take() {
    std::vector<fs::path> all;
    for (auto& [folder, files] : std::exchange(files_, {})) {
      all.insert(all.end(), std::move_iterator{files.begin()}, std::move_iterator{files.end()});
    }
    return all;
  }

 private:
  fs::path check_way(const fs::path& directory) {
    std::error_code code;
    fs::path real = fs::canonical(directory, code);
    if (code) real = directory;  // listing it says what is wrong
    if (std::ranges::find(way_, real) != way_.end()) {
      fail(directory, "expected folders within folders, found a link that leads back to " +
                          detail::printable_path(real.string()));
    }
    if (way_.size() == deepest) {
      fail(directory, "expected at most " + std::to_string(deepest) +
                          " folders within each other, found more");
    }
    if (!entered_.insert(real.string()).second && ++again_ > most_again) {
      fail(directory, "expected links to at most " + std::to_string(most_again) +
                          " folders that are read already, found more");
    }
    return real;
  }

  [[nodiscard]] bool is_wanted(const fs::path& path) const {
    if (kind_.endings.empty() || ends_with_one_of(path, kind_.endings)) return true;
    if (ends_with_one_of(path, kind_.unreadable)) {
      fail(path, "expected " + std::string(kind_.words) + ", found a format that is not read");
    }
    return false;
  }

  const FileKind& kind_;
  std::vector<fs::path> way_;
  std::map<std::string, std::vector<fs::path>> files_;  // of each folder
  std::unordered_set<std::string> entered_;
  std::size_t again_ = 0;
  std::size_t entries_ = 0;
};

// Those below one directory.
std::vector<fs::path> files_below(Walk& walk, const fs::path& directory, const FileKind& kind) {
  walk.enter(directory);
  std::vector<fs::path> files = walk.take();
  if (files.empty()) fail(directory, "expected " + std::string(kind.words) + ", found none");
  return files;
}

}  // namespace

std::vector<fs::path> entries_of(const fs::path& directory, bool folders) {
  std::vector<fs::path> entries = list(directory, "a directory");
  std::erase_if(entries, [&](const fs::path& path) { return is_folder(path) != folders; });
  return entries;
}

std::vector<fs::path> find_files(const fs::path& directory, const FileKind& kind) {
  Walk walk{kind};
  return files_below(walk, directory, kind);
}

FoundFiles find_class_folders(const fs::path& directory, const FileKind& kind,
                              const std::vector<std::string>& classes) {
  const std::vector<fs::path> folders = entries_of(directory, true);
  if (folders.empty()) {
    fail(directory, "expected one folder a class with " + std::string(kind.words) +
                        ", found no folder (.labels = false: files without classes)");
  }
  FoundFiles found{.files = {}, .labels = {}, .classes = classes};
  Walk walk{kind};
  for (const fs::path& folder : folders) {
    const std::string name = folder.filename().string();
    if (classes.empty()) found.classes.push_back(name);
    const Label label = classes.empty() ? static_cast<Label>(found.classes.size() - 1)
                                        : class_label(name, classes, folder);
    for (fs::path& file : files_below(walk, folder, kind)) {
      found.files.push_back(std::move(file));
      found.labels.push_back(label);
    }
  }
  return found;
}

Label class_label(const std::string& name, const std::vector<std::string>& given,
                  const fs::path& where) {
  const auto place = std::ranges::find(given, name);
  if (place == given.end()) {
    fail(where, "expected one of the " + std::to_string(given.size()) + " classes given (" +
                    detail::in_quotes(given) + "), found " + detail::in_quotes(name));
  }
  return static_cast<Label>(place - given.begin());
}

void check_classes(const std::vector<std::string>& classes, const char* function) {
  std::vector<std::string> sorted = classes;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice == sorted.end()) return;
  throw Error(std::string(function) + ": expected each class once, found " +
              detail::in_quotes(*twice) + " twice");
}

}  // namespace lamina::io
