#include <Eigen/Dense>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/data/dataset.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "errors.hpp"
#include "numbers.hpp"

namespace test_conversion {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::Shape;
using lamina::testing::copy;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::uniform;

using Floats = std::vector<float>;
using Labels = std::vector<Label>;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// A matrix class of nobody's library, with an index of its own.
struct Table {
  std::vector<std::uint8_t> values;
  unsigned columns;
  unsigned rows() const { return static_cast<unsigned>(values.size()) / columns; }
  unsigned cols() const { return columns; }
  std::uint8_t operator()(unsigned row, unsigned column) const {
    return values[row * columns + column];
  }
};

// The numbers of a matrix one by one, row after row.
template <class Matrix>
Floats by_hand(const Matrix& matrix) {
  Floats floats;
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
      floats.push_back(static_cast<float>(matrix(row, column)));
    }
  }
  return floats;
}

TEMPLATE_TEST_CASE("Dataset: inputs and targets of any number are converted once", "", std::uint8_t,
                   std::int16_t, int, std::uint64_t, float, double, long double) {
  const std::vector<TestType> numbers{1, 2, 3, 100, 5, 6};
  const Floats expected{1, 2, 3, 100, 5, 6};
  const Dataset labelled{2, numbers, Labels{0, 1, 2}};
  CHECK(copy(labelled.inputs()) == expected);
  CHECK(labelled.shape() == Shape{2, 1, 1});
  const Dataset shaped{Shape{1, 3, 1}, std::span<const TestType>(numbers), Labels{0, 1}};
  CHECK(copy(shaped.inputs()) == expected);
  CHECK(shaped.shape() == Shape{1, 3, 1});
  const Dataset valued{1, std::span(numbers), numbers, 1};
  CHECK(copy(valued.targets()) == expected);
  const Dataset wide{Shape{1, 1, 1}, Floats{1, 2}, numbers, 3};
  CHECK(copy(wide.targets(1)) == Floats{100, 5, 6});
}

TEMPLATE_TEST_CASE("Dataset: labels of any integer", "", bool, signed char, std::uint8_t,
                   std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t,
                   std::uint64_t) {
  const std::array<TestType, 3> labels{1, 0, 1};
  CHECK(copy(Dataset(1, Floats{1, 2, 3}, labels).labels()) == Labels{1, 0, 1});
  CHECK(copy(Dataset(Shape{1, 1, 1}, std::array{1, 2, 3}, std::span(labels)).labels()) ==
        Labels{1, 0, 1});
}

TEST_CASE("Dataset: ranges of other kinds") {
  const int pixels[4] = {1, 2, 3, 4};
  const std::deque<std::int64_t> labels{3, 0};
  const Dataset data{2, pixels, labels};
  CHECK(copy(data.inputs()) == Floats{1, 2, 3, 4});
  CHECK(copy(data.labels()) == Labels{3, 0});
  const Dataset bits{1, std::vector<bool>{true, false}, std::vector<bool>{false, true}};
  CHECK(copy(bits.inputs()) == Floats{1, 0});
  CHECK(copy(bits.labels()) == Labels{0, 1});
}

TEST_CASE("Dataset: text is no labels, floats are none, integers are no matrix of targets") {
  CHECK_FALSE(std::is_constructible_v<Dataset, int, Floats, std::string>);
  CHECK_FALSE(std::is_constructible_v<Dataset, int, Floats, std::vector<double>>);
  CHECK_FALSE(lamina::TargetSource<Eigen::MatrixXi>);
  CHECK(std::is_constructible_v<Dataset, int, Floats, Labels>);
  CHECK(std::is_constructible_v<Dataset, Eigen::MatrixXf, Labels>);
}

TEST_CASE("Dataset: vectors of floats that are given away are not copied") {
  Floats inputs{1, 2, 3, 4};
  const float* place = inputs.data();
  const Dataset same{2, std::move(inputs), Labels{0, 1}};
  CHECK(same.inputs().data() == place);

  Floats others{1, 2, 3, 4};
  place = others.data();
  const Dataset converted{2, std::move(others), std::vector<std::int64_t>{0, 1}};
  CHECK(converted.inputs().data() == place);

  Floats targets{1, 2};
  place = targets.data();
  const Dataset valued{2, std::vector<int>{1, 2, 3, 4}, std::move(targets), 1};
  CHECK(valued.targets().data() == place);

  const Floats kept{1, 2};
  CHECK(Dataset(1, kept, std::vector<std::uint8_t>{0, 1}).inputs().data() != kept.data());
}

TEST_CASE("Dataset: labels that do not fit are errors with their row") {
  const Floats two{1, 2};
  CHECK(has(error_of([&] { Dataset(1, two, std::vector<std::int64_t>{0, -1}); }), "0 to 2147483647",
            "found -1", "row 1"));
  CHECK(has(error_of([&] { Dataset(1, two, std::vector<signed char>{-1, 0}); }), "0 to 2147483647",
            "found -1", "row 0"));
  constexpr std::int64_t most = std::numeric_limits<Label>::max();
  CHECK(Dataset(1, two, std::vector<std::int64_t>{0, most}).labels()[1] == most);
  CHECK(has(error_of([&] { Dataset(1, two, std::vector<std::int64_t>{0, most + 1}); }),
            "0 to 2147483647", "found 2147483648", "row 1"));
  CHECK(has(error_of([&] { Dataset(1, two, std::vector<std::uint32_t>{1u << 31, 0}); }),
            "found 2147483648", "row 0"));
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  CHECK(has(error_of([&] { Dataset(1, two, std::vector<std::uint64_t>{0, all}); }),
            "found 18446744073709551615"));
}

TEST_CASE("Dataset: numbers beyond floats are errors with their place, infinity and NaN are not") {
  const std::vector<double> numbers{0, 1e39};
  CHECK(has(error_of([&] { Dataset(1, numbers, Labels{0, 0}); }), "1e39", "index 1"));
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(40, 3);
  matrix(37, 2) = -1e39;
  CHECK(has(error_of([&] { Dataset(matrix, Labels(40)); }), "-1e39", "(37, 2)"));
  const Dataset data{1, std::vector<double>{infinity, -infinity, std::nan(""), 1e-300}, Labels(4)};
  CHECK(data.inputs()[0] == std::numeric_limits<float>::infinity());
  CHECK(data.inputs()[1] == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(data.inputs()[2]));
  CHECK(data.inputs()[3] == 0);
}

TEST_CASE("Dataset: counts are checked whatever the numbers' type") {
  const std::vector<double> three{1, 2, 3};
  CHECK(has(error_of([&] { Dataset(2, three, std::vector<int>{0, 1}); }), "2 inputs", "found 3"));
  CHECK(has(error_of([&] { Dataset(0, three, std::vector<int>{0}); }), "(0, 1, 1)"));
  CHECK(has(error_of([&] { Dataset(1, three, three, 0); }), "1 or more outputs"));
  CHECK(has(error_of([&] { Dataset(1, three, three, 2); }), "whole rows of 2"));
}

TEST_CASE("Dataset: Eigen matrices and maps of both orders are their rows") {
  for (const Eigen::Index rows : {1, 2, 15, 16, 17, 31, 33}) {
    for (const Eigen::Index columns : {1, 3, 16, 17}) {
      INFO(rows << " x " << columns);
      const auto size = static_cast<std::size_t>(rows);
      const Floats numbers = uniform(size * static_cast<std::size_t>(columns), 1);
      const Eigen::Map<const Eigen::MatrixXf> column_major(numbers.data(), rows, columns);
      const Dataset by_columns{column_major, Labels(size, 1)};
      CHECK(copy(by_columns.inputs()) == by_hand(column_major));
      CHECK(by_columns.features() == static_cast<std::size_t>(columns));

      using RowMajorFloats = Eigen::Matrix<float, -1, -1, Eigen::RowMajor>;
      const Eigen::Map<const RowMajorFloats> row_major(numbers.data(), rows, columns);
      CHECK(copy(Dataset(row_major, Labels(size)).inputs()) == numbers);

      const RowMajor doubles = column_major.cast<double>();
      CHECK(copy(Dataset(doubles, Labels(size)).inputs()) == by_hand(column_major));
    }
  }
}

TEST_CASE("Dataset: Eigen's blocks, arrays, fixed sizes and sums") {
  Eigen::MatrixXd matrix(3, 2);
  matrix << 1, 2, 3, 4, 5, 6;
  CHECK(copy(Dataset(matrix.bottomRows(2), Labels{0, 1}).inputs()) == Floats{3, 4, 5, 6});
  CHECK(copy(Dataset(matrix.array(), Labels{0, 1, 0}).inputs()) == Floats{1, 2, 3, 4, 5, 6});
  CHECK(copy(Dataset(matrix + matrix, Labels{0, 1, 0}).inputs()) == Floats{2, 4, 6, 8, 10, 12});
  const Eigen::Matrix2i integers{{1, 2}, {3, 4}};
  CHECK(copy(Dataset(integers, Labels{0, 1}).inputs()) == Floats{1, 2, 3, 4});
  const Eigen::Vector3f column{7, 8, 9};
  CHECK(Dataset(column, Labels{0, 1, 0}).features() == 1);
}

TEST_CASE("Dataset: a matrix with labels or targets in another") {
  Eigen::MatrixXd matrix(3, 2);
  matrix << 1, 2, 3, 4, 5, 6;
  const Eigen::VectorXi species{{2, 0, 1}};
  const Dataset labelled{matrix, species};
  CHECK(copy(labelled.labels()) == Labels{2, 0, 1});
  CHECK(labelled.classes() == 3);

  Eigen::MatrixXf targets(3, 2);
  targets << 1, 10, 2, 20, 3, 30;
  const Dataset valued{matrix, targets};
  CHECK(copy(valued.targets()) == Floats{1, 10, 2, 20, 3, 30});
  CHECK(valued.outputs() == 2);
  CHECK_FALSE(valued.has_labels());

  const Dataset one{matrix, std::vector<double>{7, 8, 9}};
  CHECK(one.outputs() == 1);
  CHECK(copy(one.targets()) == Floats{7, 8, 9});
  const Eigen::VectorXd column = Eigen::VectorXd::Constant(3, 4.0);
  CHECK(copy(Dataset(matrix, column).targets()) == Floats{4, 4, 4});
}

TEST_CASE("Dataset: the rows of a matrix may be samples of any shape") {
  Eigen::MatrixXd matrix(2, 4);
  matrix << 1, 2, 3, 4, 5, 6, 7, 8;
  const Dataset images{Shape{1, 2, 2}, matrix, Labels{1, 0}};
  CHECK(images.shape() == Shape{1, 2, 2});
  CHECK(copy(images.inputs(1)) == Floats{5, 6, 7, 8});
  const Dataset valued{Shape{2, 2, 1}, matrix, matrix, 4};
  CHECK(copy(valued.targets(1)) == Floats{5, 6, 7, 8});
  CHECK(
      has(error_of([&] { Dataset(Shape{1, 2, 1}, matrix, Labels{1, 0}); }), "2 inputs", "found 8"));
}

TEST_CASE("Dataset: a matrix of a class of one's own") {
  const Table table{{1, 2, 3, 4, 5, 6}, 3};
  const Dataset data{table, std::vector<std::uint8_t>{0, 1}};
  CHECK(copy(data.inputs()) == Floats{1, 2, 3, 4, 5, 6});
  CHECK(data.features() == 3);
}

TEST_CASE("Dataset: matrices that do not fit are errors") {
  const Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(3, 2);
  CHECK(has(error_of([&] { Dataset(matrix, Labels{0, 1}); }), "2 labels", "found 6 inputs"));
  CHECK(has(error_of([&] { Dataset(matrix, Eigen::MatrixXi::Zero(3, 2).eval()); }),
            "labels in 1 column", "found 2 columns"));
  CHECK(has(error_of([&] { Dataset(matrix, Eigen::MatrixXf::Zero(2, 2).eval()); }),
            "2 rows of targets"));
  const Eigen::MatrixXd none(0, 2);
  CHECK(Dataset(none, Labels{}).features() == 2);
  CHECK(has(error_of([&] { Dataset(Eigen::MatrixXd(3, 0), Labels{0, 0, 0}); }), "(0, 1, 1)"));
  Eigen::VectorXi wrong{{0, -4, 0}};
  CHECK(has(error_of([&] { Dataset(matrix, wrong); }), "found -4", "row 1"));
}

}  // namespace

}  // namespace test_conversion
