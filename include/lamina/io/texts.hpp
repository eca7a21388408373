#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/io/csv.hpp>
#include <lamina/io/read_options.hpp>
#include <lamina/io/read_progress.hpp>

namespace lamina {

/// Texts in UTF-8, and the class of each where there are classes.
struct Texts {
  std::vector<std::string> texts;
  std::vector<Label> labels;             ///< one for each text; empty without classes
  std::vector<std::string> class_names;  ///< from label 0 on

  [[nodiscard]] std::size_t size() const { return texts.size(); }
};

/// What `read_text` makes of a file or a directory.
///
/// Example: `TextOptions{.column = "review", .target = "sentiment"}`
struct TextOptions {
  /// What a text is: a line of a file, but for blank ones, or a whole file.
  enum class Document { Line, File };

  Document document = Document::Line;
  /// The column of the texts in a CSV file, by its name or its number as `CsvOptions` has them; ""
  /// where the files are no tables.
  std::string column = "";
  /// The column of the classes in a CSV file; "" where there are none.
  std::string target = "";
  char delimiter = ',';
  CsvOptions::Header header = CsvOptions::Header::Auto;
  /// False: texts of a directory without labels, wherever they lie below it.
  bool labels = true;
  /// Names of the labels from 0 on, as other texts had; empty: those that are there.
  std::vector<std::string> classes = {};
  /// The most bytes that all texts together may take; see `ReadOptions`.
  std::uint64_t max_bytes = ReadOptions{}.max_bytes;
  ReadCallback progress = {};
};

/// Reads texts, plain or gzip, into memory:
///
/// - a file of one text a line, without labels;
/// - a directory of files, each a class called as the file without its ending: `people.txt`;
/// - a directory of folders, each a class, and the texts those of all files below it, as
///   `train/pos/1.txt`; files beside the folders are then left alone;
/// - a table (`column`), by the rules of `read_csv` for rows, fields and class names.
///
/// Names that begin with a dot are left out, links are followed. Lines end with LF or CR LF; a mark
/// of UTF-8 at a file's beginning is no text. Of a table, spaces around a field are no text, and a
/// text may have several lines and be empty, but not be longer than a mebibyte.
///
/// Errors: `Error` naming the file and the line, what was expected and what was found: for bytes
/// that are no UTF-8, and zeros; files without texts, folders without files, classes that `classes`
/// lacks, columns that are not there, wrong quotes, damaged gzip data, links that lead round, more
/// than `max_bytes`, and too little memory.
///
/// Examples:
///
///     Texts lines = read_text("corpus.txt.gz");
///     Texts reviews = read_text("reviews.csv", {.column = "review", .target = "sentiment"});
///     Texts films = read_text("aclImdb/train", {.document = TextOptions::Document::File});
[[nodiscard]] Texts read_text(const std::filesystem::path& path, const TextOptions& options = {});

}  // namespace lamina
