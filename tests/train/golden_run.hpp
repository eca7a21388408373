#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/lamina.hpp>

#include "engine.hpp"
#include "numbers.hpp"

/// Runs that PyTorch made, step by step beside our own.
namespace lamina::testing {

/// The tensor of a name; a failure of the test where there is none.
inline const Tensor& tensor_of(const std::vector<Tensor>& tensors, const std::string& name) {
  INFO(name);
  const auto same = std::find_if(tensors.begin(), tensors.end(),
                                 [&](const Tensor& tensor) { return tensor.name == name; });
  REQUIRE(same != tensors.end());
  return *same;
}

/// Differences of all tensors over the largest value of each.
inline Worst compare_tensors(const std::vector<Tensor>& found, const std::vector<Tensor>& expected,
                             double tolerance) {
  Worst worst;
  REQUIRE(found.size() == expected.size());
  for (const Tensor& tensor : expected) {
    const Tensor& same = tensor_of(found, tensor.name);
    INFO(tensor.name);
    REQUIRE(same.shape == tensor.shape);
    if (std::holds_alternative<std::vector<std::int64_t>>(tensor.values)) {
      REQUIRE(same.values == tensor.values);
      continue;
    }
    const auto& values = std::get<std::vector<float>>(tensor.values);
    const auto& others = std::get<std::vector<float>>(same.values);
    double largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(double{value}));
    for (std::size_t i = 0; i < values.size(); ++i) {
      worst.compare(double{others[i]}, double{values[i]}, tolerance * largest, tensor.name);
    }
  }
  return worst;
}

struct RunOptions {
  std::string targets = "labels";
  std::size_t most_rows = 16;
  std::string data = "runs_data";  ///< the file of the batches
};

/// The batches that all runs of a file share, and one tensor of targets for all of them.
class RunData {
 public:
  /// Of every row the first `features` numbers.
  RunData(const RunOptions& options, std::size_t features)
      : golden_(options.data), targets_(options.targets), most_rows_(options.most_rows) {
    const std::vector<float>& all = golden_.floats("inputs");
    const std::size_t width = width_of(all);
    REQUIRE(features <= width);
    for (std::size_t at = 0; at < all.size(); at += width) {
      const auto row = std::span<const float>(all).subspan(at, features);
      inputs_.insert(inputs_.end(), row.begin(), row.end());
    }
  }

  [[nodiscard]] std::size_t steps() const { return rows_.size(); }
  [[nodiscard]] std::span<const float> inputs(std::size_t step) const {
    return slice(inputs_, step);
  }
  /// Targets of the type that the loss takes.
  template <class Target>
  [[nodiscard]] std::vector<Target> targets(std::size_t step) const {
    if constexpr (std::is_same_v<Target, Label>) {
      const std::vector<Label> labels = golden_.labels(targets_);
      const auto some = slice(labels, step);
      return {some.begin(), some.end()};
    } else {
      const auto some = slice(golden_.floats(targets_), step);
      return {some.begin(), some.end()};
    }
  }

 private:
  /// Numbers a row, of which `all` has that many for each.
  template <class T>
  [[nodiscard]] std::size_t width_of(const std::vector<T>& all) const {
    return all.size() / static_cast<std::size_t>(std::accumulate(rows_.begin(), rows_.end(), 0));
  }
  template <class T>
  [[nodiscard]] std::span<const T> slice(const std::vector<T>& all, std::size_t step) const {
    const std::size_t width = width_of(all);
    std::size_t first = 0;
    for (std::size_t s = 0; s < step; ++s) first += static_cast<std::size_t>(rows_[s]);
    const std::size_t rows = std::min(most_rows_, static_cast<std::size_t>(rows_[step]));
    return std::span<const T>(all).subspan(first * width, rows * width);
  }

  Golden golden_;
  std::string targets_;
  std::size_t most_rows_;
  std::vector<Label> rows_ = golden_.labels("rows");
  std::vector<float> inputs_;
};

/// A run from a file of runs: `<network>.initial.*`, then `<network>.<variant>.*`.
/// Returns the tolerance of the last tensors.
///
/// `deviation` says how far PyTorch's own float32 runs stray from the stored one: of a tensor's
/// largest value, and of losses, which are of order 1. Our rounding has another order, and tanh is
/// good to 3 epsilon where the C library has 1: five times that. But a run that strays little may
/// be lucky, so at least five times what the usual ones stray (README.md there): 1e-6 and 4e-7.
template <class Target>
double follow_run(const Golden& golden, const std::string& network, const std::string& variant,
                  Training<Target>& training, const RunOptions& options, std::size_t features) {
  const std::string run = network + "." + variant;
  INFO(run);
  const RunData data(options, features);
  const auto& losses = golden.floats(run + ".losses");
  const auto& deviation = golden.floats(run + ".deviation");
  training.begin(Seed{1});
  training.assign(golden.below(network + ".initial."));
  REQUIRE(losses.size() == data.steps());
  Worst worst;
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const auto targets = data.targets<Target>(step);
    const float loss = training.step(data.inputs(step), targets);
    worst.compare(double{loss}, double{losses[step]}, 5 * std::max(4e-7, double{deviation[1]}),
                  static_cast<double>(step));
  }
  LAMINA_CHECK_WORST(worst);
  const double tolerance = 5 * std::max(1e-6, double{deviation[0]});
  worst = compare_tensors(training.tensors(), golden.below(run + ".final."), tolerance);
  LAMINA_CHECK_WORST(worst);
  return tolerance;
}

/// `also(trainer, tolerance)` may check more at the end.
template <class Net, class Optimizer, class Also>
void follow_run(const Golden& golden, const std::string& network, const std::string& variant,
                const Optimizer& optimizer, const RunOptions& options, const Also& also) {
  using Target = typename Plan<Net>::Loss::Target;
  TrainingOf<Net, Optimizer> training(optimizer);
  const double tolerance =
      follow_run(golden, network, variant, static_cast<Training<Target>&>(training), options,
                 static_cast<std::size_t>(Plan<Net>::features));
  also(training.trainer(), tolerance);
}

template <class Net, class Optimizer>
void follow_run(const Golden& golden, const std::string& network, const std::string& variant,
                const Optimizer& optimizer, const RunOptions& options = {}) {
  follow_run<Net>(golden, network, variant, optimizer, options,
                  [](const auto& /*trainer*/, double /*tolerance*/) {});
}

}  // namespace lamina::testing
