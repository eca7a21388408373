#pragma once

#include <cmath>

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Says how weights start: draws one weight of a layer with that many inputs and outputs.
template <class T>
concept Initializer = requires {
  { T::deviation(1, 1) } -> std::convertible_to<double>;
  { T::name() };
};

/// Attribute of a layer: how its weights start. Without it the activation that follows decides:
/// `Kaiming` before the ReLU family, `Xavier` before all else. Biases start at zero.
///
/// Example: `Linear<64, Init<Glorot>>`
template <class Initializer>
struct Init {
  static constexpr AttributeKind attribute = AttributeKind::Init;
  using type = Initializer;
  static constexpr TextBuffer name() { return item_name("Init", name_of<Initializer>()); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if constexpr (!lamina::Initializer<Initializer>) {
      wrong << "needs an initializer in Init<...>, such as Init<Kaiming>, got "
            << name_of<Initializer>();
    }
    return wrong;
  }
};

/// Normal with deviation sqrt(2 / in): keeps the variance through layers of rectifiers.
/// Source: He et al. 2015, https://arxiv.org/abs/1502.01852; `torch.nn.init.kaiming_normal_`.
struct Kaiming {
  static constexpr TextBuffer name() { return item_name("Kaiming"); }
  static double deviation(int inputs, int) { return std::sqrt(2.0 / inputs); }
};

/// Normal with deviation sqrt(1 / in): keeps the variance through layers of odd activations.
/// The same rule is known as LeCun's, and goes with SELU.
struct Xavier {
  static constexpr TextBuffer name() { return item_name("Xavier"); }
  static double deviation(int inputs, int) { return std::sqrt(1.0 / inputs); }
};

/// Normal with deviation sqrt(2 / (in + out)): between the needs of forward and backward.
/// Source: Glorot and Bengio 2010; `torch.nn.init.xavier_normal_`.
struct Glorot {
  static constexpr TextBuffer name() { return item_name("Glorot"); }
  static double deviation(int inputs, int outputs) { return std::sqrt(2.0 / (inputs + outputs)); }
};

}  // namespace lamina
