#pragma once

#include <cstddef>
#include <string>
#include <vector>

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
  std::vector<double> metrics{};   ///< on the validation set, in the order of `History::metrics`
};

/// What a number of `EpochRecord::metrics` is called, and which way is better.
struct MetricColumn {
  std::string name;
  bool higher_is_better = true;
};

/// The epochs of one `Trainer::fit`.
struct History {
  std::vector<EpochRecord> epochs;
  std::vector<MetricColumn> metrics{};  ///< empty without metrics
  std::size_t best_epoch = 0;  ///< index of the lowest validation loss (training loss without one)
};

}  // namespace lamina
