#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <lamina/data/dataset.hpp>

#include "catch.hpp"
#include "errors.hpp"

namespace test_dataset {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::Shape;
using lamina::testing::error_of;
using lamina::testing::has;

using Floats = std::vector<float>;
using Labels = std::vector<Label>;

template <class T>
std::vector<T> copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

TEST_CASE("Dataset: samples with nothing to learn") {
  const Dataset data{2, Floats{1, 2, 3, 4, 5, 6}};
  CHECK(data.size() == 3);
  CHECK_FALSE(data.has_labels());
  CHECK(data.outputs() == 0);
  CHECK(copy(data.slice(1, 2).inputs()) == Floats{3, 4, 5, 6});
  CHECK(copy(data.select(std::vector<std::uint32_t>{2, 0}).inputs()) == Floats{5, 6, 1, 2});
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2, 3}); }), "Dataset", "2 inputs", "found 3"));
}

TEST_CASE("Dataset: samples with class labels") {
  const Dataset data{Shape{1, 2, 1}, Floats{1, 2, 3, 4, 5, 6}, Labels{2, 0, 4}};
  CHECK(data.size() == 3);
  CHECK_FALSE(data.empty());
  CHECK(data.shape() == Shape{1, 2, 1});
  CHECK(data.features() == 2);
  CHECK(copy(data.inputs()) == Floats{1, 2, 3, 4, 5, 6});
  CHECK(copy(data.inputs(1)) == Floats{3, 4});
  CHECK(data.has_labels());
  CHECK(copy(data.labels()) == Labels{2, 0, 4});
  CHECK(data.classes() == 5);
  CHECK(data.targets().empty());
  CHECK(data.outputs() == 0);
}

TEST_CASE("Dataset: samples with float targets") {
  const Dataset data{2, Floats{1, 2, 3, 4}, Floats{5, 6, 7, 8, 9, 10}, 3};
  CHECK(data.size() == 2);
  CHECK(data.shape() == Shape{2, 1, 1});
  CHECK(data.outputs() == 3);
  CHECK(copy(data.targets()) == Floats{5, 6, 7, 8, 9, 10});
  CHECK(copy(data.targets(1)) == Floats{8, 9, 10});
  CHECK_FALSE(data.has_labels());
  CHECK(data.labels().empty());
  CHECK(data.classes() == 0);
}

TEST_CASE("Dataset: features may be given as a number") {
  const Dataset labelled{2, Floats{1, 2, 3, 4}, Labels{0, 1}};
  CHECK(labelled.shape() == Shape{2, 1, 1});
  const Dataset shaped{Shape{2, 1, 1}, Floats{1, 2, 3, 4}, Floats{5, 6}, 1};
  CHECK(shaped.features() == 2);
}

TEST_CASE("Dataset: nothing is a data set too") {
  CHECK(Dataset{}.empty());
  CHECK(Dataset{}.features() == 0);
  const Dataset none{4, Floats{}, Labels{}};
  CHECK(none.empty());
  CHECK(none.features() == 4);
  CHECK(none.classes() == 0);
  CHECK(Dataset{}.slice(0, 0).empty());
  CHECK(none.slice(0, 0).features() == 4);
}

TEST_CASE("Dataset: a slice is a copy of its rows") {
  const Dataset labelled{Shape{2, 1, 1}, Floats{1, 2, 3, 4, 5, 6}, Labels{2, 0, 1}};
  const Dataset last = labelled.slice(1, 2);
  CHECK(last.size() == 2);
  CHECK(copy(last.inputs()) == Floats{3, 4, 5, 6});
  CHECK(copy(last.labels()) == Labels{0, 1});
  CHECK(last.classes() == 2);
  CHECK(last.shape() == labelled.shape());

  const Dataset valued{1, Floats{1, 2, 3}, Floats{4, 5, 6, 7, 8, 9}, 2};
  const Dataset middle = valued.slice(1, 1);
  CHECK(copy(middle.inputs()) == Floats{2});
  CHECK(copy(middle.targets()) == Floats{6, 7});
  CHECK(middle.outputs() == 2);
}

TEST_CASE("Dataset: counts that do not fit are errors") {
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2, 3}, Labels{0, 1}); }), "expected 2 inputs",
            "2 labels", "found 3"));
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2, 3, 4}, Labels{0}); }), "1 labels", "found 4"));
  CHECK(has(error_of([] { Dataset(2, Floats{}, Labels{0}); }), "found 0"));
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2}, Floats{1, 2, 3}, 2); }),
            "whole rows of 2 targets", "found 3"));
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2}, Floats{1, 2}, 1); }), "2 rows of targets",
            "found 2 inputs"));
  CHECK(has(error_of([] { Dataset(2, Floats{1, 2}, Floats{1}, 0); }), "1 or more outputs"));
}

TEST_CASE("Dataset: labels below 0 are errors") {
  CHECK(has(error_of([] { Dataset(1, Floats{1, 2}, Labels{0, -3}); }), "found -3", "row 1"));
}

TEST_CASE("Dataset: the largest label there is") {
  constexpr Label most = std::numeric_limits<Label>::max();
  CHECK(Dataset(1, Floats{1}, Labels{most}).classes() == static_cast<std::size_t>(most) + 1);
}

TEST_CASE("Dataset: extents that make no sample are errors") {
  CHECK(has(error_of([] { Dataset(0, Floats{}, Labels{}); }), "found (0, 1, 1)"));
  CHECK(has(error_of([] { Dataset(-2, Floats{}, Labels{}); }), "found (-2, 1, 1)"));
  CHECK(has(error_of([] { Dataset(Shape{1, 0, 5}, Floats{}, Floats{}, 1); }), "(1, 0, 5)"));
  CHECK(has(error_of([] { Dataset(Shape{1, 65536, 65536}, Floats{}, Labels{}); }), "at most"));
  constexpr int most = std::numeric_limits<int>::max();
  CHECK(has(error_of([] { Dataset(Shape{most, most, most}, Floats{}, Labels{}); }), "at most"));
}

TEST_CASE("Dataset: rows that are not there are errors") {
  const Dataset data{1, Floats{1, 2, 3}, Labels{0, 1, 2}};
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(has(error_of([&] { (void)data.inputs(3); }), "row below 3", "row 3"));
  CHECK(has(error_of([&] { (void)data.targets(3); }), "row below 3"));
  CHECK(data.slice(3, 0).empty());
  CHECK(has(error_of([&] { (void)data.slice(2, 2); }), "2 rows from row 2"));
  CHECK(has(error_of([&] { (void)data.slice(4, 0); }), "within 3"));
  CHECK(has(error_of([&] { (void)data.slice(1, most); }), "within 3"));
}

}  // namespace

}  // namespace test_dataset
