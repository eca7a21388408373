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
#include <lamina/plan/cut.hpp>
#include <lamina/plan/layout.hpp>
#include <lamina/plan/stage.hpp>
#include <lamina/plan/weight_rule.hpp>

namespace lamina {

/// What will run for a network: its stages as constants, their chains, loss and penalties as types.
template <class Net>
struct Plan;

template <class First, class... Items>
struct Plan<Network<First, Items...>> {
  using List = detail::flatten_t<First, Items...>;
  static constexpr auto cut = detail::cut_items(List{});
  static constexpr int stage_count = cut.count;
  static constexpr int features = First::output().features();

 private:
  template <std::size_t I>
  using ItemAt = boost::mp11::mp_at_c<List, I>;
  template <Role R, std::size_t Begin, std::size_t... I>
  static auto select(std::index_sequence<I...>) {
    return boost::mp11::mp_append<
        boost::mp11::mp_list<>,
        std::conditional_t<cut.items[Begin + I].role == R && !cut.items[Begin + I].identity,
                           boost::mp11::mp_list<ItemAt<Begin + I>>, boost::mp11::mp_list<>>...>{};
  }
  template <Role R, std::size_t Begin, std::size_t End>
  using Select = decltype(select<R, Begin>(std::make_index_sequence<End - Begin>{}));
  template <int S>
  static constexpr const detail::StageLinks& links = cut.stages[S];
  template <int S>
  using SkipOf = std::conditional_t<links<S>.skip != Stage::absent,
                                    boost::mp11::mp_list<expr::AddSkip>, boost::mp11::mp_list<>>;

 public:
  /// The items of one role in one stage: it looks at its own alone.
  template <Role R, int S>
  using ItemsOf = Select<R, links<S>.first_item, links<S>.end_item>;
  /// The items of one role that hold for the whole network: loss, penalties.
  template <Role R>
  using NetworkItems = Select<R, cut.first_last, cut.items.size()>;
  /// The elementwise items of a stage, identities left out, and the sum of a residual.
  template <int S>
  using ChainOf =
      boost::mp11::mp_rename<boost::mp11::mp_append<ItemsOf<Role::Elementwise, S>, SkipOf<S>>,
                             expr::Chain>;
  /// The contraction of a stage, or void.
  template <int S>
  using ContractionOf =
      boost::mp11::mp_front<boost::mp11::mp_push_back<ItemsOf<Role::Contraction, S>, void>>;
  /// The loss, or void.
  using Loss = boost::mp11::mp_front<boost::mp11::mp_push_back<NetworkItems<Role::Loss>, void>>;
  /// What a stage does to its weights beside the optimizer.
  template <int S>
  using UpdateOf = StageUpdate<ContractionOf<S>, NetworkItems<Role::Penalty>,
                               NetworkItems<Role::WeightDecay>, NetworkItems<Role::Constraint>>;

 private:
  template <int S>
  static consteval Stage read_stage() {
    using Chain = ChainOf<S>;
    static_assert(Chain::random <= Stage::most_random,
                  "lamina: a stage takes at most 4 random items; put a layer between them");
    Stage stage;
    stage.reads = Chain::reads;
    stage.trivial_chain = Chain::trivial;
    stage.expressionless = Chain::expressions == 0;
    for (std::size_t i = links<S>.first_item; i < links<S>.end_item; ++i) {
      detail::add_item(stage, cut.items[i]);
    }
    stage.reparameterized = UpdateOf<S>::reparameterized;
    stage.whole_panels = UpdateOf<S>::reparameterized || UpdateOf<S>::rule.scales_units;
    return stage;
  }

  template <std::size_t... S>
  static consteval auto make_stages(std::index_sequence<S...>) {
    std::array<Stage, sizeof...(S)> made{read_stage<static_cast<int>(S)>()...};
    int random = 0;
    for (std::size_t s = 0; s < made.size(); ++s) {
      detail::connect(made, static_cast<int>(s), cut.stages[s], features);
      made[s].first_random = random;
      random += made[s].random;
    }
    detail::lay_out(std::span<Stage>(made));
    return made;
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
  /// Floats of biases, shifts, scales and magnitudes, padded: the front of the parameter block.
  static constexpr std::size_t vector_floats = detail::vector_floats(stages);
  /// Floats of the whole parameter block.
  static constexpr std::size_t parameter_floats =
      vector_floats + total([](const Stage& s) { return s.all_weight_floats(); });
  static constexpr std::size_t running_floats =
      total([](const Stage& s) { return s.running_floats(); });
  /// Floats of the statistics of batches that a step keeps.
  static constexpr std::size_t statistics_floats = total([](const Stage& s) {
    return s.loop() == Loop::Panels ? 3 * static_cast<std::size_t>(s.panels.padded()) : 0;
  });
  /// Normalizations with averages.
  static constexpr int norms = total([](const Stage& s) { return s.has_averages() ? 1 : 0; });
  /// Rows that a step needs at least: a batch of one has no variance.
  static constexpr std::size_t least_rows =
      total([](const Stage& s) { return s.loop() == Loop::Panels ? 1 : 0; }) > 0 ? 2 : 1;
  /// Floats of activations and gradients a sample.
  static constexpr std::size_t arena_floats = detail::arena_floats(stages);
  /// Multiply-adds of inference for one sample.
  static constexpr std::size_t multiplications =
      total([](const Stage& s) { return s.multiplications(); });
  /// Multiply-adds of a training step for one sample: forward, gradients by the weights, and
  /// gradients by the inputs where something before is trained.
  static constexpr std::size_t training_multiplications =
      2 * multiplications + detail::pulled_multiplications(stages);
  /// Items that draw at random while training; their rates are numbers of the model.
  static constexpr int random_count = total([](const Stage& s) { return s.random; });
  /// The rates that a model starts with.
  static constexpr auto default_rates = [] {
    std::array<double, static_cast<std::size_t>(random_count)> rates{};
    std::size_t next = 0;
    for (const detail::ItemFacts& item : cut.items) {
      if (item.random) rates[next++] = item.rate;
    }
    return rates;
  }();
  /// The item of the flattened list at a path; behind the last where none stands.
  static constexpr std::size_t item_at(const Path& path) {
    std::size_t i = 1;  // the Input has no path
    while (i < cut.items.size() &&
           (cut.items[i].role == Role::Close || !(cut.items[i].path == path))) {
      ++i;
    }
    return i;
  }
  /// The index of the rate of an item; -1 where it is not random.
  static constexpr int rate_index(std::size_t item) {
    if (item >= cut.items.size() || !cut.items[item].random) return -1;
    int index = 0;
    for (std::size_t i = 0; i < item; ++i) index += cut.items[i].random ? 1 : 0;
    return index;
  }
  /// Every stage reads the one before it alone.
  static constexpr bool sequential = detail::is_sequential(stages);
  /// Arrays of the widest stage that inference needs at a time.
  static constexpr int inference_slots = detail::inference_slots(stages);
  /// Widest padded row of any stage.
  static constexpr int widest = [] {
    int width = 0;
    for (const Stage& stage : stages) width = std::max(width, stage.panels.padded());
    return width;
  }();
};

}  // namespace lamina
