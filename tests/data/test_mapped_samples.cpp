#include <lamina/data/one_hot.hpp>
#include <lamina/data/split.hpp>
#include <lamina/train/weighted_sampling.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "samples.hpp"

// Data sets whose samples have a label for each of several positions.

namespace test_mapped_samples {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Floats = std::vector<float>;
using Labels = std::vector<Label>;

constexpr Shape image{2, 2, 3, 2};
constexpr Shape map{1, 2, 2, 2};

/// Sample i has inputs 12 i to 12 i + 11, and labels i, i + 1, i, i + 1.
Dataset mapped(std::size_t samples) {
  Floats inputs(samples * 12);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i);
  Labels labels;
  for (std::size_t i = 0; i < samples * 4; ++i) labels.push_back(static_cast<Label>(i / 4 + i % 2));
  return {image, inputs, labels, map};
}

/// Every sample has its own map.
void check_pairs(const Dataset& data) {
  CHECK(data.labels_a_sample() == 4);
  CHECK(data.label_shape() == map);
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto number = static_cast<Label>(data.inputs(row)[0] / 12);
    CHECK(copy(data.labels(row)) == Labels{number, number + 1, number, number + 1});
  }
}

}  // namespace

TEST_CASE("class maps: a sample has a label for each position", "[data]") {
  const Dataset data = mapped(5);
  CHECK(data.size() == 5);
  CHECK(data.has_labels());
  CHECK(data.labels().size() == 20);
  CHECK(data.classes() == 6);
  CHECK(data.outputs() == 0);
  check_pairs(data);
  CHECK(has(error_of([&] { static_cast<void>(data.labels(5)); }), "row below 5"));

  const Dataset plain(3, Floats{1, 2, 3, 4, 5, 6}, Labels{1, 0});
  CHECK(plain.labels_a_sample() == 1);
  CHECK(copy(plain.labels(0)) == Labels{1});
  CHECK(Dataset(3, Floats{1, 2, 3}, Floats{1}, 1).labels_a_sample() == 0);
}

TEST_CASE("class maps: any integers become labels", "[data]") {
  const std::vector<std::uint8_t> bytes{0, 255, 7, 1};
  const Dataset data(Shape{1, 1, 1}, std::vector<double>{0.5, 1.5}, bytes, Shape{1, 1, 2, 1});
  CHECK(data.size() == 2);
  CHECK(data.classes() == 256);
  CHECK(copy(data.labels(1)) == Labels{7, 1});
}

TEST_CASE("class maps: parts keep the maps of their samples", "[data]") {
  const Dataset data = mapped(11);
  check_pairs(data.slice(3, 5));
  CHECK(data.slice(3, 5).size() == 5);
  const std::vector<std::uint32_t> rows{7, 0, 7, 10};
  check_pairs(data.select(rows));
  CHECK(data.select(rows).classes() == 12);
  const auto [train, test] = split(data, 0.3, Seed{1});
  CHECK(train.size() + test.size() == 11);
  check_pairs(train);
  check_pairs(test);
  for (const Split& fold : k_fold(data, 3, Seed{1})) check_pairs(fold.test);
}

TEST_CASE("class maps: what does not fit is refused", "[data]") {
  const Floats inputs(24);
  const auto error = [&](std::size_t labels, Shape of) {
    return error_of([&] { Dataset(image, inputs, Labels(labels), of); });
  };
  CHECK(has(error(7, map), "Dataset", "a class map of 2 x 2", "found 7 labels"));
  CHECK(has(error(7, Shape{1, 1, 3, 1}), "a class map of 3 positions", "found 7 labels"));
  CHECK(has(error(12, map), "12 inputs for each of 3 class maps", "found 24 inputs"));
  CHECK(has(error(16, Shape{2, 2, 2, 2}), "class maps of 1 channel", "found (2, 2, 2)"));
  CHECK(has(error(8, Shape{1, 0, 2, 2}), "extents of 1 and more"));
  CHECK(has(error_of([&] { Dataset(image, inputs, Labels{0, 0, 0, 0, 0, 0, -2, 0}, map); }),
            "labels of 0 and more", "found -2 in row 1, position 2"));
}

TEST_CASE("class maps: one hot targets lie channel by channel", "[data]") {
  const Dataset data(Shape{1, 1, 1}, Floats{1, 2}, Labels{2, 0, 1, 1}, Shape{1, 1, 2, 1});
  const Dataset soft = one_hot(data, 3);
  CHECK(soft.outputs() == 6);
  CHECK(copy(soft.targets(0)) == Floats{0, 1, 0, 0, 1, 0});
  CHECK(copy(soft.targets(1)) == Floats{0, 0, 1, 1, 0, 0});
  CHECK(has(error_of([&] { static_cast<void>(one_hot(data, 2)); }), "labels below 2",
            "found 2 in row 0"));
}

TEST_CASE("class maps: what needs one class a sample says so", "[data]") {
  const Dataset data = mapped(8);
  const auto refused = [](const std::string& error, const char* where) {
    return has(error, where, "for each sample one label", "a class map of 2 x 2");
  };
  CHECK(refused(error_of([&] { static_cast<void>(stratified_split(data, 0.5)); }),
                "stratified_split"));
  CHECK(refused(error_of([&] { static_cast<void>(stratified_k_fold(data, 2)); }),
                "stratified_k_fold"));
  CHECK(refused(error_of([&] { WeightedSampling::balanced(data); }), "WeightedSampling::balanced"));
}

}  // namespace test_mapped_samples
