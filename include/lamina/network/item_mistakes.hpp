#pragma once

#include <string_view>

#include <lamina/core/item.hpp>
#include <lamina/core/normalization.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/expr/expression.hpp>
#include <lamina/expr/random.hpp>

/// What can be wrong with an item of a network wherever it stands, as the rest of a sentence that
/// starts with the item.
namespace lamina::detail {

template <class T>
constexpr TextBuffer no_item() {
  TextBuffer wrong;
  if constexpr (requires { T::attribute; }) {
    return wrong << "is an attribute and no item: it goes in the list of an item, as in Linear<10, "
                 << name_of<T>() << ">";
  }
  return wrong
         << "is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty"
            ", a type with a static role and name()";
}

/// What the planner will ask of an item of this role and does not find; empty when all is there.
template <class T>
constexpr std::string_view missing_members() {
  if constexpr (T::role == Role::Input) {
    return requires { T::output().features(); } ? "" : "output()";
  } else if constexpr (T::role == Role::Contraction) {
    constexpr bool types = requires {
      typename T::Initializer;
      typename T::LayerPenalty;
    };
    constexpr bool values = requires { T::output(Shape{}).features() + (T::bias ? 1 : 0); };
    return types && values ? "" : "output(Shape), bias, Initializer and LayerPenalty";
  } else if constexpr (T::role == Role::Spatial) {
    constexpr bool values = requires {
      T::output(Shape{}).features();
      T::spatial(Shape{}).operation;
    };
    return values ? "" : "output(Shape) and spatial(Shape)";
  } else if constexpr (T::role == Role::Normalization) {
    return requires { T::normalization.axes; } ? "" : "normalization";
  } else if constexpr (T::role == Role::Elementwise) {
    constexpr bool expression = requires { T::expression(expr::Argument{}); };
    if (requires { T::rate; }) {
      return expr::Random<T> ? "" : "rates, Numbers, numbers(rate) and draw(numbers, bits)";
    }
    return expression ? "" : "expression(x), or rate where it is random";
  } else if constexpr (T::role == Role::Loss) {
    return requires { typename T::Target; } ? "" : "Target";
  } else if constexpr (T::role == Role::WeightDecay) {
    return requires { T::decay + 1.0; } ? "" : "decay";
  } else if constexpr (T::role == Role::Structure) {
    constexpr bool holds = requires {
      typename T::Items;
      T::structure;
    };
    return holds ? "" : "structure and Items";
  } else {
    return requires { T::rule(); } ? "" : "rule()";
  }
}

template <class T>
constexpr TextBuffer lacking() {
  TextBuffer wrong;
  const std::string_view missing = missing_members<T>();
  if (missing.empty()) return wrong;
  return wrong << "lacks static members that an item of its role needs: " << missing;
}

/// What does not go together in a normalization: a mean that inference cannot take must be kept.
constexpr std::string_view contradiction(const Normalization& norm) {
  const bool kept = norm.averages == Averages::Moving || norm.averages == Averages::Running;
  const bool fitted = norm.averages == Averages::Fitted;
  if (reduces(norm.axes, Axes::Batch) && reduces(norm.axes, Axes::Channels)) {
    return "takes its mean over the batch and over the channels: it may take one of both, with "
           "or without the space";
  }
  if (reduces(norm.axes, Axes::Batch) && !kept) {
    return "takes its mean over the batch, which inference does not have: it needs averages, "
           "Moving or Running";
  }
  if (reduces(norm.axes, Axes::Channels) && norm.averages != Averages::None) {
    return "takes its mean over the channels of each sample: it keeps no averages";
  }
  if (norm.axes == Axes::None && !fitted) {
    return "takes no mean: it needs numbers that are found once, Averages::Fitted";
  }
  return "";
}

/// Of a normalization over space alone where there is one position.
/// What an item says that makes more of a sample than can be counted.
constexpr TextBuffer makes_too_much(const Shape& input) {
  TextBuffer wrong;
  return wrong << "makes more than " << Shape::most_values << " values of a sample, of "
               << words_of(input);
}

constexpr TextBuffer needs_space(const Shape& input) {
  TextBuffer wrong;
  wrong << "has no space to reduce over: it takes images or signals, got ";
  if (input.dimensions == 0) {
    wrong << input.features() << " flat features";
  } else {
    wrong << words_of(input);
  }
  return wrong << ", of which each would be its own mean; take LayerNorm<> or GroupNorm<groups>";
}

/// What is wrong with an item that says of itself that it is right.
template <class T>
constexpr TextBuffer hidden_mistake() {
  const TextBuffer wrong = lacking<T>();
  if constexpr (requires { T::normalization.axes; }) {
    if (wrong.empty()) return TextBuffer{} << contradiction(T::normalization);
  }
  return wrong;
}

/// What is wrong with an item wherever it stands.
template <class T>
constexpr TextBuffer own_mistake() {
  TextBuffer wrong;
  if constexpr (requires { T::check(); }) {
    constexpr bool good = T::check().empty();
    if constexpr (!good) {
      return wrong << T::check();
    } else {
      return wrong << hidden_mistake<T>();
    }
  } else {
    return wrong << hidden_mistake<T>();
  }
}

template <class T>
inline constexpr bool sound = own_mistake<T>().empty();

}  // namespace lamina::detail
