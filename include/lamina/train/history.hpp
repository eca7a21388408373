#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/serialize_same.hpp>

namespace lamina {

/// What one epoch of `Trainer::fit` reached. Losses are means over samples.
struct EpochRecord {
  int epoch = 0;                   ///< from 1
  double loss = 0;                 ///< training loss with penalties, while training
  double data_loss = 0;            ///< the part of it that compares outputs with targets
  double penalty = 0;              ///< the part of it that the weights cost
  double validation_loss = 0;      ///< data loss alone; NaN without a validation set
  double validation_accuracy = 0;  ///< in [0, 1]; NaN without class labels to compare
  float learning_rate = 0;         ///< of the last step
  double seconds = 0;              ///< training and validation
  double samples_per_second = 0;   ///< training alone
  std::vector<double> metrics;     ///< on the validation set, in the order of `History::metrics`
};

/// What the numbers of `EpochRecord::metrics` are.
struct MetricColumn {
  std::string name;
  bool higher_is_better = true;
};

/// The epochs of one `Trainer::fit`.
struct History {
  std::vector<EpochRecord> epochs;
  std::vector<MetricColumn> metrics;  ///< what the fit's `Metrics` measure
  std::size_t best_epoch = 0;  ///< index of the lowest validation loss (training loss without one)
};

namespace detail {

template <class Archive, class T>
void serialize_column(Archive& archive, const char* name, History& history,
                      T EpochRecord::* number) {
  std::vector<T> values;
  for (const EpochRecord& epoch : history.epochs) values.push_back(epoch.*number);
  archive(name, values);
  history.epochs.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) history.epochs[i].*number = values[i];
}

/// Shows an archive a history, a tensor for each number of the epochs.
template <class Archive>
void serialize(Archive& archive, History& history) {
  serialize_column(archive, "epoch", history, &EpochRecord::epoch);
  serialize_column(archive, "loss", history, &EpochRecord::loss);
  serialize_column(archive, "data_loss", history, &EpochRecord::data_loss);
  serialize_column(archive, "penalty", history, &EpochRecord::penalty);
  serialize_column(archive, "validation_loss", history, &EpochRecord::validation_loss);
  serialize_column(archive, "validation_accuracy", history, &EpochRecord::validation_accuracy);
  serialize_column(archive, "learning_rate", history, &EpochRecord::learning_rate);
  serialize_column(archive, "seconds", history, &EpochRecord::seconds);
  serialize_column(archive, "samples_per_second", history, &EpochRecord::samples_per_second);
  archive("best_epoch", history.best_epoch);
  std::string names;
  for (const MetricColumn& metric : history.metrics) names += metric.name + "\n";
  serialize_same(archive, "names of metrics", names);
  std::vector<double> metrics;
  for (const EpochRecord& epoch : history.epochs) {
    metrics.insert(metrics.end(), epoch.metrics.begin(), epoch.metrics.end());
  }
  archive("metrics", metrics);
  const std::size_t width = history.metrics.size();
  if (metrics.size() != width * history.epochs.size()) {
    throw Error(std::string("expected ") + std::to_string(width) + " metrics for each of " +
                std::to_string(history.epochs.size()) + " epochs, found " +
                std::to_string(metrics.size()) + " numbers");
  }
  for (std::size_t i = 0; i < history.epochs.size(); ++i) {
    const auto first = metrics.begin() + static_cast<std::ptrdiff_t>(i * width);
    history.epochs[i].metrics.assign(first, first + static_cast<std::ptrdiff_t>(width));
  }
}

}  // namespace detail

}  // namespace lamina
