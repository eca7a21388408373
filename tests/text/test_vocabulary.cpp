#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <lamina/text/encode.hpp>
#include <lamina/text/vocabulary.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/idx_files.hpp"

namespace test_vocabulary {

namespace {

using namespace lamina;
using namespace lamina::testing;
using Strings = std::vector<std::string>;

const Strings corpus{"the cat saw the dog", "the dog saw a bird", "A bird!"};

std::filesystem::path put(const TemporaryDirectory& directory, const std::string& bytes) {
  const auto path = directory / "tokens.txt";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace

TEST_CASE("words are those of Hugging Face's tokenizers", "[text]") {
  std::ifstream file{std::string(LAMINA_TEST_DIRECTORY) + "/golden/tokens.tsv"};
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    std::istringstream fields{line};
    std::string name;
    std::string text;
    std::getline(fields, name, '\t');
    std::getline(fields, text, '\t');
    Strings expected;
    for (std::string token; std::getline(fields, token, '\t');) expected.push_back(token);
    INFO(line);
    CHECK(split(text, {.lower_case = name == "lower"}) == expected);
  }
  CHECK(lines == 30);
}

TEST_CASE("characters are code points, and marks may be dropped", "[text]") {
  CHECK(split("aé\n🙂", {.unit = SplitOptions::Unit::Character}) == Strings{"a", "é", " ", "🙂"});
  CHECK(split("Oh, no!", {.punctuation = SplitOptions::Punctuation::Drop}) == Strings{"oh", "no"});
  CHECK(has(error_of([] { static_cast<void>(split("a\xff")); }), "UTF-8", "2"));
}

TEST_CASE("a vocabulary is in order of counts, then of texts", "[text]") {
  const Vocabulary all = Vocabulary::from(corpus);
  CHECK(all.tokens() ==
        Strings{"[PAD]", "[UNK]", "[MASK]", "the", "a", "bird", "dog", "saw", "!", "cat"});
  CHECK(all.number("dog") == 6);
  CHECK(all.token(6) == "dog");
  CHECK(all.number("unheard") == all.unknown());
  CHECK(Vocabulary::from(corpus, {.min_count = 2}).size() == 8);
  CHECK(Vocabulary::from(corpus, {.max_size = 5}).tokens() ==
        Strings{"[PAD]", "[UNK]", "[MASK]", "the", "a"});
  CHECK(has(error_of([&] { static_cast<void>(all.token(10)); }), "[0, 10)", "10"));
}

TEST_CASE("a vocabulary comes back from its file", "[text]") {
  const TemporaryDirectory directory;
  const SpecialTokens special{.begin = "[CLS]", .end = "[SEP]"};
  const Vocabulary words = Vocabulary::from(corpus, {.special = special});
  save(words, directory / "words.txt");
  CHECK(load_vocabulary(directory / "words.txt", special) == words);
  CHECK_FALSE(load_vocabulary(directory / "words.txt") == words);
}

TEST_CASE("a damaged vocabulary is an error of its line", "[text]") {
  const TemporaryDirectory directory;
  const auto message = [&](const std::string& bytes) {
    const auto path = put(directory, bytes);
    return error_of([&] { static_cast<void>(load_vocabulary(path)); });
  };
  const std::string good = "[PAD]\n[UNK]\n[MASK]\n";
  CHECK(has(message(good + "a\nb\na\n"), "tokens.txt:6: ", "line 4"));
  CHECK(has(message(good + "a\n\nb\n"), "tokens.txt:5: ", "found none"));
  CHECK(has(message(good + "\xff\n"), "tokens.txt:4: ", "UTF-8"));
  CHECK(has(message(good + "a\tb\n"), "tokens.txt:4: ", "control"));
  CHECK(has(message("[PAD]\na\n"), "tokens.txt: ", "unknown"));
  CHECK(has(message(""), "tokens.txt: ", "padding"));
}

TEST_CASE("what was encoded is decoded", "[text]") {
  const Vocabulary words = Vocabulary::from(corpus);
  CHECK(decode(encode("the cat saw a dog", words), words) == "the cat saw a dog");
  CHECK(decode(encode("the cow", words, {.length = 2}), words) == "the [UNK]");
  const SplitOptions characters{.unit = SplitOptions::Unit::Character, .lower_case = false};
  const Vocabulary letters = Vocabulary::from(corpus, {.split = characters});
  CHECK(decode(encode("A bird!", letters, {.split = characters}), letters, "") == "A bird!");
}

TEST_CASE("rows have their length: cut, padded, between begin and end", "[text]") {
  using Side = EncodeOptions::Side;
  using Row = std::vector<float>;
  const Vocabulary plain{{"p", "u", "a", "b", "c"}, {"p", "u", "", "", ""}};
  CHECK(encode("a b", plain, {.length = 4}) == Row{2, 3, 0, 0});
  CHECK(encode("a b", plain, {.length = 4, .padding = Side::Left}) == Row{0, 0, 2, 3});
  CHECK(encode("a b c", plain, {.length = 2}) == Row{2, 3});
  CHECK(encode("a b c", plain, {.length = 2, .truncation = Side::Left}) == Row{3, 4});
  const Vocabulary around{{"p", "u", "a", "b", "<", ">"}, {"p", "u", "", "<", ">"}};
  CHECK(encode("a b a", around, {.length = 4}) == Row{4, 2, 3, 5});
  CHECK(has(error_of([&] { static_cast<void>(encode("a", around, {.length = 2})); }), "3", "2"));
}

TEST_CASE("encoded texts keep labels and class names, or ask for their tokens", "[text]") {
  const Vocabulary words = Vocabulary::from(corpus);
  const Texts texts{.texts = corpus, .labels = {1, 0, 1}, .class_names = {"no", "yes"}};
  const Dataset data = encode(texts, words, {.length = 6});
  CHECK(data.shape() == Shape{1, 1, 6});
  CHECK(std::vector<Label>(data.labels().begin(), data.labels().end()) == texts.labels);
  CHECK(data.class_names() == texts.class_names);
  const Dataset tokens =
      encode(texts, words, {.length = 6, .targets = EncodeOptions::Targets::Tokens});
  CHECK(tokens.label_shape() == Shape{1, 1, 6});
  for (std::size_t i = 0; i < tokens.labels().size(); ++i) {
    CHECK(static_cast<float>(tokens.labels()[i]) == tokens.inputs()[i]);
  }
}

}  // namespace test_vocabulary
