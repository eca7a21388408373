#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include <lamina/augment/items/choices.hpp>
#include <lamina/augment/items/sequence.hpp>

/// Policies per class: a b that is mirrored is a d, and a 6 upside down is a 9.
namespace lamina {

/// A class by its label, or by its name in the data set.
struct ClassOf {
  static constexpr std::size_t most = 31;

  Label label = -1;  ///< -1 where the class has a name
  char text[most + 1]{};
  bool fits = true;

  constexpr ClassOf(int number) : label(number) {}  // NOLINT: Classes<6, 9>
  constexpr ClassOf(char letter) : text{letter} {}  // NOLINT: Classes<'b', 'd'>
  template <std::size_t Length>
  constexpr ClassOf(const char (&name)[Length]) : fits(Length <= most + 1) {  // NOLINT: "cat"
    for (std::size_t i = 0; i + 1 < Length && i < most; ++i) text[i] = name[i];
  }

  [[nodiscard]] constexpr bool named() const { return label == -1; }
  [[nodiscard]] constexpr std::string_view name() const { return text; }

  friend constexpr TextBuffer& operator<<(TextBuffer& buffer, const ClassOf& found) {
    if (!found.named()) return buffer << static_cast<int>(found.label);
    return buffer << "\"" << found.name() << "\"";
  }
};

namespace detail {

/// Errors: `Error` where samples have no class each.
void expect_classes(const TextBuffer& item, const augment::Subject& subject);
/// Errors: `Error` where no class of the data set has this name.
void expect_class_name(const TextBuffer& item, std::string_view name,
                       const augment::Subject& subject);

}  // namespace detail

/// Classes, by labels (6), letters ('b') or names ("cat"), those of `Dataset::class_names`.
///
/// Of float targets, such as those of `one_hot`, a sample's class is that of the largest.
template <ClassOf... All>
struct Classes {
  static constexpr TextBuffer name() { return item_name("Classes", All...); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (sizeof...(All) == 0) wrong << "has Classes<> without a class";
    (
        [&] {
          if (!wrong.empty()) return;
          if (!All.fits) {
            wrong << "has a class name of more than " << ClassOf::most << " characters";
          } else if (!All.named() ? All.label < 0 : All.name().empty()) {
            wrong << "has a class without a name, or with a label below 0: " << All;
          }
        }(),
        ...);
    return wrong;
  }
  static bool holds(const augment::Subject& subject) {
    const Label label = subject.label().value_or(-1);
    const std::string_view name = subject.class_name(label);
    return ((All.named() ? All.name() == name : All.label == label) || ...);
  }
  static void expect(const TextBuffer& item, const augment::Subject& subject) {
    detail::expect_classes(item, subject);
    (
        [&] {
          if constexpr (All.named()) detail::expect_class_name(item, All.name(), subject);
        }(),
        ...);
  }
};

namespace detail {

template <class List, class... Items>
consteval TextBuffer check_policy() {
  if constexpr (!requires(const augment::Subject& subject) { List::holds(subject); }) {
    TextBuffer wrong;
    return wrong << "needs Classes<...> first, got " << name_of<List>();
  } else {
    return first_wrong({List::check(), needs_items(sizeof...(Items), 1), check_items<Items...>()});
  }
}

}  // namespace detail

/// Its items for samples of these classes alone.
///
/// Example: `Only<Classes<"arrow">, Flip<Horizontal>>`
template <class List, class... Items>
struct Only {
  static constexpr TextBuffer name() {
    return item_name("Only", name_of<List>(), name_of<Items>()...);
  }
  static constexpr TextBuffer check() { return detail::check_policy<List, Items...>(); }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (List::holds(subject)) detail::Sequence<Items...>::apply(subject, draws);
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    List::expect(name(), subject);
    detail::rehearse_each<Items...>(name(), subject, draws);
  }
};

/// Its items for all samples but those of these classes, whose meaning they would change.
///
/// Example: `Except<Classes<6, 9>, Rotate<180>>`, `Except<Classes<'b', 'd'>, Flip<Horizontal>>`
template <class List, class... Items>
struct Except {
  static constexpr TextBuffer name() {
    return item_name("Except", name_of<List>(), name_of<Items>()...);
  }
  static constexpr TextBuffer check() { return detail::check_policy<List, Items...>(); }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (!List::holds(subject)) detail::Sequence<Items...>::apply(subject, draws);
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    List::expect(name(), subject);
    detail::rehearse_each<Items...>(name(), subject, draws);
  }
};

}  // namespace lamina
