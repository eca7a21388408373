#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <lamina/runtime/observe.hpp>

namespace lamina {

/// What `Statistics` saw of one layer in one step.
struct LayerRecord : runtime::StageStatistics {
  int epoch = 0;          ///< from 1
  std::int64_t step = 0;  ///< the trainer's number of steps with this one
  int layer = 0;          ///< in `Statistics::layers`
};

/// What may be wrong with a layer.
enum class LayerFault {
  VanishingGradients,
  ExplodingGradients,
  VanishingValues,
  ExplodingValues,
  DeadUnits,
  NotFinite,
};

/// One fault of one layer, when it was first seen.
struct LayerWarning {
  LayerFault fault;
  int epoch;
  std::int64_t step;
  int layer;
  std::string text;  ///< "its gradient vanishes: 3.1e-05 times that of the last layer"
};

/// From where on a layer is worth a warning.
struct LayerLimits {
  /// Norm of the gradient by a layer's values before norm and activation, over that of the last
  /// layer. Kaiming's and Xavier's initial weights keep it near 1.
  double vanishing_gradients = 1e-3;
  double exploding_gradients = 1e3;
  /// Deviation of a hidden layer's outputs over that of the batch's inputs or 1, the smaller.
  double vanishing_values = 1e-4;
  /// Root mean square of a hidden layer's outputs over that of the inputs or 1, the larger.
  double exploding_values = 1e2;
  /// Share of units that are zero for every sample of the batch, where it has `dead_rows` samples:
  /// with few, a unit that is not dead is often zero for all.
  double dead = 0.5;
  std::size_t dead_rows = 16;
};

namespace detail {

inline std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", number);
  return text;
}

/// Calls warn(layer, fault, text) for all that is wrong with the layers of one step.
template <class Warn>
class LayerJudge {
 public:
  using Layers = std::span<const runtime::StageStatistics>;

  LayerJudge(const LayerLimits& limits, std::span<const Stage> stages, double inputs,
             std::size_t rows, Warn warn)
      : limits_(limits), stages_(stages), inputs_(inputs), rows_(rows), warn_(warn) {}

  void judge(Layers layers) const {
    const std::size_t last = layers.size() - 1;
    for (std::size_t s = 0; s <= last; ++s) {
      const int layer = static_cast<int>(s);
      if (!layers[s].finite_values || !layers[s].finite_gradients) {
        warn_(layer, LayerFault::NotFinite,
              std::string(layers[s].finite_values ? "a gradient" : "an output") +
                  " is NaN or infinite");
        continue;
      }
      if (s < last) judge_values(layer, layers[s]);
      if (s < last && norm(layers, last) > 0) {
        judge_gradients(layer, norm(layers, s) / norm(layers, last));
      }
    }
  }

 private:
  double norm(Layers layers, std::size_t s) const {
    return layers[s].value_gradient * std::sqrt(static_cast<double>(stages_[s].outputs()));
  }

  void judge_values(int layer, const runtime::StageStatistics& seen) const {
    const double size = std::hypot(seen.mean, seen.deviation) / std::max(1.0, inputs_);
    const double spread = seen.deviation / std::min(1.0, inputs_);
    if (size > limits_.exploding_values) {
      warn_(layer, LayerFault::ExplodingValues,
            std::string("its outputs explode: ") + number_text(size) + " times the inputs");
    }
    if (spread < limits_.vanishing_values) {
      warn_(layer, LayerFault::VanishingValues,
            std::string("its outputs vanish: they deviate ") + number_text(seen.deviation));
    }
    if (seen.dead > limits_.dead && rows_ >= limits_.dead_rows) {
      warn_(layer, LayerFault::DeadUnits,
            number_text(100 * seen.dead) + " % of its units are zero for the whole batch");
    }
  }

  /// A layer without a gradient has NaN here, which is no fault.
  void judge_gradients(int layer, double ratio) const {
    if (ratio < limits_.vanishing_gradients) {
      warn_(layer, LayerFault::VanishingGradients,
            std::string("its gradient vanishes: ") + number_text(ratio) +
                " times that of the last layer");
    }
    if (ratio > limits_.exploding_gradients) {
      warn_(layer, LayerFault::ExplodingGradients,
            std::string("its gradient explodes: ") + number_text(ratio) +
                " times that of the last layer");
    }
  }

  const LayerLimits& limits_;
  std::span<const Stage> stages_;
  double inputs_;  // root mean square of the batch's inputs
  std::size_t rows_;
  Warn warn_;
};

struct LossOfStep {
  bool finite;
  double penalty;
};

/// What is not finite in a step whose loss or parameters are not: inputs, the first layer whose
/// outputs are not, or, for the gradient comes from behind, the last whose gradient is not.
inline std::string name_not_finite(std::span<const runtime::StageStatistics> layers,
                                   std::span<const std::string> names, double inputs,
                                   LossOfStep loss) {
  if (!std::isfinite(inputs)) return "the batch's inputs are not finite";
  for (std::size_t s = 0; s < layers.size(); ++s) {
    if (!layers[s].finite_values) return "the outputs of layer " + names[s] + " are not finite";
  }
  for (std::size_t s = layers.size(); s-- > 0;) {
    if (!layers[s].finite_gradients) return "the gradient of layer " + names[s] + " is not finite";
  }
  return std::string("all outputs and gradients are finite, ") +
         (loss.finite                   ? "the update overflows"
          : std::isfinite(loss.penalty) ? "the loss of the outputs overflows"
                                        : "the penalties are not");
}

}  // namespace detail

}  // namespace lamina
