#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/data/one_hot.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "errors.hpp"

namespace test_select {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::Names;
using lamina::one_hot;
using lamina::Shape;
using lamina::testing::copy;
using lamina::testing::error_of;
using lamina::testing::has;

using Floats = std::vector<float>;
using Labels = std::vector<Label>;
using Rows = std::vector<std::uint32_t>;

Dataset labelled() {
  return {Shape{2, 1, 1}, Floats{1, 2, 3, 4, 5, 6}, Labels{2, 0, 1}};
}

Dataset valued() {
  return {1, Floats{1, 2, 3}, Floats{4, 5, 6, 7, 8, 9}, 2};
}

TEST_CASE("select: a copy of rows in the order asked for, repeats too") {
  const Dataset some = labelled().select(Rows{1, 2, 1});
  CHECK(copy(some.inputs()) == Floats{3, 4, 5, 6, 3, 4});
  CHECK(copy(some.labels()) == Labels{0, 1, 0});
  CHECK(some.classes() == 2);
  CHECK(some.shape() == Shape{2, 1, 1});

  const Dataset rest = valued().select(Rows{2, 0});
  CHECK(copy(rest.inputs()) == Floats{3, 1});
  CHECK(copy(rest.targets()) == Floats{8, 9, 4, 5});
  CHECK(rest.outputs() == 2);
}

TEST_CASE("select: no rows, rows of nothing, rows that are not there") {
  CHECK(labelled().select(Rows{}).features() == 2);
  CHECK(labelled().select(Rows{}).has_labels());
  CHECK(valued().select(Rows{}).outputs() == 2);
  CHECK(Dataset{}.select(Rows{}).empty());
  CHECK(has(error_of([] { (void)labelled().select(Rows{0, 3}); }), "row below 3", "row 3"));
  CHECK(has(error_of([] { (void)Dataset{}.select(Rows{0}); }), "row 0"));
}

TEST_CASE("named: names are kept by slices, selections and copies") {
  const Names names{
      .features = {"length", "width"}, .classes = {"a", "b", "c", "d"}, .targets = {"kind"}};
  const Dataset data = labelled().named(names);
  CHECK(data.feature_names() == names.features);
  CHECK(data.class_names() == names.classes);
  CHECK(data.target_names() == names.targets);
  CHECK(data.slice(1, 1).names() == names);
  CHECK(data.select(Rows{1}).names() == names);
  CHECK(copy(data.inputs()) == copy(labelled().inputs()));

  const Dataset targets = valued().named({.targets = {"u", "v"}});
  CHECK(targets.slice(0, 2).target_names() == std::vector<std::string>{"u", "v"});
  CHECK(targets.select(Rows{2}).target_names() == std::vector<std::string>{"u", "v"});
}

TEST_CASE("named: a data set that is kept is not changed") {
  const Dataset data = labelled();
  const Dataset other = data.named({.features = {"length", "width"}});
  CHECK(data.feature_names().empty());
  CHECK(other.feature_names().size() == 2);
  CHECK(copy(other.labels()) == copy(data.labels()));
  CHECK(other.named({}).names() == Names{});
}

TEST_CASE("named: names that do not fit are errors") {
  CHECK(has(error_of([] { (void)labelled().named({.features = {"x"}}); }), "2 feature names",
            "found 1"));
  CHECK(has(error_of([] { (void)labelled().named({.classes = {"a", "b"}}); }),
            "3 or more class names", "found 2"));
  CHECK(has(error_of([] { (void)labelled().named({.targets = {"a", "b"}}); }), "1 target names"));
  CHECK(
      has(error_of([] { (void)valued().named({.targets = {"a"}}); }), "2 target names", "found 1"));
  CHECK(has(error_of([] { (void)valued().named({.classes = {"a"}}); }), "0 class names"));
}

TEST_CASE("one_hot: a 1 at the label, 0 elsewhere") {
  const Dataset soft = one_hot(labelled(), 4);
  CHECK(copy(soft.targets()) == Floats{0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0});
  CHECK(soft.outputs() == 4);
  CHECK_FALSE(soft.has_labels());
  CHECK(copy(soft.inputs()) == copy(labelled().inputs()));
  CHECK(soft.shape() == labelled().shape());
}

TEST_CASE("one_hot: feature names stay, class names name the targets where all have one") {
  const std::vector<std::string> three{"a", "b", "c"};
  const Dataset data = labelled().named({.features = {"x", "y"}, .classes = three});
  CHECK(one_hot(data, 3).feature_names() == data.feature_names());
  CHECK(one_hot(data, 3).target_names() == three);
  CHECK(one_hot(data, 4).target_names().empty());
  CHECK(one_hot(data, 3).class_names().empty());
}

TEST_CASE("one_hot: what has no labels or too large ones is an error") {
  CHECK(has(error_of([] { (void)one_hot(valued(), 3); }), "class labels", "float targets"));
  CHECK(has(error_of([] { (void)one_hot(labelled(), 2); }), "below 2", "found 2 in row 0"));
  CHECK(has(error_of([] { (void)one_hot(labelled(), 0); }), "1 or more classes"));
}

}  // namespace

}  // namespace test_select
