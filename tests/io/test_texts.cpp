#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <lamina/io/texts.hpp>

#include "catch.hpp"
#include "io/idx_files.hpp"
#include "io/utf8.hpp"

namespace test_texts {

namespace {

using namespace lamina::testing;
using lamina::Label;
using lamina::TextOptions;
using lamina::Texts;
using Strings = std::vector<std::string>;
using Labels = std::vector<Label>;

struct TextTree {
  TemporaryDirectory directory;

  std::filesystem::path put(const std::string& name, const std::string& text,
                            bool packed = false) const {
    const std::filesystem::path path = directory / name;
    std::filesystem::create_directories(path.parent_path());
    const Bytes bytes(text.begin(), text.end());
    write_file(path, packed ? gzip(bytes) : bytes);
    return path;
  }
  Texts one(const std::string& text, const TextOptions& options = {}) const {
    return lamina::read_text(put("one", text), options);
  }
  std::string error(const std::string& text, const TextOptions& options = {}) const {
    return error_of([&] { (void)one(text, options); });
  }
  Texts read(const TextOptions& options = {}) const {
    return lamina::read_text(directory.path(), options);
  }
  std::string directory_error(const TextOptions& options = {}) const {
    return error_of([&] { (void)read(options); });
  }
};

TEST_CASE("texts: a line is a text, blank ones are none") {
  const TextTree tree;
  const Texts found = tree.one("\xef\xbb\xbfone two\r\n\n \t\n thr\xc3\xa9\x65 \nlast");
  CHECK(found.texts == Strings{"one two", " thr\xc3\xa9\x65 ", "last"});
  CHECK(found.labels.empty());
  CHECK(found.class_names.empty());
  CHECK(lamina::read_text(tree.put("packed", "a\nb\n", true)).texts == Strings{"a", "b"});
  // Lines over the ends of the pieces in which a file is read.
  const std::string word(50'000, 'x');
  CHECK(tree.one(word + "\n" + word + "\r\n" + word).texts == Strings{word, word, word});
  CHECK(tree.one("a\nb\r\n", {.document = TextOptions::Document::File}).texts ==
        Strings{"a\nb\r\n"});
}

TEST_CASE("texts: classes are files, or folders") {
  const TextTree tree;
  tree.put("people.txt", "a\nb\n");
  tree.put("animals.txt.gz", "c\n", true);
  tree.put(".hidden", "d\n");
  Texts found = tree.read();
  CHECK(found.class_names == Strings{"animals", "people"});
  CHECK(found.texts == Strings{"c", "a", "b"});
  CHECK(found.labels == Labels{0, 1, 1});
  CHECK(tree.read({.classes = {"people", "plants", "animals"}}).labels == Labels{2, 0, 0});
  CHECK(has(tree.directory_error({.classes = {"people"}}), "animals.txt.gz", "found \"animals\""));
  CHECK(tree.read({.labels = false}).labels.empty());

  tree.put("pos/1.txt", "first\nline\n");
  tree.put("neg/old/2", "second");
  found = tree.read({.document = TextOptions::Document::File});
  CHECK(found.class_names == Strings{"neg", "pos"});
  CHECK(found.texts == Strings{"second", "first\nline\n"});
  CHECK(found.labels == Labels{0, 1});
  CHECK(tree.read().texts == Strings{"second", "first", "line"});
  CHECK(tree.read({.labels = false}).size() == 6);
  Strings seen;
  const auto callback = [&](const lamina::ReadProgress& at) {
    seen.push_back(std::to_string(at.done) + at.file.filename().string());
  };
  (void)tree.read({.progress = callback});
  CHECK(seen == Strings{"02", "11.txt", "2"});
}

TEST_CASE("texts: columns of a table") {
  const TextTree tree;
  const std::string table = "id,review,stars\n1,\"good, \"\"very\"\"\nindeed\",5\n2,bad,1\n3,,5\n";
  Texts found = tree.one(table, {.column = "review", .target = "stars"});
  CHECK(found.texts == Strings{"good, \"very\"\nindeed", "bad", ""});
  CHECK(found.class_names == Strings{"1", "5"});
  CHECK(found.labels == Labels{1, 0, 1});
  CHECK(tree.one(table, {.column = "review"}).labels.empty());
  found = tree.one("spam\tbuy\nham\thello\n",
                   {.column = "#2", .target = "#1", .delimiter = '\t', .classes = {"spam", "ham"}});
  CHECK(found.texts == Strings{"buy", "hello"});
  CHECK(found.labels == Labels{0, 1});
  CHECK(has(tree.error(table, {.column = "text"}), "one:1: ", "a column \"text\"", "\"review\""));
  CHECK(has(tree.error(table, {.column = "review", .target = "review"}), "one:1: ", "twice"));
  CHECK(has(tree.error("a,b\nx,y\nz\n", {.column = "a"}), "one:3: expected 2 columns, found 1"));
  CHECK(has(tree.error("a,b\n", {.column = "a"}), "a header alone"));
  CHECK(has(tree.error("a,b\nx,y\n\"m\nn\xe9\",z\n", {.column = "a"}), "one:4: expected UTF-8"));
  CHECK(has(tree.error("a,b\nx,\xe9\n", {.column = "a", .target = "b"}), "one:2: expected UTF-8"));
}

TEST_CASE("texts: the target column as a whole shows a header that two rows do not") {
  const TextTree tree;
  const TextOptions options{.column = "#2", .target = "#1", .delimiter = '\t'};
  const std::string rows = "spam\tbuy\nham\thi\nspam\tx\nham\ty\n";
  CHECK(has(tree.error("label\ttext\n" + rows, options), "one:1: ", "found \"label\" here alone"));
  CHECK(tree.one(rows, options).size() == 4);
  const Texts found = tree.one("0\t1\n" + rows, options);
  CHECK(found.texts == Strings{"buy", "hi", "x", "y"});
  CHECK(found.class_names == Strings{"ham", "spam"});
  CHECK(found.labels == Labels{1, 0, 1, 0});
}

TEST_CASE("texts: no UTF-8 is refused where it stands") {
  const TextTree tree;
  CHECK(has(tree.error("a\n\ncaf\xe9 \n"), "one:3: expected UTF-8", "0xe9 as byte 4 of the line"));
  CHECK(has(tree.error("ab\ncaf\xe9", {.document = TextOptions::Document::File}),
            "one:2: expected UTF-8", "0xe9 as byte 4"));
  CHECK(has(tree.error("\xff\xfe" + std::string("a\0", 2)), "one:1: ", "0xff as byte 1"));
  CHECK(has(tree.error(std::string("a\0b\0", 4)), "0x00 as byte 2"));
}

// Surrogates, and what is beyond the last character, encode to bytes that are none.
TEST_CASE("texts: UTF-8 is what characters encode to") {
  const auto encoded = [](std::uint32_t code) {
    std::string text;
    const auto tail = [&](unsigned shift) {
      text += static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
    };
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xc0U | (code >> 6U));
      tail(0);
    } else if (code < 0x10000) {
      text += static_cast<char>(0xe0U | (code >> 12U));
      tail(6);
      tail(0);
    } else {
      text += static_cast<char>(0xf0U | (code >> 18U));
      tail(12);
      tail(6);
      tail(0);
    }
    return text;
  };
  bool right = true;
  std::size_t characters = 0;
  for (std::uint32_t code = 1; code < 0x200000; ++code) {
    const std::string text = encoded(code);
    const bool expected = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    right = right && (lamina::io::find_no_utf8(text) == text.size()) == expected;
    if (expected && text.size() > 1) {
      right = right && lamina::io::find_no_utf8(text.substr(0, text.size() - 1)) == 0;
    }
    characters += expected ? 1 : 0;
  }
  CHECK(right);
  CHECK(characters == 0x110000 - 0x800 - 1);
  for (const char* overlong :
       {"\xc0\x81", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\x80"}) {
    CHECK(lamina::io::find_no_utf8(overlong) == 0);
  }
}

TEST_CASE("texts: what cannot be read says why") {
  const TextTree tree;
  CHECK(has(tree.error(""), "one: expected lines of text, found none"));
  for (const char* text : {"", "\xef\xbb\xbf"}) {
    CHECK(has(tree.error(text, {.document = TextOptions::Document::File}),
              "one: expected a text, found none"));
  }
  CHECK(has(error_of([&] { (void)lamina::read_text(tree.directory / "no"); }), "nothing there"));
  const std::uint64_t each = sizeof(std::string);
  CHECK(tree.one("ab\ncd\n", {.max_bytes = 2 * each + 4}).size() == 2);
  CHECK(has(tree.error("ab\ncd\n", {.max_bytes = 2 * each + 3}), "one:2: ", "max_bytes"));
  CHECK(has(tree.error("abcd", {.document = TextOptions::Document::File, .max_bytes = each}),
            "one:1: ", "max_bytes"));
  CHECK(has(tree.error("a", {.classes = {"a"}}), "classes with labels", "a file without"));
  CHECK(has(tree.error("a", {.target = "a"}), "a target with a column"));
  CHECK(has(tree.error("a", {.document = TextOptions::Document::File, .column = "a"}), "both"));
  CHECK(has(tree.error("a", {.column = "a", .classes = {"a"}}), "classes with a target"));
  CHECK(has(tree.error("a", {.column = "a", .delimiter = '"'}), "a delimiter"));
  std::filesystem::create_directories(tree.directory / "empty/folder");
  CHECK(has(tree.directory_error(), "empty: expected files of text, found none"));
}

}  // namespace

}  // namespace test_texts
