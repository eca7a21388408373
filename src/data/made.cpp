#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/made.hpp>

#include "data/circle.hpp"
#include "data/shuffled.hpp"

// Products that are added to are spelled std::fma, so that every compiler rounds the same; see
// lamina::random.
namespace lamina {

namespace {

using data::Point;

// Streams of random numbers, apart from the positions of layers and from one another.
enum Stream : std::uint32_t {
  noise_stream = 0x6e6f6973,
  center_stream = 0x63656e74,
  input_stream = 0x696e7075,
  coefficient_stream = 0x636f6566,
};

void fail(const char* where, const std::string& expected, const std::string& found) {
  throw Error(std::string(where) + ": expected " + expected + ", found " + found);
}

void check_count(const char* where, const char* what, int count) {
  if (count < 1) fail(where, std::string("1 or more ") + what, std::to_string(count));
}

void check_size(const char* where, std::size_t size, std::size_t least) {
  if (size < least) {
    fail(where, std::to_string(least) + " or more samples", std::to_string(size));
  }
}

void check_deviation(const char* where, const char* what, double deviation) {
  constexpr double most = 1e36;  // times any normal number that comes up, within a float
  if (deviation >= 0 && deviation <= most) return;
  TextBuffer text;
  text << deviation;
  fail(where, std::string("a ") + what + " from 0 to 1e36", std::string(text.view()));
}

// One of a data set's samples, numbered class after class: which class it is of, which of this
// class, and of how many. The first classes have one more where the division leaves some over.
struct Member {
  std::size_t index = 0;
  std::size_t count = 0;
  Label label = 0;
};

Member member(std::size_t at, std::size_t size, std::size_t classes) {
  const std::size_t least = size / classes;
  const std::size_t more = size % classes;  // classes with one more
  const std::size_t in_larger = more * (least + 1);
  const bool larger = at < in_larger;
  const std::size_t count = larger ? least + 1 : least;
  const std::size_t label = larger ? at / count : more + (at - in_larger) / count;
  const std::size_t index = larger ? at % count : (at - in_larger) % count;
  return {index, count, static_cast<Label>(label)};
}

// One number for two, each pair its own (Cantor), whatever the numbers of classes and features.
std::uint64_t paired(std::uint64_t a, std::uint64_t b) {
  return (a + b) * (a + b + 1) / 2 + b;
}

// Samples of two features on curves, `curve(member)` without noise.
template <class Curve>
Dataset make_curves(const char* where, std::size_t size, std::size_t classes, double noise,
                    Seed seed, Curve curve) {
  check_size(where, size, classes);
  check_deviation(where, "noise", noise);
  std::vector<float> inputs;
  std::vector<Label> labels;
  for (const std::uint32_t at : data::shuffled(size, seed, data::Purpose::made, where)) {
    const Member one = member(at, size, classes);
    const Point point = curve(one);
    const auto moved = [&](double value, std::uint64_t axis) {
      const double normal = random::normal(seed.value, noise_stream, std::uint64_t{at} * 2 + axis);
      return static_cast<float>(std::fma(noise, normal, value));
    };
    inputs.push_back(moved(point.x, 0));
    inputs.push_back(moved(point.y, 1));
    labels.push_back(one.label);
  }
  return Dataset{2, std::move(inputs), std::move(labels)}.named({.features = {"x", "y"}});
}

}  // namespace

Dataset make_moons(std::size_t size, double noise, Seed seed) {
  return make_curves("make_moons", size, 2, noise, seed, [](const Member& one) {
    const double last = one.count > 1 ? static_cast<double>(one.count - 1) : 1.0;
    const Point point = data::on_circle(static_cast<double>(one.index) / last / 2);
    return one.label == 0 ? point : Point{1 - point.x, 0.5 - point.y};
  });
}

Dataset make_spirals(std::size_t size, int classes, double noise, Seed seed) {
  check_count("make_spirals", "classes", classes);
  return make_curves(
      "make_spirals", size, static_cast<std::size_t>(classes), noise, seed, [&](const Member& one) {
        const double radius = static_cast<double>(one.index + 1) / static_cast<double>(one.count);
        const double start = static_cast<double>(one.label) / classes;
        const Point point = data::on_circle(std::fma(1.5, radius, start));
        return Point{radius * point.x, radius * point.y};
      });
}

Dataset make_blobs(std::size_t size, int classes, int features, double deviation, Seed seed) {
  constexpr const char* where = "make_blobs";
  check_count(where, "classes", classes);
  check_count(where, "features", features);
  check_size(where, size, static_cast<std::size_t>(classes));
  check_deviation(where, "deviation", deviation);
  const auto columns = static_cast<std::uint64_t>(features);
  std::vector<float> inputs;
  std::vector<Label> labels;
  for (const std::uint32_t at : data::shuffled(size, seed, data::Purpose::made, where)) {
    const Label label = member(at, size, static_cast<std::size_t>(classes)).label;
    for (std::uint64_t feature = 0; feature < columns; ++feature) {
      const double place = random::uniform(seed.value, center_stream,
                                           paired(static_cast<std::uint64_t>(label), feature));
      const double normal = random::normal(seed.value, noise_stream, at * columns + feature);
      inputs.push_back(
          static_cast<float>(std::fma(deviation, normal, std::fma(20.0, place, -10.0))));
    }
    labels.push_back(label);
  }
  return {features, std::move(inputs), std::move(labels)};
}

std::vector<double> regression_coefficients(int features, Seed seed) {
  check_count("regression_coefficients", "features", features);
  std::vector<double> coefficients;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(features); ++i) {
    coefficients.push_back(100 * random::uniform(seed.value, coefficient_stream, i));
  }
  return coefficients;
}

Dataset make_regression(std::size_t size, int features, double noise, Seed seed) {
  constexpr const char* where = "make_regression";
  check_count(where, "features", features);
  check_size(where, size, 1);
  check_deviation(where, "noise", noise);
  const std::vector<double> coefficients = regression_coefficients(features, seed);
  std::vector<float> inputs;
  std::vector<float> targets;
  for (const std::uint32_t at : data::shuffled(size, seed, data::Purpose::made, where)) {
    double sum = noise * random::normal(seed.value, noise_stream, at);
    for (std::size_t feature = 0; feature < coefficients.size(); ++feature) {
      const auto input = static_cast<float>(
          random::normal(seed.value, input_stream, at * coefficients.size() + feature));
      inputs.push_back(input);
      sum = std::fma(coefficients[feature], double{input}, sum);
    }
    targets.push_back(static_cast<float>(sum));
  }
  return {features, std::move(inputs), std::move(targets), 1};
}

}  // namespace lamina
