#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/expr/function.hpp>

namespace lamina {

/// Attribute of `BinaryCrossEntropy`: what a yes counts against a no, one number >= 0 for all
/// outputs or one for each, of images and signals one for each channel; for yeses that are rare,
/// the noes over the yeses make them even. PyTorch's `pos_weight`.
template <auto... Weights>
  requires(std::is_arithmetic_v<decltype(Weights)> && ...)
struct PositiveWeight {
  static constexpr AttributeKind attribute = AttributeKind::PositiveWeight;
  static constexpr int size = sizeof...(Weights);
  static constexpr bool fits(double weight) {
    return weight >= 0 && weight <= static_cast<double>(std::numeric_limits<float>::max());
  }
  static constexpr std::array<float, sizeof...(Weights)> values{
      static_cast<float>(fits(static_cast<double>(Weights)) ? Weights : 0)...};
  static constexpr TextBuffer name() {
    return item_name("PositiveWeight", static_cast<double>(Weights)...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (size == 0) wrong << "needs a positive weight, or one for every output, got none";
    ((!fits(static_cast<double>(Weights)) && wrong.empty()
          ? wrong << "needs finite positive weights of at least 0, got "
                  << static_cast<double>(Weights)
          : wrong),
     ...);
    return wrong;
  }
};

/// Cross entropy of independent yes/no outputs on logits, the mean over all values of the batch.
///
/// loss = mean (-p t log s(x) - (1 - t) log s(-x)), s the sigmoid; gradient ((1 - t) s(x) - p t
/// s(-x)) / (batch * outputs). p is 1 unless a `PositiveWeight` says what a yes counts. As
/// `torch.nn.BCEWithLogitsLoss`. Targets: row-major floats in [0, 1], (batch, outputs), of images
/// and signals in the shape of the outputs.
/// Attributes: `PositiveWeight<p>`, `PositiveWeight<p...>`.
///
/// Neither a difference nor an overflow is in the way of the smallest loss and gradient: where the
/// target is 0 or 1 both have all their digits however far x is.
///
/// Errors: a number of positive weights that is neither 1 nor that of the outputs (channels of an
/// image or a signal) does not compile.
/// Example: `Network<Input<30>, Linear<1>, BinaryCrossEntropy<PositiveWeight<20>>>`
template <class... Attributes>
struct BinaryCrossEntropy {
 private:
  using Positive =
      find_attribute_t<AttributeKind::PositiveWeight, PositiveWeight<1>, Attributes...>;

 public:
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Attributes) == 0) return item_name("BinaryCrossEntropy<>");
    return item_name("BinaryCrossEntropy", name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::PositiveWeight>::template check<Attributes...>();
  }
  /// What this loss says against outputs of this shape; empty when it takes them.
  static constexpr TextBuffer check_input(Shape outputs) {
    TextBuffer wrong;
    if (Positive::size != 1 && Positive::size != outputs.channels) {
      wrong << "has " << Positive::size << " positive weights for " << outputs.channels
            << (outputs.dimensions == 0 ? " outputs" : " channels")
            << ": give one, or one for each";
    }
    return wrong;
  }

  /// True where each output has a number of its own among `output_numbers`, which `value` and
  /// `slope` are then given.
  static constexpr bool has_output_numbers = Positive::size > 1;
  static constexpr auto output_numbers = Positive::values;

  template <class V, class... Weight>
  static V value(V x, V target, Weight... weight) {
    using expr::scalar::max, expr::scalar::multiply_add;
    using std::abs, std::exp, std::log1p;
    const V zero = expr::number<V>(0);
    const V no = expr::number<V>(1) - target;
    const V yes = counted(target, weight...);
    // -log s(x) = max(-x, 0) + log(1 + exp(-|x|)).
    const V soft = (no + yes) * log1p(exp(zero - abs(x)));
    return multiply_add(no, max(x, zero), multiply_add(yes, max(zero - x, zero), soft));
  }
  /// Derivative by the prediction.
  template <class V, class... Weight>
  static V slope(V x, V target, Weight... weight) {
    using expr::scalar::multiply_add, expr::scalar::sigmoid;
    const V zero = expr::number<V>(0);
    const V against = counted(target, weight...) * sigmoid(zero - x);
    return multiply_add(expr::number<V>(1) - target, sigmoid(x), zero - against);
  }

 private:
  /// p t.
  template <class V, class... Weight>
  static V counted(V target, Weight... weight) {
    if constexpr (sizeof...(weight) > 0) {
      return (target * ... * weight);
    } else if constexpr (Positive::size == 1 && Positive::values[0] != 1) {
      return target * expr::number<V>(static_cast<double>(Positive::values[0]));
    } else {
      return target;
    }
  }
};

}  // namespace lamina
