#pragma once

#include <string_view>
#include <type_traits>

#include <lamina/core/diagnosis.hpp>
#include <lamina/core/item.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/network/item_mistakes.hpp>
#include <lamina/network/network.hpp>

/// What is wrong with a network, found item by item at compile time. Each check returns the rest of
/// a sentence that starts with the item's position and name; the first that is not empty becomes
/// the one error a user sees.
namespace lamina {

/// Dropouts that one stage takes: the elementwise items between two layers or norms are one loop.
inline constexpr int most_dropouts_in_a_row = 4;

namespace detail {

/// What the checks have seen of the list so far.
struct CheckState {
  TextBuffer wrong;
  int position = -1;  // of the present item; the Input does not count
  Shape shape{};
  bool any_layer = false;
  int dropouts = 0;  // since the last layer or norm
  int loss_position = -1;
  TextBuffer loss;
  int penalty_position = -1;  // of the last penalty, decay or constraint of the whole network
  TextBuffer penalty;
  std::string_view penalty_word;
  TextBuffer penalty_kinds;  // of all of them: " L2 L2<0.1> at position 3;"
  int reparameterized_position = -1;  // of the first layer whose weights are not trained themselves
  TextBuffer reparameterized;
};

/// Says `name at position n`.
constexpr TextBuffer placed(const TextBuffer& name, int position) {
  return TextBuffer{} << name << " at position " << position;
}

/// `L2` of `L2<0.1>`, between spaces.
constexpr TextBuffer kind_of(const TextBuffer& name) {
  return TextBuffer{} << " " << name.view().substr(0, name.view().find('<')) << " ";
}

/// What an item of the whole network says of all weights; empty for items that stand elsewhere.
constexpr std::string_view word_of(Role role) {
  switch (role) {
    case Role::Penalty:
      return "penalty";
    case Role::WeightDecay:
      return "decay";
    case Role::Constraint:
      return "constraint";
    default:
      return "";
  }
}

/// Where the item of this kind stands that the state has noted: the text behind its kind.
template <class T>
constexpr std::string_view place_of_kind(const CheckState& state) {
  const std::string_view kinds = state.penalty_kinds.view();
  const TextBuffer kind = kind_of(name_of<T>());
  const std::size_t begin = kinds.find(kind.view()) + kind.size();
  return kinds.substr(begin, kinds.find(';', begin) - begin);
}

template <class T>
constexpr TextBuffer wrong_place(const CheckState& state) {
  TextBuffer wrong;
  constexpr std::string_view no_input = "has nothing to act on: put a layer before it";
  if (state.position < 0) {
    if (T::role != Role::Input)
      wrong << "stands where Input<features> must: a network starts with it";
  } else if (T::role == Role::Input) {
    wrong << "is a second Input: only the first item may be one";
  } else if (!word_of(T::role).empty()) {
    if (state.penalty_kinds.view().find(kind_of(name_of<T>()).view()) != std::string_view::npos) {
      wrong << "is a second" << kind_of(name_of<T>()) << word_of(T::role)
            << " of the whole network, after " << place_of_kind<T>(state) << ": give one";
    } else if (T::role == Role::Constraint && state.reparameterized_position >= 0) {
      wrong << "cannot hold for "
            << placed(state.reparameterized, state.reparameterized_position)
            << ", whose weights are not trained themselves: give it to the other layers";
    }
  } else if (T::role == Role::Loss && state.loss_position >= 0) {
    wrong << "is a second loss, after " << placed(state.loss, state.loss_position)
          << ": a network has at most one";
  } else if (state.penalty_position >= 0) {
    wrong << "follows the " << state.penalty_word << " "
          << placed(state.penalty, state.penalty_position)
          << ": penalties of the whole network come last, one for a layer goes in the list of the "
             "layer";
  } else if (state.loss_position >= 0) {
    wrong << "follows the loss " << placed(state.loss, state.loss_position)
          << ": only penalties may come after the loss";
  } else if (T::role != Role::Contraction && !state.any_layer) {
    wrong << no_input;
  } else if (state.dropouts > most_dropouts_in_a_row) {
    wrong << "is dropout number " << state.dropouts << " in a row: at most "
          << most_dropouts_in_a_row << " fit between two layers";
  }
  return wrong;
}

template <class T>
constexpr void note_item(CheckState& state) {
  if constexpr (T::role == Role::Input) {
    state.shape = T::output();
  } else if constexpr (T::role == Role::Contraction) {
    state.shape = T::output(state.shape);
    state.any_layer = true;
    if constexpr (requires { T::reparameterized; }) {
      if (T::reparameterized && state.reparameterized_position < 0) {
        state.reparameterized_position = state.position;
        state.reparameterized = name_of<T>();
      }
    }
    state.dropouts = 0;
  } else if constexpr (T::role == Role::Normalization) {
    state.dropouts = 0;
  } else if constexpr (T::role == Role::Loss) {
    state.loss_position = state.position;
    state.loss = name_of<T>();
  } else if constexpr (!word_of(T::role).empty()) {
    state.penalty_position = state.position;
    state.penalty = name_of<T>();
    state.penalty_word = word_of(T::role);
    state.penalty_kinds << kind_of(state.penalty) << placed(state.penalty, state.position) << ";";
  }
}

/// The middle of the sentence about an item; empty when it is right, and then noted.
template <class T>
constexpr TextBuffer mistake(CheckState& state) {
  if constexpr (!Item<T>) {
    return no_item<T>();
  } else {
    if constexpr (requires { T::rate; }) state.dropouts += T::rate != 0 ? 1 : 0;
    const TextBuffer wrong = wrong_place<T>(state);
    if (!wrong.empty()) return wrong;
    if constexpr (!sound<T>) {
      return own_mistake<T>();
    } else {
      if constexpr (requires { T::check_input(state.shape); }) {
        const TextBuffer input = T::check_input(state.shape);
        if (!input.empty()) return input;
      }
      note_item<T>(state);
      return {};
    }
  }
}

template <class T>
constexpr void check_item(CheckState& state) {
  if (!state.wrong.empty()) return;
  const TextBuffer wrong = mistake<T>(state);
  if (!wrong.empty()) {
    if (state.position < 0) {
      state.wrong << "first item: ";
    } else {
      state.wrong << "position " << state.position << ": ";
    }
    state.wrong << name_of<T>() << " " << wrong;
  }
  ++state.position;
}

}  // namespace detail

/// The sentence that says what is wrong with a network; empty for a good one.
template <class Net>
struct Check;

template <class... Items>
struct Check<Network<Items...>> {
 private:
  static constexpr detail::CheckState check() {
    detail::CheckState checked;
    // A list and no fold: clang folds at most 256 items.
    [[maybe_unused]] const bool in_order[]{true, (detail::check_item<Items>(checked), true)...};
    if (checked.wrong.empty() && sizeof...(Items) == 0) {
      checked.wrong << "the network is empty: it starts with Input<features>, then layers";
    } else if (checked.wrong.empty() && !checked.any_layer) {
      checked.wrong
          << "the network ends without a layer: add one after its Input, such as Linear<10>";
    }
    return checked;
  }
  static constexpr detail::CheckState state = check();

 public:
  static constexpr TextBuffer found = state.wrong;
  static constexpr bool good = found.empty();
  static constexpr bool has_loss = state.loss_position >= 0;
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
         (last = detail::placed(name_of<Items>(), next++), true))...};
    return wrong << "position " << next << ": training needs a loss here, after " << last
                 << ", such as CrossEntropy<>; got none";
  }
  static constexpr TextBuffer found = check();
};

/// Finds what keeps a network from being trained. A wrong one says so once, whoever asks.
template <class Net>
using NetworkFault = std::conditional_t<GoodNetwork<Net>, CheckLoss<Net>, Check<Net>>;

}  // namespace lamina
