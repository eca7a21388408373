#include "io/csv_rows.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

namespace {

constexpr std::size_t chunk = 64 * 1024;
// A quote that is never closed must not take in the whole file.
constexpr std::size_t longest_field = 1 << 20;
// Nor a file without an end of a line all memory: a field of one byte takes 42 there.
constexpr std::size_t most_fields = 1 << 22;

bool ends_line(std::uint8_t byte) {
  return byte == '\n' || byte == '\r';
}
bool blank(std::uint8_t byte) {
  return ends_line(byte) || byte == ' ' || byte == '\t';
}

}  // namespace

CsvRows::CsvRows(std::filesystem::path path, char delimiter, const ReadOptions& options)
    : path_{std::move(path)}, source_{path_, options}, buffer_(chunk) {
  if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) fail("libcsv cannot start");
  csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
}

CsvRows::~CsvRows() {
  csv_free(&parser_);
}

void CsvRows::fail(const std::string& message) const {
  source_.fail(message);
}

void CsvRows::fail(std::uint64_t line, const std::string& message) const {
  throw Error(detail::printable_path(path_.string()) + ":" + std::to_string(line) + ": " + message);
}

void CsvRows::on_field(void* text, std::size_t size, void* self) noexcept {
  auto& rows = *static_cast<CsvRows*>(self);
  try {
    rows.row_.fields.emplace_back(static_cast<const char*>(text), size);
    rows.row_.lines.push_back(rows.field_line_);
  } catch (...) {
    rows.thrown_ = std::current_exception();
  }
  rows.field_line_ = rows.line_;
}

void CsvRows::on_row(int, void* self) noexcept {
  static_cast<CsvRows*>(self)->ended_ = true;
}

bool CsvRows::refill() {
  waiting_ = std::span{buffer_}.first(source_.read(buffer_));
  constexpr std::array<std::uint8_t, 3> mark{0xef, 0xbb, 0xbf};  // UTF-8's
  if (std::exchange(first_, false) && waiting_.size() >= mark.size() &&
      std::equal(mark.begin(), mark.end(), waiting_.begin())) {
    waiting_ = waiting_.subspan(mark.size());
  }
  return !waiting_.empty();
}

bool CsvRows::next(CsvRow& row) {
  row_.fields.clear();
  row_.lines.clear();
  begun_ = ended_ = false;
  while (!ended_) {
    if (waiting_.empty() && !refill()) {
      at_end_ = true;
      check_parser(csv_fini(&parser_, on_field, on_row, this) == 0);
      break;
    }
    parse_line();
  }
  std::swap(row, row_);
  return ended_;
}

// Given to the parser line by line, a row ends at the end of what was given, and every field of it
// that begins there begins in this line.
void CsvRows::parse_line() {
  const auto end = std::ranges::find_if(waiting_, ends_line);
  const auto size = static_cast<std::size_t>(end - waiting_.begin()) + (end != waiting_.end());
  const std::span piece = waiting_.first(size);
  waiting_ = waiting_.subspan(size);
  if (!begun_) field_line_ = line_;
  const std::size_t done = csv_parse(&parser_, piece.data(), piece.size(), on_field, on_row, this);
  check_parser(done == size);
  begun_ = begun_ || !row_.fields.empty() || !std::ranges::all_of(piece, blank);
  if (parser_.entry_pos > longest_field) {
    fail(field_line_, "expected fields of at most " + std::to_string(longest_field) +
                          " bytes, found a longer one that begins here (a quote not closed?)");
  }
  if (row_.fields.size() > most_fields) {
    fail(row_.line(), "expected at most " + std::to_string(most_fields) +
                          " fields a row, found more in the row that begins here");
  }
  count_line(piece.back());
}

void CsvRows::count_line(std::uint8_t last) {
  const bool again = last == '\n' && after_return_;
  if (ends_line(last) && !again) ++line_;
  after_return_ = last == '\r';
}

void CsvRows::check_parser(bool all) {
  if (thrown_) std::rethrow_exception(thrown_);
  if (all) return;
  if (csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc();
  if (at_end_) {
    fail(field_line_,
         "expected the closing quote of the field that begins here, found the end of the file");
  }
  fail(line_, "expected quotes around a whole field and doubled within it, found one elsewhere");
}

}  // namespace lamina::io
