#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <lamina/data/split.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "errors.hpp"

namespace test_split {

namespace {

using lamina::Dataset;
using lamina::k_fold;
using lamina::Label;
using lamina::Seed;
using lamina::Split;
using lamina::split;
using lamina::stratified_k_fold;
using lamina::stratified_split;
using lamina::testing::copy;
using lamina::testing::count_of;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::numbered;
using lamina::testing::numbered_targets;
using lamina::testing::sorted_rows;

using Labels = std::vector<Label>;

std::vector<float> all_rows(std::size_t size) {
  std::vector<float> rows(size);
  std::iota(rows.begin(), rows.end(), 0.0F);
  return rows;
}

// Classes of these sizes, mixed, and with labels that are far apart.
Dataset classes_of(const std::vector<std::size_t>& sizes) {
  Labels labels;
  for (std::size_t turn = 0; turn < 1000; ++turn) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (turn < sizes[i]) labels.push_back(static_cast<Label>(i * 7));
    }
  }
  return numbered(labels);
}

// Every sample is in one part alone, and still what it was.
void check_parts(const Split& parts, const Dataset& data) {
  CHECK(sorted_rows(parts.train, parts.test) == all_rows(data.size()));
  for (const Dataset* part : {&parts.train, &parts.test}) {
    bool same = true;
    for (std::size_t i = 0; i < part->size(); ++i) {
      const auto row = static_cast<std::size_t>(part->inputs()[i]);
      same = same && (data.has_labels() ? part->labels()[i] == data.labels()[row]
                                        : part->targets()[i] == data.targets()[row]);
    }
    CHECK(same);
  }
}

TEST_CASE("split: the parts are disjoint, cover all and have their share") {
  for (const std::size_t size : {2u, 3u, 10u, 101u}) {
    for (const double share : {0.26, 0.5, 0.74}) {
      INFO(size << " samples, share " << share);
      const Dataset data = numbered_targets(size);
      const Split parts = split(data, share, Seed{3});
      check_parts(parts, data);
      const double off = static_cast<double>(parts.test.size()) - share * static_cast<double>(size);
      CHECK(std::abs(off) <= 0.5);
    }
  }
  const Dataset labelled = classes_of({5, 9});
  check_parts(split(labelled, 0.3), labelled);
}

TEST_CASE("split: the order is the seed's") {
  const Dataset data = numbered_targets(100);
  const Split first = split(data, 0.25, Seed{1});
  CHECK(copy(first.train.inputs()) == copy(split(data, 0.25, Seed{1}).train.inputs()));
  CHECK(copy(first.test.inputs()) == copy(split(data, 0.25, Seed{1}).test.inputs()));
  CHECK(sorted_rows(first.test) != sorted_rows(split(data, 0.25, Seed{2}).test));
  CHECK(sorted_rows(first.test) != copy(first.test.inputs()));
}

TEST_CASE("split: every sample is as likely as any other to be in the test") {
  const Dataset data = numbered_targets(20);
  std::vector<int> times(20);
  constexpr int seeds = 2000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Split parts = split(data, 0.25, Seed{seed});
    for (const float row : parts.test.inputs()) {
      ++times[static_cast<std::size_t>(row)];
    }
  }
  // Binomial: a mean of 500 and a deviation of 19.4; five of them.
  for (const int time : times) CHECK(std::abs(time - 500) < 97);
}

TEST_CASE("stratified_split: every class keeps its share to within one sample") {
  const std::vector<std::vector<std::size_t>> cases{
      {4, 4}, {5, 5, 5, 5, 5, 5, 5}, {100, 10, 2}, {17, 31, 5, 64}, {9, 9, 9}, {50}};
  for (const auto& sizes : cases) {
    const Dataset data = classes_of(sizes);
    for (const double share : {0.26, 1.0 / 3, 0.5, 0.7}) {
      for (const std::uint64_t seed : {1u, 2u}) {
        INFO(data.size() << " samples of " << sizes.size() << " classes, share " << share);
        const Split parts = stratified_split(data, share, Seed{seed});
        check_parts(parts, data);
        CHECK(parts.test.size() == split(data, share).test.size());
        for (std::size_t i = 0; i < sizes.size(); ++i) {
          const auto found = count_of(parts.test, static_cast<Label>(i * 7));
          const double exact = share * static_cast<double>(sizes[i]);
          CHECK(std::abs(static_cast<double>(found) - exact) < 1);
        }
      }
    }
  }
}

TEST_CASE("stratified_split: the order is the seed's, and classes are mixed in it") {
  const Dataset data = classes_of({60, 40});
  const Split first = stratified_split(data, 0.3, Seed{1});
  CHECK(copy(first.test.inputs()) == copy(stratified_split(data, 0.3, Seed{1}).test.inputs()));
  CHECK(sorted_rows(first.test) != sorted_rows(stratified_split(data, 0.3, Seed{2}).test));
  CHECK_FALSE(std::is_sorted(first.train.labels().begin(), first.train.labels().end()));
}

TEST_CASE("stratified_split: the test is not in the order of the file") {
  const Split parts = stratified_split(numbered(Labels(60, 0)), 0.5);
  CHECK(sorted_rows(parts.test) != copy(parts.test.inputs()));
}

// What the folds of both functions have in common.
void check_folds(const std::vector<Split>& splits, const Dataset& data, std::size_t folds) {
  REQUIRE(splits.size() == folds);
  std::vector<float> tested;
  for (const Split& parts : splits) {
    check_parts(parts, data);
    CHECK(parts.test.size() >= data.size() / folds);
    CHECK(parts.test.size() <= (data.size() + folds - 1) / folds);
    tested.insert(tested.end(), parts.test.inputs().begin(), parts.test.inputs().end());
  }
  std::sort(tested.begin(), tested.end());
  CHECK(tested == all_rows(data.size()));
}

TEST_CASE("k_fold: every sample is tested on once, and folds differ by one sample at most") {
  for (const std::size_t size : {5u, 7u, 23u, 100u}) {
    for (const int folds : {2, 3, 5}) {
      INFO(size << " samples, " << folds << " folds");
      const Dataset data = numbered_targets(size);
      check_folds(k_fold(data, folds, Seed{4}), data, static_cast<std::size_t>(folds));
    }
  }
}

TEST_CASE("stratified_k_fold: so is it, and every class is dealt evenly") {
  for (const auto& sizes : std::vector<std::vector<std::size_t>>{{5, 5}, {7, 23, 6, 9}, {50, 5}}) {
    for (const int folds : {2, 3, 5}) {
      const Dataset data = classes_of(sizes);
      INFO(data.size() << " samples, " << folds << " folds");
      const auto count = static_cast<std::size_t>(folds);
      const std::vector<Split> splits = stratified_k_fold(data, folds, Seed{4});
      check_folds(splits, data, count);
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        for (const Split& parts : splits) {
          const auto found = count_of(parts.test, static_cast<Label>(i * 7));
          CHECK(found >= sizes[i] / count);
          CHECK(found <= (sizes[i] + count - 1) / count);
        }
      }
    }
  }
}

TEST_CASE("k_fold: folds are the seed's") {
  const Dataset data = classes_of({20, 30});
  for (const auto& folds : {&k_fold, &stratified_k_fold}) {
    const std::vector<float> first = sorted_rows(folds(data, 5, Seed{1})[0].test);
    CHECK(first == sorted_rows(folds(data, 5, Seed{1})[0].test));
    CHECK(first != sorted_rows(folds(data, 5, Seed{2})[0].test));
  }
}

TEST_CASE("k_fold: neither part of a fold is in the order of the file") {
  const Dataset data = numbered(Labels(60, 0));
  for (const auto& folds : {&k_fold, &stratified_k_fold}) {
    const Split first = folds(data, 3, Seed{})[0];
    CHECK(sorted_rows(first.train) != copy(first.train.inputs()));
    CHECK(sorted_rows(first.test) != copy(first.test.inputs()));
  }
}

TEST_CASE("split: names are kept") {
  const Dataset data = classes_of({4, 4}).named({.features = {"row"}});
  CHECK(split(data, 0.5).train.feature_names() == data.feature_names());
  CHECK(stratified_split(data, 0.5).test.feature_names() == data.feature_names());
  CHECK(k_fold(data, 2)[1].test.feature_names() == data.feature_names());
}

TEST_CASE("split: shares and numbers of samples and folds that make no parts are errors") {
  const Dataset data = classes_of({4, 6});
  for (const double share : {0.0, 1.0, -0.1, 1.5, std::nan("")}) {
    CHECK(
        has(error_of([&] { (void)split(data, share); }), "split: expected a test share", "(0, 1)"));
    CHECK(
        has(error_of([&] { (void)stratified_split(data, share); }), "stratified_split", "(0, 1)"));
  }
  CHECK(has(error_of([&] { (void)split(data, 0.01); }), "both parts", "found 10 samples, 0"));
  CHECK(has(error_of([&] { (void)split(data, 0.99); }), "both parts", "10 of them"));
  CHECK(has(error_of([&] { (void)split(Dataset{}, 0.5); }), "both parts"));
  CHECK(has(error_of([&] { (void)k_fold(data, 1); }), "2 or more folds", "found 1"));
  CHECK(has(error_of([&] { (void)k_fold(data, -5); }), "found -5"));
  CHECK(has(error_of([&] { (void)k_fold(data, 11); }), "11 folds", "found 10 samples"));
  CHECK(has(error_of([&] { (void)stratified_k_fold(data, 0); }), "2 or more folds"));
}

TEST_CASE("stratified: float targets and classes that are too small are errors") {
  const Dataset floats = numbered_targets(10);
  CHECK(
      has(error_of([&] { (void)stratified_split(floats, 0.5); }), "class labels", "float targets"));
  CHECK(has(error_of([&] { (void)stratified_k_fold(floats, 2); }), "class labels"));
  const Dataset data = classes_of({6, 1});
  CHECK(has(error_of([&] { (void)stratified_split(data, 0.5); }),
            "2 or more samples of every class", "found 1 of class 7"));
  CHECK(has(error_of([&] { (void)stratified_k_fold(classes_of({4, 6}), 5); }),
            "5 or more samples of every class", "found 4 of class 0"));
}

}  // namespace

}  // namespace test_split
