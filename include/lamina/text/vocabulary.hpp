#pragma once

#include <compare>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/text/split.hpp>

namespace lamina {

/// Tokens that are no words. Those of "" are not there; padding and unknown must be.
struct SpecialTokens {
  std::string padding = "[PAD]";
  std::string unknown = "[UNK]";
  std::string mask = "[MASK]";
  std::string begin = "";
  std::string end = "";

  friend bool operator==(const SpecialTokens&, const SpecialTokens&) = default;
};

/// What `Vocabulary::from` takes of texts.
struct VocabularyOptions {
  std::size_t max_size = 30'000;  ///< tokens at most, the special ones among them
  std::size_t min_count = 1;      ///< how often a token must be there
  SplitOptions split = {};
  SpecialTokens special = {};
};

/// Tokens and their numbers, 0, ..., size() - 1.
///
/// Errors: the constructor throws `Error` for tokens that come twice, are empty, are no UTF-8 or
/// have control characters, for special tokens that are not among them, and for more than 2^24
/// tokens, whose numbers floats cannot hold.
///
/// Example: `const Vocabulary words = Vocabulary::from(train.texts, {.max_size = 5'000});`
class Vocabulary {
 public:
  /// Tokens from number 0 on, the special ones among them.
  explicit Vocabulary(std::vector<std::string> tokens, SpecialTokens special = {});

  /// The special tokens, and the most frequent tokens of texts: by their count, then by their
  /// bytes. Make it of training data alone.
  [[nodiscard]] static Vocabulary from(std::span<const std::string> texts,
                                       const VocabularyOptions& options = {});

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] bool contains(std::string_view token) const { return numbers_.contains(token); }
  /// The number of a token, or that of the unknown token.
  [[nodiscard]] Label number(std::string_view token) const;
  /// The token of a number; throws `Error` where there is none.
  [[nodiscard]] const std::string& token(Label number) const;
  [[nodiscard]] const std::vector<std::string>& tokens() const { return tokens_; }

  [[nodiscard]] const SpecialTokens& special() const { return special_; }
  [[nodiscard]] bool is_special(Label number) const;
  [[nodiscard]] Label padding() const { return padding_; }
  [[nodiscard]] Label unknown() const { return unknown_; }
  [[nodiscard]] Label mask() const { return mask_; }            ///< -1 where there is none
  [[nodiscard]] Label begin_of_text() const { return begin_; }  ///< or -1, as mask
  [[nodiscard]] Label end_of_text() const { return end_; }      ///< or -1, as mask

  friend bool operator==(const Vocabulary& a, const Vocabulary& b) {
    return a.tokens_ == b.tokens_ && a.special_ == b.special_;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  [[nodiscard]] Label find_special(const std::string& token, const char* role) const;

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, Label, Hash, std::equal_to<>> numbers_;
  SpecialTokens special_;
  Label padding_ = -1;
  Label unknown_ = -1;
  Label mask_ = -1;
  Label begin_ = -1;
  Label end_ = -1;
};

/// Writes a token a line, as BERT's `vocab.txt`; whole or not at all.
///
/// Errors: `Error` naming the file and what the system said.
void save(const Vocabulary& vocabulary, const std::filesystem::path& path);

/// Reads a vocabulary that `save` wrote, or a `vocab.txt` of BERT; the special tokens are those of
/// these names.
///
/// Errors: `Error` naming the file, and the line where a token comes twice, is empty, is no UTF-8
/// or has control characters.
[[nodiscard]] Vocabulary load_vocabulary(const std::filesystem::path& path,
                                         const SpecialTokens& special = {});

}  // namespace lamina
