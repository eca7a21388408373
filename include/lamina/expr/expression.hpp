#pragma once

#include <concepts>
#include <type_traits>

#include <lamina/expr/function.hpp>

/// Expression templates of one variable. An activation is a lambda of one argument; called with
/// `Argument{}` it returns its tree, from which the library takes the value, the slope and what the
/// backward pass must read.
///
/// Example: `[](auto x) { return x * tanh(softplus(x)); }`
namespace lamina::expr {

/// Marks the types that are nodes of a tree.
struct Node {};
template <class T>
concept AnyNode = std::derived_from<T, Node>;

/// The variable.
struct Argument : Node {};

/// A number that the expression holds.
struct Constant : Node {
  double number = 0;
  constexpr Constant() = default;
  explicit constexpr Constant(double x) : number(x) {}
};

/// A number that is known when the expression is evaluated, such as a loss's target: its slope by
/// the variable is 0.
template <class V>
struct Held : Node {
  V value;
  explicit constexpr Held(V x) : value(x) {}
};

/// A function of a node.
template <class Function, class Operand>
struct Apply : Node {
  Function function;
  Operand operand;
  constexpr Apply(Function f, Operand x) : function(f), operand(x) {}
};

/// Two nodes under one of + - * /, min, max.
template <class Operation, class Left, class Right>
struct Combine : Node {
  Left left;
  Right right;
  constexpr Combine(Left a, Right b) : left(a), right(b) {}
};

/// `yes` where left > right, else `no`.
template <class Left, class Right, class Yes, class No>
struct Select : Node {
  Left left;
  Right right;
  Yes yes;
  No no;
  constexpr Select(Left a, Right b, Yes y, No n) : left(a), right(b), yes(y), no(n) {}
};

/// The condition left > right, for `select`.
template <class Left, class Right>
struct Greater {
  Left left;
  Right right;
};

constexpr auto to_node(AnyNode auto node) {
  return node;
}
constexpr auto to_node(double number) {
  return Constant(number);
}

template <class T>
concept Operand = AnyNode<T> || std::convertible_to<T, double>;
template <class L, class R>
concept Operands = Operand<L> && Operand<R> && (AnyNode<L> || AnyNode<R>);

struct Add {};
struct Subtract {};
struct Multiply {};
struct Divide {};
struct Minimum {};
struct Maximum {};

template <class Operation, class L, class R>
constexpr auto combine(L left, R right) {
  return Combine<Operation, decltype(to_node(left)), decltype(to_node(right))>(to_node(left),
                                                                               to_node(right));
}

// clang-format off
template <class L, class R> requires Operands<L, R>
constexpr auto operator+(L left, R right) { return combine<Add>(left, right); }
template <class L, class R> requires Operands<L, R>
constexpr auto operator-(L left, R right) { return combine<Subtract>(left, right); }
template <class L, class R> requires Operands<L, R>
constexpr auto operator*(L left, R right) { return combine<Multiply>(left, right); }
template <class L, class R> requires Operands<L, R>
constexpr auto operator/(L left, R right) { return combine<Divide>(left, right); }
template <class L, class R> requires Operands<L, R>
constexpr auto min(L left, R right) { return combine<Minimum>(left, right); }
template <class L, class R> requires Operands<L, R>
constexpr auto max(L left, R right) { return combine<Maximum>(left, right); }
template <AnyNode X>
constexpr auto operator-(X x) { return combine<Subtract>(0.0, x); }

template <class L, class R> requires Operands<L, R>
constexpr auto operator>(L left, R right) {
  return Greater<decltype(to_node(left)), decltype(to_node(right))>{to_node(left), to_node(right)};
}
template <class L, class R> requires Operands<L, R>
constexpr auto operator<(L left, R right) { return right > left; }

template <class Function, AnyNode X>
constexpr auto apply(Function function, X x) { return Apply<Function, X>(function, x); }
constexpr auto tanh(AnyNode auto x) { return apply(Tanh{}, x); }
constexpr auto sigmoid(AnyNode auto x) { return apply(Sigmoid{}, x); }
constexpr auto exp(AnyNode auto x) { return apply(Exp{}, x); }
constexpr auto log(AnyNode auto x) { return apply(Log{}, x); }
constexpr auto sqrt(AnyNode auto x) { return apply(Sqrt{}, x); }
constexpr auto abs(AnyNode auto x) { return apply(Abs{}, x); }
constexpr auto erf(AnyNode auto x) { return apply(Erf{}, x); }
constexpr auto relu(AnyNode auto x) { return apply(Relu{}, x); }
constexpr auto softplus(AnyNode auto x, double beta = 1, double threshold = 20) {
  return apply(Softplus{beta, threshold}, x);
}
constexpr auto leaky_relu(AnyNode auto x, double leak) { return apply(LeakyRelu{leak}, x); }
constexpr auto elu(AnyNode auto x, double alpha = 1, double scale = 1) {
  return apply(Elu{alpha, scale}, x);
}
// clang-format on

/// `yes` where the condition holds, else `no`: `select(x > 0, x, 0.1 * x)`.
template <class L, class R, Operand Yes, Operand No>
constexpr auto select(Greater<L, R> condition, Yes yes, No no) {
  return Select<L, R, decltype(to_node(yes)), decltype(to_node(no))>(
      condition.left, condition.right, to_node(yes), to_node(no));
}

}  // namespace lamina::expr
