#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <lamina/data/draws.hpp>
#include <lamina/text/vocabulary.hpp>

namespace lamina {

/// A table: words, and those that may stand in their place. Words are kept in lower case (see
/// `to_lower_case`) and may have spaces.
///
/// Example: `Synonyms table; table.add("quick", "fast"); table.of("Quick")  // {"fast"}`
class Synonyms {
 public:
  /// That `other` may stand for `word`; nothing where it is known or the same word, or where the
  /// word has 1,000 already.
  void add(std::string_view word, std::string_view other);
  /// Those of a word, in the order of `add`; none where it is not known.
  [[nodiscard]] std::span<const std::string> of(std::string_view word) const;
  /// Words that have synonyms.
  [[nodiscard]] std::size_t size() const { return table_.size(); }
  /// Calls f(word, others) for all words, in no order.
  template <class F>
  void for_each(const F& f) const {
    for (const auto& [word, others] : table_) f(word, std::span<const std::string>(others));
  }

 private:
  std::unordered_map<std::string, std::vector<std::string>> table_;
};

/// Reads WordNet's `data.noun`, `data.verb`, `data.adj` or `data.adv`, or all four of a directory:
/// words of one set of synonyms may stand for each other.
///
/// Errors: `Error` naming the file and the line that is not as wndb(5WN) says.
[[nodiscard]] Synonyms read_wordnet(const std::filesystem::path& path);

/// Reads a thesaurus of MyThes (LibreOffice), `th_en_US_v2.dat`, in UTF-8: its synonyms, without
/// those it calls antonyms, generic or related terms.
///
/// Errors: `Error` naming the file and the line that is not of the format.
[[nodiscard]] Synonyms read_thesaurus(const std::filesystem::path& path);

/// Words that stay as they are, in lower case.
using StopWords = std::unordered_set<std::string>;

/// The text with this share of its words that have synonyms, each by chance, replaced by one of
/// them, which begins in upper case where the word did. All between words stays.
///
/// Errors: `Error` where the text is no UTF-8 or the share is not in [0, 1].
[[nodiscard]] std::string replace_synonyms(std::string_view text, const Synonyms& synonyms,
                                           double share, Draws& draws,
                                           const StopWords& stop_words = {});

/// Synonyms by the numbers of a vocabulary: those of one token, which it has.
class TokenSynonyms {
 public:
  TokenSynonyms(const Synonyms& synonyms, const Vocabulary& vocabulary,
                const StopWords& stop_words = {});

  /// Those of a token; none for numbers that are no tokens.
  [[nodiscard]] std::span<const Label> of(Label token) const;

 private:
  std::vector<std::vector<Label>> table_;
};

}  // namespace lamina
