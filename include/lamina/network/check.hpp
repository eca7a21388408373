#pragma once

#include <string_view>

#include <lamina/core/item.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/network/network.hpp>

/// What is wrong with a network, found item by item at compile time. Each check returns the middle of
/// a sentence; the first that is not empty becomes the one error a user sees.
namespace lamina {

namespace detail {

/// What the checks have seen of the list so far.
struct CheckState {
  TextBuffer wrong;
  int position = -1;  // of the present item; the Input does not count
  Shape shape{};
  bool any_layer = false;
  int loss_position = -1;
  TextBuffer loss;
  bool any_penalty = false;
  TextBuffer penalty;
};

template <class T>
consteval void check_order(CheckState& state) {
  TextBuffer& wrong = state.wrong;
  if constexpr (T::role == Role::Input) {
    if (state.position >= 0) wrong << " is a second Input: only the first item may be one";
  } else if constexpr (T::role == Role::Loss) {
    if (state.loss_position >= 0) {
      wrong << " is a second loss, after " << state.loss << " at position " << state.loss_position;
    } else if (state.any_penalty) {
      wrong << " must come before the penalty " << state.penalty;
    } else if (!state.any_layer) {
      wrong << " has nothing to act on: put a layer before it";
    }
  } else if constexpr (T::role == Role::Penalty) {
    if (state.any_penalty && state.penalty.view().substr(0, 3) == T::name().view().substr(0, 3)) {
      wrong << " repeats or contradicts the penalty " << state.penalty << ": give one";
    }
  } else if (state.loss_position >= 0) {
    wrong << " follows the loss " << state.loss << ", which must be last but for penalties";
  } else if (state.any_penalty) {
    wrong << " follows the penalty " << state.penalty
          << ": penalties of the whole network come last; one for a layer goes in the layer's list";
  } else if (T::role != Role::Contraction && !state.any_layer) {
    wrong << " has nothing to act on: put a layer before it";
  }
}

template <class T>
consteval void note_item(CheckState& state) {
  if constexpr (T::role == Role::Input) {
    state.shape = T::output();
  } else if constexpr (T::role == Role::Contraction) {
    state.shape = T::output(state.shape);
    state.any_layer = true;
  } else if constexpr (T::role == Role::Loss) {
    state.loss_position = state.position;
    state.loss = T::name();
  } else if constexpr (T::role == Role::Penalty) {
    state.any_penalty = true;
    state.penalty = T::name();
  }
}

template <class T>
consteval void check_item(CheckState& state) {
  if (!state.wrong.empty()) return;
  TextBuffer wrong;
  if constexpr (!Item<T>) {
    wrong << " is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty";
  } else if (state.position < 0 && T::role != Role::Input) {
    wrong << " stands first, but a network starts with Input<features>";
  } else {
    check_order<T>(state);
    wrong = state.wrong;
    if (wrong.empty()) {
      const TextBuffer own = T::check();
      if (!own.empty()) wrong << " " << own;
    }
    if constexpr (requires { T::check_input(state.shape); }) {
      if (wrong.empty()) {
        const TextBuffer input = T::check_input(state.shape);
        if (!input.empty()) wrong << " " << input;
      }
    }
    if (wrong.empty()) note_item<T>(state);
  }
  if (!wrong.empty()) {
    TextBuffer sentence;
    if (state.position >= 0) sentence << "position " << state.position << ": ";
    sentence << name_of<T>() << wrong;
    state.wrong = sentence;
  }
  ++state.position;
}

}  // namespace detail

/// The sentence that says what is wrong with a network; empty for a good one.
template <class Net>
struct Check;

template <class... Items>
struct Check<Network<Items...>> {
  static consteval TextBuffer sentence() {
    detail::CheckState state;
    (detail::check_item<Items>(state), ...);
    if (!state.wrong.empty()) return state.wrong;
    if (sizeof...(Items) == 0) return TextBuffer{} << "a network starts with Input<features>, got none";
    if (!state.any_layer) return TextBuffer{} << "the network has no layer: add one, such as Linear<10>";
    return {};
  }
  static constexpr TextBuffer found = sentence();
  static constexpr bool good = found.empty();
};

template <class Net>
struct Check {
  static constexpr TextBuffer found =
      TextBuffer{} << name_of<Net>() << " is no network: write lamina::Network<Input<...>, ...>";
  static constexpr bool good = false;
};

/// A network type that passes all checks.
template <class Net>
concept GoodNetwork = Check<Net>::good;

/// Never defined: the compiler's complaint about it shows the sentence.
template <Text... Sentence>
struct WrongNetwork;

namespace detail {

// Clang cuts a text in a type's name after 36 characters, so it gets the sentence line by line.
#if defined(__clang__)
inline constexpr std::size_t line_length = 36;
#else
inline constexpr std::size_t line_length = 400;
#endif

/// The end of the line that starts at `begin`: at a space where the rest does not fit.
consteval std::size_t line_end(std::string_view sentence, std::size_t begin) {
  if (sentence.size() - begin <= line_length) return sentence.size();
  const std::size_t space = sentence.rfind(' ', begin + line_length);
  return space == sentence.npos || space <= begin ? begin + line_length : space;
}

template <class Net, std::size_t Begin, Text... Lines>
consteval auto wrong_network() {
  constexpr std::string_view sentence = Check<Net>::found.view();
  if constexpr (Begin >= sentence.size()) {
    return static_cast<WrongNetwork<Lines...>*>(nullptr);
  } else {
    constexpr std::size_t end = line_end(sentence, Begin);
    constexpr Text<end - Begin> line{sentence.substr(Begin, end - Begin)};
    return wrong_network<Net, end, Lines..., line>();
  }
}

}  // namespace detail

namespace detail {

/// What a wrong network's stand-ins return: converts to anything, so that no second error follows.
struct Anything {
  template <class T>
  operator T() const;  // NOLINT: never called, the program does not compile
};

}  // namespace detail

/// Fails to compile, saying what is wrong with `Net`.
template <class Net>
struct Diagnose {
  static constexpr auto failure = sizeof(*detail::wrong_network<Net, 0>());
};

}  // namespace lamina
