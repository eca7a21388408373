#pragma once

#include <array>
#include <concepts>
#include <tuple>
#include <utility>

#include <lamina/expr/links.hpp>

/// The elementwise items of a stage as one expression: what happens to a register between the
/// normalization and the next layer, and back.
namespace lamina::expr {

namespace detail {

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
  /// Which of these draw once for all positions of a sample.
  static constexpr auto whole_channels = [] {
    std::array<bool, static_cast<std::size_t>(random) + 1> found{};
    std::size_t next = 0;
    ((Random<Items> ? void(found[next++] = DrawsChannels<Items>) : void()), ...);
    return found;
  }();
  static constexpr bool draws_samples = (DrawsChannels<Items> || ...);
  /// The outputs of another stage are added at the end, by the kernel.
  static constexpr bool adds_skip = (std::same_as<Items, AddSkip> || ...);
  /// Items that are expressions.
  static constexpr int expressions = size - random - (adds_skip ? 1 : 0);

 private:
  static constexpr std::array<Link, sizeof...(Items)> links{link_of<Items>()...};
  static constexpr Backward backward = backward_of(links);

 public:
  /// What `slope` has to be given.
  static constexpr Reads reads = backward.reads;
  /// True where the way back needs the random numbers of the way forward again.
  static constexpr bool draws_again = backward.draws_again;
  /// True where backward has nothing to do, and forward nothing but to add a skip.
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
    for_each([&]<class Item, int I>(Place<Item, I>) {
      if constexpr (Random<Item>) {
        auto& own = std::get<I>(made.items);
        own = Item::numbers(*rates++);
        if constexpr (Dropping<Item>) {
          const auto scale = static_cast<double>(Item::kept_scale(own));
          kept *= scale;
          if constexpr (I > backward.last_expression) behind *= scale;
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
    for_each([&]<class Item, int I>(Place<Item, I>) {
      if constexpr (!Random<Item>) x = evaluate(Item::expression(Argument{}), x);
    });
    return x;
  }

  template <class V, class Draws>
  static V forward(V x, [[maybe_unused]] const Numbers& numbers,
                   [[maybe_unused]] const Draws& draws) {
    for_each([&]<class Item, int I>(Place<Item, I>) {
      if constexpr (Random<Item>) {
        x = draw<Item, I>(numbers, draws).apply(x);
      } else {
        x = evaluate(Item::expression(Argument{}), x);
      }
    });
    return x;
  }

  /// d output / d input. `stored` is the output or the input, as `reads` says; `draws` is called
  /// where `draws_again` alone.
  template <class V, class Draws>
  static V slope(V stored, [[maybe_unused]] const Numbers& numbers, const Draws& draws) {
    if constexpr (reads != Reads::Output) {
      return scaled(slope_from_input(stored, numbers, draws));
    } else if constexpr (draws_again) {
      return scaled(slope_of_output(stored, numbers, draws));
    } else {
      const V slope = slope_of_output(stored, numbers, draws).slope;
      if constexpr (!backward.scaled) return slope;
      return number<V>(static_cast<double>(numbers.kept_scale)) * slope;
    }
  }

 private:
  /// An item and its place in the chain.
  template <class Item, int I>
  struct Place {};

  template <class F>
  static void for_each(const F& f) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (f(Place<Items, I>{}), ...);
    }(std::make_integer_sequence<int, size>{});
  }
  template <class F>
  static void for_each_backwards(const F& f) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (f(Place<std::tuple_element_t<size - 1 - I, std::tuple<Items...>>, size - 1 - I>{}), ...);
    }(std::make_integer_sequence<int, size>{});
  }

  /// The map of the random item at place I.
  template <class Item, int I, class Draws>
  static auto draw(const Numbers& numbers, const Draws& draws) {
    constexpr int index = [] {
      int before = 0;
      for (std::size_t i = 0; i < I; ++i) before += links[i].random ? 1 : 0;
      return before;
    }();
    return Item::draw(std::get<I>(numbers.items), draws(index));
  }

  /// The slope of the expressions, and the product of the random scales.
  template <class V>
  struct Slope {
    V slope = number<V>(1);
    V scale = number<V>(1);
  };

  /// Selected and not multiplied: an activation may be infinitely steep at a dropped zero.
  template <class V>
  static V scaled(const Slope<V>& found) {
    using scalar::select;
    const V zero = number<V>(0);
    if constexpr (!backward.scaled) return found.slope;
    return select(found.scale != zero, found.scale * found.slope, zero);
  }

  template <class V, class Draws>
  static Slope<V> slope_from_input(V x, [[maybe_unused]] const Numbers& numbers,
                                   [[maybe_unused]] const Draws& draws) {
    Slope<V> found;
    for_each([&]<class Item, int I>(Place<Item, I>) {
      constexpr Link link = links[I];
      if constexpr (!link.random) {
        const Dual<V> dual = differentiate(Item::expression(Argument{}), x);
        x = dual.value;
        found.slope = found.slope * dual.slope;
      } else if constexpr (I < backward.last_expression || link.scales) {
        const auto map = draw<Item, I>(numbers, draws);
        if constexpr (I < backward.last_expression) x = map.apply(x);
        if constexpr (link.scales) found.scale = found.scale * map.scale;
      }
    });
    return found;
  }

  /// What stands behind the expression is undone first; where something was dropped the undone
  /// value is wrong, but there the slope is zero.
  template <class V, class Draws>
  static Slope<V> slope_of_output(V y, [[maybe_unused]] const Numbers& numbers,
                                  [[maybe_unused]] const Draws& draws) {
    Slope<V> found;
    if constexpr (backward.only_drops_behind && backward.last_expression + 1 < size) {
      y = y * number<V>(static_cast<double>(numbers.unscale));
    }
    for_each_backwards([&]<class Item, int I>(Place<Item, I>) {
      constexpr Link link = links[I];
      constexpr bool behind = I > backward.last_expression;
      if constexpr (!link.random) {
        found.slope = slope_from_output(Item::expression(Argument{}), y);
      } else if constexpr (draws_again && (behind || link.scales)) {
        const auto map = draw<Item, I>(numbers, draws);
        if constexpr (behind && !backward.only_drops_behind) y = map.undo(y);
        if constexpr (link.scales) found.scale = found.scale * map.scale;
      }
    });
    return found;
  }
};

}  // namespace lamina::expr
