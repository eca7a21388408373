#pragma once

#include <lamina/network/check_state.hpp>
#include <lamina/network/graph.hpp>
#include <lamina/network/wrong_place.hpp>

/// How a structure is connected where its items begin and where they end.
namespace lamina::detail {

/// The node takes the present values and makes others of this shape, which are present then.
constexpr void take_present(CheckState& state, const OpenGraph& graph, int node,
                            const Shape& output) {
  graph.take(node, state.values, output);
  state.values = node;
  state.shape = output;
  state.sources = 1;
}

/// Puts the present values into one array, at the mark of a structure that needs them so.
constexpr void gather_at(CheckState& state, const OpenGraph& graph, int mark) {
  if (!graph.in_one_array(state.values)) take_present(state, graph, mark, state.shape);
}

template <class T>
constexpr void open_structure(CheckState& state, const OpenGraph& graph, int mark) {
  constexpr bool other_way =
      T::structure == Structure::Shortcut || T::structure == Structure::Branch;
  if (T::structure == Structure::Residual || T::structure == Structure::Shortcut) {
    gather_at(state, graph, mark);
  }
  if constexpr (other_way) {
    OpenStructure& parent = state.top();
    if (T::structure == Structure::Shortcut) {
      parent.main = state.shape;
      parent.main_values = state.values;
    }
    state.shape = parent.input;
    state.values = parent.input_values;
    state.sources = parent.input_sources;
  }
  if (T::structure != Structure::Sequence && T::structure != Structure::Concat) state.random = 0;
  ++state.levels;
  state.top() = OpenStructure{.structure = T::structure,
                              .kind = structure_name(T::structure),
                              .path = state.path,
                              .input = state.shape,
                              .input_values = state.values,
                              .input_sources = state.sources};
}

/// A branch is done: its mark joins those before it.
constexpr void close_branch(CheckState& state, const OpenGraph& graph, int mark) {
  OpenStructure& concat = state.top();
  graph.made[mark].source = state.values;
  if (concat.first_branch == Connection::none) {
    concat.first_branch = mark;
  } else {
    graph.made[concat.last_branch].next = mark;
  }
  concat.last_branch = mark;
  concat.joined = state.shape.with_channels(concat.joined.channels + state.shape.channels);
  concat.sources += state.sources;
}

/// Closes a structure; what is wrong with its end is said of the structure itself.
constexpr TextBuffer close_structure(CheckState& state, const OpenGraph& graph, int mark) {
  const OpenStructure done = state.top();
  const TextBuffer wrong = wrong_end(state, done);
  if (!wrong.empty()) return wrong;
  --state.levels;
  if (done.structure == Structure::Branch) {
    close_branch(state, graph, mark);
  } else if (done.structure == Structure::Concat) {
    state.shape = done.joined;
    graph.made[mark].source = done.first_branch;
    graph.made[mark].output = state.shape;
    state.values = mark;
    state.sources = done.sources;
    state.random = 0;
  } else if (done.structure == Structure::Residual) {
    take_present(state, graph, mark, state.shape);
    const bool shortcut = done.main_values != Connection::none;
    const int added = shortcut ? done.main_values : done.input_values;
    graph.made[mark].added = added;
    ++graph.made[added].readers;
    state.random = 0;
  }
  return {};
}

}  // namespace lamina::detail
