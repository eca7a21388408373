#include <algorithm>
#include <string>
#include <vector>

#include <lamina/core/printable.hpp>

#include "catch.hpp"

namespace test_printable {

namespace {

using lamina::detail::in_quotes;
using lamina::detail::printable;
using lamina::detail::printable_path;

std::string letter(int code) {
  return {static_cast<char>(code)};
}

TEST_CASE("printable: what can be seen stays as it is") {
  for (int code = 0x20; code < 0x7f; ++code) CHECK(printable(letter(code)) == letter(code));
  const std::string words = "Länge, 高さ, κ², 🙂";
  CHECK(printable(words) == words);
  CHECK(printable("") == "");
}

TEST_CASE("printable: what steers a terminal becomes its bytes in hexadecimal") {
  for (int code = 0; code < 0x20; ++code) {
    const std::string high = code < 16 ? "0" : "1";
    CHECK(printable(letter(code)) == "\\x" + high + "0123456789abcdef"[code % 16]);
  }
  CHECK(printable("a\x7f\x1b[31m") == "a\\x7f\\x1b[31m");
  CHECK(printable("\u009b31m") == "\\xc2\\x9b31m");         // the control sequence introducer of C1
  CHECK(printable("a\u202ecba") == "a\\xe2\\x80\\xaecba");  // from here on from right to left
  CHECK(printable("a\u2028b") == "a\\xe2\\x80\\xa8b");
}

TEST_CASE("printable: bytes that are no UTF-8 become their numbers") {
  for (const char* text : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                           "\xf0\x82\x82\xac", "\xf5\x80\x80\x80", "\xe4\xbd"}) {
    const std::string shown = printable(text);
    CHECK(shown.size() == 4 * std::string(text).size());
    CHECK(std::all_of(shown.begin(), shown.end(), [](char each) { return each > ' '; }));
  }
  CHECK(printable("\xc3z") == "\\xc3z");  // what follows is not swallowed
}

TEST_CASE("printable: a hostile name is a line at most") {
  const std::string cut = printable(std::string(1'000'000, 'a'));
  CHECK(cut == std::string(80, 'a') + "...");
  CHECK(printable(std::string(80, 'a')) == std::string(80, 'a'));
  CHECK(printable(std::string(1'000'000, '\n')).size() <= 83);
  CHECK(printable("äöü", 5) == "äö...");  // no letter is cut apart
}

TEST_CASE("printable: of a long path the beginning and the end are shown") {
  const std::string path = "/home/" + std::string(5000, 'd') + "/data.csv";
  const std::string shown = printable_path(path);
  CHECK(shown.size() < 410);
  CHECK(shown.starts_with("/home/ddd"));
  CHECK(shown.ends_with("ddd/data.csv"));
  CHECK(printable_path("/home/me/\x1b.csv") == "/home/me/\\x1b.csv");
}

TEST_CASE("printable: of many names ten are listed") {
  std::vector<std::string> names(10, "a\nb");
  std::string ten = in_quotes("a\nb");
  for (int i = 1; i < 10; ++i) ten += ", " + in_quotes("a\nb");
  CHECK(in_quotes(names) == ten);
  names.push_back("c");
  CHECK(in_quotes(names) == ten + ", ...");
}

}  // namespace

}  // namespace test_printable
