#pragma once

#include <array>
#include <cstddef>

#include <lamina/plan/cut.hpp>

/// Which stages are the same but for their place: what is compiled for a stage is compiled once for
/// all of a kind.
namespace lamina::detail {

/// True for stages of the same items, of the same size, that both add another stage or none.
constexpr bool same_kind(const StageLinks& a, const StageLinks& b, const Graph& graph) {
  if (a.output != b.output || (a.skip < 0) != (b.skip < 0)) return false;
  std::size_t i = a.first_item;
  std::size_t j = b.first_item;
  while (true) {
    while (i < a.end_item && !graph.is_item_of_stage(static_cast<int>(i))) ++i;
    while (j < b.end_item && !graph.is_item_of_stage(static_cast<int>(j))) ++j;
    if (i == a.end_item || j == b.end_item) return i == a.end_item && j == b.end_item;
    if (graph.nodes[i++].kind != graph.nodes[j++].kind) return false;
  }
}

/// The kinds of `S` stages, numbered by their first stages.
template <std::size_t S>
struct StageKinds {
  std::array<int, S> of_stage{};
  std::array<int, S> first{};  ///< stage of each kind
  int count = 0;
};

/// Compares a stage with the kinds alone that begin with the same of the `Items` kinds of items, so
/// that the time is linear for many different layers too.
template <std::size_t S, std::size_t Items>
consteval StageKinds<S> find_stage_kinds(const StageLinks* stages, const Graph& graph) {
  constexpr int none = -1;
  StageKinds<S> found;
  std::array<int, Items + 1> newest{};  // kind of stages that begins so; the last without items
  newest.fill(none);
  std::array<int, S> older{};  // kind that begins as this one
  for (std::size_t s = 0; s < S; ++s) {
    const StageLinks& links = stages[s];
    int& begin =
        newest[links.end_item == 0 ? Items
                                   : static_cast<std::size_t>(graph.nodes[links.first_item].kind)];
    int kind = begin;
    while (kind != none) {
      const int first = found.first[static_cast<std::size_t>(kind)];
      if (same_kind(links, stages[static_cast<std::size_t>(first)], graph)) break;
      kind = older[static_cast<std::size_t>(kind)];
    }
    if (kind == none) {
      kind = found.count++;
      found.first[static_cast<std::size_t>(kind)] = static_cast<int>(s);
      older[static_cast<std::size_t>(kind)] = begin;
      begin = kind;
    }
    found.of_stage[s] = kind;
  }
  return found;
}

}  // namespace lamina::detail
