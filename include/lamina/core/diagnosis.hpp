#pragma once

#include <lamina/core/text.hpp>

/// How a mistake found at compile time becomes one sentence in the compiler's first error.
///
/// A finding is a type with `found`: the sentence, a `TextBuffer`, empty where nothing is wrong.

/// Deletes a function with a sentence that says why: clang says it in its error, where it is 19 or
/// later, and g++ shows the line of the declaration, which must hold the sentence.
#if defined(__clang__) && defined(__cpp_deleted_function)
#define LAMINA_DELETE(sentence)                                                                 \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wc++26-extensions\"") = \
      delete (sentence)_Pragma("clang diagnostic pop")
#else
#define LAMINA_DELETE(sentence) = delete
#endif

namespace lamina {

#if defined(__clang__)
/// A sentence as a template argument. Clang shows texts of at most 36 characters whole, so it gets
/// lines, filled up with spaces.
template <std::size_t Lines>
struct Sentence {
  static constexpr std::size_t length = 36;
  char lines[Lines][length + 1]{};
};
#else
/// A sentence as a template argument.
template <std::size_t Length>
struct Sentence {
  char text[Length + 1]{};
};
#endif

/// Never defined: the compiler's complaint about it shows the sentence.
template <Sentence>
struct Mistake;

namespace detail {

#if defined(__clang__)

/// The end of the line that starts at `begin`: after a space where the rest does not fit.
consteval std::size_t line_end(std::string_view text, std::size_t begin) {
  constexpr std::size_t length = Sentence<1>::length;
  if (text.size() - begin <= length) return text.size();
  const std::size_t space = text.rfind(' ', begin + length - 1);
  return space == text.npos || space <= begin ? begin + length : space + 1;
}

consteval std::size_t line_count(std::string_view text) {
  std::size_t lines = 0;
  for (std::size_t begin = 0; begin < text.size(); begin = line_end(text, begin)) ++lines;
  return lines;
}

template <class Finding>
consteval auto sentence_of() {
  constexpr std::string_view text = Finding::found.view();
  Sentence<line_count(text)> sentence;
  std::size_t begin = 0;
  for (auto& line : sentence.lines) {
    const std::size_t end = line_end(text, begin);
    std::fill_n(std::copy_n(text.data() + begin, end - begin, line),
                sentence.length - (end - begin), ' ');
    line[sentence.length] = '\0';  // shown as a text only where its end was written
    begin = end;
  }
  return sentence;
}

#else

template <class Finding>
consteval auto sentence_of() {
  constexpr std::string_view text = Finding::found.view();
  Sentence<text.size()> sentence;
  std::copy_n(text.data(), text.size(), sentence.text);
  return sentence;
}

#endif

}  // namespace detail

/// Fails to compile where the finding found something, saying what.
template <class Finding, bool Good = Finding::found.empty()>
struct Diagnose : Mistake<detail::sentence_of<Finding>()> {};
template <class Finding>
struct Diagnose<Finding, true> {};

namespace detail {

/// What stands in for a number that a wrong network does not have: every comparison with it holds,
/// so that no second error follows the one that says what is wrong.
struct AnyNumber {
  constexpr operator std::size_t() const { return 1; }  // NOLINT: stands in for a number
  friend constexpr bool operator==(AnyNumber, auto) { return true; }
  friend constexpr bool operator!=(AnyNumber, auto) { return true; }
  friend constexpr bool operator<(AnyNumber, auto) { return true; }
  friend constexpr bool operator>(AnyNumber, auto) { return true; }
  friend constexpr bool operator<=(AnyNumber, auto) { return true; }
  friend constexpr bool operator>=(AnyNumber, auto) { return true; }
};

/// What the stand-ins of a wrong network return where a result's type depends on the network.
struct Anything {
  template <class T>
  operator T() const;  // NOLINT: never called, the program does not compile
  float operator[](std::size_t) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] float* data() const;
  [[nodiscard]] float* begin() const;
  [[nodiscard]] float* end() const;
};

}  // namespace detail

}  // namespace lamina
