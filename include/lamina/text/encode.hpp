#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/io/texts.hpp>
#include <lamina/text/split.hpp>
#include <lamina/text/vocabulary.hpp>

namespace lamina {

/// How texts become rows of token numbers.
///
/// Example: `EncodeOptions{.length = 128, .truncation = EncodeOptions::Side::Left}`
struct EncodeOptions {
  enum class Side : std::uint8_t { Right, Left };
  /// What is to be learned: the labels of the texts, or, of each position, its token, which
  /// `mask_tokens` then asks for.
  enum class Targets : std::uint8_t { Labels, Tokens };

  std::size_t length = 64;        ///< tokens of a row, begin and end among them
  Side padding = Side::Right;     ///< where padding goes
  Side truncation = Side::Right;  ///< where tokens are left out
  Targets targets = Targets::Labels;
  SplitOptions split = {};  ///< that of the vocabulary
};

/// The numbers of a text's tokens, cut or padded to `length`; begin and end around them where the
/// vocabulary has these. Words that it lacks are its unknown token.
///
/// Errors: `Error` where the text is no UTF-8, and for a length without room for a token.
[[nodiscard]] std::vector<float> encode(std::string_view text, const Vocabulary& vocabulary,
                                        const EncodeOptions& options = {});

/// The same of many texts: samples of shape (1, 1, length), with the labels and class names of the
/// texts, or none, or class maps (1, 1, length) of the tokens themselves.
///
/// Example: `const Dataset train = encode(read_text("reviews"), words, {.length = 128});`
[[nodiscard]] Dataset encode(const Texts& texts, const Vocabulary& vocabulary,
                             const EncodeOptions& options = {});

/// The tokens of numbers with `separator` between them ("" for characters), without padding, begin
/// and end.
///
/// Errors: `Error` for what is no number of a token.
[[nodiscard]] std::string decode(std::span<const float> tokens, const Vocabulary& vocabulary,
                                 std::string_view separator = " ");

}  // namespace lamina
