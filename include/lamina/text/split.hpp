#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamina {

/// How a text becomes tokens.
///
/// Example: `SplitOptions{.unit = SplitOptions::Unit::Character, .lower_case = false}`
struct SplitOptions {
  enum class Unit : std::uint8_t { Word, Character };
  /// Marks as tokens of their own, one each, or left out. Characters keep them all.
  enum class Punctuation : std::uint8_t { Keep, Drop };

  Unit unit = Unit::Word;
  Punctuation punctuation = Punctuation::Keep;
  bool lower_case = true;

  friend bool operator==(const SplitOptions&, const SplitOptions&) = default;
};

/// The tokens of a text: words, or characters (code points).
///
/// A word is as many letters, digits and underlines as follow one another. Letters are those of
/// ASCII and all code points from U+00AA on that are no spaces and no marks of the blocks Latin-1,
/// General Punctuation, Currency Symbols to Miscellaneous Symbols, CJK Symbols and Halfwidth Forms.
/// Words of scripts without spaces stay whole. Control characters, ends of lines
/// among them, part words; of characters each is a space.
///
/// Errors: `Error` where the text is no UTF-8.
/// Example: `split("Don't panic!")` is `{"don", "'", "t", "panic", "!"}`
[[nodiscard]] std::vector<std::string> split(std::string_view text,
                                             const SplitOptions& options = {});

/// The text in lower case: of ASCII, Latin-1, Greek and Cyrillic letters; all others stay.
///
/// Errors: `Error` where the text is no UTF-8.
[[nodiscard]] std::string to_lower_case(std::string_view text);

}  // namespace lamina
