#include <lamina/core/error.hpp>
#include <lamina/text/split.hpp>

#include "io/utf8.hpp"
#include "text/code_points.hpp"

namespace lamina {

namespace text {

void check_utf8(std::string_view text, const char* who) {
  const std::size_t place = io::find_no_utf8(text);
  if (place == text.size()) return;
  throw Error(std::string(who) + ": expected UTF-8 without zeros, found another byte at " +
              std::to_string(place + 1));
}

}  // namespace text

std::string to_lower_case(std::string_view text) {
  text::check_utf8(text, "to_lower_case");
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, size] = text::code_point_at(text, at);
    if (const char32_t low = text::lower(value); low != value) {
      text::append(made, low);
    } else {
      made += text.substr(at, size);
    }
    at += size;
  }
  return made;
}

std::vector<std::string> split(std::string_view text, const SplitOptions& options) {
  text::check_utf8(text, "split");
  std::string lower_text;
  if (options.lower_case) text = lower_text = to_lower_case(text);
  std::vector<std::string> tokens;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, size] = text::code_point_at(text, at);
    const std::string_view character = text.substr(at, size);
    at += size;
    const text::Kind kind = text::kind_of(value);
    if (options.unit == SplitOptions::Unit::Character) {
      const bool control = value < 0x20 || (value >= 0x7f && value < 0xa0);
      tokens.emplace_back(control ? " " : character);
    } else if (kind == text::Kind::Letter) {
      if (in_word) {
        tokens.back() += character;
      } else {
        tokens.emplace_back(character);
      }
    } else if (kind == text::Kind::Mark && options.punctuation == SplitOptions::Punctuation::Keep) {
      tokens.emplace_back(character);
    }
    in_word = kind == text::Kind::Letter;
  }
  return tokens;
}

}  // namespace lamina
