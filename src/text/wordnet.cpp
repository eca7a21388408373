#include <charconv>
#include <vector>

#include <lamina/core/printable.hpp>
#include <lamina/text/synonyms.hpp>

#include "text/lines.hpp"

namespace lamina {

namespace {

namespace fs = std::filesystem;

// The fields of a line, one after another, with one space between them.
class Fields {
 public:
  Fields(const fs::path& path, std::size_t number, std::string_view line)
      : path_{path}, number_{number}, rest_{line} {}

  std::string_view next(const char* what) {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view field = rest_.substr(0, end);
    if (field.empty()) fail(std::string("expected ") + what + ", found none");
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return field;
  }

  unsigned next_number(const char* what, int base) {
    const std::string_view field = next(what);
    unsigned value = 0;
    const auto [end, code] =
        std::from_chars(field.data(), field.data() + field.size(), value, base);
    if (code != std::errc{} || end != field.data() + field.size()) {
      fail(std::string("expected ") + what + ", found " + detail::in_quotes(field));
    }
    return value;
  }

  [[noreturn]] void fail(const std::string& message) const {
    text::fail_at(path_, number_, message);
  }

 private:
  const fs::path& path_;
  std::size_t number_;
  std::string_view rest_;
};

// A word of the file in plain text: spaces for underlines, no marker of an adjective's place.
std::string plain(std::string_view word) {
  for (const std::string_view marker : {"(a)", "(p)", "(ip)"}) {
    if (word.ends_with(marker)) word.remove_suffix(marker.size());
  }
  std::string made(word);
  for (char& c : made) {
    if (c == '_') c = ' ';
  }
  return made;
}

void read_file(const fs::path& path, Synonyms& to) {
  bool any = false;
  text::for_each_line(path, [&](std::size_t number, std::string_view line) {
    if (line.starts_with("  ")) return;  // the licence
    text::expect_utf8(path, number, line);
    Fields fields{path, number, line};
    static_cast<void>(fields.next_number("the offset of a set of synonyms", 10));
    static_cast<void>(fields.next_number("the number of a lexicographer's file", 10));
    const std::string_view type = fields.next("a type of a set of synonyms");
    if (type.size() != 1 || std::string_view("nvasr").find(type) == std::string_view::npos) {
      fields.fail("expected the type n, v, a, s or r, found " + detail::in_quotes(type));
    }
    const unsigned count = fields.next_number("a hexadecimal count of words", 16);
    if (count == 0 || count > 0xff) {
      fields.fail("expected 1 to 255 words, found " + std::to_string(count));
    }
    std::vector<std::string> words;
    for (unsigned i = 0; i < count; ++i) {
      words.push_back(plain(fields.next("a word")));
      static_cast<void>(fields.next_number("the hexadecimal number of a word's sense", 16));
    }
    static_cast<void>(fields.next_number("a count of pointers", 10));
    for (const std::string& word : words) {
      for (const std::string& other : words) to.add(word, other);
    }
    any = true;
  });
  if (!any) text::fail_at(path, 1, "expected sets of synonyms, found none");
}

}  // namespace

Synonyms read_wordnet(const fs::path& path) {
  Synonyms found;
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    read_file(path, found);
    return found;
  }
  for (const char* name : {"data.noun", "data.verb", "data.adj", "data.adv"}) {
    read_file(path / name, found);
  }
  return found;
}

}  // namespace lamina
