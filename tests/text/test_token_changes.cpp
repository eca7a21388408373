#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <lamina/text/changes.hpp>

#include "catch.hpp"
#include "errors.hpp"

namespace test_token_changes {

namespace {

using namespace lamina;
using namespace lamina::testing;
using Row = std::vector<float>;

constexpr Label words_begin = 5;

// 5 special tokens, 0 to 4, then a word for each number up to `size`.
Vocabulary numbered(int size) {
  std::vector<std::string> tokens{"[PAD]", "[UNK]", "[MASK]", "[CLS]", "[SEP]"};
  for (int i = words_begin; i < size; ++i) tokens.push_back("w" + std::to_string(i));
  return Vocabulary{tokens, {.begin = "[CLS]", .end = "[SEP]"}};
}

const Vocabulary& words() {
  static const Vocabulary made = numbered(30);
  return made;
}

// w5 and w6 stand for w20 and w21.
TokenSynonyms pairs() {
  Synonyms table;
  table.add("w5", "w20");
  table.add("w6", "w21");
  table.add("w6", "w22");
  return {table, words()};
}

const Row sentence{3, 5, 6, 7, 8, 1, 9, 10, 4, 0, 0, 0};

Row without(Row row, float value) {
  std::erase(row, value);
  return row;
}

Row specials_of(const Row& row) {
  Row found;
  std::ranges::copy_if(row, std::back_inserter(found), [](float x) { return x > 0 && x < 5; });
  return found;
}

template <class Change>
void check_laws(const Change& change) {
  std::set<Row> seen;
  for (std::size_t i = 0; i < 200; ++i) {
    Row row = sentence;
    Row again = sentence;
    Draws draws{7, 3, i};
    Draws same{7, 3, i};
    change(row, draws);
    change(again, same);
    CHECK(row == again);
    CHECK(row.size() == sentence.size());
    CHECK(specials_of(row) == specials_of(sentence));
    CHECK(row.front() == 3);
    CHECK(std::ranges::is_sorted(row, {}, [](float x) { return x == 0; }));  // padding last
    seen.insert(row);
  }
  CHECK(seen.size() > 1);
}

}  // namespace

TEST_CASE("masking: labels are the old tokens of chosen places, special ones stay", "[text]") {
  for (std::size_t i = 0; i < 200; ++i) {
    Row row = sentence;
    std::vector<Label> labels(row.size(), 0);
    Draws draws{1, 0, i};
    mask_tokens(row, labels, {.share = 0.5}, words(), draws);
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (sentence[at] < words_begin) CHECK(labels[at] == -100);
      if (labels[at] == -100) {
        CHECK(row[at] == sentence[at]);
      } else {
        CHECK(static_cast<float>(labels[at]) == sentence[at]);
      }
    }
  }
}

TEST_CASE("masking: 15 %, of these 80, 10 and 10 %", "[text]") {
  const Vocabulary many = numbered(1000);
  const std::size_t rows = 400;
  const std::size_t length = 500;
  double masked = 0;
  double other = 0;
  double kept = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    Row row(length, 77.0f);
    std::vector<Label> labels(length);
    Draws draws{5, 2, i};
    mask_tokens(row, labels, {}, many, draws);
    for (std::size_t at = 0; at < length; ++at) {
      if (labels[at] == -100) continue;
      // A token at random is the old one or the mask once in a thousand times each.
      (row[at] == 2.0f ? masked : row[at] == 77.0f ? kept : other) += 1;
    }
  }
  const double all = masked + other + kept;
  const auto near = [](double found, double tries, double p) {
    return std::abs(found - tries * p) < 4 * std::sqrt(tries * p * (1 - p));
  };
  CHECK(near(all, rows * length, 0.15));
  CHECK(near(masked, all, 0.8 + 0.1 / 1000));
  CHECK(near(kept, all, 0.1 + 0.1 / 1000));
  CHECK(near(other, all, 0.1 * 998 / 1000));
}

TEST_CASE("masking refuses what does not fit", "[text]") {
  Row row(3);
  std::vector<Label> labels(2);
  Draws draws{1, 0, 0};
  CHECK(has(error_of([&] { mask_tokens(row, labels, {}, words(), draws); }), "3", "2"));
  labels.resize(3);
  CHECK(has(error_of([&] { mask_tokens(row, labels, {.share = 2}, words(), draws); }), "[0, 1]"));
  const Vocabulary bare{{"p", "u"}, {"p", "u", "", "", ""}};
  CHECK(has(error_of([&] { mask_tokens(row, labels, {}, bare, draws); }), "mask token"));
}

TEST_CASE("deletion leaves words in their order, and never none", "[text]") {
  check_laws([](Row& row, Draws& draws) { delete_tokens(row, 0.3, words(), draws); });
  for (std::size_t i = 0; i < 100; ++i) {
    Row row = sentence;
    Draws draws{1, 0, i};
    delete_tokens(row, 1, words(), draws);
    CHECK(without(row, 0).size() == 4);  // begin, unknown, end and a word
  }
  Row left{0, 0, 5, 6, 7, 8};
  Draws draws{1, 0, 0};
  delete_tokens(left, 0.9, words(), draws);
  CHECK(left.front() == 0);
  CHECK(left.back() >= words_begin);
}

TEST_CASE("swaps keep the words", "[text]") {
  check_laws([](Row& row, Draws& draws) { swap_tokens(row, 0.1, words(), draws); });
  for (std::size_t i = 0; i < 100; ++i) {
    Row row = sentence;
    Draws draws{1, 0, i};
    swap_tokens(row, 0.1, words(), draws);
    CHECK(row != sentence);  // one swap, of two places
    CHECK(std::ranges::is_permutation(row, sentence));
  }
}

TEST_CASE("insertion adds synonyms alone, where there is room", "[text]") {
  const TokenSynonyms synonyms = pairs();
  check_laws([&](Row& row, Draws& draws) { insert_tokens(row, 0.3, synonyms, words(), draws); });
  for (std::size_t i = 0; i < 100; ++i) {
    Row row = sentence;
    Draws draws{1, 0, i};
    insert_tokens(row, 1, synonyms, words(), draws);
    CHECK(std::ranges::count(row, 0.0f) == 0);  // 6 were to come, 3 had room
    std::erase_if(row, [](float x) { return x >= 20; });
    CHECK(row == without(sentence, 0));
  }
}

TEST_CASE("words become their synonyms, others stay", "[text]") {
  const TokenSynonyms synonyms = pairs();
  check_laws([&](Row& row, Draws& draws) { replace_tokens(row, 0.3, synonyms, words(), draws); });
  Row row = sentence;
  Draws draws{1, 0, 0};
  replace_tokens(row, 1, synonyms, words(), draws);
  CHECK(row[1] == 20);
  CHECK((row[2] == 21 || row[2] == 22));
  std::copy_n(sentence.begin() + 1, 2, row.begin() + 1);
  CHECK(row == sentence);
}

}  // namespace test_token_changes
