#pragma once

#include <array>
#include <string_view>
#include <type_traits>

#include <lamina/core/diagnosis.hpp>
#include <lamina/core/item.hpp>
#include <lamina/core/normalization.hpp>
#include <lamina/core/path.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/network/flatten.hpp>
#include <lamina/network/item_mistakes.hpp>
#include <lamina/network/network.hpp>

/// What is wrong with a network, found item by item at compile time. Each check returns the rest of
/// a sentence that starts with the item's position and name; the first that is not empty becomes
/// the one error a user sees.
namespace lamina {

/// Random items that one stage takes: the elementwise items between two layers or norms are one
/// loop.
inline constexpr int most_random_in_a_row = 4;
/// Arrays that may stand behind each other as the input of one layer.
inline constexpr int most_sources = 16;

namespace detail {

/// A structure whose items are being checked.
struct OpenStructure {
  Structure structure = Structure::None;
  std::string_view kind;
  Path path{};
  Shape input{};
  Shape main{};      // what a residual's items end with, once its shortcut begins
  int features = 0;  // of the branches that are done
  int sources = 0;
  int input_sources = 1;
};

/// What the checks have seen of the list so far.
struct CheckState {
  TextBuffer wrong;
  bool first = true;  // the Input, which has no position
  Path path{};
  Shape shape{};
  int sources = 1;  // arrays that the present values lie in: branches are not copied together
  bool any_layer = false;
  int random = 0;  // since the last layer or norm
  std::array<OpenStructure, Path::most_levels> open{};
  int levels = 0;
  Path loss_path{};
  bool has_loss = false;
  TextBuffer loss;
  Path penalty_path{};
  bool has_penalty = false;  // or a decay or constraint of the whole network
  TextBuffer penalty;
  std::string_view penalty_word;
  TextBuffer penalty_kinds;  // of all of them: " L2 L2<0.1> at position 3;"

  bool has_reparameterized = false;
  Path reparameterized_path{};  // of the first layer whose weights are not trained themselves
  TextBuffer reparameterized;

  [[nodiscard]] constexpr OpenStructure& top() {
    return open[static_cast<std::size_t>(levels - 1)];
  }
  [[nodiscard]] constexpr Structure inside() const {
    return levels == 0 ? Structure::None : open[static_cast<std::size_t>(levels - 1)].structure;
  }
};

constexpr std::string_view structure_name(Structure structure) {
  constexpr std::array<std::string_view, 6> names{"",         "a sequence", "Residual",
                                                  "Shortcut", "Concat",     "Branch"};
  return names[static_cast<std::size_t>(structure)];
}

/// Says `name at position n`.
constexpr TextBuffer placed(const TextBuffer& name, const Path& path) {
  return TextBuffer{} << name << " at position " << text_of(path);
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
inline constexpr bool acts_on_input = requires { T::acts_on_input; };

template <class T>
constexpr TextBuffer wrong_place_of_last(const CheckState& state) {
  TextBuffer wrong;
  constexpr std::string_view no_input = "has nothing to act on: put a layer before it";
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
    wrong << "follows the " << state.penalty_word << " "
          << placed(state.penalty, state.penalty_path)
          << ": penalties of the whole network come last, one for a layer goes in the list of the "
             "layer";
  } else if (!state.any_layer) {
    wrong << no_input;
  }
  return wrong;
}

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
    wrong << "follows the " << state.penalty_word << " "
          << placed(state.penalty, state.penalty_path)
          << ": penalties of the whole network come last, one for a layer goes in the list of the "
             "layer";
  } else if (state.has_loss) {
    wrong << "follows the loss " << placed(state.loss, state.loss_path)
          << ": only penalties may come after the loss";
  } else if ((T::role == Role::Normalization || T::role == Role::Elementwise) && !state.any_layer &&
             !acts_on_input<T>) {
    wrong << "has nothing to act on: put a layer before it";
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

/// What is wrong with what a structure's items end with.
constexpr TextBuffer wrong_end(const CheckState& state, const OpenStructure& done) {
  TextBuffer wrong;
  const bool shortcut = done.main.channels > 0;
  if (done.structure == Structure::Residual) {
    const Shape& added = shortcut ? done.main : done.input;
    if (added == state.shape) return wrong;
    if (shortcut) {
      wrong << "adds " << added.features() << " outputs of its items to " << state.shape.features()
            << " of its Shortcut: both must be as many";
    } else {
      wrong << "adds its input of " << added.features() << " features to " << state.shape.features()
            << " outputs of its items: end them with Linear<" << added.features()
            << ">, or add a Shortcut<Linear<" << state.shape.features() << ">>";
    }
  } else if (done.structure == Structure::Concat && done.sources > most_sources) {
    wrong << "joins " << done.sources << " arrays: at most " << most_sources
          << " may stand behind each other without a layer that joins them";
  }
  return wrong;
}

template <class T>
constexpr void open_structure(CheckState& state) {
  ++state.levels;
  state.top() = OpenStructure{.structure = T::structure,
                              .kind = structure_name(T::structure),
                              .path = state.path,
                              .input = state.shape,
                              .input_sources = state.sources};
  if (T::structure == Structure::Residual) {
    state.sources = 1;
    state.random = 0;
  }
  if (T::structure == Structure::Shortcut || T::structure == Structure::Branch) {
    OpenStructure& parent = state.open[static_cast<std::size_t>(state.levels - 2)];
    if (T::structure == Structure::Shortcut) parent.main = state.shape;
    state.shape = parent.input;
    state.sources = T::structure == Structure::Shortcut ? 1 : parent.input_sources;
    state.random = 0;
  }
  state.path.enter();
}

/// Closes a structure; what is wrong with its end is said of the structure itself.
template <class T>
constexpr TextBuffer close_structure(CheckState& state) {
  const OpenStructure done = state.top();
  const TextBuffer wrong = wrong_end(state, done);
  --state.levels;
  state.path.leave();
  if (!wrong.empty()) {
    state.path = done.path;
    return wrong;
  }
  if (done.structure == Structure::Branch) {
    state.top().features += state.shape.features();
    state.top().sources += state.sources;
  } else if (done.structure == Structure::Concat) {
    state.shape = Shape{done.features};
    state.sources = done.sources;
    state.random = 0;
  } else if (done.structure == Structure::Residual) {
    state.sources = 1;
    state.random = 0;
  }
  return {};
}

/// An item that the plan leaves out: it joins no arrays.
template <class T>
inline constexpr bool disappears = [] {
  if constexpr (requires { T::rate; }) return T::rate == 0;
  return false;
}();

template <class T>
constexpr void note_item(CheckState& state) {
  if constexpr (T::role == Role::Input) {
    state.shape = T::output();
  } else if constexpr (T::role == Role::Contraction) {
    state.shape = T::output(state.shape);
    state.any_layer = true;
    if constexpr (requires { T::reparameterized; }) {
      if (T::reparameterized && !state.has_reparameterized) {
        state.has_reparameterized = true;
        state.reparameterized_path = state.path;
        state.reparameterized = name_of<T>();
      }
    }
    state.random = 0;
    state.sources = 1;
  } else if constexpr (T::role == Role::Normalization) {
    state.random = 0;
    state.sources = 1;
  } else if constexpr (T::role == Role::Elementwise) {
    if (!disappears<T>) state.sources = 1;
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

/// The middle of the sentence about an item; empty when it is right, and then noted.
template <class T>
constexpr TextBuffer mistake(CheckState& state) {
  if constexpr (!Item<T>) {
    return no_item<T>();
  } else if constexpr (T::role == Role::Close) {
    return close_structure<T>(state);
  } else if constexpr (T::role == Role::Open) {
    TextBuffer wrong = wrong_place<T>(state);
    if (wrong.empty()) wrong = wrong_structure<T>(state);
    if (wrong.empty()) wrong = own_mistake<typename T::Opens>();
    if (wrong.empty()) open_structure<T>(state);
    return wrong;
  } else {
    if constexpr (requires { T::rate; }) state.random += disappears<T> ? 0 : 1;
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
    if (state.first) {
      state.wrong << "first item: ";
    } else {
      state.wrong << "position " << text_of(state.path) << ": ";
    }
    state.wrong << name_of<T>() << " " << wrong;
  }
  if (state.first) {
    state.first = false;
  } else if (!is_item<T, Role::Open> && !is_item<T, Role::Close>) {
    ++state.path.last();
  }
}

}  // namespace detail

/// The sentence that says what is wrong with a network; empty for a good one.
template <class Net>
struct Check;

template <class... Items>
struct Check<Network<Items...>> {
 private:
  template <class... Flat>
  static constexpr detail::CheckState check(boost::mp11::mp_list<Flat...>) {
    detail::CheckState checked;
    // A list and no fold: clang folds at most 256 items.
    [[maybe_unused]] const bool in_order[]{true, (detail::check_item<Flat>(checked), true)...};
    if (checked.wrong.empty() && sizeof...(Items) == 0) {
      checked.wrong << "the network is empty: it starts with Input<features>, then layers";
    } else if (checked.wrong.empty() && !checked.any_layer) {
      checked.wrong
          << "the network ends without a layer: add one after its Input, such as Linear<10>";
    }
    return checked;
  }
  static constexpr detail::CheckState state = check(detail::flatten_t<Items...>{});

 public:
  static constexpr TextBuffer found = state.wrong;
  static constexpr bool good = found.empty();
  static constexpr bool has_loss = state.has_loss;
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
