#pragma once

#include <lamina/core/shape.hpp>
#include <lamina/network/nodes.hpp>

/// A network as a graph: what its nodes make, and whose values each takes. The checks of the list
/// make it, once; the planner cuts it into stages.
namespace lamina::detail {

/// How a node is connected. Values are named by the node that makes them: the `Input`, an item, a
/// `Sum`, the `Join` of several, or the `Open` of a structure that needs its values in one array.
struct Connection {
  static constexpr int none = -1;

  Shape output{};
  int source = none;  ///< the values that it takes; none where it makes no others
  int added = none;   ///< of a `Sum`: the values that are added to them
  int next = none;    ///< of a branch's `Close`: that of the next branch
  int readers = 0;    ///< nodes that take its values
};

/// A network's nodes with their connections.
struct Graph {
  const Node* nodes;
  const Connection* connections;

  [[nodiscard]] constexpr Role role(int node) const { return nodes[node].role; }
  [[nodiscard]] constexpr const Connection& at(int node) const { return connections[node]; }

  /// True where values lie in one array that a node has made: what another can be added to.
  [[nodiscard]] constexpr bool in_one_array(int values) const {
    return role(values) != Role::Join && role(values) != Role::Input;
  }
  /// True for an item that is part of a stage: no mark, and nothing that disappears.
  [[nodiscard]] constexpr bool is_item_of_stage(int node) const {
    return (role(node) == Role::Contraction || role(node) == Role::Spatial ||
            role(node) == Role::Normalization || role(node) == Role::Elementwise) &&
           at(node).source != Connection::none;
  }
  /// Calls f(node) for each of the arrays that values lie in, in their order.
  template <class F>
  constexpr void for_each_array(int values, const F& f) const {
    if (role(values) != Role::Join) return f(values);
    for (int branch = at(values).source; branch != Connection::none; branch = at(branch).next) {
      for_each_array(at(branch).source, f);
    }
  }
};

/// A graph that is being made.
struct OpenGraph : Graph {
  Connection* made;

  constexpr OpenGraph(const Node* nodes_, Connection* made_) : Graph{nodes_, made_}, made(made_) {}

  /// The node takes these values and makes others.
  constexpr void take(int node, int values, const Shape& output) const {
    made[node].source = values;
    made[node].output = output;
    for_each_array(values, [&](int array) { ++made[array].readers; });
  }
};

}  // namespace lamina::detail
