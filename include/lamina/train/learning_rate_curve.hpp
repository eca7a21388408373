#pragma once

#include <vector>

namespace lamina {

/// The loss of a model while the learning rate grows from step to step.
struct LearningRateCurve {
  std::vector<float> learning_rates;  ///< of each step, growing
  std::vector<double> losses;         ///< of each step
  std::vector<double> smoothed;       ///< their moving average
  float steepest = 0;                 ///< suggestion: where the smoothed loss falls fastest
  float valley = 0;                   ///< suggestion: within the longest fall of the smoothed loss
};

}  // namespace lamina
