#pragma once

#include <type_traits>

#include <lamina/augment/subject.hpp>
#include <lamina/core/item.hpp>
#include <lamina/data/draws.hpp>

namespace lamina {

/// An entry of an `Augment` list: a type that draws numbers and changes a sample by them.
///
/// Your own has the same standing as those of the library:
///
///     struct Invert {
///       static void apply(augment::Subject& subject, Draws& draws) {
///         if (!draws.chance(0.5)) return;
///         ...  // subject.image() is to be changed, subject.warp(...) moves it and its labels
///       }
///     };
///
/// `name()` and `check()`, as of a network's items, make its errors readable. Where `apply` chooses
/// among items, `rehearse` does all of them: it runs once before the first step, so that what does
/// not fit the samples is found there.
template <class T>
concept AugmentItem =
    requires(augment::Subject& subject, Draws& draws) { T::apply(subject, draws); };

namespace detail {

/// Does an item once, with all that it may choose from.
template <class Entry>
void rehearse(augment::Subject& subject, Draws& draws) {
  if constexpr (requires { Entry::rehearse(subject, draws); }) {
    Entry::rehearse(subject, draws);
  } else {
    Entry::apply(subject, draws);
  }
}

/// What is wrong with a list of items, as the rest of a sentence.
template <class... Items>
consteval TextBuffer check_items() {
  TextBuffer wrong;
  [[maybe_unused]] int position = 0;
  (
      [&] {
        ++position;
        if (!wrong.empty()) return;
        if constexpr (!AugmentItem<Items>) {
          wrong << "entry " << position << ": " << name_of<Items>()
                << " is no item that changes samples, such as Rotate<15>";
        } else if constexpr (requires { Items::check(); }) {
          constexpr TextBuffer found = Items::check();
          if (!found.empty()) {
            wrong << "entry " << position << ": " << name_of<Items>() << " " << found;
          }
        }
      }(),
      ...);
  return wrong;
}

/// Items one after the other.
template <class... Items>
struct Sequence {
  static void apply([[maybe_unused]] augment::Subject& subject, [[maybe_unused]] Draws& draws) {
    (Items::apply(subject, draws), ...);
  }
  static void rehearse([[maybe_unused]] augment::Subject& subject, [[maybe_unused]] Draws& draws) {
    (detail::rehearse<Items>(subject, draws), ...);
  }
};

/// Errors: `Error` where items of which some may not be done give samples other extents.
void expect_same_size(const TextBuffer& item, augment::Size expected, augment::Size found);

/// Does all items from which a choice is made.
template <class... Items>
void rehearse_each(const TextBuffer& choice, augment::Subject& subject, Draws& draws) {
  const augment::Size before = subject.size();
  const auto try_out = [&]<class Entry>(std::type_identity<Entry>) {
    rehearse<Entry>(subject, draws);
    expect_same_size(choice, before, subject.size());
  };
  (try_out(std::type_identity<Items>{}), ...);
}

/// The layout behind items, which a black sample goes through.
SampleLayout rehearse_on_blank(const SampleLayout& layout, const augment::LabelOptions& labels,
                               void (*rehearse)(augment::Subject&, Draws&));

}  // namespace detail

}  // namespace lamina
