#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/core/types.hpp>
#include <lamina/io/safetensors.hpp>

#include "catch.hpp"

/// Numbers for tests: made ones, golden ones, and comparisons that show the worst of many.
namespace lamina::testing {

inline constexpr double epsilon = std::numeric_limits<float>::epsilon();

/// Evenly spread in [low, high), the same on every machine.
inline std::vector<float> uniform(std::size_t count, unsigned seed, float low = -1,
                                  float high = 1) {
  std::mt19937 random(seed);
  std::vector<float> made(count);
  for (float& number : made) {
    number = low + (high - low) * static_cast<float>(random() >> 8) * 0x1p-24f;
  }
  return made;
}

inline std::vector<Label> some_labels(std::size_t count, int classes, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Label> made(count);
  for (Label& label : made) label = static_cast<Label>(random() % static_cast<unsigned>(classes));
  return made;
}

/// Targets of a network's loss for `rows` rows: labels, or floats in [0, 1).
template <class Target>
std::vector<Target> some_targets(std::size_t rows, int outputs, unsigned seed) {
  if constexpr (std::is_same_v<Target, Label>) {
    return some_labels(rows, outputs, seed);
  } else {
    return uniform(rows * static_cast<std::size_t>(outputs), seed, 0, 1);
  }
}

/// The worst of many comparisons, so that sweeps over millions of values stay fast.
class Worst {
 public:
  /// NaN is expected where `expected` is NaN, infinity where it is infinite.
  void compare(double found, double expected, double tolerance, const std::string& where) {
    double ratio = std::abs(found - expected) / tolerance;
    if (found == expected || (std::isnan(found) && std::isnan(expected))) ratio = 0;
    if (std::isnan(ratio)) ratio = std::numeric_limits<double>::infinity();
    if (ratio <= ratio_) return;
    ratio_ = ratio;
    where_ = where + ": found " + std::to_string(found) + ", expected " + std::to_string(expected) +
             ", which is " + std::to_string(ratio) + " of the tolerance";
  }
  void compare(double found, double expected, double tolerance, double at) {
    const double ratio = ratio_;
    compare(found, expected, tolerance, std::string{});
    if (ratio_ > ratio) where_ = std::string("at ") + std::to_string(at) + where_;
  }

  /// Largest difference over its tolerance: at most 1 where all is well.
  [[nodiscard]] double ratio() const { return ratio_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  double ratio_ = 0;
  std::string where_;
};

#define LAMINA_CHECK_WORST(worst) \
  do {                            \
    INFO((worst).where());        \
    CHECK((worst).ratio() <= 1);  \
  } while (false)

/// A file of tests/golden.
class Golden {
 public:
  explicit Golden(const std::string& name) {
    const std::string folder = std::string(LAMINA_TEST_DIRECTORY) + "/golden/";
    for (Tensor& tensor : read_safetensors(folder + name + ".safetensors")) {
      const std::string key = tensor.name;
      tensors_[key] = std::move(tensor);
    }
  }
  [[nodiscard]] const std::vector<float>& floats(const std::string& name) const {
    return std::get<std::vector<float>>(tensors_.at(name).values);
  }
  [[nodiscard]] std::vector<Label> labels(const std::string& name) const {
    const auto& values = std::get<std::vector<std::int64_t>>(tensors_.at(name).values);
    return {values.begin(), values.end()};
  }
  /// The tensors whose names start with `prefix`, without it.
  [[nodiscard]] std::vector<Tensor> below(const std::string& prefix) const {
    std::vector<Tensor> found;
    for (const auto& [name, tensor] : tensors_) {
      if (name.rfind(prefix, 0) != 0) continue;
      found.push_back(tensor);
      found.back().name = name.substr(prefix.size());
    }
    return found;
  }

 private:
  std::map<std::string, Tensor> tensors_;
};

/// True where all names, shapes and values are the same, bit for bit.
inline bool same_bits(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].shape != b[i].shape) return false;
    if (a[i].values.index() != b[i].values.index()) return false;
    const bool same = std::visit(
        [&](const auto& values) {
          const auto& others = std::get<std::remove_cvref_t<decltype(values)>>(b[i].values);
          if (values.size() != others.size()) return false;
          // memcmp takes no null pointer, which an empty vector may have.
          return values.empty() ||
                 std::memcmp(values.data(), others.data(), values.size() * sizeof(values[0])) == 0;
        },
        a[i].values);
    if (!same) return false;
  }
  return true;
}

}  // namespace lamina::testing
