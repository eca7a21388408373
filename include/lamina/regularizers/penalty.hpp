#pragma once

#include <lamina/core/attribute.hpp>
#include <lamina/expr/evaluate.hpp>

namespace lamina {

/// lambda f(w) for an expression f of one weight.
template <auto Expression>
struct ExpressionCost {
  float lambda;

  [[nodiscard]] double scale() const { return static_cast<double>(lambda); }
  /// sum + f(w)
  template <class V>
  V add_measure(V sum, V weight) const {
    constexpr auto formula = Expression;  // see Elementwise
    return sum + expr::evaluate(formula(expr::Argument{}), weight);
  }
  /// gradient + lambda f'(w)
  template <class V>
  V add_slope(V gradient, V weight) const {
    constexpr auto formula = Expression;
    const expr::Dual<V> cost = expr::differentiate(formula(expr::Argument{}), weight);
    return multiply_add(V(lambda), cost.slope, gradient);
  }
};

/// A user's own penalty: Lambda * the sum of an expression over all weights, its derivative found
/// by the library.
///
/// Stands where `L2` may. The lambda is captureless and generic and may use what `Elementwise`
/// lists. At 0 it must be 0 and have slope 0, or a kink whose slope there counts as 0, like `abs`:
/// rows of weights are filled up with zeros, which would cost something and move.
///
/// Example: `Penalty<[](auto w) { return log(1 + w * w); }, 1e-4>`
template <auto Expression, double Lambda = 1.0>
struct Penalty {
  static constexpr Role role = Role::Penalty;
  static constexpr AttributeKind attribute = AttributeKind::Penalty;
  static constexpr TextBuffer name() { return item_name("Penalty", Lambda); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if constexpr (!requires { Expression(expr::Argument{}); }) {
      wrong << "needs an expression of one weight, such as [](auto w) { return w * w; }, got what "
               "cannot be called with one value";
    } else if constexpr (!expr::AnyNode<decltype(Expression(expr::Argument{}))>) {
      wrong << "needs an expression that depends on its weight, got one that returns "
            << type_name<decltype(Expression(expr::Argument{}))>();
    } else if (!(Lambda >= 0)) {
      wrong << "needs a lambda of at least 0, got " << Lambda;
    }
    return wrong;
  }

  static constexpr ExpressionCost<Expression> rule() { return {static_cast<float>(Lambda)}; }
};

}  // namespace lamina
