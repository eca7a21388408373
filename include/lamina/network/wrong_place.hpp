#pragma once

#include <string_view>

#include <lamina/core/normalization.hpp>
#include <lamina/network/check_state.hpp>

/// What can be wrong with an item's place among the others, as the rest of a sentence that starts
/// with the item; empty where it stands right.
namespace lamina::detail {

inline constexpr std::string_view nothing_before = "has nothing to act on: put a layer before it";

/// An item that may stand before the first layer.
template <class T>
inline constexpr bool acts_on_input = requires { T::acts_on_input; };

/// Of an item behind the penalties of the whole network.
constexpr TextBuffer follows_penalty(const CheckState& state) {
  return TextBuffer{} << "follows the " << state.penalty_word << " "
                      << placed(state.penalty, state.penalty_path)
                      << ": penalties of the whole network come last, one for a layer goes in the "
                         "list of the layer";
}

/// What a loss, or an item that holds for all weights, says against where it stands.
template <class T>
constexpr TextBuffer wrong_place_of_last(const CheckState& state) {
  TextBuffer wrong;
  if (state.levels > 0) {
    return wrong << "stands inside " << state.open[0].kind << " at position "
                 << text_of(state.open[0].path)
                 << ": losses and penalties of the whole network come last in its own list";
  }
  if (!word_of(T::role).empty()) {
    if (state.penalty_kinds.view().find(kind_of(name_of<T>()).view()) != std::string_view::npos) {
      wrong << "is a second" << kind_of(name_of<T>()) << word_of(T::role)
            << " of the whole network, after " << place_of_kind<T>(state) << ": give one";
    } else if (T::role == Role::Constraint && state.has_reparameterized) {
      wrong << "cannot hold for " << placed(state.reparameterized, state.reparameterized_path)
            << ", whose weights are not trained themselves: give it to the other layers";
    }
  } else if (state.has_loss) {
    wrong << "is a second loss, after " << placed(state.loss, state.loss_path)
          << ": a network has at most one";
  } else if (state.has_penalty) {
    return follows_penalty(state);
  } else if (!state.any_layer) {
    wrong << nothing_before;
  }
  return wrong;
}

/// What an item says against where it stands.
template <class T>
constexpr TextBuffer wrong_place(const CheckState& state) {
  TextBuffer wrong;
  if (state.first) {
    if (T::role != Role::Input)
      wrong << "stands where Input<features> must: a network starts with it";
  } else if (T::role == Role::Input) {
    wrong << "is a second Input: only the first item may be one";
  } else if (!word_of(T::role).empty() || T::role == Role::Loss) {
    return wrong_place_of_last<T>(state);
  } else if (state.has_penalty) {
    return follows_penalty(state);
  } else if (state.has_loss) {
    wrong << "follows the loss " << placed(state.loss, state.loss_path)
          << ": only penalties may come after the loss";
  } else if ((T::role == Role::Normalization || T::role == Role::Elementwise) && !state.any_layer &&
             !acts_on_input<T>) {
    wrong << nothing_before;
  } else if (state.random > most_random_in_a_row) {
    wrong << "is random item number " << state.random << " in a row: at most "
          << most_random_in_a_row << " fit between two layers";
  } else if constexpr (T::role == Role::Normalization) {
    if (T::normalization.averages == Averages::Fitted && !(state.path == Path{})) {
      wrong << "is fitted on the samples: it stands directly after the Input";
    }
  }
  return wrong;
}

/// What a structure says against where it stands.
template <class T>
constexpr TextBuffer wrong_structure(const CheckState& state) {
  TextBuffer wrong;
  constexpr Structure kind = T::structure;
  if (state.path.levels == Path::most_levels) {
    wrong << "is nested too deep: at most " << Path::most_levels - 1
          << " structures may hold each other";
  } else if (kind == Structure::Shortcut && state.inside() != Structure::Residual) {
    wrong << "stands outside a Residual: it goes last in the list of one";
  } else if (kind == Structure::Branch && state.inside() != Structure::Concat) {
    wrong << "stands outside a Concat: it goes in the list of one";
  }
  return wrong;
}

/// Of a residual over images or signals whose two ways do not end with the same.
constexpr TextBuffer positions_disagree(const Shape& added, const Shape& present, bool shortcut) {
  TextBuffer wrong;
  if (shortcut) {
    return wrong << "adds " << words_of(added) << " of its items to " << words_of(present)
                 << " of its Shortcut: both must agree";
  }
  return wrong << "adds its input, " << words_of(added) << ", to " << words_of(present)
               << " that its items end with: both must agree; add a Shortcut that ends with the "
                  "same";
}

/// What is wrong with what a structure's items end with.
constexpr TextBuffer wrong_end(const CheckState& state, const OpenStructure& done) {
  TextBuffer wrong;
  const bool shortcut = done.main.channels > 0;
  if (done.structure == Structure::Residual) {
    const Shape& added = shortcut ? done.main : done.input;
    if (added == state.shape) return wrong;
    if (added.dimensions > 0 || state.shape.dimensions > 0) {
      return positions_disagree(added, state.shape, shortcut);
    }
    if (shortcut) {
      wrong << "adds " << added.features() << " outputs of its items to " << state.shape.features()
            << " of its Shortcut: both must be as many";
    } else {
      wrong << "adds its input of " << added.features() << " features to " << state.shape.features()
            << " outputs of its items: end them with Linear<" << added.features()
            << ">, or add a Shortcut<Linear<" << state.shape.features() << ">>";
    }
  } else if (done.structure == Structure::Branch) {
    const OpenStructure& concat = state.open[static_cast<std::size_t>(state.levels - 2)];
    if (concat.joined.channels == 0 || concat.joined.same_positions(state.shape)) return wrong;
    wrong << "ends with " << words_of(state.shape) << ", the branches before it with "
          << words_of(concat.joined) << ": branches join channels of the same positions";
  } else if (done.structure == Structure::Concat && done.sources > most_sources) {
    wrong << "joins " << done.sources << " arrays: at most " << most_sources
          << " may stand behind each other without a layer that joins them";
  }
  return wrong;
}

}  // namespace lamina::detail
