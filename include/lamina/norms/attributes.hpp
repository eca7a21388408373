#pragma once

#include <string_view>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/normalization.hpp>
#include <lamina/core/shape.hpp>

namespace lamina {

/// Attribute of a normalization: the constant added to the variance, > 0.
template <double Value>
struct Epsilon {
  static constexpr AttributeKind attribute = AttributeKind::Epsilon;
  static constexpr double value = Value;
  static constexpr TextBuffer name() { return item_name("Epsilon", Value); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Value > 0)) wrong << "needs an epsilon above 0, got " << Value;
    return wrong;
  }
};

/// Attribute of a normalization with averages: the weight of the newest batch in them, in [0, 1];
/// PyTorch's meaning, running <- (1 - momentum) running + momentum batch.
template <double Value>
struct Momentum {
  static constexpr AttributeKind attribute = AttributeKind::Momentum;
  static constexpr double value = Value;
  static constexpr TextBuffer name() { return item_name("Momentum", Value); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Value >= 0 && Value <= 1)) wrong << "needs a momentum in [0, 1], got " << Value;
    return wrong;
  }
};

/// Attribute of a normalization: no scale and no shift are learned. PyTorch's `affine=False`.
struct NoAffine {
  static constexpr AttributeKind attribute = AttributeKind::Affine;
  static constexpr TextBuffer name() { return item_name("NoAffine"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Attribute of `LayerNorm` and `RMSNorm` on images and signals: the mean is that of the channels
/// of each position, and not of all positions of a sample. As ConvNeXt has it.
struct PerPosition {
  static constexpr AttributeKind attribute = AttributeKind::Positions;
  static constexpr TextBuffer name() { return item_name("PerPosition"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Attribute of `LayerNorm` and `RMSNorm` on images and signals: scale and shift are of every value
/// of a sample, (channels, height, width) of them, and not of its channels. As
/// `torch.nn.LayerNorm((channels, height, width))`.
struct PerElement {
  static constexpr AttributeKind attribute = AttributeKind::Positions;
  static constexpr TextBuffer name() { return item_name("PerElement"); }
  static constexpr TextBuffer check() { return {}; }
};

namespace detail {

/// The data of a norm with what its attributes say of it.
template <class... Attributes>
constexpr Normalization with_attributes(Normalization norm) {
  using OwnEpsilon = find_attribute_t<AttributeKind::Epsilon, void, Attributes...>;
  using OwnMomentum = find_attribute_t<AttributeKind::Momentum, void, Attributes...>;
  using OwnAffine = find_attribute_t<AttributeKind::Affine, void, Attributes...>;
  using OwnPositions = find_attribute_t<AttributeKind::Positions, void, Attributes...>;
  if constexpr (!std::is_void_v<OwnEpsilon>) norm.epsilon = OwnEpsilon::value;
  if constexpr (!std::is_void_v<OwnMomentum>) norm.momentum = OwnMomentum::value;
  if constexpr (!std::is_void_v<OwnAffine>) norm.scaled = norm.shifted = false;
  norm.per_element = std::is_same_v<OwnPositions, PerElement>;
  return norm;
}

/// `BatchNorm<>`, or with its attributes.
template <class... Attributes>
constexpr TextBuffer norm_name(std::string_view name) {
  if constexpr (sizeof...(Attributes) == 0) {
    return TextBuffer{} << name << "<>";
  } else {
    return item_name(name, name_of<Attributes>()...);
  }
}

/// The axes of a norm of samples: those of each position with `PerPosition`.
template <class... Attributes>
inline constexpr Axes sample_axes =
    std::is_same_v<find_attribute_t<AttributeKind::Positions, void, Attributes...>, PerPosition>
        ? Axes::Channels
        : Axes::Space | Axes::Channels;

}  // namespace detail

}  // namespace lamina
