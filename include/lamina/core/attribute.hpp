#pragma once

#include <array>
#include <boost/mp11.hpp>
#include <concepts>
#include <string_view>

#include <lamina/core/item.hpp>

namespace lamina {

/// What an attribute in an item's own list sets: `Linear<512, NoBias, Init<Kaiming>>`.
/// Two attributes of one kind in one list repeat or contradict each other: a compile error.
enum class AttributeKind {
  Bias,
  Init,
  Penalty,
  Epsilon,
  Momentum,
  Affine,
  LabelSmoothing,
  ClassWeights,
  SoftTargets,
  IgnoreLabel,
  PositiveWeight,
  WeightDecay,
  Constraint,
  LearningRate,
  Reparameterization,
  Kernel,
  Stride,
  Padding,
  Dilation,
  Groups,
  OutputPadding,
  Positions,
  Border,
  Chance,
  Area,
  Aspect,
  Value,
};

/// An attribute: an empty type that says what it sets and how it is written.
template <class T>
concept Attribute = requires {
  { T::attribute } -> std::convertible_to<AttributeKind>;
  { T::name() };
};

/// The one attribute of a list that sets `Kind`, or `Default` where none does.
template <AttributeKind Kind, class Default, class... Attributes>
struct find_attribute {
  template <class T>
  static constexpr bool sets_kind() {
    if constexpr (Attribute<T>) {
      return T::attribute == Kind;
    } else {
      return false;
    }
  }
  template <class T>
  using sets = boost::mp11::mp_bool<sets_kind<T>()>;
  using type = boost::mp11::mp_front<boost::mp11::mp_push_back<
      boost::mp11::mp_copy_if<boost::mp11::mp_list<Attributes...>, sets>, Default>>;
};
template <AttributeKind Kind, class Default, class... Attributes>
using find_attribute_t = typename find_attribute<Kind, Default, Attributes...>::type;

namespace detail {

/// What to write for an attribute of a kind.
constexpr std::string_view form_of(AttributeKind kind) {
  constexpr std::array<std::string_view, 27> forms{"NoBias",
                                                   "Init<...>",
                                                   "a penalty",
                                                   "Epsilon<...>",
                                                   "Momentum<...>",
                                                   "NoAffine",
                                                   "LabelSmoothing<...>",
                                                   "ClassWeights<...>",
                                                   "SoftTargets",
                                                   "IgnoreLabel<...>",
                                                   "PositiveWeight<...>",
                                                   "WeightDecay<...>",
                                                   "a constraint",
                                                   "LearningRate<...>",
                                                   "WeightNorm",
                                                   "Kernel<...>",
                                                   "Stride<...>",
                                                   "Padding<...>",
                                                   "Dilation<...>",
                                                   "Groups<...>",
                                                   "OutputPadding<...>",
                                                   "PerPosition, PerElement",
                                                   "Filled<...>, Reflect, Edge",
                                                   "Chance<...>",
                                                   "Area<...>",
                                                   "Aspect<...>",
                                                   "Value<...>"};
  return forms[static_cast<std::size_t>(kind)];
}

/// The first attribute of a kind in a list.
template <class... Attributes>
consteval TextBuffer first_of_kind(AttributeKind kind) {
  TextBuffer first;
  (
      [&] {
        if constexpr (Attribute<Attributes>) {
          if (first.empty() && Attributes::attribute == kind) first << name_of<Attributes>();
        }
      }(),
      ...);
  return first;
}

/// Says that two attributes of a list set the same.
consteval TextBuffer repeated(const TextBuffer& first, const TextBuffer& second) {
  TextBuffer wrong;
  if (first.view() == second.view()) return wrong << "has " << first << " twice: give it once";
  return wrong << "has both " << first << " and " << second << ": give one";
}

}  // namespace detail

/// What is wrong with a list of attributes of an item that takes the kinds in `Allowed`, as the
/// rest of a sentence that starts with the item; empty when nothing is.
template <AttributeKind... Allowed>
struct allow {
  static consteval bool is_allowed(AttributeKind kind) { return ((kind == Allowed) || ...); }

  /// The attributes of the allowed kinds, as a user writes them.
  static consteval TextBuffer forms() {
    TextBuffer forms;
    ((forms << (forms.empty() ? "" : ", ") << detail::form_of(Allowed)), ...);
    return forms;
  }

  template <class... Attributes>
  static consteval TextBuffer check() {
    TextBuffer wrong;
    [[maybe_unused]] std::array<bool, 32> seen{};
    (
        [&] {
          if (!wrong.empty()) return;
          if constexpr (!Attribute<Attributes>) {
            wrong << "takes no " << name_of<Attributes>() << ", which is no attribute: it takes "
                  << forms();
          } else if constexpr (!is_allowed(Attributes::attribute)) {
            wrong << "takes no attribute " << name_of<Attributes>() << ": it takes " << forms();
          } else if (bool& set = seen[static_cast<std::size_t>(Attributes::attribute)]; set) {
            wrong << detail::repeated(detail::first_of_kind<Attributes...>(Attributes::attribute),
                                      name_of<Attributes>());
          } else {
            if constexpr (requires { Attributes::check(); }) wrong << Attributes::check();
            set = true;
          }
        }(),
        ...);
    return wrong;
  }
};

}  // namespace lamina
