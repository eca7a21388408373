#include <algorithm>

#include <lamina/core/error.hpp>
#include <lamina/text/synonyms.hpp>

#include "text/code_points.hpp"

namespace lamina {

void Synonyms::add(std::string_view word, std::string_view other) {
  const std::string from = to_lower_case(word);
  std::string to = to_lower_case(other);
  if (from == to || from.empty() || to.empty()) return;
  std::vector<std::string>& others = table_[from];
  constexpr std::size_t most = 1'000;  // a stranger's table is not to cost the square of its size
  if (others.size() < most && std::ranges::find(others, to) == others.end()) {
    others.push_back(std::move(to));
  }
}

std::span<const std::string> Synonyms::of(std::string_view word) const {
  const auto found = table_.find(to_lower_case(word));
  if (found == table_.end()) return {};
  return found->second;
}

namespace {

// The word with its first letter in upper case.
std::string capital(const std::string& word) {
  const auto [value, size] = text::code_point_at(word, 0);
  std::string made;
  text::append_or_copy(made, text::upper(value), word.substr(0, size));
  return made + word.substr(size);
}

}  // namespace

std::string replace_synonyms(std::string_view text, const Synonyms& synonyms, double share,
                             Draws& draws, const StopWords& stop_words) {
  text::check_utf8(text, "replace_synonyms");
  if (!(share >= 0 && share <= 1)) {
    throw Error("replace_synonyms: expected a share in [0, 1], found " + std::to_string(share));
  }
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size()) {
      const auto [value, size] = text::code_point_at(text, end);
      if (text::kind_of(value) != text::Kind::Letter) break;
      end += size;
    }
    if (end == at) {
      const std::size_t size = text::code_point_at(text, at).size;
      made += text.substr(at, size);
      at += size;
      continue;
    }
    const std::string_view word = text.substr(at, end - at);
    at = end;
    const auto others = synonyms.of(word);
    if (others.empty() || stop_words.contains(to_lower_case(word)) || !draws.chance(share)) {
      made += word;
      continue;
    }
    const std::string& other = others[draws.below(static_cast<std::uint32_t>(others.size()))];
    const char32_t first = text::code_point_at(word, 0).value;
    made += text::lower(first) == first ? other : capital(other);
  }
  return made;
}

TokenSynonyms::TokenSynonyms(const Synonyms& synonyms, const Vocabulary& vocabulary,
                             const StopWords& stop_words)
    : table_(vocabulary.size()) {
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const std::string& word = vocabulary.tokens()[i];
    if (vocabulary.is_special(static_cast<Label>(i)) || stop_words.contains(word)) continue;
    for (const std::string& other : synonyms.of(word)) {
      const Label number = vocabulary.number(other);
      if (vocabulary.is_special(number) || number == static_cast<Label>(i)) continue;
      table_[i].push_back(number);
    }
  }
}

std::span<const Label> TokenSynonyms::of(Label token) const {
  if (token < 0 || static_cast<std::size_t>(token) >= table_.size()) return {};
  return table_[static_cast<std::size_t>(token)];
}

}  // namespace lamina
