#include "io/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <lamina/core/error.hpp>

namespace lamina::io {

namespace {

// The little of Python's grammar that numpy writes in headers.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  NpyHeader read() {
    expect('{');
    while (!take('}')) {
      entry();
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (at_ != text_.size()) fail("the end of the header");
    for (const bool found : {has_type_, has_order_, has_shape_}) {
      if (!found) fail("entries 'descr', 'fortran_order' and 'shape'");
    }
    return header_;
  }

 private:
  void entry() {
    skip_space();
    const std::size_t begin = at_;
    const std::string_view key = string();
    bool& known = key == "descr"           ? has_type_
                  : key == "fortran_order" ? has_order_
                  : key == "shape"         ? has_shape_
                                           : unknown_;
    if (known || &known == &unknown_) {
      at_ = begin;
      fail("'descr', 'fortran_order' and 'shape' once each");
    }
    known = true;
    expect(':');
    if (key == "descr") type();
    if (key == "fortran_order") header_.fortran_order = boolean();
    if (key == "shape") shape();
  }

  void type() {
    skip_space();
    const std::size_t begin = at_;
    const std::string_view name = next_is('\'') || next_is('"') ? string() : std::string_view{};
    constexpr std::string_view known[] = {"f2", "f4", "f8", "i1", "i2", "i4",
                                          "i8", "u1", "u2", "u4", "u8", "b1"};
    if (name.size() != 3 || std::string_view("<>|=").find(name[0]) == std::string_view::npos ||
        std::ranges::find(known, name.substr(1)) == std::end(known)) {
      at_ = begin;
      fail("a type of f2, f4, f8, i1 to i8, u1 to u8 or b1");
    }
    header_.big_endian = name[0] == '>';
    header_.kind = name[1];
    header_.size = static_cast<std::size_t>(name[2] - '0');
  }

  bool boolean() {
    skip_space();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    }
    fail("True or False");
  }

  void shape() {
    constexpr std::size_t most_axes = 64;  // as numpy's
    expect('(');
    while (!take(')')) {
      if (header_.shape.size() == most_axes) fail("at most 64 axes");
      header_.shape.push_back(extent());
      if (take(',')) continue;
      expect(')');
      break;
    }
  }

  std::int64_t extent() {
    skip_space();
    std::int64_t number = -1;
    const char* const end = text_.data() + text_.size();
    const auto [stop, code] = std::from_chars(text_.data() + at_, end, number);
    if (code != std::errc{} || number < 0) fail("an extent of 0 and more within 63 bits");
    at_ = static_cast<std::size_t>(stop - text_.data());
    return number;
  }

  std::string_view string() {
    skip_space();
    const char quote = next_is('"') ? '"' : '\'';
    expect(quote);
    const std::size_t begin = at_;
    const std::size_t end = text_.find(quote, begin);
    if (end == std::string_view::npos) fail("a text with its closing quote");
    at_ = end + 1;
    return text_.substr(begin, end - begin);
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  bool next_is(char letter) const { return at_ < text_.size() && text_[at_] == letter; }

  bool take(char letter) {
    skip_space();
    const bool there = next_is(letter);
    at_ += there ? 1 : 0;
    return there;
  }

  void expect(char letter) {
    if (!take(letter)) fail(std::string("'") + letter + "'");
  }

  [[noreturn]] void fail(const std::string& expected) const {
    constexpr std::size_t shown = 20;
    std::string found;
    for (const char letter : text_.substr(at_, shown)) {
      found += letter < ' ' || letter > '~' ? '?' : letter;
    }
    throw Error(std::string("expected ") + expected + " at position " + std::to_string(at_) +
                " of the NPY header, found " + (found.empty() ? "its end" : "\"" + found + "\""));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  NpyHeader header_;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
  bool unknown_ = false;
};

}  // namespace

std::uint64_t NpyHeader::count() const {
  // An extent of 0 makes the product 0, but the others must still be within reason.
  const std::uint64_t most = std::numeric_limits<std::int64_t>::max() / size;
  std::uint64_t product = 1;
  bool empty = false;
  for (const std::int64_t extent : shape) {
    const auto factor = static_cast<std::uint64_t>(extent);
    empty = empty || factor == 0;
    if (factor == 0) continue;
    if (factor > most / product) {
      throw Error(std::string("expected at most 2^63 - 1 bytes of values, found the shape ") +
                  text(shape));
    }
    product *= factor;
  }
  return empty ? 0 : product;
}

NpyHeader parse_npy_header(std::string_view text) {
  return Reader{text}.read();
}

std::string text(const std::vector<std::int64_t>& shape) {
  std::string joined = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    joined += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  }
  return joined + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace lamina::io
