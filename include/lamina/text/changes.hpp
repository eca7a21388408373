#pragma once

#include <span>

#include <lamina/core/types.hpp>
#include <lamina/data/draws.hpp>
#include <lamina/text/synonyms.hpp>
#include <lamina/text/vocabulary.hpp>

namespace lamina {

/// How many tokens `mask_tokens` asks for, and what stands in their place. The rest of `mask` and
/// `random` stays as it was.
struct MaskTokens {
  double share = 0.15;   ///< of the tokens, each by chance
  double mask = 0.8;     ///< of those: the mask token
  double random = 0.1;   ///< of those: any token of the vocabulary
  Label ignored = -100;  ///< the label of all others: `CrossEntropy<IgnoreLabel<-100>>`
};

/// Hides tokens of a row: `labels` becomes what was at the chosen places and `ignored` elsewhere.
/// Special tokens are never chosen. The rule of BERT (https://arxiv.org/abs/1810.04805), and
/// Hugging Face's `DataCollatorForLanguageModeling`.
///
/// Shapes: tokens (length), labels (length).
/// Errors: `Error` for other lengths, shares outside [0, 1], and a vocabulary without a mask.
/// Example:
///
///     Transform{[&](auto sample, Draws& draws) {
///       mask_tokens(sample.input, sample.target, {}, words, draws);
///     }}
void mask_tokens(std::span<float> tokens, std::span<Label> labels, const MaskTokens& options,
                 const Vocabulary& vocabulary, Draws& draws);

/// The four changes of Easy Data Augmentation (https://arxiv.org/abs/1901.11196), in place. Rows
/// keep their length: what is left is padded again, on the side that was. Special tokens stay, in
/// their order. `share` is the paper's alpha: of n words, max(1, share * n) rounded down are
/// changed; `delete_tokens` leaves each out with that probability, but never all.
///
/// Errors: `Error` for a share outside [0, 1].
void delete_tokens(std::span<float> tokens, double share, const Vocabulary& vocabulary,
                   Draws& draws);
/// Two words at random change places, so many times.
void swap_tokens(std::span<float> tokens, double share, const Vocabulary& vocabulary, Draws& draws);
/// A synonym of a word at random goes to any place among the words, so many times, as long as
/// there is padding to give way.
void insert_tokens(std::span<float> tokens, double share, const TokenSynonyms& synonyms,
                   const Vocabulary& vocabulary, Draws& draws);
/// So many of the words that have synonyms become one of theirs.
void replace_tokens(std::span<float> tokens, double share, const TokenSynonyms& synonyms,
                    const Vocabulary& vocabulary, Draws& draws);

}  // namespace lamina
