#pragma once

#include <array>
#include <cstdint>

#include <lamina/augment/items/parameters.hpp>
#include <lamina/augment/items/sequence.hpp>

/// Items that choose among others. Those may not change the extents of a sample, as not all go
/// through them.
namespace lamina {

namespace detail {

constexpr TextBuffer needs_items(std::size_t found, std::size_t least) {
  TextBuffer wrong;
  if (found >= least) return wrong;
  return wrong << "needs at least " << least << (least == 1 ? " item" : " items") << ", got "
               << found;
}

}  // namespace detail

/// All of its items with probability P, else none.
///
/// Example: `Sometimes<0.3, Rotate<15>, Blur<1, Chance<1.0>>>`
template <double P, class... Items>
struct Sometimes {
  static constexpr TextBuffer name() { return item_name("Sometimes", P, name_of<Items>()...); }
  static constexpr TextBuffer check() {
    return detail::first_wrong({detail::check_range(P, 0, 1, "a probability"),
                                detail::needs_items(sizeof...(Items), 1),
                                detail::check_items<Items...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    if (draws.chance(P)) detail::Sequence<Items...>::apply(subject, draws);
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    detail::rehearse_each<Items...>(name(), subject, draws);
  }
};

/// `Count` of its items, all choices alike, in the order of the list.
///
/// Example: `SomeOf<2, Brightness<0.3>, Contrast<0.3>, Hue<0.1>>`
template <int Count, class... Items>
struct SomeOf {
  static constexpr int size = static_cast<int>(sizeof...(Items));
  static constexpr TextBuffer name() { return item_name("SomeOf", Count, name_of<Items>()...); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Count < 1 || Count > size) {
      wrong << "needs a count of at least 1 and at most its items, got " << Count << " of "
            << sizeof...(Items);
    }
    return detail::first_wrong({wrong, detail::check_items<Items...>()});
  }
  static void apply(augment::Subject& subject, Draws& draws) {
    int wanted = Count;
    int left = size;
    const auto choose = [&]<class Entry>(std::type_identity<Entry>) {
      const bool chosen =
          static_cast<int>(draws.below(static_cast<std::uint32_t>(left--))) < wanted;
      if (!chosen) return;
      --wanted;
      Entry::apply(subject, draws);
    };
    (choose(std::type_identity<Items>{}), ...);
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    detail::rehearse_each<Items...>(name(), subject, draws);
  }
};

/// One of its items, each as likely as the others.
///
/// Example: `OneOf<Blur<1>, Sharpen<1>, Noise<0.05>>`
template <class... Items>
struct OneOf : SomeOf<1, Items...> {
  static constexpr TextBuffer name() { return item_name("OneOf", name_of<Items>()...); }
  static constexpr TextBuffer check() {
    return detail::first_wrong(
        {detail::needs_items(sizeof...(Items), 1), detail::check_items<Items...>()});
  }
  static void rehearse(augment::Subject& subject, Draws& draws) {
    detail::rehearse_each<Items...>(name(), subject, draws);
  }
};

}  // namespace lamina
