#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Feature normalization: y = (x - mean) / deviation with the mean and the standard deviation of
/// every input feature over the training data; of images and signals, of every channel over all
/// positions.
///
/// Directly after `Input`. `model.fit_standardize(train)` finds the numbers, or `Trainer::fit` on
/// its first use; until then it changes nothing. They are saved with the model as `mean`, `std` and
/// `samples`, used as they are for validation and inference, and folded into the next layers by
/// `freeze`, which loses |mean| / deviation units of rounding: features whose mean is thousands of
/// deviations from zero should be shifted before. A constant feature has no deviation and is
/// divided by 1. The deviation is the biased one, as scikit-learn's `StandardScaler`.
///
/// Example: `Network<Input<13>, Standardize, Linear<64>, ReLU, Linear<1>, MeanSquaredError>`
struct Standardize {
  static constexpr Role role = Role::Normalization;
  static constexpr bool acts_on_input = true;
  static constexpr Normalization normalization{.axes = Axes::None,
                                               .averages = Averages::Fitted,
                                               .scaled = false,
                                               .shifted = false,
                                               .epsilon = 0};
  static constexpr TextBuffer name() { return item_name("Standardize"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr TextBuffer check_input(Shape) { return {}; }
};

}  // namespace lamina
