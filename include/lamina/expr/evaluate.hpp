#pragma once

#include <lamina/expr/expression.hpp>

/// Evaluation of expression trees over registers, with the derivative by forward mode: every node
/// turns the values and slopes of its operands into its own. All of it inlines into the epilogue.
///
/// A product under + or - is one multiply-add with it, rounded once, on every compiler: of two
/// products the left one.
namespace lamina::expr {

/// A value and its derivative by the variable.
template <class V>
struct Dual {
  V value;
  V slope;
};

template <class Tree>
inline constexpr bool is_product = false;
template <class L, class R>
inline constexpr bool is_product<Combine<Multiply, L, R>> = true;

/// False for numbers, whose slope is 0.
template <class Tree>
inline constexpr bool varies = true;
template <>
inline constexpr bool varies<Constant> = false;
template <class V>
inline constexpr bool varies<Held<V>> = false;

// Values.

template <class V>
V evaluate(const Argument&, V x) {
  return x;
}
template <class V>
V evaluate(const Constant& constant, V) {
  return number<V>(constant.number);
}
template <class V>
V evaluate(const Held<V>& held, V) {
  return held.value;
}
template <class Function, class X, class V>
V evaluate(const Apply<Function, X>& node, V x);
template <class Operation, class L, class R, class V>
V evaluate(const Combine<Operation, L, R>& node, V x);

template <class L, class R, class Yes, class No, class V>
V evaluate(const Select<L, R, Yes, No>& node, V x) {
  LAMINA_MATH_IN_SCOPE;
  return select(evaluate(node.left, x) > evaluate(node.right, x), evaluate(node.yes, x),
                evaluate(node.no, x));
}
template <class Function, class X, class V>
V evaluate(const Apply<Function, X>& node, V x) {
  return node.function.value(evaluate(node.operand, x));
}
/// Calls f(left factor, right factor, the other operand) for a sum or difference of which one
/// operand is a product.
template <class Operation, class L, class R, class F>
auto with_product(const Combine<Operation, L, R>& node, const F& f) {
  if constexpr (is_product<L>) {
    return f(node.left.left, node.left.right, node.right);
  } else {
    return f(node.right.left, node.right.right, node.left);
  }
}
template <class Operation, class L, class R>
inline constexpr bool adds_product =
    (std::same_as<Operation, Add> || std::same_as<Operation, Subtract>) &&
    (is_product<L> || is_product<R>);

template <class Operation, class L, class R, class V>
V evaluate(const Combine<Operation, L, R>& node, V x) {
  LAMINA_MATH_IN_SCOPE;
  if constexpr (adds_product<Operation, L, R>) {
    return with_product(node, [&](const auto& left, const auto& right, const auto& other) {
      const V a = evaluate(left, x);
      const V b = evaluate(right, x);
      const V c = evaluate(other, x);
      if constexpr (std::same_as<Operation, Add>)
        return multiply_add(a, b, c);
      else if constexpr (is_product<L>)
        return multiply_subtract(a, b, c);
      else
        return subtract_product(a, b, c);
    });
  } else {
    const V a = evaluate(node.left, x);
    const V b = evaluate(node.right, x);
    if constexpr (std::same_as<Operation, Add>) return a + b;
    if constexpr (std::same_as<Operation, Subtract>) return a - b;
    if constexpr (std::same_as<Operation, Multiply>) return a * b;
    if constexpr (std::same_as<Operation, Divide>) return a / b;
    if constexpr (std::same_as<Operation, Minimum>) return min(a, b);
    if constexpr (std::same_as<Operation, Maximum>) return max(a, b);
  }
}

// Values with slopes.

template <class V>
Dual<V> differentiate(const Argument&, V x) {
  return {x, number<V>(1)};
}
template <class V>
Dual<V> differentiate(const Constant& constant, V) {
  return {number<V>(constant.number), number<V>(0)};
}
template <class V>
Dual<V> differentiate(const Held<V>& held, V) {
  return {held.value, number<V>(0)};
}
template <class Function, class X, class V>
Dual<V> differentiate(const Apply<Function, X>& node, V x);
template <class Operation, class L, class R, class V>
Dual<V> differentiate(const Combine<Operation, L, R>& node, V x);

template <class L, class R, class Yes, class No, class V>
Dual<V> differentiate(const Select<L, R, Yes, No>& node, V x) {
  LAMINA_MATH_IN_SCOPE;
  const auto condition = evaluate(node.left, x) > evaluate(node.right, x);
  const Dual<V> yes = differentiate(node.yes, x);
  const Dual<V> no = differentiate(node.no, x);
  return {select(condition, yes.value, no.value), select(condition, yes.slope, no.slope)};
}
template <class Function, class X, class V>
Dual<V> differentiate(const Apply<Function, X>& node, V x) {
  const Dual<V> inner = differentiate(node.operand, x);
  const V y = node.function.value(inner.value);
  return {y, node.function.slope(inner.value, y) * inner.slope};
}
/// The slope of a product of two operands; what a number's slope of 0 leaves out is not computed.
template <class L, class R, class V>
V slope_of_product(const L&, const Dual<V>& a, const R&, const Dual<V>& b) {
  LAMINA_MATH_IN_SCOPE;
  if constexpr (!varies<L>)
    return a.value * b.slope;
  else if constexpr (!varies<R>)
    return a.slope * b.value;
  else
    return multiply_add(a.slope, b.value, a.value * b.slope);
}

template <class Operation, class L, class R, class V>
Dual<V> differentiate(const Combine<Operation, L, R>& node, V x) {
  LAMINA_MATH_IN_SCOPE;
  if constexpr (adds_product<Operation, L, R>) {
    return with_product(node, [&](const auto& left, const auto& right, const auto& other) {
      const Dual<V> a = differentiate(left, x);
      const Dual<V> b = differentiate(right, x);
      const Dual<V> c = differentiate(other, x);
      const V slope = slope_of_product(left, a, right, b);
      if constexpr (std::same_as<Operation, Add>) {
        return Dual<V>{multiply_add(a.value, b.value, c.value), slope + c.slope};
      } else if constexpr (is_product<L>) {
        return Dual<V>{multiply_subtract(a.value, b.value, c.value), slope - c.slope};
      } else {
        return Dual<V>{subtract_product(a.value, b.value, c.value), c.slope - slope};
      }
    });
  } else {
    const Dual<V> a = differentiate(node.left, x);
    const Dual<V> b = differentiate(node.right, x);
    if constexpr (std::same_as<Operation, Add>) return {a.value + b.value, a.slope + b.slope};
    if constexpr (std::same_as<Operation, Subtract>) return {a.value - b.value, a.slope - b.slope};
    if constexpr (std::same_as<Operation, Multiply>) {
      return {a.value * b.value, slope_of_product(node.left, a, node.right, b)};
    }
    if constexpr (std::same_as<Operation, Divide>) {
      const V quotient = a.value / b.value;
      return {quotient, subtract_product(quotient, b.slope, a.slope) / b.value};
    }
    if constexpr (std::same_as<Operation, Minimum> || std::same_as<Operation, Maximum>) {
      constexpr bool minimum = std::same_as<Operation, Minimum>;
      const auto left = minimum ? b.value > a.value : a.value > b.value;
      return {select(left, a.value, b.value), select(left, a.slope, b.slope)};
    }
  }
}

// What the backward pass reads.

/// What must be kept to find the slope: the output alone for a single function that says so.
template <class Tree>
inline constexpr Reads reads_of = Reads::Input;
template <>
inline constexpr Reads reads_of<Argument> = Reads::Nothing;
template <class Function>
inline constexpr Reads reads_of<Apply<Function, Argument>> = Function::reads;

/// True where an output of zero implies a slope of zero.
template <class Tree>
inline constexpr bool dead_at_zero = false;
template <class Function>
  requires(Function::dead_at_zero)
inline constexpr bool dead_at_zero<Apply<Function, Argument>> = true;

/// The slope from the output, for trees whose `reads_of` is `Output`.
template <class Function, class V>
V slope_from_output(const Apply<Function, Argument>& node, V y) {
  return node.function.slope(y, y);
}

}  // namespace lamina::expr
