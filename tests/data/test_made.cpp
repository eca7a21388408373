#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <lamina/data/made.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "errors.hpp"

namespace test_made {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::make_blobs;
using lamina::make_moons;
using lamina::make_regression;
using lamina::make_spirals;
using lamina::regression_coefficients;
using lamina::Seed;
using lamina::testing::copy;
using lamina::testing::count_of;
using lamina::testing::error_of;
using lamina::testing::has;

bool same(const Dataset& a, const Dataset& b) {
  return copy(a.inputs()) == copy(b.inputs()) && copy(a.labels()) == copy(b.labels()) &&
         copy(a.targets()) == copy(b.targets());
}

// The share of numbers that are there once.
double share_alone(std::vector<float> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const auto end = std::unique(numbers.begin(), numbers.end());
  return static_cast<double>(end - numbers.begin()) / static_cast<double>(numbers.size());
}

TEST_CASE("made data: every number is drawn for itself") {
  std::vector<float> moved = copy(make_blobs(1000, 1, 6, 1, Seed{2}).inputs());
  const std::vector<float> center = copy(make_blobs(1, 1, 6, 0, Seed{2}).inputs());
  for (std::size_t i = 0; i < moved.size(); ++i) {
    // Rounded, as subtracting the center leaves other last bits.
    moved[i] = std::round((moved[i] - center[i % 6]) * 1e5F);
  }
  CHECK(share_alone(moved) > 0.95);
  CHECK(share_alone(copy(make_regression(1000, 6, 0, Seed{2}).inputs())) > 0.99);
}

TEST_CASE("make_blobs: clouds of their deviation around centers that the size does not move") {
  constexpr std::size_t size = 9000;
  const Dataset exact = make_blobs(3, 3, 4, 0, Seed{7});
  const Dataset blobs = make_blobs(size, 3, 4, 2.0, Seed{7});
  CHECK(blobs.features() == 4);
  CHECK(blobs.classes() == 3);
  for (std::size_t one = 0; one < 3; ++one) {
    const Label label = exact.labels()[one];
    CHECK(count_of(blobs, label) == size / 3);
    for (std::size_t feature = 0; feature < 4; ++feature) {
      const double center = exact.inputs(one)[feature];
      CHECK(std::abs(center) <= 10);
      double sum = 0;
      double squares = 0;
      for (std::size_t row = 0; row < size; ++row) {
        if (blobs.labels()[row] != label) continue;
        const double moved = double{blobs.inputs(row)[feature]} - center;
        sum += moved;
        squares += moved * moved;
      }
      // Five deviations of the means of 3000: 2 / 54.8 and 4 / 38.7.
      CHECK(std::abs(sum / 3000) < 5 * 2 / 54.8);
      CHECK(std::abs(squares / 3000 - 4) < 5 * 4 / 38.7);
    }
  }
}

TEST_CASE("make_blobs: centers are uniform, and each class and feature has its own") {
  const Dataset exact = make_blobs(50, 50, 200, 0, Seed{2});
  std::vector<float> centers = copy(exact.inputs());
  double sum = 0;
  for (const float center : centers) sum += double{center};
  std::sort(centers.begin(), centers.end());
  // The mean of 10000 has a deviation of 20 / sqrt(12 * 10000); few of them share a float.
  CHECK(std::abs(sum / 10000) < 5 * 0.0577);
  CHECK(centers.front() < -9.9F);
  CHECK(centers.back() > 9.9F);
  CHECK(share_alone(centers) > 0.99);
  const Dataset narrow = make_blobs(50, 50, 3, 0, Seed{2});
  CHECK(narrow.inputs(0)[2] == exact.inputs(0)[2]);
}

// Least squares of a data set's targets on its inputs and 1.
Eigen::VectorXd least_squares(const Dataset& data) {
  const auto rows = static_cast<Eigen::Index>(data.size());
  const auto columns = static_cast<Eigen::Index>(data.features());
  Eigen::MatrixXd inputs(rows, columns + 1);
  Eigen::VectorXd targets(rows);
  for (Eigen::Index row = 0; row < rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    for (Eigen::Index i = 0; i < columns; ++i) {
      inputs(row, i) = data.inputs(at)[static_cast<std::size_t>(i)];
    }
    inputs(row, columns) = 1;
    targets(row) = data.targets(at)[0];
  }
  return inputs.colPivHouseholderQr().solve(targets);
}

TEST_CASE("make_regression: least squares finds the coefficients, exactly without noise") {
  constexpr int features = 6;
  const std::vector<double> truth = regression_coefficients(features, Seed{3});
  const Dataset exact = make_regression(2000, features, 0, Seed{3});
  const Dataset noisy = make_regression(2000, features, 5.0, Seed{3});
  CHECK(exact.outputs() == 1);
  CHECK(copy(exact.inputs()) == copy(noisy.inputs()));
  const Eigen::VectorXd found = least_squares(exact);
  const Eigen::VectorXd about = least_squares(noisy);
  for (int i = 0; i <= features; ++i) {
    const double expected = i < features ? truth[static_cast<std::size_t>(i)] : 0;
    INFO("coefficient " << i);
    CHECK(std::abs(found(i) - expected) < 1e-4);
    CHECK(std::abs(about(i) - expected) < 5 * 5.0 / std::sqrt(2000.0));
  }
  double squares = 0;
  for (std::size_t row = 0; row < 2000; ++row) {
    const double off = double{noisy.targets()[row]} - double{exact.targets()[row]};
    squares += off * off;
  }
  CHECK(std::abs(squares / 2000 - 25) < 5 * 25 / std::sqrt(1000.0));
}

TEST_CASE("make_regression: coefficients are in [0, 100), and more features change no others") {
  const std::vector<double> few = regression_coefficients(3, Seed{4});
  const std::vector<double> many = regression_coefficients(1000, Seed{4});
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(*std::min_element(many.begin(), many.end()) >= 0);
  CHECK(*std::min_element(many.begin(), many.end()) < 0.7);
  CHECK(*std::max_element(many.begin(), many.end()) < 100);
  CHECK(*std::max_element(many.begin(), many.end()) > 99.3);
}

TEST_CASE("made data: the same seed makes the same, another another, in mixed order") {
  const auto check = [](auto make) {
    CHECK(same(make(Seed{1}), make(Seed{1})));
    CHECK_FALSE(same(make(Seed{1}), make(Seed{2})));
    const Dataset data = make(Seed{1});
    if (!data.has_labels()) return;
    CHECK_FALSE(std::is_sorted(data.labels().begin(), data.labels().end()));
    CHECK(copy(data.labels()) != copy(make(Seed{2}).labels()));
  };
  check([](Seed seed) { return make_moons(60, 0.1, seed); });
  check([](Seed seed) { return make_spirals(60, 3, 0.1, seed); });
  check([](Seed seed) { return make_blobs(60, 3, 2, 1.0, seed); });
  check([](Seed seed) { return make_regression(60, 3, 1.0, seed); });
}

TEST_CASE("made data: sizes and noise that make no sense are errors") {
  CHECK(has(error_of([] { (void)make_moons(1); }), "make_moons: expected 2 or more samples",
            "found 1"));
  CHECK(has(error_of([] { (void)make_spirals(2, 3); }), "3 or more samples", "found 2"));
  CHECK(has(error_of([] { (void)make_spirals(2, 0); }), "1 or more classes", "found 0"));
  CHECK(has(error_of([] { (void)make_blobs(2, 3, 2); }), "make_blobs: expected 3 or more samples"));
  CHECK(has(error_of([] { (void)make_blobs(2, -1, 2); }), "1 or more classes", "found -1"));
  CHECK(has(error_of([] { (void)make_blobs(2, 1, 0); }), "1 or more features"));
  CHECK(has(error_of([] { (void)make_regression(0, 1); }), "1 or more samples"));
  CHECK(has(error_of([] { (void)make_regression(5, 0); }), "1 or more features"));
  CHECK(has(error_of([] { (void)regression_coefficients(-1); }), "found -1"));
  for (const double noise : {-0.1, 1e37, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK(has(error_of([&] { (void)make_moons(10, noise); }), "a noise from 0 to 1e36"));
    CHECK(has(error_of([&] { (void)make_spirals(10, 2, noise); }), "a noise from 0"));
    CHECK(has(error_of([&] { (void)make_blobs(10, 2, 2, noise); }), "a deviation from 0"));
    CHECK(has(error_of([&] { (void)make_regression(10, 2, noise); }), "a noise from 0"));
  }
  CHECK(make_moons(2, 1e36).size() == 2);
  const std::size_t many = std::size_t{std::numeric_limits<std::uint32_t>::max()} + 1;
  CHECK(has(error_of([&] { (void)make_moons(many); }), "at most 4294967295"));
}

}  // namespace

}  // namespace test_made
