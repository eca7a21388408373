#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// A user's own activation: an expression of one value, fused like the built-in ones, its
/// derivative found by the library.
///
/// The lambda is captureless and generic; it may use + - * /, numbers, tanh, sigmoid, exp, log,
/// sqrt, abs, erf, relu, softplus, leaky_relu, elu, min, max and select(x > 0, a, b), which are
/// found by argument-dependent lookup.
///
/// Example: `Elementwise<[](auto x) { return x * tanh(softplus(x)); }>`  (Mish)
template <auto Expression>
struct Elementwise {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = false;
  static constexpr TextBuffer name() { return item_name("Elementwise"); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if constexpr (!requires { Expression(expr::Argument{}); }) {
      wrong << "needs an expression of one value, such as [](auto x) { return x * tanh(x); }, "
               "got what cannot be called with one value";
    } else if constexpr (!expr::AnyNode<decltype(Expression(expr::Argument{}))>) {
      wrong << "needs an expression that depends on its value, got one that returns "
            << type_name<decltype(Expression(expr::Argument{}))>();
    }
    return wrong;
  }
  static constexpr auto expression(auto x) {
    // A copy: clang names the template's own object alike in all files whose unnamed namespaces
    // hold such a lambda, and without optimization they do not link.
    constexpr auto formula = Expression;
    return formula(x);
  }
};

}  // namespace lamina
