#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/metrics/row.hpp>
#include <lamina/train/history.hpp>

namespace lamina {

/// Callback: measures metrics on the validation set after every epoch of a `Trainer::fit`, in the
/// pass that finds its loss, and puts them into the history, where `EarlyStopping`, `Checkpoint`
/// and schedules find them by name; of two metrics with one name the second is `accuracy_2`.
/// Without a validation set they are NaN.
///
/// Example: `trainer.fit(train, validation, {}, Metrics{metrics::TopK{3}, metrics::F1{}},
/// EarlyStopping{.monitor = "f1"});`
template <Metric... Each>
class Metrics {
 public:
  explicit Metrics(Each... metrics) : metrics_(std::move(metrics)...) {}

  /// A metric as the last epoch left it.
  /// Example: `const metrics::ConfusionMatrix& confusion =
  /// measured.get<metrics::ConfusionMatrix>()`
  template <class Which>
  [[nodiscard]] const Which& get() const {
    return std::get<Which>(metrics_);
  }

  /// The same by its place, where two are of one type.
  template <std::size_t Place>
  [[nodiscard]] const auto& get() const {
    return std::get<Place>(metrics_);
  }

  void enter(History& history) {
    for_each([&](auto& metric) {
      history.metrics.push_back({name_in(history, metric.name()), metric.higher_is_better});
      metric.reset();
    });
  }
  void reset() {
    for_each([](auto& metric) { metric.reset(); });
  }
  template <class Row>
  void add(const Row& row) {
    for_each([&](auto& metric) { metric.add(row); });
  }
  void record(std::vector<double>& numbers) const {
    std::apply([&](const auto&... metric) { (numbers.push_back(metric.value()), ...); }, metrics_);
  }

 private:
  static std::string name_in(const History& history, const std::string& name) {
    std::string unique = name;
    const auto is_taken = [&](const MetricColumn& column) { return column.name == unique; };
    for (int count = 2; std::any_of(history.metrics.begin(), history.metrics.end(), is_taken);
         ++count) {
      unique = name + "_" + std::to_string(count);
    }
    return unique;
  }
  template <class F>
  void for_each(const F& f) {
    std::apply([&](auto&... metric) { (f(metric), ...); }, metrics_);
  }

  std::tuple<Each...> metrics_;
};

}  // namespace lamina
