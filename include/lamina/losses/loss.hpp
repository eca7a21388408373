#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/evaluate.hpp>

namespace lamina {

/// A user's own loss: an expression of a prediction and its target, the mean over all values of the
/// batch. Its derivative by the prediction is found by the library.
///
/// The lambda is captureless and generic and may use what `Elementwise` lists, of both values.
/// Targets: row-major floats, (batch, outputs), of images and signals in the shape of the outputs.
///
/// Example: `Loss<[](auto prediction, auto target) { return log(1 + abs(prediction - target)); }>`
template <auto Expression>
struct Loss {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("Loss"); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if constexpr (!requires { tree(0.0); }) {
      wrong << "needs an expression of a prediction and a target, such as [](auto x, auto t) { "
               "return abs(x - t); }, got what cannot be called with two values";
    } else if constexpr (!expr::AnyNode<decltype(tree(0.0))>) {
      wrong << "needs an expression that depends on its values, got one that returns "
            << type_name<decltype(tree(0.0))>();
    }
    return wrong;
  }

  template <class V>
  static V value(V x, V target) {
    return expr::evaluate(tree(target), x);
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    return expr::differentiate(tree(target), x).slope;
  }

 private:
  template <class V>
  static constexpr auto tree(V target)
    requires requires { Expression(expr::Argument{}, expr::Held<V>(target)); }
  {
    constexpr auto formula = Expression;  // see Elementwise
    return formula(expr::Argument{}, expr::Held<V>(target));
  }
};

}  // namespace lamina
