#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/expr/chain.hpp>
#include <lamina/initializers/init.hpp>
#include <lamina/network/check.hpp>
#include <lamina/plan/penalty.hpp>
#include <lamina/plan/stage.hpp>

namespace lamina {

namespace detail {

/// What the planner needs of one item, as numbers: the list is planned by one loop over these.
struct ItemFacts {
  Role role = Role::Elementwise;
  int position = 0;
  int outputs = 0;
  bool bias = false;
  Axes axes = Axes::None;
  double epsilon = 0;
  double momentum = 0;
  bool identity = false;  // disappears from the plan
  bool random = false;
  double rate = 0;  // default of a random item
  int stage = 0;
};

template <class T>
consteval ItemFacts facts_of(int position) {
  ItemFacts facts{.role = T::role, .position = position};
  if constexpr (T::role == Role::Contraction) {
    facts.outputs = T::output(Shape{}).features();
    facts.bias = T::bias;
  } else if constexpr (T::role == Role::Normalization) {
    facts.axes = T::axes;
    facts.epsilon = T::epsilon;
    facts.momentum = T::momentum;
  } else if constexpr (expr::Random<T>) {
    facts.identity = T::rate == 0;
    facts.random = !facts.identity;
    facts.rate = T::rate;
  }
  return facts;
}

/// Cuts the list into stages: a contraction starts one, and so does a normalization that cannot
/// join the stage before it, since that has one or has elementwise items already.
template <std::size_t N>
consteval std::array<ItemFacts, N> cut(std::array<ItemFacts, N> items) {
  int stage = -1;
  bool open = false;  // for a normalization
  for (ItemFacts& item : items) {
    if (item.role == Role::Contraction || (item.role == Role::Normalization && !open)) ++stage;
    if (item.role == Role::Contraction) open = true;
    if (item.role == Role::Normalization || (item.role == Role::Elementwise && !item.identity)) {
      open = false;
    }
    item.stage = stage;
  }
  return items;
}

template <class... Items>
consteval auto facts_of_all() {
  int position = -1;  // the Input does not count
  return cut(std::array<ItemFacts, sizeof...(Items)>{facts_of<Items>(position++)...});
}

}  // namespace detail

/// What will run for a network: its stages as constants, their chains, loss and penalties as types.
template <class Net>
struct Plan;

template <class First, class... Items>
struct Plan<Network<First, Items...>> {
  using List = boost::mp11::mp_list<First, Items...>;
  static constexpr auto items = detail::facts_of_all<First, Items...>();
  static constexpr int stage_count = items.back().stage + 1;
  static constexpr int features = First::output().features();

 private:
  template <std::size_t I>
  using ItemAt = boost::mp11::mp_at_c<List, I>;
  template <Role R, int S, std::size_t... I>
  static auto select(std::index_sequence<I...>) {
    return boost::mp11::mp_append<
        boost::mp11::mp_list<>,
        std::conditional_t<items[I].role == R && (S < 0 || items[I].stage == S) &&
                               !items[I].identity,
                           boost::mp11::mp_list<ItemAt<I>>, boost::mp11::mp_list<>>...>{};
  }
  /// First item of each stage, and behind the last the end: so that a stage looks at its own alone.
  static constexpr auto bounds = [] {
    std::array<std::size_t, static_cast<std::size_t>(stage_count) + 1> begin{};
    for (std::size_t i = items.size(); i-- > 1;)
      begin[static_cast<std::size_t>(items[i].stage)] = i;
    begin.back() = items.size();
    return begin;
  }();
  template <std::size_t Begin, std::size_t... I>
  static std::index_sequence<(Begin + I)...> shifted(std::index_sequence<I...>);
  template <int S>
  using Indices =
      decltype(shifted<bounds[S]>(std::make_index_sequence<bounds[S + 1] - bounds[S]>{}));

 public:
  /// The items of one role in one stage.
  template <Role R, int S>
  using ItemsOf = decltype(select<R, S>(Indices<S>{}));
  /// The elementwise items of a stage, identities left out.
  template <int S>
  using ChainOf = boost::mp11::mp_rename<ItemsOf<Role::Elementwise, S>, expr::Chain>;
  /// The contraction of a stage, or void.
  template <int S>
  using ContractionOf =
      boost::mp11::mp_front<boost::mp11::mp_push_back<ItemsOf<Role::Contraction, S>, void>>;
  /// The loss, or void.
  using Loss =
      boost::mp11::mp_front<boost::mp11::mp_push_back<ItemsOf<Role::Loss, stage_count - 1>, void>>;
  /// What the weights of a stage cost: the layer's own penalty, else those of the network.
  template <int S>
  using PenaltyOf = StagePenalty<ContractionOf<S>, ItemsOf<Role::Penalty, stage_count - 1>>;

 private:
  template <int S>
  static consteval void read_chain(Stage& stage) {
    using Chain = ChainOf<S>;
    static_assert(Chain::random <= Stage::most_random,
                  "lamina: a stage takes at most 4 random items; put a layer between them");
    stage.reads = Chain::reads;
    stage.trivial_chain = Chain::trivial;
    stage.expressionless = Chain::expressions == 0;
    stage.random = Chain::random;
  }

  template <std::size_t... S>
  static consteval auto make_stages(std::index_sequence<S...>) {
    std::array<Stage, sizeof...(S)> made{};
    (read_chain<static_cast<int>(S)>(made[S]), ...);
    for (const detail::ItemFacts& item : items) {
      if (item.role == Role::Input || item.role == Role::Loss || item.role == Role::Penalty)
        continue;
      add_item(made[static_cast<std::size_t>(item.stage)], item);
    }
    int inputs = features;
    int random = 0;
    for (Stage& stage : made) {
      stage.inputs = inputs;
      if (!stage.contraction) stage.panels = Panels::of(inputs);
      if (stage.normalized()) stage.bias = false;  // the mean would take it away again
      inputs = stage.outputs();
      stage.first_random = random;
      random += stage.random;
    }
    lay_out(made);
    return made;
  }

  static consteval void add_item(Stage& stage, const detail::ItemFacts& item) {
    if (item.role == Role::Contraction) {
      stage.position = item.position;
      stage.contraction = true;
      stage.bias = item.bias;
      stage.panels = Panels::of(item.outputs);
    } else if (item.role == Role::Normalization) {
      stage.normalization_position = item.position;
      stage.axes = item.axes;
      stage.epsilon = static_cast<float>(item.epsilon);
      stage.momentum = static_cast<float>(item.momentum);
    } else if (item.random) {
      for (int& position : stage.random_positions) {
        if (position == 0) {
          position = item.position;
          break;
        }
      }
    }
  }

  /// Vectors first, so that their gradients are one short block; then weights.
  template <std::size_t N>
  static consteval void lay_out(std::array<Stage, N>& made) {
    std::size_t parameter = 0;
    std::size_t running = 0;
    std::size_t arena = 0;
    int norm_count = 0;
    for (Stage& stage : made) {
      const auto padded = static_cast<std::size_t>(stage.panels.padded());
      stage.bias_vector = parameter;
      if (stage.shifted()) parameter += padded;
      stage.scale_vector = parameter;
      if (stage.normalized()) {
        parameter += padded;
        stage.running = running;
        stage.norm_index = norm_count++;
        running += 2 * padded;
      }
      // A chain that goes back from its output needs no copy of its input.
      const bool keeps_both = !stage.trivial_chain || stage.normalized();
      const bool reads_input = stage.normalized() || stage.reads == expr::Reads::Input;
      stage.before = arena;
      arena += padded;
      stage.after = stage.before;
      if (keeps_both && reads_input) {
        stage.after = arena;
        arena += padded;
      }
      // The loss writes its gradient while the values of the last stage are still needed.
      stage.gradient_in_place = stage.normalized() && &stage != &made.back();
      stage.gradient = stage.gradient_in_place ? stage.before : arena;
      if (!stage.gradient_in_place) arena += padded;
    }
    for (Stage& stage : made) {
      stage.weights = parameter;
      parameter += stage.weight_floats();
    }
  }

  template <class Member>
  static consteval auto total(Member member) {
    decltype(member(Stage{})) sum{};
    for (const Stage& stage : stages) sum += member(stage);
    return sum;
  }

 public:
  static constexpr auto stages =
      make_stages(std::make_index_sequence<static_cast<std::size_t>(stage_count)>{});
  static constexpr int outputs = stages.back().outputs();

  /// Trained numbers.
  static constexpr std::size_t parameters = total([](const Stage& s) { return s.parameters(); });
  /// Floats of biases, shifts and scales, padded: the front of the parameter block.
  static constexpr std::size_t vector_floats = stages.front().weights;
  /// Floats of the whole parameter block.
  static constexpr std::size_t parameter_floats =
      vector_floats + total([](const Stage& s) { return s.weight_floats(); });
  static constexpr std::size_t running_floats = total([](const Stage& s) {
    return s.normalized() ? 2 * static_cast<std::size_t>(s.panels.padded()) : 0;
  });
  /// Items that draw at random while training; their rates are numbers of the model.
  static constexpr int random_count = total([](const Stage& s) { return s.random; });
  /// The rates that a model starts with.
  static constexpr auto default_rates = [] {
    std::array<double, static_cast<std::size_t>(random_count)> rates{};
    std::size_t next = 0;
    for (const detail::ItemFacts& item : items) {
      if (item.random) rates[next++] = item.rate;
    }
    return rates;
  }();
  /// The index of the rate of the item at a position; -1 where no random item stands.
  static constexpr int rate_index(int position) {
    int index = 0;
    for (const detail::ItemFacts& item : items) {
      if (item.position == position) return item.random ? index : -1;
      index += item.random ? 1 : 0;
    }
    return -1;
  }
  static constexpr int norms = total([](const Stage& s) { return s.normalized() ? 1 : 0; });
  /// Floats of activations and gradients a sample.
  static constexpr std::size_t arena_floats =
      stages.back().gradient + static_cast<std::size_t>(stages.back().panels.padded());
  /// Multiply-adds of inference for one sample.
  static constexpr std::size_t multiplications =
      total([](const Stage& s) { return s.multiplications(); });
  /// Multiply-adds of a training step for one sample: forward, gradients by the weights, and
  /// gradients by the inputs but for the first layer.
  static constexpr std::size_t training_multiplications =
      3 * multiplications - stages.front().multiplications();
  /// Widest padded row of any stage.
  static constexpr int widest = [] {
    int width = 0;
    for (const Stage& stage : stages) width = std::max(width, stage.panels.padded());
    return width;
  }();
};

}  // namespace lamina
