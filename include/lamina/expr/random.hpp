#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <lamina/core/draw.hpp>
#include <lamina/expr/function.hpp>

/// Random items: y = scale x + shift while training, with scale and shift drawn for each value;
/// nothing in inference.
namespace lamina::expr {

/// y = scale x.
template <class V>
struct Scale {
  static constexpr bool scales = true;
  static constexpr bool shifts = false;
  V scale;

  [[nodiscard]] V apply(V x) const { return x * scale; }
  [[nodiscard]] V undo(V y) const { return y / scale; }
};

/// y = x + shift: its slope is 1 whatever was drawn.
template <class V>
struct Shift {
  static constexpr bool scales = false;
  static constexpr bool shifts = true;
  V shift;

  [[nodiscard]] V apply(V x) const { return x + shift; }
};

/// y = scale x + shift.
template <class V>
struct ScaleShift {
  static constexpr bool scales = true;
  static constexpr bool shifts = true;
  V scale;
  V shift;

  [[nodiscard]] V apply(V x) const {
    using scalar::multiply_add;
    return multiply_add(scale, x, shift);
  }
};

/// An item that draws at random while training. `rate` is its default, `rates` what it may be set
/// to, `numbers(rate)` what it derives from the rate once a step, and `draw(numbers, bits)` the map
/// of one register (or one double): a `Scale`, `Shift` or `ScaleShift`, the identity at rate 0.
template <class Item>
concept Random = requires(double rate, const ScalarDraw<double>& bits) {
  typename Item::Numbers;
  { Item::rate } -> std::convertible_to<double>;
  { Item::rates } -> std::convertible_to<RateRange>;
  { Item::numbers(rate) } -> std::same_as<typename Item::Numbers>;
  Item::draw(Item::numbers(rate), bits).apply(rate);
};

/// A random item that draws once for all positions of a sample, for each of its channels.
template <class Item>
concept DrawsChannels = Random<Item> && requires { requires Item::whole_channels; };

template <Random Item>
using map_of = decltype(Item::draw(std::declval<const typename Item::Numbers&>(),
                                   std::declval<const ScalarDraw<double>&>()));

/// A random item that multiplies by 0 or by one number, `kept_scale(numbers)`: where an activation
/// is dead at zero, the zeros of the output say what was dropped.
template <class Item>
concept Dropping =
    Random<Item> && !map_of<Item>::shifts && requires(const typename Item::Numbers& numbers) {
      { Item::kept_scale(numbers) } -> std::same_as<float>;
    };

/// What items that drop derive from their rate.
struct DropNumbers {
  std::int32_t threshold;  ///< of the random bits: those below are kept
  float scale;             ///< of what is kept
};

}  // namespace lamina::expr
