#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include <lamina/core/text.hpp>

namespace lamina {

/// What an item is to the planner. Everything else about an item is in its own header.
enum class Role {
  Input,          ///< the shape of one sample
  Contraction,    ///< sums over the features of its input with weights: starts a stage
  Normalization,  ///< subtracts a mean and divides by a deviation over its axes
  Spatial,        ///< takes values from other positions, without weights: pools, Flatten
  Elementwise,    ///< acts on each value alone: activations, dropout, noise
  Loss,           ///< compares the output with the target
  Penalty,        ///< adds a cost of the weights to the loss
  WeightDecay,    ///< shrinks the weights in every step
  Constraint,     ///< projects the weights after every step
  Structure,      ///< holds items of its own: residuals, branches, repetitions

  // Marks of a network's graph, never of an item:
  Open,   ///< where a structure's items begin
  Close,  ///< where they end
  Sum,    ///< the end of a residual, which adds what its items and its other way give
  Join,   ///< the end of branches, whose outputs stand behind each other where they lie
};

/// How the items that a structure holds are connected.
enum class Structure {
  None,
  Sequence,  ///< one after the other
  Residual,  ///< one after the other, and the input (or the shortcut's output) is added at the end
  Shortcut,  ///< the other way through a residual
  Concat,    ///< branches side by side, their outputs behind each other
  Branch,    ///< one way through a Concat
};

/// The items that a structure holds, its member `Items`.
template <class... Items>
struct ItemList {};

/// An item of a `Network` list: an empty type that states its role and its name.
///
/// A user's own item has the same standing as the built-in ones: it needs `role`, `name()` and the
/// members that the planner reads for that role (see docs/adding_a_layer.md).
template <class T>
concept Item = requires {
  { T::role } -> std::convertible_to<Role>;
  { T::name() };
};

namespace detail {

/// True for an item of a role.
template <class T, Role R>
inline constexpr bool is_item = [] {
  if constexpr (Item<T>) return T::role == R;
  return false;
}();

}  // namespace detail

/// The name of any type as the compiler spells it, without the library's own namespace: used where
/// something that is no item stands in a network's list.
template <class T>
consteval std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("T = ") + 4);
  // g++ ends it by "; std::string_view = ...]", clang by "]" alone.
  name = name.substr(0, name.find(';') != name.npos ? name.find(';') : name.rfind(']'));
  if (name.starts_with("lamina::")) name.remove_prefix(8);
  return name;
}

/// The name of an item or attribute as the user wrote it.
template <class T>
consteval TextBuffer name_of() {
  TextBuffer name;
  if constexpr (requires { T::name(); }) {
    name << T::name();
  } else {
    name << type_name<T>();
  }
  return name;
}

/// Writes `Name<a, b>`: the form of every item's name.
template <class... Arguments>
constexpr TextBuffer item_name(std::string_view name, const Arguments&... arguments) {
  TextBuffer buffer;
  buffer << name;
  if constexpr (sizeof...(Arguments) > 0) {
    buffer << "<";
    bool first = true;
    ((buffer << (first ? "" : ", "), first = false, buffer << arguments), ...);
    buffer << ">";
  }
  return buffer;
}

}  // namespace lamina
