#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <lamina/text/synonyms.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/idx_files.hpp"

namespace test_synonyms {

namespace {

using namespace lamina;
using namespace lamina::testing;
using Strings = std::vector<std::string>;

std::filesystem::path put(const TemporaryDirectory& directory, const std::string& bytes) {
  const auto path = directory / "table";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

Strings of(const Synonyms& table, const std::string& word) {
  const auto found = table.of(word);
  return {found.begin(), found.end()};
}

const std::string wordnet =
    "  1 A licence.\n"
    "00001740 03 n 03 quick_one 0 Fast 1 rapid 0 001 @ 00001000 n 0000 | what is quick\n"
    "00001800 00 s 02 quick(p) 0 speedy 0 000 | of speed\n"
    "00001900 00 n 01 alone 0 000 | no other\n";

const std::string thesaurus =
    "UTF-8\nquick|2\n(adj)|fast|speedy (similar term)|slow (antonym)\n"
    "(noun)|flesh (generic term)|rapid\nkeen|1\n(adj)|sharp\n";

}  // namespace

TEST_CASE("sets of WordNet are synonyms of each other", "[text]") {
  const TemporaryDirectory directory;
  const Synonyms table = read_wordnet(put(directory, wordnet));
  CHECK(of(table, "fast") == Strings{"quick one", "rapid"});
  CHECK(of(table, "Quick") == Strings{"speedy"});
  CHECK(of(table, "alone").empty());
  CHECK(table.size() == 5);
}

TEST_CASE("a damaged file of WordNet is an error of its line", "[text]") {
  const TemporaryDirectory directory;
  const auto message = [&](const std::string& line) {
    const auto path = put(directory, "  1 A licence.\n" + line);
    return error_of([&] { static_cast<void>(read_wordnet(path)); });
  };
  CHECK(has(message("x 03 n 01 a 0 000 | b\n"), "table:2: ", "offset", "x"));
  CHECK(has(message("00000001 03 q 01 a 0 000 | b\n"), "table:2: ", "type", "q"));
  CHECK(has(message("00000001 03 n 02 a 0\n"), "table:2: ", "a word", "none"));
  CHECK(has(message("00000001 03 n ffff a 0 000\n"), "table:2: ", "255"));
  CHECK(has(message("00000001 03 n 01 \xff 0 000\n"), "table:2: ", "UTF-8"));
  CHECK(has(message(""), "table:1: ", "none"));
}

TEST_CASE("a thesaurus gives synonyms, not antonyms and generic terms", "[text]") {
  const TemporaryDirectory directory;
  const Synonyms table = read_thesaurus(put(directory, thesaurus));
  CHECK(of(table, "quick") == Strings{"fast", "speedy", "rapid"});
  CHECK(of(table, "keen") == Strings{"sharp"});
  CHECK(table.size() == 2);
}

TEST_CASE("a damaged thesaurus is an error of its line", "[text]") {
  const TemporaryDirectory directory;
  const auto message = [&](const std::string& bytes) {
    const auto path = put(directory, bytes);
    return error_of([&] { static_cast<void>(read_thesaurus(path)); });
  };
  CHECK(has(message("KOI8-R\na|1\n(x)|b\n"), "table:1: ", "KOI8-R"));
  CHECK(has(message("UTF-8\na\n"), "table:2: ", "one field"));
  CHECK(has(message("UTF-8\na|0\n"), "table:2: ", "count"));
  CHECK(has(message("UTF-8\na|99999999999999999999\n"), "table:2: ", "count"));
  CHECK(has(message("UTF-8\na|2\n(x)|b\n"), "table:4: ", "1 meanings more"));
  CHECK(has(message("UTF-8\na|1\n(x)|\xff\n"), "table:3: ", "UTF-8"));
  CHECK(has(message(""), "table:1: ", "found the end"));
}

TEST_CASE("synonyms in a text keep a capital letter and what is between", "[text]") {
  Synonyms table;
  table.add("quick", "fast");
  table.add("über", "élan");
  table.add("the", "a");
  Draws draws{1, 0, 0};
  const auto all = [&](const std::string& text) {
    return replace_synonyms(text, table, 1, draws, {"the"});
  };
  CHECK(all("The  Quick, quick\nfox") == "The  Fast, fast\nfox");
  CHECK(all("Über") == "Élan");
  CHECK(replace_synonyms("quick", table, 0, draws) == "quick");
  CHECK(
      has(error_of([&] { static_cast<void>(replace_synonyms("a", table, 2, draws)); }), "[0, 1]"));
}

TEST_CASE("synonyms by number are single words of the vocabulary", "[text]") {
  Synonyms table;
  for (const char* other : {"fast", "very fast", "unheard"}) table.add("quick", other);
  table.add("fast", "quick");
  const Vocabulary words{{"[PAD]", "[UNK]", "[MASK]", "quick", "fast"}};
  const TokenSynonyms numbers{table, words, {"fast"}};
  CHECK(std::ranges::equal(numbers.of(3), std::vector<Label>{4}));
  CHECK(numbers.of(4).empty());  // a stop word
  CHECK(numbers.of(-1).empty());
  CHECK(numbers.of(5).empty());
}

}  // namespace test_synonyms
