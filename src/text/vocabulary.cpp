#include <algorithm>
#include <map>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/text/vocabulary.hpp>

#include "io/text_file.hpp"
#include "text/code_points.hpp"
#include "text/lines.hpp"

namespace lamina {

namespace {

constexpr std::size_t most_tokens = std::size_t{1} << 24;

// What is wrong with a token; empty for a good one.
std::string wrong_with(std::string_view token) {
  if (token.empty()) return "expected a token, found none";
  if (io::find_no_utf8(token) != token.size()) {
    return "expected UTF-8 without zeros, found other bytes in a token";
  }
  for (std::size_t at = 0; at < token.size();) {
    const auto [value, size] = text::code_point_at(token, at);
    if (value < 0x20 || (value >= 0x7f && value < 0xa0)) {
      return "expected a token without control characters, found " + detail::in_quotes(token);
    }
    at += size;
  }
  return {};
}

std::vector<std::string> named(const SpecialTokens& special) {
  std::vector<std::string> names;
  for (const std::string* name :
       {&special.padding, &special.unknown, &special.mask, &special.begin, &special.end}) {
    if (!name->empty()) names.push_back(*name);
  }
  return names;
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens, SpecialTokens special)
    : tokens_{std::move(tokens)}, special_{std::move(special)} {
  if (tokens_.size() > most_tokens) {
    throw Error("Vocabulary: expected at most " + std::to_string(most_tokens) + " tokens, found " +
                std::to_string(tokens_.size()));
  }
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string where = "Vocabulary, token " + std::to_string(i) + ": ";
    if (const std::string wrong = wrong_with(tokens_[i]); !wrong.empty()) {
      throw Error(where + wrong);
    }
    const auto [entry, is_new] = numbers_.try_emplace(tokens_[i], static_cast<Label>(i));
    if (!is_new) {
      throw Error(where + "expected another token, found " + detail::in_quotes(tokens_[i]) +
                  " again, which is token " + std::to_string(entry->second));
    }
  }
  padding_ = find_special(special_.padding, "padding");
  unknown_ = find_special(special_.unknown, "unknown");
  if (!special_.mask.empty()) mask_ = find_special(special_.mask, "mask");
  if (!special_.begin.empty()) begin_ = find_special(special_.begin, "begin");
  if (!special_.end.empty()) end_ = find_special(special_.end, "end");
}

Label Vocabulary::find_special(const std::string& token, const char* role) const {
  const auto found = numbers_.find(token);
  if (found != numbers_.end()) return found->second;
  throw Error(std::string("Vocabulary: expected among the tokens the special token for ") + role +
              ", " + detail::in_quotes(token) + ", found none");
}

Vocabulary Vocabulary::from(std::span<const std::string> texts, const VocabularyOptions& options) {
  std::vector<std::string> tokens = named(options.special);
  if (options.max_size < tokens.size()) {
    throw Error("Vocabulary::from: expected a max_size of at least the " +
                std::to_string(tokens.size()) + " special tokens, found " +
                std::to_string(options.max_size));
  }
  std::map<std::string, std::size_t> counts;
  for (const std::string& text : texts) {
    for (std::string& token : split(text, options.split)) ++counts[std::move(token)];
  }
  for (const std::string& special : tokens) counts.erase(special);
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::erase_if(sorted, [&](const auto& entry) { return entry.second < options.min_count; });
  // Not stable_sort, of whose buffer clang warns in the library of g++ 12.
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  sorted.resize(std::min(sorted.size(), options.max_size - tokens.size()));
  for (auto& entry : sorted) tokens.push_back(std::move(entry.first));
  return Vocabulary{std::move(tokens), options.special};
}

Label Vocabulary::number(std::string_view token) const {
  const auto found = numbers_.find(token);
  return found == numbers_.end() ? unknown_ : found->second;
}

const std::string& Vocabulary::token(Label number) const {
  if (number < 0 || static_cast<std::size_t>(number) >= size()) {
    throw Error("Vocabulary::token: expected a number in [0, " + std::to_string(size()) +
                "), found " + std::to_string(number));
  }
  return tokens_[static_cast<std::size_t>(number)];
}

bool Vocabulary::is_special(Label number) const {
  return number >= 0 && (number == padding_ || number == unknown_ || number == mask_ ||
                         number == begin_ || number == end_);
}

void save(const Vocabulary& vocabulary, const std::filesystem::path& path) {
  std::string lines;
  for (const std::string& token : vocabulary.tokens()) lines += token + "\n";
  io::write_text(path, lines);
}

Vocabulary load_vocabulary(const std::filesystem::path& path, const SpecialTokens& special) {
  std::vector<std::string> tokens;
  std::unordered_map<std::string, std::size_t> line_of;
  text::for_each_line(path, [&](std::size_t number, std::string_view line) {
    if (const std::string wrong = wrong_with(line); !wrong.empty()) {
      text::fail_at(path, number, wrong);
    }
    const auto [entry, is_new] = line_of.try_emplace(std::string(line), number);
    if (!is_new) {
      text::fail_at(path, number,
                    "expected another token, found " + detail::in_quotes(line) +
                        " again, which is in line " + std::to_string(entry->second));
    }
    if (tokens.size() == most_tokens) {
      text::fail_at(path, number, "expected at most 2^24 tokens, found more");
    }
    tokens.emplace_back(line);
  });
  return io::with_name(path, [&] { return Vocabulary{std::move(tokens), special}; });
}

}  // namespace lamina
