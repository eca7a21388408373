#pragma once

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/unpack.hpp>
#include <boost/mp11.hpp>
#include <type_traits>

#include <lamina/core/rounded.hpp>

namespace lamina {

/// The penalties on one weight as one expression. The sums of their measures are kept apart, one
/// register each, since each has a scale of its own.
template <class... Rules>
struct PenaltySum {
  boost::hana::basic_tuple<Rules...> rules{};

  static constexpr int size = sizeof...(Rules);

  /// Adds the measure of a weight to the sum of each penalty.
  template <class V>
  void add_measures(V* sums, V weight) const {
    boost::hana::unpack(rules, [&](const Rules&... rule) {
      ((*sums = rule.add_measure(*sums, weight), ++sums), ...);
    });
  }
  /// The gradient with the slopes of all penalties.
  template <class V>
  V add_slopes(V gradient, V weight) const {
    boost::hana::unpack(
        rules, [&](const Rules&... rule) { ((gradient = rule.add_slope(gradient, weight)), ...); });
    return gradient;
  }
  /// The cost of weights whose measures summed up to `sums`.
  double cost(const double* sums) const {
    double total = 0;
    boost::hana::unpack(rules, [&](const Rules&... rule) {
      ((total += rounded(rule.scale() * *sums), ++sums), ...);
    });
    return total;
  }
};

/// The penalties of a stage, as `rule`: the layer's own, else those of the network.
template <class Contraction, class NetworkPenalties>
struct StagePenalty {
  template <class Penalty>
  using RuleOf = decltype(Penalty::rule());
  template <class... Penalties>
  static constexpr auto sum_of(boost::mp11::mp_list<Penalties...>) {
    return PenaltySum<RuleOf<Penalties>...>{
        boost::hana::basic_tuple<RuleOf<Penalties>...>{Penalties::rule()...}};
  }
  static constexpr auto choose() {
    if constexpr (std::is_void_v<Contraction>) {
      return boost::mp11::mp_list<>{};
    } else if constexpr (std::is_void_v<typename Contraction::LayerPenalty>) {
      return NetworkPenalties{};
    } else {
      return boost::mp11::mp_list<typename Contraction::LayerPenalty>{};
    }
  }
  static constexpr auto rule = sum_of(decltype(choose()){});
};

}  // namespace lamina
