#include <algorithm>
#include <cstddef>
#include <vector>

#include <lamina/data/split.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "errors.hpp"

// Both parts of a stratified split have every class, or there is no such split.

namespace test_stratified_split {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::Seed;
using lamina::Split;
using lamina::stratified_split;
using lamina::testing::count_of;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::numbered;

using Sizes = std::vector<std::size_t>;

Dataset classes_of(const Sizes& sizes) {
  std::vector<Label> labels;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    labels.insert(labels.end(), sizes[i], static_cast<Label>(i));
  }
  return numbered(labels);
}

Sizes sizes_of(const Dataset& data, std::size_t classes) {
  Sizes sizes;
  for (std::size_t i = 0; i < classes; ++i) sizes.push_back(count_of(data, static_cast<Label>(i)));
  return sizes;
}

Sizes test_sizes(const Sizes& sizes, double share) {
  return sizes_of(stratified_split(classes_of(sizes), share).test, sizes.size());
}

TEST_CASE("stratified split: a part that cannot hold all classes is an error") {
  const Dataset data = classes_of({4, 2, 2, 2});
  for (const double share : {0.1, 0.2, 0.3, 0.7, 0.8, 0.9}) {
    INFO("share " << share);
    CHECK(has(error_of([&] { (void)stratified_split(data, share); }), "stratified_split: expected",
              "each of 4 classes in both parts", "found 10 samples"));
  }
  CHECK(has(error_of([&] { (void)stratified_split(data, 0.2); }), "2 of them for the test"));
}

TEST_CASE("stratified split: every class is in both parts of one that can") {
  const std::vector<Sizes> cases{{4, 2, 2, 2},         {2, 2},          {3, 3, 3, 3, 3},
                                 {100, 10, 2},         {1000, 3, 3, 3}, {2, 2, 2, 500},
                                 {7, 2, 90, 2, 31, 2}, {40, 3, 2, 50}};
  for (const Sizes& sizes : cases) {
    const Dataset data = classes_of(sizes);
    for (int percent = 1; percent < 100; ++percent) {
      INFO(data.size() << " samples of " << sizes.size() << " classes, share " << percent);
      const double share = percent / 100.0;
      const auto exact = static_cast<std::size_t>(share * static_cast<double>(data.size()) + 0.5);
      if (std::min(exact, data.size() - exact) < sizes.size()) {
        CHECK_THROWS_AS(stratified_split(data, share), lamina::Error);
        continue;
      }
      const Split parts = stratified_split(data, share, Seed{1});
      CHECK(parts.test.size() == exact);
      for (const Dataset* part : {&parts.train, &parts.test}) {
        const Sizes found = sizes_of(*part, sizes.size());
        CHECK(*std::min_element(found.begin(), found.end()) >= 1);
      }
    }
  }
}

// The numbers of all splits that have every class in both parts, the nearest to the shares.
TEST_CASE("stratified split: what small classes need comes from the largest") {
  CHECK(test_sizes({100, 10, 2}, 0.2) == Sizes{19, 2, 1});  // shares 20, 2, 0.4: 22 in all
  CHECK(test_sizes({2, 10, 100}, 0.2) == Sizes{1, 2, 19});
  CHECK(test_sizes({2, 10, 100}, 0.8) == Sizes{1, 8, 81});  // shares 1.6, 8, 80: 90 in all
  CHECK(test_sizes({1000, 3, 3, 3, 3}, 0.1) == Sizes{97, 1, 1, 1, 1});  // shares 100, 0.3, ...: 101
}

}  // namespace

}  // namespace test_stratified_split
