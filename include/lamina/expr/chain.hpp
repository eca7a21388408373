#pragma once

#include <array>
#include <tuple>
#include <utility>

#include <lamina/expr/evaluate.hpp>
#include <lamina/expr/random.hpp>

/// The elementwise items of a stage as one expression: what happens to a register between the
/// normalization and the next layer, and back.
namespace lamina::expr {

template <class Item>
using tree_of = decltype(Item::expression(Argument{}));

namespace detail {

/// What a chain asks of one of its items.
struct LinkFacts {
  bool random = false;
  bool scales = false;  // random, and its slope is
  bool shifts = false;
  bool drops = false;
  bool dead_at_zero = false;
  Reads reads = Reads::Nothing;
};

template <class Item>
consteval LinkFacts facts_of_link() {
  if constexpr (Random<Item>) {
    return {true, map_of<Item>::scales, map_of<Item>::shifts, Dropping<Item>};
  } else {
    return {.dead_at_zero = dead_at_zero<tree_of<Item>>, .reads = reads_of<tree_of<Item>>};
  }
}

struct NoNumbers {};
template <class Item>
struct NumbersOf {
  using type = NoNumbers;
};
template <Random Item>
struct NumbersOf<Item> {
  using type = typename Item::Numbers;
};

}  // namespace detail

/// Elementwise items in order. `draws(i)` gives the random bits of the i-th random item.
template <class... Items>
struct Chain {
  static constexpr int size = sizeof...(Items);
  /// Items that need random numbers.
  static constexpr int random = (0 + ... + (Random<Items> ? 1 : 0));
  /// Items that are expressions.
  static constexpr int expressions = size - random;

 private:
  static constexpr std::array<detail::LinkFacts, sizeof...(Items)> facts{
      detail::facts_of_link<Items>()...};

  static consteval int find_last_expression() {
    int last = -1;
    for (int i = 0; i < size; ++i) {
      if (!facts[static_cast<std::size_t>(i)].random) last = i;
    }
    return last;
  }
  static constexpr int last_expression = find_last_expression();

  static consteval Reads find_reads() {
    bool input = expressions > 1;
    bool nothing = true;
    for (const detail::LinkFacts& item : facts) {
      input = input || item.reads == Reads::Input;
      nothing = nothing && item.reads == Reads::Nothing;
    }
    return nothing ? Reads::Nothing : input ? Reads::Input : Reads::Output;
  }

 public:
  /// What `slope` has to be given: several expressions in a row are computed again from the input.
  static constexpr Reads reads = find_reads();

 private:
  /// From the output: what was dropped behind or before an expression that is dead at zero shows as
  /// a zero, unless something was added in between.
  static consteval bool draws_from_output() {
    bool shifted = false;
    for (int i = size - 1; i >= 0; --i) {
      const detail::LinkFacts& item = facts[static_cast<std::size_t>(i)];
      if (!item.random) continue;
      const bool in_output =
          item.drops && facts[static_cast<std::size_t>(last_expression)].dead_at_zero;
      if (i > last_expression && !in_output) return true;
      if (item.scales && (!in_output || shifted)) return true;
      shifted = shifted || item.shifts;
    }
    return false;
  }
  /// From the input: its way to the last expression is gone again, what comes after only scales.
  static consteval bool draws_from_input() {
    for (int i = 0; i < size; ++i) {
      const detail::LinkFacts& item = facts[static_cast<std::size_t>(i)];
      if (item.random && (i < last_expression || item.scales)) return true;
    }
    return false;
  }
  static consteval bool find_only_drops_behind() {
    for (int i = last_expression + 1; i < size; ++i) {
      if (!facts[static_cast<std::size_t>(i)].drops) return false;
    }
    return true;
  }
  static constexpr bool only_drops_behind = find_only_drops_behind();

 public:
  /// True where the way back needs the random numbers of the way forward again.
  static constexpr bool draws_again =
      reads == Reads::Output ? draws_from_output() : draws_from_input();
  /// True where there is nothing to do, forward or backward.
  static constexpr bool trivial = size == 0 || (reads == Reads::Nothing && random == 0);
  /// True where the slope is 1 whatever was drawn: backward has nothing to do.
  static constexpr bool slope_is_one = reads == Reads::Nothing && !draws_again;

  /// What the random items derive from their rates, once a step.
  struct Numbers {
    std::tuple<typename detail::NumbersOf<Items>::type...> items;
    float kept_scale = 1;  ///< what a value that all dropping items kept was multiplied by
    float unscale = 1;     ///< 1 / the part of it behind the last expression
  };

  /// `rates`: one for each random item, in order.
  static Numbers numbers([[maybe_unused]] const double* rates) {
    Numbers made{};
    [[maybe_unused]] double kept = 1;
    [[maybe_unused]] double behind = 1;
    for_each([&]<class Item, int I>(Link<Item, I>) {
      if constexpr (Random<Item>) {
        auto& own = std::get<I>(made.items);
        own = Item::numbers(*rates++);
        if constexpr (Dropping<Item>) {
          kept *= static_cast<double>(Item::kept_scale(own));
          if (I > last_expression) behind *= static_cast<double>(Item::kept_scale(own));
        }
      }
    });
    made.kept_scale = static_cast<float>(kept);
    made.unscale = static_cast<float>(1 / behind);
    return made;
  }

  /// Inference: nothing is random.
  template <class V>
  static V infer(V x) {
    for_each([&]<class Item, int I>(Link<Item, I>) {
      if constexpr (!Random<Item>) x = evaluate(Item::expression(Argument{}), x);
    });
    return x;
  }

  template <class V, class Draws>
  static V forward(V x, [[maybe_unused]] const Numbers& numbers,
                   [[maybe_unused]] const Draws& draws) {
    for_each([&]<class Item, int I>(Link<Item, I>) {
      if constexpr (Random<Item>) {
        x = Item::draw(std::get<I>(numbers.items), draws(random_before(I))).apply(x);
      } else {
        x = evaluate(Item::expression(Argument{}), x);
      }
    });
    return x;
  }

  /// d output / d input. `stored` is the output or the input, as `reads` says; `draws` is called
  /// where `draws_again` alone.
  template <class V, class Draws>
  static V slope(V stored, const Numbers& numbers, const Draws& draws) {
    if constexpr (reads == Reads::Output) {
      return slope_of_output(stored, numbers, draws);
    } else {
      return slope_of_input(stored, numbers, draws);
    }
  }

 private:
  /// An item and its place in the chain.
  template <class Item, int I>
  struct Link {};

  template <class F>
  static HWY_INLINE void for_each(const F& f) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (f(Link<Items, I>{}), ...);
    }(std::make_integer_sequence<int, size>{});
  }

  static constexpr int random_before(int index) {
    int count = 0;
    for (int i = 0; i < index; ++i) count += facts[static_cast<std::size_t>(i)].random ? 1 : 0;
    return count;
  }

  /// scale * slope. Selected and not multiplied: an activation may be infinitely steep at a dropped
  /// zero.
  template <class V>
  static V scaled(V scale, V slope) {
    using scalar::select;
    const V zero = number<V>(0);
    return select(scale != zero, scale * slope, zero);
  }

  template <class V, class Draws>
  static V slope_of_input(V x, [[maybe_unused]] const Numbers& numbers,
                          [[maybe_unused]] const Draws& draws) {
    V slope = number<V>(1);
    [[maybe_unused]] V scale = number<V>(1);
    for_each([&]<class Item, int I>(Link<Item, I>) {
      constexpr detail::LinkFacts item = facts[I];
      if constexpr (!item.random) {
        const Dual<V> dual = differentiate(Item::expression(Argument{}), x);
        x = dual.value;
        slope = slope * dual.slope;
      } else if constexpr (I < last_expression || item.scales) {
        const auto map = Item::draw(std::get<I>(numbers.items), draws(random_before(I)));
        x = map.apply(x);
        if constexpr (item.scales) scale = scale * map.scale;
      }
    });
    if constexpr (any_scales()) return scaled(scale, slope);
    return slope;
  }

  static consteval bool any_scales() {
    for (const detail::LinkFacts& item : facts) {
      if (item.scales) return true;
    }
    return false;
  }

  /// What stands behind the expression is undone first; where something was dropped the undone
  /// value is wrong, but there the slope is zero.
  template <class V, class Draws>
  static V slope_of_output(V y, [[maybe_unused]] const Numbers& numbers,
                           [[maybe_unused]] const Draws& draws) {
    if constexpr (only_drops_behind && last_expression + 1 < size) {
      y = y * number<V>(static_cast<double>(numbers.unscale));
    }
    V slope = number<V>(1);
    [[maybe_unused]] V scale = number<V>(1);
    for_each_backwards([&]<class Item, int I>(Link<Item, I>) {
      constexpr detail::LinkFacts item = facts[I];
      if constexpr (!item.random) {
        slope = slope_from_output(Item::expression(Argument{}), y);
      } else if constexpr (draws_again && (I > last_expression || item.scales)) {
        const auto map = Item::draw(std::get<I>(numbers.items), draws(random_before(I)));
        if constexpr (I > last_expression && !only_drops_behind) y = map.undo(y);
        if constexpr (item.scales) scale = scale * map.scale;
      }
    });
    if constexpr (!any_scales()) return slope;
    if constexpr (draws_again) return scaled(scale, slope);
    return number<V>(static_cast<double>(numbers.kept_scale)) * slope;
  }

  template <class F>
  static HWY_INLINE void for_each_backwards(const F& f) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (f(Link<std::tuple_element_t<size - 1 - I, std::tuple<Items...>>, size - 1 - I>{}), ...);
    }(std::make_integer_sequence<int, size>{});
  }
};

}  // namespace lamina::expr
