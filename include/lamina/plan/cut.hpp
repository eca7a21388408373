#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <cstddef>

#include <lamina/core/operation.hpp>
#include <lamina/expr/chain.hpp>
#include <lamina/network/graph.hpp>
#include <lamina/plan/stage.hpp>

/// How a network's graph becomes stages that read each other: one loop over numbers.
namespace lamina::detail {

/// What the planner needs of the items of one kind, as numbers.
struct ItemFacts {
  Role role = Role::Elementwise;
  bool bias = false;
  /// Of a layer that reads positions, and whether it is one: to g++ with UBSan that an address is
  /// not null is no constant.
  SpatialOperation (*spatial)(Shape) = nullptr;
  bool moves = false;
  Normalization norm{};
  bool random = false;
  double rate = 0;  // default of a random item
  RateRange rates{};
};

template <class T>
consteval ItemFacts facts_of() {
  ItemFacts facts{.role = T::role};
  if constexpr (requires { T::spatial(Shape{}); }) {
    facts.spatial = &T::spatial;
    facts.moves = true;
  }
  if constexpr (T::role == Role::Contraction) {
    facts.bias = T::bias;
  } else if constexpr (T::role == Role::Normalization) {
    facts.norm = T::normalization;
  } else if constexpr (expr::Random<T>) {
    facts.random = T::rate != 0;
    facts.rate = T::rate;
    facts.rates = T::rates;
  }
  return facts;
}

/// The facts of a list of kinds.
template <class Kinds>
struct FactsOf;
template <class... Kinds>
struct FactsOf<boost::mp11::mp_list<Kinds...>> {
  static constexpr std::array<ItemFacts, sizeof...(Kinds)> of_kind{facts_of<Kinds>()...};
};

/// A stage before its items are read: what it reads, what is added to it, and its items.
struct StageLinks {
  int values = Connection::none;  ///< the node that makes what it reads
  int skip = Stage::absent;
  Shape output{};
  std::size_t first_item = 0;  ///< its items follow each other in the list
  std::size_t end_item = 0;
};

/// The stages of a graph of N nodes.
template <std::size_t N>
struct Cut {
  std::array<StageLinks, N + 1> stages{};
  std::array<int, N> stage_of{};  ///< that makes a node's values
  int count = 0;
  std::size_t first_last = N;  ///< the first of the loss and what else holds for the whole network

  [[nodiscard]] constexpr StageLinks& last() { return stages[static_cast<std::size_t>(count - 1)]; }
};

/// True where a node is done in the stage that makes what it takes: nobody else reads that. A
/// normalization follows its layer directly; what a sum adds comes last in its stage.
constexpr bool joins_stage(const Graph& graph, int node) {
  const int source = graph.at(node).source;
  if (graph.at(source).readers > 1 || !graph.in_one_array(source)) return false;
  const Role role = graph.role(node);
  if (role == Role::Normalization) return graph.role(source) == Role::Contraction;
  return (role == Role::Elementwise || role == Role::Sum) && graph.role(source) != Role::Sum;
}

/// True for nodes that hold for the whole network.
constexpr bool comes_last(Role role) {
  return role == Role::Loss || role == Role::Penalty || role == Role::WeightDecay ||
         role == Role::Constraint;
}

/// Cuts nodes [begin, end), those before them done.
template <std::size_t N>
constexpr void cut_nodes(Cut<N>& cut, const Graph& graph, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const int node = static_cast<int>(i);
    const Role role = graph.role(node);
    if (comes_last(role)) cut.first_last = std::min(cut.first_last, i);
    const bool item = graph.is_item_of_stage(node);
    const bool gathers = role == Role::Open && graph.at(node).source != Connection::none;
    if (!item && !gathers && role != Role::Sum) continue;
    if (!joins_stage(graph, node)) {
      ++cut.count;
      cut.last().values = graph.at(node).source;
    }
    cut.stage_of[i] = cut.count - 1;
    StageLinks& stage = cut.last();
    stage.output = graph.at(node).output;
    if (role == Role::Sum) {
      stage.skip = cut.stage_of[static_cast<std::size_t>(graph.at(node).added)];
    }
    if (!item) continue;
    if (stage.end_item == 0) stage.first_item = i;
    stage.end_item = i + 1;
  }
}

}  // namespace lamina::detail
