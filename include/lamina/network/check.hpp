#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <cstddef>
#include <type_traits>

#include <lamina/core/diagnosis.hpp>
#include <lamina/core/item.hpp>
#include <lamina/network/check_state.hpp>
#include <lamina/network/check_structures.hpp>
#include <lamina/network/graph.hpp>
#include <lamina/network/item_mistakes.hpp>
#include <lamina/network/network.hpp>
#include <lamina/network/nodes.hpp>
#include <lamina/network/wrong_place.hpp>

/// What is wrong with a network, found item by item at compile time. Each check returns the rest of
/// a sentence that starts with the item's position and name; the first that is not empty becomes
/// the one error a user sees.
namespace lamina {

namespace detail {

/// An item that the plan leaves out: it joins no arrays.
template <class T>
inline constexpr bool is_left_out = [] {
  if constexpr (requires { T::rate; }) return T::rate == 0;
  return false;
}();

template <class T>
constexpr void note_item(CheckState& state, const OpenGraph& graph, int at) {
  if constexpr (T::role == Role::Input) {
    state.shape = graph.made[at].output = T::output();
  } else if constexpr (T::role == Role::Contraction) {
    take_present(state, graph, at, T::output(state.shape));
    state.any_layer = true;
    if constexpr (requires { T::reparameterized; }) {
      if (T::reparameterized && !state.has_reparameterized) {
        state.has_reparameterized = true;
        state.reparameterized_path = state.path;
        state.reparameterized = name_of<T>();
      }
    }
    state.random = 0;
  } else if constexpr (T::role == Role::Spatial) {
    take_present(state, graph, at, T::output(state.shape));
    state.random = 0;
  } else if constexpr (T::role == Role::Normalization) {
    take_present(state, graph, at, state.shape);
    state.random = 0;
  } else if constexpr (T::role == Role::Elementwise) {
    if (!is_left_out<T>) take_present(state, graph, at, state.shape);
  } else if constexpr (T::role == Role::Loss) {
    state.loss_path = state.path;
    state.loss = name_of<T>();
    state.has_loss = true;
  } else if constexpr (!word_of(T::role).empty()) {
    state.penalty_path = state.path;
    state.has_penalty = true;
    state.penalty = name_of<T>();
    state.penalty_word = word_of(T::role);
    state.penalty_kinds << kind_of(state.penalty) << placed(state.penalty, state.path) << ";";
  }
}

/// The middle of the sentence about the structure whose items begin or end at a node.
template <class T>
constexpr TextBuffer structure_mistake(CheckState& state, const OpenGraph& graph, int mark) {
  if (is_end(graph.role(mark))) return close_structure(state, graph, mark);
  TextBuffer wrong = wrong_place<T>(state);
  if (wrong.empty()) wrong = wrong_structure<T>(state);
  if (wrong.empty()) wrong = own_mistake<T>();
  if (wrong.empty()) open_structure<T>(state, graph, mark);
  return wrong;
}

/// The same of an item; empty when it is right, and then noted.
template <class T>
constexpr TextBuffer item_mistake(CheckState& state, const OpenGraph& graph, int at) {
  if constexpr (!Item<T>) {
    return no_item<T>();
  } else {
    if constexpr (requires { T::rate; }) state.random += is_left_out<T> ? 0 : 1;
    const TextBuffer wrong = wrong_place<T>(state);
    if (!wrong.empty()) return wrong;
    if constexpr (!sound<T>) {
      return own_mistake<T>();
    } else {
      if constexpr (T::role == Role::Normalization) {
        if (T::normalization.axes == Axes::Space && state.shape.flat()) {
          return needs_space(state.shape);
        }
      }
      if constexpr (requires { T::check_input(state.shape); }) {
        const TextBuffer input = T::check_input(state.shape);
        if (!input.empty()) return input;
      }
      if constexpr (requires { T::output(state.shape); }) {
        if (!T::output(state.shape).countable()) return makes_too_much(state.shape);
      }
      note_item<T>(state, graph, at);
      return {};
    }
  }
}

/// Checks a node of this kind and connects it.
template <class T>
constexpr void check_node(CheckState& state, const OpenGraph& graph, int at) {
  state.path = graph.nodes[at].path;
  TextBuffer wrong;
  if constexpr (is_structure<T>) {
    wrong = structure_mistake<T>(state, graph, at);
  } else {
    wrong = item_mistake<T>(state, graph, at);
  }
  if (!wrong.empty()) {
    if (state.first) {
      state.wrong << "first item: ";
    } else {
      state.wrong << "position " << text_of(state.path) << ": ";
    }
    state.wrong << name_of<T>() << " " << wrong;
  }
  state.first = false;
}

/// What the checks do at a node of each kind.
template <class Kinds>
struct NodeChecks;
template <class... Kinds>
struct NodeChecks<boost::mp11::mp_list<Kinds...>> {
  using Function = void (*)(CheckState&, const OpenGraph&, int);
  static constexpr std::array<Function, sizeof...(Kinds)> of_kind{&check_node<Kinds>...};
};

}  // namespace detail

/// The sentence that says what is wrong with a network; empty for a good one.
template <class Net>
struct Check;

template <class... Items>
struct Check<Network<Items...>> {
 private:
  using Nodes = detail::Nodes<Items...>;
  using Checks = detail::NodeChecks<typename Nodes::Kinds>;

  /// What is known behind some nodes, and how they are connected.
  struct Checked {
    detail::CheckState state{};
    std::array<detail::Connection, Nodes::count> connections{};
  };
  /// Nodes that are checked in one constant expression: clang counts the steps of each.
  static constexpr std::size_t part = 2048;

  /// The first `Parts` parts.
  template <std::size_t Parts>
  static constexpr Checked check() {
    if constexpr (Parts == 0) {
      return {};
    } else {
      Checked checked = behind<Parts - 1>;
      const detail::OpenGraph to(Nodes::list.data(), checked.connections.data());
      const std::size_t end = std::min(Parts * part, Nodes::count);
      for (std::size_t i = (Parts - 1) * part; i < end && checked.state.wrong.empty(); ++i) {
        const auto kind = static_cast<std::size_t>(Nodes::list[i].kind);
        Checks::of_kind[kind](checked.state, to, static_cast<int>(i));
      }
      return checked;
    }
  }
  template <std::size_t Parts>
  static constexpr Checked behind = check<Parts>();

  static constexpr const Checked& all = behind<(Nodes::count + part - 1) / part>;

  static constexpr detail::CheckState finish(detail::CheckState last) {
    if (!last.wrong.empty()) return last;
    if (Nodes::too_many) {
      last.wrong << "the network has too many items: at most " << detail::most_nodes
                 << ", a structure counted as two";
    } else if (sizeof...(Items) == 0) {
      last.wrong << "the network is empty: it starts with Input<features>, then layers";
    } else if (!last.any_layer) {
      last.wrong << "the network ends without a layer: add one after its Input, such as Linear<10>";
    }
    return last;
  }
  static constexpr detail::CheckState state = finish(all.state);

 public:
  static constexpr TextBuffer found = state.wrong;
  static constexpr bool good = found.empty();
  static constexpr bool has_loss = state.has_loss;
  /// Of a good network: its graph, and which of its values are the outputs.
  using Kinds = typename Nodes::Kinds;
  static constexpr const auto& nodes = Nodes::list;
  static constexpr detail::Graph graph{Nodes::list.data(), all.connections.data()};
  static constexpr int outputs = state.values;
};

template <class Net>
struct Check {
  static constexpr TextBuffer found =
      TextBuffer{} << name_of<Net>() << " is no network: write lamina::Network<Input<...>, ...>";
  static constexpr bool good = false;
  static constexpr bool has_loss = false;
};

/// A network type that passes all checks.
template <class Net>
concept GoodNetwork = Check<Net>::good;

/// A network that can be trained: it has a loss too.
template <class Net>
concept TrainableNetwork = GoodNetwork<Net> && Check<Net>::has_loss;

/// Finds that a network has no loss to train it by.
template <class Net>
struct CheckLoss;

template <class... Items>
struct CheckLoss<Network<Items...>> {
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (TrainableNetwork<Network<Items...>>) return wrong;
    TextBuffer last;
    int next = -1;  // the position after the last item that is no penalty
    [[maybe_unused]] const bool in_order[]{
        (detail::word_of(Items::role).empty() &&
         (last = detail::placed(name_of<Items>(), Path{{next++}}), true))...};
    return wrong << "position " << next << ": training needs a loss here, after " << last
                 << ", such as CrossEntropy<>; got none";
  }
  static constexpr TextBuffer found = check();
};

/// Finds what keeps a network from being trained. A wrong one says so once, whoever asks.
template <class Net>
using NetworkFault = std::conditional_t<GoodNetwork<Net>, CheckLoss<Net>, Check<Net>>;

}  // namespace lamina
