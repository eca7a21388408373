#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/text/changes.hpp>

namespace lamina {

namespace {

void check_share(double share, const char* who) {
  if (share >= 0 && share <= 1) return;
  throw Error(std::string(who) + ": expected a share in [0, 1], found " + std::to_string(share));
}

// A number that is no token, -1, where the float is none.
Label label_of(float x) {
  return x >= 0 && x < 0x1p24f ? static_cast<Label>(x) : Label{-1};
}

std::uint32_t count_of(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

std::vector<std::size_t> places_of_words(std::span<const float> tokens,
                                         const Vocabulary& vocabulary) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!vocabulary.is_special(label_of(tokens[i]))) places.push_back(i);
  }
  return places;
}

// As EDA counts.
std::size_t changes_of(double share, std::size_t words) {
  if (share == 0) return 0;
  return std::max(std::size_t{1}, static_cast<std::size_t>(share * static_cast<double>(words)));
}

// A row without its padding, which may be put back.
class Unpadded {
 public:
  Unpadded(std::span<float> row, const Vocabulary& vocabulary)
      : row_{row}, padding_{static_cast<float>(vocabulary.padding())} {
    left_ = !row.empty() && row.front() == padding_ && row.back() != padding_;
    std::ranges::copy_if(row, std::back_inserter(tokens), [&](float x) { return x != padding_; });
  }
  [[nodiscard]] bool full() const { return tokens.size() >= row_.size(); }
  void put_back() const {
    std::ranges::fill(row_, padding_);
    const std::size_t first = left_ ? row_.size() - tokens.size() : 0;
    std::ranges::copy(tokens, row_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  std::vector<float> tokens;

 private:
  std::span<float> row_;
  float padding_;
  bool left_ = false;
};

}  // namespace

void mask_tokens(std::span<float> tokens, std::span<Label> labels, const MaskTokens& options,
                 const Vocabulary& vocabulary, Draws& draws) {
  check_share(options.share, "mask_tokens");
  check_share(options.mask, "mask_tokens, mask");
  check_share(options.random, "mask_tokens, random");
  check_share(options.mask + options.random, "mask_tokens, mask and random");
  if (tokens.size() != labels.size()) {
    throw Error("mask_tokens: expected a label for each of " + std::to_string(tokens.size()) +
                " tokens, found " + std::to_string(labels.size()));
  }
  if (vocabulary.mask() < 0) {
    throw Error("mask_tokens: expected a vocabulary with a mask token, found none");
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Label token = label_of(tokens[i]);
    labels[i] = options.ignored;
    if (vocabulary.is_special(token) || !draws.chance(options.share)) continue;
    labels[i] = token;
    const double choice = draws.uniform();
    if (choice < options.mask) {
      tokens[i] = static_cast<float>(vocabulary.mask());
    } else if (choice < options.mask + options.random) {
      tokens[i] = static_cast<float>(draws.below(count_of(vocabulary.size())));
    }
  }
}

void delete_tokens(std::span<float> tokens, double share, const Vocabulary& vocabulary,
                   Draws& draws) {
  check_share(share, "delete_tokens");
  Unpadded row{tokens, vocabulary};
  const auto words = places_of_words(row.tokens, vocabulary);
  if (words.size() < 2) return;
  std::vector<std::size_t> gone;
  std::ranges::copy_if(words, std::back_inserter(gone),
                       [&](std::size_t) { return draws.chance(share); });
  if (gone.size() == words.size()) {
    gone.erase(gone.begin() + static_cast<std::ptrdiff_t>(draws.below(count_of(gone.size()))));
  }
  for (std::size_t i = gone.size(); i-- > 0;) {
    row.tokens.erase(row.tokens.begin() + static_cast<std::ptrdiff_t>(gone[i]));
  }
  row.put_back();
}

void swap_tokens(std::span<float> tokens, double share, const Vocabulary& vocabulary,
                 Draws& draws) {
  check_share(share, "swap_tokens");
  const auto words = places_of_words(tokens, vocabulary);
  if (words.size() < 2) return;
  for (std::size_t left = changes_of(share, words.size()); left > 0; --left) {
    const std::size_t one = draws.below(count_of(words.size()));
    const std::size_t step = 1 + draws.below(count_of(words.size() - 1));
    std::swap(tokens[words[one]], tokens[words[(one + step) % words.size()]]);
  }
}

void insert_tokens(std::span<float> tokens, double share, const TokenSynonyms& synonyms,
                   const Vocabulary& vocabulary, Draws& draws) {
  check_share(share, "insert_tokens");
  Unpadded row{tokens, vocabulary};
  const auto has_synonyms = [&](float x) { return !synonyms.of(label_of(x)).empty(); };
  const std::size_t size = places_of_words(row.tokens, vocabulary).size();
  for (std::size_t left = changes_of(share, size); left > 0 && !row.full(); --left) {
    std::vector<float> sources;
    std::ranges::copy_if(row.tokens, std::back_inserter(sources), has_synonyms);
    if (sources.empty()) return;
    const auto others = synonyms.of(label_of(sources[draws.below(count_of(sources.size()))]));
    const Label other = others[draws.below(count_of(others.size()))];
    const auto words = places_of_words(row.tokens, vocabulary);
    const std::size_t place = draws.below(count_of(words.size() + 1));
    const std::size_t at = place < words.size() ? words[place] : words.back() + 1;
    row.tokens.insert(row.tokens.begin() + static_cast<std::ptrdiff_t>(at),
                      static_cast<float>(other));
  }
  row.put_back();
}

void replace_tokens(std::span<float> tokens, double share, const TokenSynonyms& synonyms,
                    const Vocabulary& vocabulary, Draws& draws) {
  check_share(share, "replace_tokens");
  auto words = places_of_words(tokens, vocabulary);
  std::size_t left = changes_of(share, words.size());
  std::erase_if(words, [&](std::size_t at) { return synonyms.of(label_of(tokens[at])).empty(); });
  for (; left > 0 && !words.empty(); --left) {
    const auto chosen = static_cast<std::ptrdiff_t>(draws.below(count_of(words.size())));
    float& token = tokens[words[static_cast<std::size_t>(chosen)]];
    const auto others = synonyms.of(label_of(token));
    token = static_cast<float>(others[draws.below(count_of(others.size()))]);
    words.erase(words.begin() + chosen);
  }
}

}  // namespace lamina
