#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <lamina/data/made.hpp>

#include "catch.hpp"
#include "data/samples.hpp"
#include "numbers.hpp"
#include "src/data/circle.hpp"

namespace test_made_curves {

namespace {

using lamina::Dataset;
using lamina::Label;
using lamina::make_moons;
using lamina::make_spirals;
using lamina::Seed;
using lamina::testing::copy;
using lamina::testing::epsilon;
using lamina::testing::Worst;

constexpr double pi = std::numbers::pi;

TEST_CASE("on_circle: cosine and sine to a few roundings, and exact at quarters") {
  Worst worst;
  for (int i = 0; i <= 4096; ++i) {
    const double turns = i / 1024.0 + i / 7e5;
    const lamina::data::Point point = lamina::data::on_circle(turns);
    worst.compare(point.x, std::cos(2 * pi * turns), 1e-14, turns);
    worst.compare(point.y, std::sin(2 * pi * turns), 1e-14, turns);
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(lamina::data::on_circle(0.25).y == 1);
  CHECK(lamina::data::on_circle(0.5).x == -1);
  CHECK(lamina::data::on_circle(0.5).y == 0);
  CHECK(lamina::data::on_circle(3.75).y == -1);
}

// The sorted angles, in [0, pi], of the samples of a moon seen from its middle; all of radius 1.
std::vector<double> moon_angles(const Dataset& moons, Label label) {
  std::vector<double> angles;
  Worst worst;
  for (std::size_t row = 0; row < moons.size(); ++row) {
    if (moons.labels()[row] != label) continue;
    const double x = moons.inputs(row)[0];
    const double y = moons.inputs(row)[1];
    const double across = label == 0 ? x : 1 - x;
    const double up = label == 0 ? y : 0.5 - y;
    worst.compare(std::hypot(across, up), 1, 2 * epsilon, "radius");
    worst.compare(std::min(up, 0.0), 0, epsilon, "half");
    angles.push_back(std::atan2(up > 0 ? up : 0, across));
  }
  LAMINA_CHECK_WORST(worst);
  std::sort(angles.begin(), angles.end());
  return angles;
}

TEST_CASE("make_moons: without noise two half circles with even steps from end to end") {
  for (const std::size_t size : {4u, 5u, 100u, 101u}) {
    INFO(size << " samples");
    const Dataset moons = make_moons(size, 0, Seed{1});
    CHECK(moons.size() == size);
    CHECK(moons.features() == 2);
    CHECK(moons.classes() == 2);
    for (const Label label : {0, 1}) {
      const std::vector<double> angles = moon_angles(moons, label);
      CHECK(angles.size() == (size + (label == 0 ? 1u : 0u)) / 2);
      Worst worst;
      for (std::size_t i = 0; i < angles.size(); ++i) {
        const double even = pi * static_cast<double>(i) / static_cast<double>(angles.size() - 1);
        worst.compare(angles[i], even, 4 * epsilon, static_cast<double>(i));
      }
      LAMINA_CHECK_WORST(worst);
    }
  }
}

TEST_CASE("make_moons: of one sample each, moons are where they start") {
  const Dataset moons = make_moons(2, 0, Seed{1});
  REQUIRE(moons.size() == 2);
  for (std::size_t row = 0; row < 2; ++row) {
    const bool first = moons.labels()[row] == 0;
    CHECK(moons.inputs(row)[0] == (first ? 1.0F : 0.0F));
    CHECK(moons.inputs(row)[1] == (first ? 0.0F : 0.5F));
  }
}

TEST_CASE("made curves: features are x and y") {
  const std::vector<std::string> names{"x", "y"};
  CHECK(make_moons(2).feature_names() == names);
  CHECK(make_spirals(2, 2).feature_names() == names);
}

TEST_CASE("make_spirals: without noise a class's samples are on its arm, with even steps") {
  for (const int classes : {1, 2, 3, 5}) {
    INFO(classes << " classes");
    const Dataset spirals = make_spirals(203, classes, 0, Seed{1});
    CHECK(spirals.size() == 203);
    CHECK(spirals.classes() == static_cast<std::size_t>(classes));
    std::map<Label, std::vector<double>> radii;
    Worst worst;
    for (std::size_t row = 0; row < spirals.size(); ++row) {
      const Label label = spirals.labels()[row];
      const double x = spirals.inputs(row)[0];
      const double y = spirals.inputs(row)[1];
      const double radius = std::hypot(x, y);
      const double angle = 2 * pi * (1.5 * radius + static_cast<double>(label) / classes);
      // The angle is taken of a rounded radius: 3 pi of its error.
      worst.compare(x, radius * std::cos(angle), 12 * epsilon, "x");
      worst.compare(y, radius * std::sin(angle), 12 * epsilon, "y");
      radii[label].push_back(radius);
    }
    for (auto& [label, found] : radii) {
      std::sort(found.begin(), found.end());
      const std::size_t least = 203u / static_cast<unsigned>(classes);
      CHECK(found.size() - least <= 1);
      for (std::size_t i = 0; i < found.size(); ++i) {
        const double even = static_cast<double>(i + 1) / static_cast<double>(found.size());
        worst.compare(found[i], even, 2 * epsilon, "radius");
      }
    }
    LAMINA_CHECK_WORST(worst);
  }
}

TEST_CASE("made curves: noise is normal, of its deviation, around the curve") {
  constexpr double noise = 0.25;
  constexpr std::size_t size = 20000;
  for (const auto& [noisy, exact] :
       {std::pair{make_moons(size, noise, Seed{5}), make_moons(size, 0, Seed{5})},
        std::pair{make_spirals(size, 3, noise, Seed{5}), make_spirals(size, 3, 0, Seed{5})}}) {
    CHECK(copy(noisy.labels()) == copy(exact.labels()));
    double sum = 0;
    double squares = 0;
    double cross = 0;
    int within = 0;
    for (std::size_t i = 0; i < 2 * size; ++i) {
      const double moved = double{noisy.inputs()[i]} - double{exact.inputs()[i]};
      sum += moved;
      squares += moved * moved;
      within += std::abs(moved) < noise;
      if (i % 2 == 1) cross += moved * (noisy.inputs()[i - 1] - exact.inputs()[i - 1]);
    }
    const double count = 2.0 * size;
    // Five deviations of each mean: 1/200 of the noise, 1/141 of its square.
    CHECK(std::abs(sum / count) < 5 * noise / 200);
    CHECK(std::abs(squares / count - noise * noise) < 5 * noise * noise / 141);
    CHECK(std::abs(cross / size) < 5 * noise * noise / 141);
    CHECK(std::abs(within / count - 0.6827) < 5 * 0.4654 / 200);
  }
}

}  // namespace

}  // namespace test_made_curves
