#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <cstddef>

#include <lamina/expr/chain.hpp>
#include <lamina/network/nodes.hpp>
#include <lamina/plan/stage.hpp>

/// How a network's nodes become stages that read each other: one loop over numbers.
namespace lamina::detail {

/// What the planner needs of the items of one kind, as numbers.
struct ItemFacts {
  Role role = Role::Elementwise;
  Structure structure = Structure::None;
  Shape (*output)(Shape) = nullptr;  // of a contraction, by its input
  bool bias = false;
  Normalization norm{};
  bool identity = false;  // disappears from the plan
  bool random = false;
  double rate = 0;  // default of a random item
  RateRange rates{};
};

template <class T>
consteval ItemFacts facts_of() {
  ItemFacts facts{.role = T::role};
  if constexpr (T::role == Role::Structure) {
    facts.structure = T::structure;
  } else if constexpr (T::role == Role::Contraction) {
    facts.output = [](Shape input) constexpr { return T::output(input); };
    facts.bias = T::bias;
  } else if constexpr (T::role == Role::Normalization) {
    facts.norm = T::normalization;
  } else if constexpr (expr::Random<T>) {
    facts.identity = T::rate == 0;
    facts.random = !facts.identity;
    facts.rate = T::rate;
    facts.rates = T::rates;
  }
  return facts;
}

/// The facts of a list of kinds.
template <class Kinds>
struct FactsOf;
template <class... Kinds>
struct FactsOf<boost::mp11::mp_list<Kinds...>> {
  static constexpr std::array<ItemFacts, sizeof...(Kinds)> of_kind{facts_of<Kinds>()...};
};

/// Arrays behind each other.
struct Sources {
  std::array<int, most_sources> stages{};
  int count = 0;

  constexpr void add(const Sources& others) {
    for (int i = 0; i < others.count; ++i) {
      stages[static_cast<std::size_t>(count++)] = others.stages[static_cast<std::size_t>(i)];
    }
  }
  static constexpr Sources of(int stage) { return {{stage}, 1}; }
  /// One stage's outputs, in panels: what can be added to another's.
  [[nodiscard]] constexpr bool one_stage() const {
    return count == 1 && stages[0] != Source::network_input;
  }
};

/// A stage before its items are read: what it reads, what is added to it, and its items.
struct StageLinks {
  Sources sources{};
  int skip = Stage::absent;
  int inputs = 0;  // features
  int outputs = 0;
  std::size_t first_item = 0;  // its items follow each other in the list
  std::size_t end_item = 0;
};

/// The stages of a list of at most N nodes.
template <std::size_t N>
struct Cut {
  std::array<StageLinks, N + 1> stages{};
  int count = 0;
  std::size_t first_last = N;  // the first of the loss and what else holds for the whole network
};

/// Cuts a list into stages. A contraction starts one, and so does what cannot join the stage
/// before it. A stage without items gathers arrays where one is needed in one place.
template <std::size_t N>
class Cutter {
 public:
  consteval Cutter(const Node* nodes, const ItemFacts* facts, int features)
      : nodes_(nodes), facts_(facts), features_(features) {}

  /// Goes through nodes [begin, end).
  consteval void place(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) place(i);
  }
  /// The outputs of the network are those of its last stage.
  consteval Cut<N> end() {
    if (!now_.one_stage()) start();
    return cut_;
  }

 private:
  struct OpenStructure {
    Sources input{};
    Sources done{};  // of a Concat's branches, or a Residual's items when its shortcut begins
  };

  consteval void place(std::size_t i) {
    const ItemFacts& item = facts_[nodes_[i].kind];
    switch (nodes_[i].role) {
      case Role::Open:
        return open(item.structure);
      case Role::Close:
        return close(item.structure);
      case Role::Contraction:
        start();
        present().outputs = item.output(Shape{present().inputs}).features();
        takes_norm_ = true;
        break;
      case Role::Normalization:
        if (!takes_norm_) start();
        takes_norm_ = false;
        break;
      case Role::Elementwise:
        if (item.identity) return;
        if (!takes_chain_) start();
        takes_norm_ = false;
        break;
      default:
        cut_.first_last = std::min(cut_.first_last, i);
        return;
    }
    StageLinks& links = present();
    if (links.end_item == 0) links.first_item = i;
    links.end_item = i + 1;
  }

  [[nodiscard]] consteval StageLinks& present() {
    return cut_.stages[static_cast<std::size_t>(stage_)];
  }
  /// A new stage that reads the present values.
  consteval void start() {
    stage_ = cut_.count++;
    StageLinks& links = present();
    links.sources = now_;
    for (int i = 0; i < now_.count; ++i) {
      const int from = now_.stages[static_cast<std::size_t>(i)];
      links.inputs += from == Source::network_input
                          ? features_
                          : cut_.stages[static_cast<std::size_t>(from)].outputs;
    }
    links.outputs = links.inputs;
    now_ = Sources::of(stage_);
    takes_chain_ = true;
    takes_norm_ = false;
  }
  /// Nothing may join the present stage: others read its outputs as they are.
  consteval void finish() { takes_norm_ = takes_chain_ = false; }
  /// Puts the present values into one place.
  consteval void gather() {
    if (!now_.one_stage()) start();
    finish();
  }

  consteval void open(Structure structure) {
    if (structure == Structure::Residual) gather();
    OpenStructure& parent = open_[static_cast<std::size_t>(levels_)];
    if (structure == Structure::Shortcut) {
      gather();
      parent.done = now_;
      now_ = parent.input;
      finish();
    } else if (structure == Structure::Branch) {
      now_ = parent.input;
      finish();
    }
    if (structure == Structure::Concat) finish();
    open_[static_cast<std::size_t>(++levels_)] = {.input = now_};
  }

  consteval void close(Structure structure) {
    const OpenStructure done = open_[static_cast<std::size_t>(levels_--)];
    OpenStructure& parent = open_[static_cast<std::size_t>(levels_)];
    if (structure == Structure::Branch) {
      parent.done.add(now_);
      finish();
    } else if (structure == Structure::Concat) {
      now_ = done.done;
      finish();
    } else if (structure == Structure::Residual) {
      if (!takes_chain_) start();  // the present stage is read by others, or adds one already
      present().skip = done.done.count > 0 ? done.done.stages[0] : done.input.stages[0];
      finish();
    }
  }

  // No spans: libstdc++ checks their indices in constant expressions, and clang counts every step.
  const Node* nodes_;
  const ItemFacts* facts_;
  int features_;
  Cut<N> cut_{};
  Sources now_ = Sources::of(Source::network_input);
  int stage_ = Stage::absent;
  bool takes_norm_ = false;
  bool takes_chain_ = false;
  std::array<OpenStructure, Path::most_levels + 1> open_{};
  int levels_ = 0;
};

}  // namespace lamina::detail
