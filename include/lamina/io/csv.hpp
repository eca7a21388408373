#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/io/read_options.hpp>

namespace lamina {

/// What `read_csv` makes of a file.
///
/// A column is called by its name in the header, or by its number: `"#1"` is the first, `"#-1"` the
/// last. Where a header has a name such as `#1`, the name comes first.
///
/// Example: `CsvOptions{.target = "quality", .missing = CsvOptions::Missing::Median}`
struct CsvOptions {
  /// Whether the first row names the columns. `Auto`: it does where
  ///
  /// - it has a name by which these options call a column;
  /// - it has text in a column in which the second row has a number or nothing;
  /// - it counts 0, 1, 2, ... over three columns or more, as pandas names columns without names
  ///   (with or without the empty name of its index), and the second row does not go on counting;
  /// - its target stands in no other row, while all others there are text and come twice or more,
  ///   and its features count from 0, or all of it is whole numbers that differ. With other
  ///   features nobody knows whether it is a name or a class of one sample: an error;
  ///
  /// and a row alone does where it has no number.
  enum class Header { Auto, Yes, No };

  /// What the target column holds. `Auto`: class labels, where there is text, or at most 100
  /// different whole numbers (without a point) in two rows each on average; else floats.
  enum class Task { Auto, Classification, Regression };

  /// What becomes of a missing feature: an empty field, `NA`, `NaN`, `nan`, `?` or `null`. `Error`
  /// refuses the file, `Mean` and `Median` are those of the column in this file, `Value` is
  /// `fill_value`, or where `fill_values` has one for each feature, that of the column, as another
  /// file's mean was. A missing target is always an error.
  enum class Missing { Error, Mean, Median, Value };

  char delimiter = ',';
  Header header = Header::Auto;
  std::string target = "#-1";              ///< the target column; "" where the file has none
  std::vector<std::string> targets = {};   ///< instead of `target`: several columns of floats
  std::vector<std::string> features = {};  ///< columns and their order; empty: all but the targets
  Task task = Task::Auto;
  std::vector<std::string> classes = {};  ///< names of the labels from 0 on, as another file's had
  Missing missing = Missing::Error;
  float fill_value = 0;
  std::vector<float> fill_values = {};
  /// The most bytes that a gzip file may unpack to; see `ReadOptions`.
  std::uint64_t max_bytes = ReadOptions{}.max_bytes;
};

/// Reads a table of numbers with its targets: comma-separated values after RFC 4180 (quoted fields,
/// also with line ends in them), with any delimiter, in UTF-8 with or without its mark, lines ended
/// by LF or CR LF, plain or gzip. Empty lines are left out, and spaces around a field.
///
/// Shapes: inputs (rows, features); labels (rows) or targets (rows, outputs), neither with
/// `target = ""`. The data set has the names of the features, of the classes and of the targets.
///
/// Labels: text becomes classes in the order of their names; whole numbers from 0 on stay what they
/// are; other whole numbers become classes in their order. `classes` gives a second file the labels
/// of the first. Numbers become floats.
///
/// Errors: `Error` naming the file, the line as an editor counts it, the column's number and name,
/// what was expected and what was found: for text where a number belongs, numbers that are infinite
/// or beyond a float, missing values (see `Missing`), rows of another length, quotes that are not
/// closed or in the wrong place, a class that `classes` lacks, columns that are not there or named
/// twice, files without rows, files that unpack to more than `max_bytes`, and too little memory.
/// Rows are read one by one; memory grows with the numbers alone.
///
/// Example:
///
///     Dataset train = read_csv("train.csv", {.target = "species"});
///     const auto& classes = train.class_names();
///     Dataset test = read_csv("test.csv.gz", {.target = "species", .classes = classes});
///     const auto& features = train.feature_names();
///     Dataset unknown = read_csv("new.csv", {.target = "", .features = features});
///
/// Source: Shafranovich, "Common Format and MIME Type for Comma-Separated Values (CSV) Files",
/// RFC 4180.
[[nodiscard]] Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

}  // namespace lamina
