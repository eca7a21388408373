#pragma once

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

#include "io/text_file.hpp"

namespace lamina::plot {

using io::text_of_number;

/// A CSV table (RFC 4180, lines ended by a line feed). A number that is none is an empty field.
///
/// Example: `Table{"x", "y"}.add(1).add(0.5).end_row()`
class Table {
 public:
  template <class... Names>
  explicit Table(const Names&... names) {
    (add(std::string_view(names)), ...);
    if (sizeof...(names) > 0) end_row();
  }

  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  Table& add(Number number) {
    begin_field();
    if constexpr (std::floating_point<Number>) {
      if (std::isnan(number)) return *this;
    }
    text_ += text_of_number(number);
    return *this;
  }

  /// Control characters become blanks: gnuplot reads fields of one line only.
  Table& add(std::string_view field) {
    begin_field();
    const bool plain = field.find_first_of(",\"") == std::string_view::npos;
    if (!plain) text_ += '"';
    for (const char character : field) {
      const bool control = static_cast<unsigned char>(character) < ' ';
      text_.append(!plain && character == '"' ? 2 : 1, control ? ' ' : character);
    }
    if (!plain) text_ += '"';
    return *this;
  }

  /// A blank line, where nothing was added: gnuplot begins a new line of a grid there.
  Table& end_row() {
    text_ += '\n';
    row_begins_ = true;
    return *this;
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void begin_field() {
    if (!row_begins_) text_ += ',';
    row_begins_ = false;
  }

  std::string text_;
  bool row_begins_ = true;
};

}  // namespace lamina::plot
