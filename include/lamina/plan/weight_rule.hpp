#pragma once

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/unpack.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <type_traits>

#include <lamina/core/simd.hpp>
#include <lamina/plan/penalty.hpp>

namespace lamina {

/// A rule of a constraint that acts on each weight alone.
template <class Rule>
concept ProjectsWeights = requires(const Rule& rule, simd::Register weight) {
  { rule.project(weight) } -> std::same_as<simd::Register>;
};

/// A rule of a constraint that scales the weights into an output by a function of their squared
/// norm.
template <class Rule>
concept ScalesUnits = requires(const Rule& rule, simd::Register squared_norm) {
  { rule.factor(squared_norm) } -> std::same_as<simd::Register>;
};

/// The constraints on one stage's weights. Each weight is projected first, then units are scaled,
/// each in the order of the list: scaling keeps signs and zeros, so that both hold afterwards.
template <class... Rules>
struct Constraints {
  boost::hana::basic_tuple<Rules...> rules{};

  static constexpr bool projects = (ProjectsWeights<Rules> || ...);
  static constexpr bool scales_units = (ScalesUnits<Rules> || ...);

  template <class V>
  V project(V weight) const {
    const auto apply = [&](const auto& rule) {
      if constexpr (ProjectsWeights<std::remove_cvref_t<decltype(rule)>>) {
        weight = rule.project(weight);
      }
    };
    boost::hana::unpack(rules, [&](const Rules&... rule) { (apply(rule), ...); });
    return weight;
  }
  template <class V>
  V factor(V squared_norm) const {
    V product(1.0f);
    const auto apply = [&](const auto& rule) {
      if constexpr (ScalesUnits<std::remove_cvref_t<decltype(rule)>>) {
        const V factor = rule.factor(squared_norm);
        product = product * factor;
        squared_norm = squared_norm * factor * factor;
      }
    };
    boost::hana::unpack(rules, [&](const Rules&... rule) { (apply(rule), ...); });
    return product;
  }
};

/// What a stage does to its weights beside the optimizer: penalties, decay and constraints, each a
/// function of registers. What a stage does not have is no code: an empty list, or a false.
template <class Penalties, bool Decays, class ConstraintList>
struct WeightRule {
  Penalties penalties{};
  ConstraintList constraints{};

  static constexpr int penalty_count = Penalties::size;
  static constexpr bool projects = ConstraintList::projects;
  static constexpr bool scales_units = ConstraintList::scales_units;

  /// The gradient with the slopes of the penalties.
  template <class V>
  V add_slopes(V gradient, V weight) const {
    return penalties.add_slopes(gradient, weight);
  }
  /// `keep`, which depends on the learning rate, is what decay leaves of a weight.
  template <class V>
  V decay(V weight, float keep) const {
    if constexpr (Decays) {
      return V(keep) * weight;
    } else {
      return weight;
    }
  }
  template <class V>
  V project(V weight) const {
    return constraints.project(weight);
  }

  /// The same for gradients that have the slopes already.
  [[nodiscard]] constexpr auto without_penalties() const {
    return WeightRule<PenaltySum<>, Decays, ConstraintList>{{}, constraints};
  }
};

/// What a stage does to its weights: an attribute of the layer, else the items of the network.
template <class Contraction, class NetworkPenalties, class NetworkDecays, class NetworkConstraints>
struct StageUpdate {
 private:
  /// An attribute that a layer may have as a type; a user's own layer need not name it.
  static auto own_decay() {
    if constexpr (requires { typename Contraction::LayerDecay; }) {
      return boost::mp11::mp_identity<typename Contraction::LayerDecay>{};
    } else {
      return boost::mp11::mp_identity<void>{};
    }
  }
  static auto own_constraint() {
    if constexpr (requires { typename Contraction::LayerConstraint; }) {
      return boost::mp11::mp_identity<typename Contraction::LayerConstraint>{};
    } else {
      return boost::mp11::mp_identity<void>{};
    }
  }
  /// The layer's own attribute as a list, or the network's items; none without weights.
  template <class Own, class NetworkItems>
  using Chosen = std::conditional_t<
      std::is_void_v<Contraction>, boost::mp11::mp_list<>,
      std::conditional_t<std::is_void_v<Own>, NetworkItems, boost::mp11::mp_list<Own>>>;

  using Decays = Chosen<typename decltype(own_decay())::type, NetworkDecays>;
  using Constraining = Chosen<typename decltype(own_constraint())::type, NetworkConstraints>;

  template <class... Items>
  static constexpr double sum_of_decays(boost::mp11::mp_list<Items...>) {
    return (0.0 + ... + Items::decay);
  }
  template <class... Items>
  static constexpr auto constraints_of(boost::mp11::mp_list<Items...>) {
    return Constraints<decltype(Items::rule())...>{
        boost::hana::basic_tuple<decltype(Items::rule())...>{Items::rule()...}};
  }
  static constexpr auto penalties = StagePenalty<Contraction, NetworkPenalties>::rule;
  static constexpr auto constraints = constraints_of(Constraining{});

 public:
  /// Lambda of the decoupled decay.
  static constexpr float decay = static_cast<float>(sum_of_decays(Decays{}));
  /// What the layer's learning rate is of the optimizer's.
  static constexpr float rate_scale = [] {
    if constexpr (requires { Contraction::learning_rate_scale; }) {
      return static_cast<float>(Contraction::learning_rate_scale);
    } else {
      return 1.0f;
    }
  }();
  /// Weights that are made of a magnitude and a direction, which are trained in their place.
  static constexpr bool reparameterized = [] {
    if constexpr (requires { Contraction::reparameterized; }) {
      return Contraction::reparameterized;
    } else {
      return false;
    }
  }();
  static constexpr auto rule =
      WeightRule<std::remove_cv_t<decltype(penalties)>, decay != 0,
                 std::remove_cv_t<decltype(constraints)>>{penalties, constraints};
};

}  // namespace lamina
