#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/types.hpp>

namespace lamina::io {

/// Which files of a directory are read; endings are in small letters.
struct FileKind {
  std::string_view words;                             // what they are: `images (.png, .jpg, .jpeg)`
  std::span<const std::string_view> endings;          // of their names; none: all files
  std::span<const std::string_view> unreadable = {};  // of the same kind, in formats not read
};

/// Files, and the class of each where there are classes.
struct FoundFiles {
  std::vector<std::filesystem::path> files;
  std::vector<Label> labels;
  std::vector<std::string> classes;
};

/// All files of a kind below a directory, in the order of their folders (whole paths) and names.
///
/// Errors: `Error` naming what it is about: for what is no directory or cannot be read, links that
/// lead round or to 4096 folders again, files of an unreadable format, no files at all.
[[nodiscard]] std::vector<std::filesystem::path> find_files(const std::filesystem::path& directory,
                                                            const FileKind& kind);

/// The same, where each folder of a directory is a class; `classes` as in `ImageDirectoryOptions`.
[[nodiscard]] FoundFiles find_class_folders(const std::filesystem::path& directory,
                                            const FileKind& kind,
                                            const std::vector<std::string>& classes);

/// The place of a class among the names given; `Error` naming `where` for one that is not there.
[[nodiscard]] Label class_label(const std::string& name, const std::vector<std::string>& given,
                                const std::filesystem::path& where);

/// `Error` for a name that is there twice.
void check_classes(const std::vector<std::string>& classes, const char* function);

/// Visible folders (or files) right in a directory, sorted by name. `Error` as `find_files`.
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory,
                                                            bool folders);

}  // namespace lamina::io
