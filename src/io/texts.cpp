#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/io/texts.hpp>

#include "io/byte_source.hpp"
#include "io/csv_columns.hpp"
#include "io/csv_header.hpp"
#include "io/csv_rows.hpp"
#include "io/csv_target.hpp"
#include "io/directory.hpp"
#include "io/each_file.hpp"
#include "io/text_collector.hpp"
#include "io/whole_file.hpp"

namespace lamina {

namespace {

namespace fs = std::filesystem;
using Collector = io::TextCollector;

constexpr io::FileKind text_files{"files of text", {}};

// The bytes of a file behind a mark of UTF-8, in pieces.
class Pieces {
 public:
  Pieces(const fs::path& path, std::uint64_t max_bytes) : source_{path, {.max_bytes = max_bytes}} {}

  /// The next piece; empty at the end.
  std::string_view next() {
    const std::size_t size = source_.read(buffer_);
    std::string_view piece{reinterpret_cast<const char*>(buffer_.data()), size};
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (std::exchange(first_, false) && piece.starts_with(mark)) piece.remove_prefix(mark.size());
    return piece;
  }

 private:
  io::ByteSource source_;
  std::array<std::uint8_t, 64 * 1024> buffer_;
  bool first_ = true;
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

void read_lines(const fs::path& path, Collector& to) {
  Pieces pieces{path, to.left()};
  std::string line;
  std::uint64_t number = 1;
  const auto finish = [&] {
    if (line.ends_with('\r')) line.pop_back();
    if (!is_blank(line)) to.add(path, number, std::exchange(line, {}));
    line.clear();
    ++number;
  };
  for (std::string_view piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    while (!piece.empty()) {
      const std::size_t end = std::min(piece.find('\n'), piece.size());
      if (line.size() + end > to.left()) to.count(path, number, line.size() + end);
      line += piece.substr(0, end);
      if (end == piece.size()) break;
      finish();
      piece.remove_prefix(end + 1);
    }
  }
  finish();
}

void read_file(const fs::path& path, Collector& to) {
  Pieces pieces{path, to.left()};
  std::string text;
  for (std::string_view piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    if (text.size() + piece.size() > to.left()) to.count(path, 1, text.size() + piece.size());
    text += piece;
  }
  if (!text.empty()) to.add(path, 1, std::move(text));
}

io::CsvColumns columns_of(const io::CsvRows& rows, const io::CsvRow& first, bool header,
                          const CsvOptions& options) {
  try {
    return io::choose_columns(first.fields.size(),
                              header ? first.fields : std::vector<std::string>{}, options);
  } catch (const Error& error) {
    rows.fail(first.line(), error.what());
  }
}

void read_table(const fs::path& path, const TextOptions& options, Texts& texts, Collector& to) {
  const CsvOptions csv{.delimiter = options.delimiter,
                       .header = options.header,
                       .target = options.target,
                       .features = {options.column},
                       .task = CsvOptions::Task::Classification,
                       .classes = options.classes};
  io::CsvRows rows{path, options.delimiter, {.max_bytes = options.max_bytes}};
  io::CsvRow first;
  if (!rows.next(first)) rows.fail("expected rows with texts, found none");
  std::optional<io::CsvRow> second{std::in_place};
  if (!rows.next(*second)) second.reset();
  const bool header = io::is_header(first, second, csv);
  if (header && !second) rows.fail("expected rows with texts, found a header alone");
  io::CsvColumns columns = columns_of(rows, first, header, csv);
  std::optional<io::CsvTarget> target;
  if (!options.target.empty()) target.emplace(rows, columns, csv);
  const auto add = [&](io::CsvRow& row) {
    if (row.fields.size() != columns.count) {
      rows.fail(row.line(), "expected " + std::to_string(columns.count) + " columns, found " +
                                std::to_string(row.fields.size()));
    }
    if (target) {
      const std::size_t column = columns.targets.front();
      Collector::check(path, row.lines[column], row.fields[column]);
      target->add(row);
    }
    const std::size_t column = columns.features.front();
    to.add(path, row.lines[column], std::move(row.fields[column]));
  };
  if (io::CsvRow row = first; !header) add(row);
  if (second) add(*second);
  for (io::CsvRow row; rows.next(row);) add(row);
  if (!target) return;
  // The target column as a whole may say what the first two rows do not.
  if (!header && options.header == CsvOptions::Header::Auto && target->first_is_alone() &&
      io::is_header_by_target(rows, first, columns)) {
    columns = columns_of(rows, first, true, csv);
    texts.texts.erase(texts.texts.begin());
    target->drop_first();
  }
  io::CsvTarget::Labels labels = target->to_labels();
  texts.labels = std::move(labels.values);
  texts.class_names = std::move(labels.classes);
}

// The name of a class from that of its file: without `.gz` and one ending more.
std::string class_of(const fs::path& path) {
  return (path.extension() == ".gz" ? path.stem() : path.filename()).stem().string();
}

io::FoundFiles find(const fs::path& path, const TextOptions& options) {
  std::error_code code;
  const bool directory = fs::is_directory(path, code);
  if (!options.classes.empty() && !(directory && options.labels)) {
    throw Error(io::in_words(path) + ": expected classes with labels, found a " +
                (directory ? "directory read" : "file") + " without");
  }
  if (!directory) return {.files = {path}, .labels = {}, .classes = {}};
  if (!options.labels)
    return {.files = io::find_files(path, text_files), .labels = {}, .classes = {}};
  if (!io::entries_of(path, true).empty()) {
    return io::find_class_folders(path, text_files, options.classes);
  }
  io::FoundFiles found{
      .files = io::find_files(path, text_files), .labels = {}, .classes = options.classes};
  std::unordered_map<std::string, Label> label_of;
  for (const fs::path& file : found.files) {
    const std::string name = class_of(file);
    if (!options.classes.empty()) {
      found.labels.push_back(io::class_label(name, options.classes, file));
      continue;
    }
    const auto next = static_cast<Label>(found.classes.size());
    const auto [label, is_new] = label_of.try_emplace(name, next);
    if (is_new) found.classes.push_back(name);
    found.labels.push_back(label->second);
  }
  return found;
}

void check(const TextOptions& options) {
  io::check_classes(options.classes, "read_text");
  const auto refuse = [](const char* message) {
    throw Error(std::string("read_text: expected ") + message);
  };
  if (options.column.empty() && !options.target.empty()) {
    refuse("a target with a column of texts, found it alone");
  }
  if (!options.column.empty() && options.document == TextOptions::Document::File) {
    refuse("whole files as texts or a column of a table, found both");
  }
  if (!options.column.empty() && options.target.empty() && !options.classes.empty()) {
    refuse("classes with a target, found them alone");
  }
  if (std::string_view("\"\n\r \0", 5).find(options.delimiter) != std::string_view::npos) {
    refuse("a delimiter that is no quote, space or end of a line, found one");
  }
}

}  // namespace

Texts read_text(const fs::path& path, const TextOptions& options) {
  check(options);
  Texts texts;
  Collector to{texts, options.max_bytes};
  if (!options.column.empty()) {
    io::for_each_file({path}, options.progress,
                      [&](const fs::path& file) { read_table(file, options, texts, to); });
    return texts;
  }
  const io::FoundFiles found = find(path, options);
  const bool whole = options.document == TextOptions::Document::File;
  std::size_t at = 0;
  io::for_each_file(found.files, options.progress, [&](const fs::path& file) {
    const std::size_t before = texts.size();
    if (whole) {
      read_file(file, to);
    } else {
      read_lines(file, to);
    }
    if (texts.size() == before) {
      throw Error(io::in_words(file) + ": expected " + (whole ? "a" : "lines of") +
                  " text, found none");
    }
    if (!found.labels.empty()) texts.labels.resize(texts.size(), found.labels[at]);
    ++at;
  });
  texts.class_names = found.classes;
  return texts;
}

}  // namespace lamina
