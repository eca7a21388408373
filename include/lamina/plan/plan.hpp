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
#include <lamina/plan/stage_kinds.hpp>
#include <lamina/plan/weight_rule.hpp>

namespace lamina {

/// What will run for a network: its stages as constants, their chains, loss and penalties as types.
template <class Net>
struct Plan;

template <class First, class... Items>
struct Plan<Network<First, Items...>> {
 private:
  using Checked = Check<Network<First, Items...>>;
  using ItemKinds = typename Checked::Kinds;
  static constexpr const auto& facts = detail::FactsOf<ItemKinds>::of_kind;
  static constexpr detail::Graph graph = Checked::graph;
  static constexpr std::size_t node_count = Checked::nodes.size();

  /// Nodes that are cut in one constant expression: clang counts the steps of each.
  static constexpr std::size_t part = 2048;
  /// The cut behind the first `Parts` parts.
  template <std::size_t Parts>
  static consteval auto cut_parts() {
    if constexpr (Parts == 0) {
      return detail::Cut<node_count>{};
    } else {
      auto made = behind<Parts - 1>;
      detail::cut_nodes(made, graph, (Parts - 1) * part, std::min(Parts * part, node_count));
      return made;
    }
  }
  template <std::size_t Parts>
  static constexpr auto behind = cut_parts<Parts>();

  static consteval auto make_cut() {
    auto made = behind<(node_count + part - 1) / part>;
    // The outputs of the network are those of its last stage.
    if (!graph.in_one_array(Checked::outputs)) {
      ++made.count;
      made.last().values = Checked::outputs;
      made.last().output = graph.at(Checked::outputs).output;
    }
    return made;
  }

 public:
  static constexpr Shape input_shape = First::output();
  static constexpr int features = input_shape.features();
  /// The network's list, structures taken apart.
  static constexpr const auto& nodes = Checked::nodes;
  static constexpr auto cut = make_cut();
  static constexpr int stage_count = cut.count;
  /// The different stages: what depends on types is made once for each.
  static constexpr auto kinds =
      detail::find_stage_kinds<static_cast<std::size_t>(stage_count), facts.size()>(
          cut.stages.data(), graph);
  static constexpr int kind_count = kinds.count;

 private:
  template <std::size_t I>
  using ItemAt = boost::mp11::mp_at_c<ItemKinds, static_cast<std::size_t>(nodes[I].kind)>;
  /// No elementwise item that the plan leaves out.
  static constexpr bool stays(std::size_t node) {
    return nodes[node].role != Role::Elementwise || graph.is_item_of_stage(static_cast<int>(node));
  }
  template <Role R, std::size_t Begin, std::size_t... I>
  static auto select(std::index_sequence<I...>) {
    return boost::mp11::mp_append<
        boost::mp11::mp_list<>,
        std::conditional_t<nodes[Begin + I].role == R && stays(Begin + I),
                           boost::mp11::mp_list<ItemAt<Begin + I>>, boost::mp11::mp_list<>>...>{};
  }
  template <Role R, std::size_t Begin, std::size_t End>
  using Select = decltype(select<R, Begin>(std::make_index_sequence<End - Begin>{}));
  template <int Kind>
  static constexpr const detail::StageLinks& links =
      cut.stages[static_cast<std::size_t>(kinds.first[static_cast<std::size_t>(Kind)])];
  template <int Kind>
  using SkipOf = std::conditional_t<links<Kind>.skip != Stage::absent,
                                    boost::mp11::mp_list<expr::AddSkip>, boost::mp11::mp_list<>>;

 public:
  /// The items of one role in the stages of a kind.
  template <Role R, int Kind>
  using ItemsOf = Select<R, links<Kind>.first_item, links<Kind>.end_item>;
  /// The items of one role that hold for the whole network: loss, penalties.
  template <Role R>
  using NetworkItems = Select<R, cut.first_last, node_count>;
  /// The elementwise items of a kind of stage, identities left out, and the sum of a residual.
  template <int Kind>
  using ChainOf =
      boost::mp11::mp_rename<boost::mp11::mp_append<ItemsOf<Role::Elementwise, Kind>, SkipOf<Kind>>,
                             expr::Chain>;
  /// The contraction of a kind of stage, or void.
  template <int Kind>
  using ContractionOf =
      boost::mp11::mp_front<boost::mp11::mp_push_back<ItemsOf<Role::Contraction, Kind>, void>>;
  /// The loss, or void.
  using Loss = boost::mp11::mp_front<boost::mp11::mp_push_back<NetworkItems<Role::Loss>, void>>;
  /// What a kind of stage does to its weights beside the optimizer.
  template <int Kind>
  using UpdateOf = StageUpdate<ContractionOf<Kind>, NetworkItems<Role::Penalty>,
                               NetworkItems<Role::WeightDecay>, NetworkItems<Role::Constraint>>;
  /// The array of `f(kind as a constant)` of every kind of stage.
  template <class F>
  static constexpr auto for_kinds(const F& f) {
    return [&]<int... Kind>(std::integer_sequence<int, Kind...>) {
      return std::array{f(std::integral_constant<int, Kind>{})...};
    }(std::make_integer_sequence<int, kind_count>{});
  }

 private:
  /// A stage as far as the types of its kind say.
  template <int Kind>
  static consteval Stage stage_of_kind() {
    using Chain = ChainOf<Kind>;
    static_assert(Chain::random <= Stage::most_random,
                  "lamina: a stage takes at most 4 random items; put a layer between them");
    Stage stage;
    stage.kind = Kind;
    stage.reads = Chain::reads;
    stage.trivial_chain = Chain::trivial;
    stage.expressionless = Chain::expressions == 0;
    stage.reparameterized = UpdateOf<Kind>::reparameterized;
    stage.whole_panels = UpdateOf<Kind>::reparameterized || UpdateOf<Kind>::rule.scales_units;
    return stage;
  }
  static constexpr auto stages_of_kinds =
      for_kinds([]<int Kind>(std::integral_constant<int, Kind>) { return stage_of_kind<Kind>(); });

  /// Stages with their items and sources. Where everything lies is found in a constant expression
  /// of its own, since clang counts the steps of each.
  static consteval auto connect_stages() {
    std::array<Stage, static_cast<std::size_t>(stage_count)> made{};
    int random = 0;
    for (std::size_t s = 0; s < made.size(); ++s) {
      Stage& stage = made[s];
      stage = stages_of_kinds[static_cast<std::size_t>(kinds.of_stage[s])];
      detail::ItemFacts moving{};
      for (std::size_t i = cut.stages[s].first_item; i < cut.stages[s].end_item; ++i) {
        if (!graph.is_item_of_stage(static_cast<int>(i))) continue;
        const detail::ItemFacts& item = facts[static_cast<std::size_t>(nodes[i].kind)];
        detail::add_item(stage, nodes[i], item);
        if (item.moves) moving = item;
      }
      detail::connect(made.data(), static_cast<int>(s), cut, graph, moving);
      stage.first_random = random;
      random += stage.random;
    }
    return made;
  }
  static constexpr auto connected = connect_stages();
  static constexpr auto with_parameters = detail::lay_out_parameters(connected);

  static constexpr bool is_random(const detail::Node& node) {
    return facts[static_cast<std::size_t>(node.kind)].random;
  }

  template <class Member>
  static consteval auto total(Member member) {
    decltype(member(Stage{})) sum{};
    for (const Stage& stage : stages) sum += member(stage);
    return sum;
  }

 public:
  static constexpr auto stages = detail::lay_out_values(with_parameters);
  /// The first stage of a kind: of the others' numbers those that depend on the items alone.
  static constexpr const Stage& first_of(int kind) {
    return stages[static_cast<std::size_t>(kinds.first[static_cast<std::size_t>(kind)])];
  }
  static constexpr Shape output_shape = stages.back().out;
  static constexpr int outputs = stages.back().values_out();
  /// Something in the network has positions.
  static constexpr bool spatial =
      total([](const Stage& s) { return s.loop() == Loop::Samples ? 1 : 0; }) > 0;
  /// Floats of the weights of all convolutions.
  static constexpr std::size_t convolution_floats =
      total([](const Stage& s) { return s.convolves() ? s.weight_floats() : 0; });
  /// The same on every machine.
  static constexpr std::size_t common_convolution_floats =
      total([](const Stage& s) { return s.convolves() ? s.common_weight_floats() : 0; });

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
  static constexpr std::size_t statistics_floats =
      total([](const Stage& s) { return s.statistics_floats(); });
  /// Normalizations with averages.
  static constexpr int norms = total([](const Stage& s) { return s.has_averages() ? 1 : 0; });
  /// Samples that a step needs at least: one value has no variance, and running sums weigh batches
  /// by their number.
  static constexpr std::size_t least_rows =
      total([](const Stage& s) {
        const bool of_samples = s.out.flat() || s.norm.averages == Averages::Running;
        return s.means_of_batch() && of_samples ? 1 : 0;
      }) > 0
          ? 2
          : 1;
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
    for (const detail::Node& node : nodes) {
      if (is_random(node)) rates[next++] = facts[static_cast<std::size_t>(node.kind)].rate;
    }
    return rates;
  }();
  /// The rates that they take.
  static constexpr auto rate_ranges = [] {
    std::array<RateRange, static_cast<std::size_t>(random_count)> ranges{};
    std::size_t next = 0;
    for (const detail::Node& node : nodes) {
      if (is_random(node)) ranges[next++] = facts[static_cast<std::size_t>(node.kind)].rates;
    }
    return ranges;
  }();
  /// The node of an item at a path; behind the last where none stands.
  static constexpr std::size_t node_at(const Path& path) {
    std::size_t i = 1;  // the Input has no path
    while (i < nodes.size() && (detail::is_end(nodes[i].role) || !(nodes[i].path == path))) ++i;
    return i;
  }
  /// The item of a node.
  template <std::size_t I>
  using ItemOf = ItemAt<I>;
  /// The index of the rate of an item; -1 where it is not random.
  static constexpr int rate_index(std::size_t node) {
    if (node >= nodes.size() || !is_random(nodes[node])) return -1;
    int index = 0;
    for (std::size_t i = 0; i < node; ++i) index += is_random(nodes[i]) ? 1 : 0;
    return index;
  }
  /// Every stage reads the one before it alone.
  static constexpr bool sequential = detail::is_sequential(stages);
  /// Arrays of the widest stage that inference needs at a time.
  static constexpr int inference_slots = detail::inference_slots(stages);
  /// Positions of the stage that has the most.
  static constexpr std::size_t most_positions = [] {
    int most = 1;
    for (const Stage& stage : stages) most = std::max(most, stage.positions());
    return static_cast<std::size_t>(most);
  }();
  /// Floats of the largest sample of any stage.
  static constexpr int widest = [] {
    std::size_t width = 0;
    for (const Stage& stage : stages) width = std::max(width, stage.sample_floats());
    return static_cast<int>(width);
  }();
};

}  // namespace lamina
