#pragma once

#include <array>
#include <concepts>
#include <span>

#include <lamina/expr/evaluate.hpp>
#include <lamina/expr/random.hpp>

/// What the elementwise items of a chain need of each other, found once from a few facts an item.
namespace lamina::expr {

template <class Item>
using tree_of = decltype(Item::expression(Argument{}));

/// Last in the chain of a stage that ends a residual: the kernel adds the outputs of another stage.
/// An output tells nothing of its input then; for everything else it changes nothing.
struct AddSkip {
  static constexpr auto expression(auto x) { return x; }
};

/// What a chain asks of one of its items.
struct Link {
  bool adds_skip = false;
  bool random = false;
  bool scales = false;  ///< random, and its slope is
  bool shifts = false;
  bool drops = false;
  bool dead_at_zero = false;
  Reads reads = Reads::Nothing;
};

template <class Item>
consteval Link link_of() {
  if constexpr (Random<Item>) {
    return {.random = true,
            .scales = map_of<Item>::scales,
            .shifts = map_of<Item>::shifts,
            .drops = Dropping<Item>};
  } else {
    return {.adds_skip = std::same_as<Item, AddSkip>,
            .dead_at_zero = dead_at_zero<tree_of<Item>>,
            .reads = reads_of<tree_of<Item>>};
  }
}

/// What a chain's backward needs.
struct Backward {
  int last_expression = -1;
  Reads reads = Reads::Nothing;
  bool draws_again = false;        ///< the random numbers of the way forward
  bool scaled = false;             ///< the slope has a random factor
  bool only_drops_behind = false;  ///< behind the last expression
};

namespace detail {

/// From the output where one expression allows it and all that is random behind it only scales: a
/// shift could be taken away again only but for rounding, which at the kink of a ReLU decides
/// between slopes of 0 and 1.
constexpr Reads find_reads(std::span<const Link> links) {
  int expressions = 0;
  bool input = false;
  bool nothing = true;
  for (const Link& link : links) {
    expressions += link.random ? 0 : 1;
    input = input || link.reads == Reads::Input || (link.shifts && !nothing);
    nothing = nothing && link.reads == Reads::Nothing;
  }
  if (nothing) return Reads::Nothing;
  // Several expressions in a row, or one and a skip, are computed again from the input.
  return input || expressions > 1 ? Reads::Input : Reads::Output;
}

/// From the output: what was dropped behind or before an expression that is dead at zero shows as a
/// zero, unless something was added in between.
constexpr bool draws_from_output(std::span<const Link> links, std::size_t expression) {
  bool shifted = false;
  for (std::size_t i = links.size(); i-- > 0;) {
    const bool shows = links[i].drops && links[expression].dead_at_zero && !shifted;
    if (links[i].random && !shows && (i > expression || links[i].scales)) return true;
    shifted = shifted || links[i].shifts;
  }
  return false;
}

/// From the input: its way to the last expression is gone again; what comes behind only scales.
constexpr bool draws_from_input(std::span<const Link> links, int last_expression) {
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool before = static_cast<int>(i) < last_expression;
    if (links[i].random && (before || links[i].scales)) return true;
  }
  return false;
}

}  // namespace detail

constexpr Backward backward_of(std::span<const Link> links) {
  Backward found{.reads = detail::find_reads(links), .only_drops_behind = true};
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].random) {
      found.scaled = found.scaled || links[i].scales;
      found.only_drops_behind = found.only_drops_behind && links[i].drops;
    } else if (!links[i].adds_skip) {
      found.last_expression = static_cast<int>(i);
      found.only_drops_behind = true;
    }
  }
  found.draws_again =
      found.reads == Reads::Output
          ? detail::draws_from_output(links, static_cast<std::size_t>(found.last_expression))
          : detail::draws_from_input(links, found.last_expression);
  return found;
}

}  // namespace lamina::expr
