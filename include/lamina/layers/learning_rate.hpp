#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Attribute of a layer: its weights and bias train at Scale times the optimizer's learning rate,
/// as a parameter group of PyTorch does. Schedules keep the ratio. Scale >= 0; 0 freezes the layer
/// (its constraints and running statistics still act).
///
/// Example: `Linear<512, LearningRate<0.1>>`
template <double Scale>
struct LearningRate {
  static constexpr AttributeKind attribute = AttributeKind::LearningRate;
  static constexpr double scale = Scale;
  static constexpr TextBuffer name() { return item_name("LearningRate", Scale); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Scale >= 0)) wrong << "needs a scale of at least 0, got " << Scale;
    return wrong;
  }
};

}  // namespace lamina
