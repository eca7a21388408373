#pragma once

#include <lamina/expr/evaluate.hpp>

/// The elementwise items of a stage as one expression: what happens to a register between the
/// normalization and the next layer, and back.
namespace lamina::expr {

/// An item that multiplies by 0 or 1 / (1 - rate) at random while training.
template <class Item>
concept Dropping = requires { Item::rate; };

/// Last in the chain of a stage that ends a residual: the kernel adds the outputs of another stage.
/// For everything else it changes nothing.
struct AddSkip {
  static constexpr auto expression(auto x) { return x; }
};

template <class Item>
using tree_of = decltype(Item::expression(Argument{}));

/// Elementwise items in order. `masks(i)` gives the multiplier of the i-th dropping item.
template <class... Items>
struct Chain {
  static constexpr int size = sizeof...(Items);
  /// Items that need random numbers.
  static constexpr int dropping = (0 + ... + (Dropping<Items> ? 1 : 0));
  /// The outputs of another stage are added at the end: an output tells nothing of its input then.
  static constexpr bool adds_skip = (std::same_as<Items, AddSkip> || ...);
  /// Items that are expressions.
  static constexpr int expressions = size - dropping - (adds_skip ? 1 : 0);

 private:
  template <class Item>
  static constexpr Reads reads_of_item() {
    if constexpr (Dropping<Item>) {
      return Reads::Nothing;
    } else {
      return reads_of<tree_of<Item>>;
    }
  }
  template <class Item>
  static constexpr bool item_is_dead_at_zero() {
    if constexpr (Dropping<Item>) {
      return false;
    } else {
      return dead_at_zero<tree_of<Item>>;
    }
  }
  static constexpr Reads find_reads() {
    const bool from_output =
        expressions == 1 && !adds_skip && ((reads_of_item<Items>() != Reads::Input) && ...);
    const bool nothing = ((reads_of_item<Items>() == Reads::Nothing) && ...);
    return nothing ? Reads::Nothing : from_output ? Reads::Output : Reads::Input;
  }

 public:
  /// What `slope` has to be given: several expressions in a row are computed again from the input.
  static constexpr Reads reads = find_reads();
  /// The zeros of the output say what was dropped: no mask is needed on the way back.
  static constexpr bool masks_in_output =
      dropping == 0 || (reads == Reads::Output && (item_is_dead_at_zero<Items>() || ...));
  /// True where backward has nothing to do.
  static constexpr bool trivial = size == 0 || (reads == Reads::Nothing && dropping == 0);

  /// The product of 1 / (1 - rate): what a value that was kept has been multiplied by.
  static constexpr double kept_scale() {
    double scale = 1;
    (
        [&] {
          if constexpr (Dropping<Items>) scale /= 1 - Items::rate;
        }(),
        ...);
    return scale;
  }

  /// The probability that the i-th dropping item keeps a value.
  static constexpr double keep(int index) {
    double found = 1;
    int i = 0;
    (
        [&] {
          if constexpr (Dropping<Items>) {
            if (i++ == index) found = 1 - Items::rate;
          }
        }(),
        ...);
    return found;
  }

  /// Inference: dropout is not there.
  template <class V>
  static V infer(V x) {
    (
        [&] {
          if constexpr (!Dropping<Items>) x = evaluate(Items::expression(Argument{}), x);
        }(),
        ...);
    return x;
  }

  template <class V, class Masks>
  static V forward(V x, [[maybe_unused]] const Masks& masks) {
    [[maybe_unused]] int mask = 0;
    (
        [&] {
          if constexpr (Dropping<Items>) {
            x = x * masks(mask++);
          } else {
            x = evaluate(Items::expression(Argument{}), x);
          }
        }(),
        ...);
    return x;
  }

  /// d output / d input. `stored` is the output or the input, as `reads` says.
  template <class V, class Masks>
  static V slope(V stored, const Masks& masks) {
    if constexpr (masks_in_output) {
      return number<V>(dropping > 0 ? kept_scale() : 1) * slope_where_kept(stored, masks);
    } else {
      // Selected and not multiplied: an activation may be infinitely steep at a dropped zero.
      using scalar::select;
      V kept = masks(0);
      for (int i = 1; i < dropping; ++i) kept = kept * masks(i);
      const V zero = number<V>(0);
      return select(kept > zero, kept * slope_where_kept(stored, masks), zero);
    }
  }

 private:
  /// The slope without the multipliers of the dropping items.
  template <class V, class Masks>
  static V slope_where_kept(V stored, [[maybe_unused]] const Masks& masks) {
    if constexpr (reads == Reads::Input) {
      return slope_from_input(stored, masks);
    } else {
      return slope_of_output(stored);
    }
  }

  template <class V, class Masks>
  static V slope_from_input(V x, [[maybe_unused]] const Masks& masks) {
    [[maybe_unused]] int mask = 0;
    V slope = number<V>(1);
    (
        [&] {
          if constexpr (Dropping<Items>) {
            x = x * masks(mask++);
          } else {
            const Dual<V> dual = differentiate(Items::expression(Argument{}), x);
            x = dual.value;
            slope = slope * dual.slope;
          }
        }(),
        ...);
    return slope;
  }

  // Dropouts after the activation are undone first; where something was dropped the undone value is
  // wrong, but there the slope is zero.
  template <class V>
  static V slope_of_output([[maybe_unused]] V y) {
    V slope = number<V>(1);
    if constexpr (reads == Reads::Output) {
      if constexpr (scale_after_expression() != 1) {
        y = y * number<V>(1 / scale_after_expression());
      }
      (
          [&] {
            if constexpr (!Dropping<Items>) {
              slope = slope * slope_from_output(Items::expression(Argument{}), y);
            }
          }(),
          ...);
    }
    return slope;
  }

  static constexpr double scale_after_expression() {
    double scale = 1;
    (
        [&] {
          if constexpr (Dropping<Items>) {
            scale /= 1 - Items::rate;
          } else {
            scale = 1;
          }
        }(),
        ...);
    return scale;
  }
};

}  // namespace lamina::expr
