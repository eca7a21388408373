#include <charconv>

#include <lamina/core/printable.hpp>
#include <lamina/text/synonyms.hpp>

#include "text/lines.hpp"

namespace lamina {

namespace {

constexpr std::size_t most_meanings = 10'000;

// Adds the synonyms of a line of `(noun)|one|another (similar term)`.
void add_meaning(const std::string& word, std::string_view line, Synonyms& to) {
  std::size_t at = line.find('|');
  while (at != std::string_view::npos) {
    const std::size_t end = line.find('|', at + 1);
    std::string_view other =
        line.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    at = end;
    constexpr std::string_view similar = " (similar term)";
    if (other.ends_with(similar)) other.remove_suffix(similar.size());
    const bool another_relation = other.ends_with(')');
    if (!another_relation) to.add(word, other);
  }
}

}  // namespace

Synonyms read_thesaurus(const std::filesystem::path& path) {
  Synonyms found;
  std::string word;
  std::size_t meanings = 0;  // of the word that are still to come
  std::size_t last = 0;
  text::for_each_line(path, [&](std::size_t number, std::string_view line) {
    last = number;
    text::expect_utf8(path, number, line);
    if (number == 1) {
      if (line == "UTF-8" || line == "utf-8") return;
      text::fail_at(path, 1, "expected UTF-8, found the encoding " + detail::in_quotes(line));
    }
    const std::size_t bar = line.rfind('|');
    if (bar == std::string_view::npos) {
      text::fail_at(path, number, "expected fields with | between them, found one field");
    }
    if (meanings > 0) {
      --meanings;
      add_meaning(word, line, found);
      return;
    }
    const std::string_view count = line.substr(bar + 1);
    const auto [end, code] = std::from_chars(count.data(), count.data() + count.size(), meanings);
    if (bar == 0 || code != std::errc{} || end != count.data() + count.size() || meanings == 0 ||
        meanings > most_meanings) {
      text::fail_at(path, number,
                    "expected a word, | and a count of meanings from 1 to 10000, found " +
                        detail::in_quotes(line));
    }
    word = line.substr(0, bar);
  });
  if (meanings > 0 || last < 2) {
    text::fail_at(path, last + 1,
                  "expected " +
                      (meanings > 0 ? std::to_string(meanings) + " meanings more"
                                    : std::string("UTF-8 and words")) +
                      ", found the end of the file");
  }
  return found;
}

}  // namespace lamina
