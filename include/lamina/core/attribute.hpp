#pragma once

#include <boost/mp11.hpp>

#include <lamina/core/item.hpp>

namespace lamina {

/// What an attribute in an item's own list sets: `Linear<512, NoBias, Init<Kaiming>>`.
/// Two attributes of one kind in one list repeat or contradict each other: a compile error.
enum class AttributeKind {
  Bias,
  Init,
  Penalty,
  Epsilon,
  Momentum,
  LabelSmoothing,
};

/// An attribute: an empty type that says what it sets and how it is written.
template <class T>
concept Attribute = requires {
  { T::attribute } -> std::convertible_to<AttributeKind>;
  { T::name() };
};

/// The one attribute of a list that sets `Kind`, or `Default` where none does.
template <AttributeKind Kind, class Default, class... Attributes>
struct find_attribute {
  template <class T>
  static constexpr bool sets_kind() {
    if constexpr (Attribute<T>) {
      return T::attribute == Kind;
    } else {
      return false;
    }
  }
  template <class T>
  using sets = boost::mp11::mp_bool<sets_kind<T>()>;
  using type =
      boost::mp11::mp_front<boost::mp11::mp_push_back<
          boost::mp11::mp_copy_if<boost::mp11::mp_list<Attributes...>, sets>, Default>>;
};
template <AttributeKind Kind, class Default, class... Attributes>
using find_attribute_t = typename find_attribute<Kind, Default, Attributes...>::type;

/// What is wrong with a list of attributes of an item that takes the kinds in `Allowed`, as the
/// middle of a sentence; empty when nothing is.
template <AttributeKind... Allowed>
struct allow {
  static consteval bool is_allowed(AttributeKind kind) { return ((kind == Allowed) || ...); }

  template <class... Attributes>
  static consteval TextBuffer check() {
    TextBuffer wrong;
    [[maybe_unused]] bool seen[16] = {};
    ([&] {
      if (!wrong.empty()) return;
      if constexpr (!Attribute<Attributes>) {
        wrong << "takes no " << name_of<Attributes>() << ": it is no attribute";
      } else if constexpr (!is_allowed(Attributes::attribute)) {
        wrong << "takes no attribute " << Attributes::name();
      } else if (bool& set = seen[static_cast<int>(Attributes::attribute)]; set) {
        wrong << "has the attribute " << Attributes::name()
              << " repeated or contradicted: give it once";
      } else {
        wrong << Attributes::check();
        set = true;
      }
    }(),
     ...);
    return wrong;
  }
};

}  // namespace lamina
