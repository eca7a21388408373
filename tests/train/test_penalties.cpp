#include <lamina/lamina.hpp>

#include "add_gradient.hpp"
#include "bench/naive/parameter.hpp"
#include "numbers.hpp"

// Penalties: what a weight costs and how it is pushed, in the rules and in a network.

namespace test_penalties {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Heavy = Penalty<[](auto w) { return log(1 + w * w); }, 0.3>;
using Square = Penalty<[](auto w) { return 0.5 * w * w; }, 0.3>;
using Size = Penalty<[](auto w) { return abs(w); }, 0.3>;

/// Cost and slope of one weight by the rule.
struct Effect {
  double cost;
  double slope;
};
template <class Item>
Effect effect_of(float weight) {
  const auto rule = Item::rule();
  const simd::Register w(weight);
  const float measure = simd::sum(simd::first(rule.add_measure(simd::Register(0.0f), w), 1));
  const float slope = simd::sum(simd::first(rule.add_slope(simd::Register(0.0f), w), 1));
  return {rule.scale() * double{measure}, double{slope}};
}

/// Compares a rule with a cost in double, and its slope with central differences of that.
template <class Item, class Cost>
void check_rule(const Cost& cost) {
  INFO(name_of<Item>().view());
  Worst worst;
  for (const float w : {-30.0f, -2.0f, -0.7f, -1e-3f, 1e-3f, 0.2f, 1.0f, 5.0f, 1000.0f}) {
    const auto exact = static_cast<double>(w);
    const double h = 1e-5 * std::abs(exact);
    const Effect found = effect_of<Item>(w);
    worst.compare(found.cost, cost(exact), 4 * epsilon * std::abs(cost(exact)), exact);
    // A logarithm near 1 keeps the rounding of its argument: that of 1 + w^2, half an epsilon.
    const double slope = (cost(exact + h) - cost(exact - h)) / (2 * h);
    worst.compare(found.slope, slope, 8 * epsilon * std::abs(slope), exact);
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(effect_of<Item>(0).cost == 0);
  CHECK(effect_of<Item>(0).slope == 0);
}

/// What a step adds to the parameters: the gradient. And the loss.
template <class Net>
std::pair<std::vector<Tensor>, double> gradients_of(const std::vector<Tensor>& tensors) {
  Model<Net> model{Seed{4}};
  model.assign(tensors);
  Trainer trainer{model, AddGradient{}};
  const double loss = double{trainer.step(uniform(6 * 7, 1), uniform(6 * 3, 2))};
  return {model.tensors(), loss};
}

/// A penalty adds `cost` of every weight to the loss and `slope` to its gradient, and leaves biases
/// alone. Weights are of order 1, and so is what rounds when a gradient is added to them.
template <class Item, class Cost, class Slope, int Width>
void check_network(const Cost& cost, const Slope& slope, std::integral_constant<int, Width>) {
  INFO(name_of<Item>().view());
  using Plain = Network<Input<7>, Linear<Width>, Tanh, Linear<3>, MeanSquaredError>;
  using Whole = Network<Input<7>, Linear<Width>, Tanh, Linear<3>, MeanSquaredError, Item>;
  using Layers = Network<Input<7>, Linear<Width, Item>, Tanh, Linear<3, Item>, MeanSquaredError>;
  const auto start = Model<Plain>{Seed{4}}.tensors();
  const auto [plain, plain_loss] = gradients_of<Plain>(start);
  const auto [whole, whole_loss] = gradients_of<Whole>(start);
  CHECK(same_bits(whole, gradients_of<Layers>(start).first));
  double penalty = 0;
  Worst worst;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const auto& from = std::get<std::vector<float>>(start[i].values);
    const auto& without = std::get<std::vector<float>>(plain[i].values);
    const auto& with = std::get<std::vector<float>>(whole[i].values);
    const bool weights = start[i].name.ends_with("weight");
    for (std::size_t k = 0; k < from.size(); ++k) {
      if (weights) penalty += cost(double{from[k]});
      worst.compare(double{with[k]} - double{without[k]}, weights ? slope(double{from[k]}) : 0.0,
                    weights ? 8 * epsilon : 1e-300, start[i].name);
    }
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(whole_loss - plain_loss == Approx(penalty).epsilon(1e-5));
}

double sign(double w) {
  return (w > 0 ? 1 : 0) - (w < 0 ? 1 : 0);
}

}  // namespace

TEST_CASE("penalties: rules cost what they say and push by its derivative", "[penalties]") {
  check_rule<L1<0.3>>([](double w) { return double{0.3f} * std::abs(w); });
  check_rule<L2<0.3>>([](double w) { return double{0.3f} / 2 * w * w; });
  check_rule<ElasticNet<0.3, 0.2>>(
      [](double w) { return double{0.3f} * std::abs(w) + double{0.2f} / 2 * w * w; });
  check_rule<Square>([](double w) { return double{0.3f} / 2 * w * w; });
  check_rule<Size>([](double w) { return double{0.3f} * std::abs(w); });
  // Far from 0, where 1 + w^2 does not cancel.
  for (const float w : {-30.0f, -2.0f, 1.0f, 5.0f}) {
    const auto exact = static_cast<double>(w);
    const Effect found = effect_of<Heavy>(w);
    CHECK(found.cost == Approx(double{0.3f} * std::log(1 + exact * exact)).epsilon(4 * epsilon));
    CHECK(found.slope ==
          Approx(double{0.3f} * 2 * exact / (1 + exact * exact)).epsilon(4 * epsilon));
  }
  CHECK(effect_of<Heavy>(0).cost == 0);
  CHECK(effect_of<Heavy>(0).slope == 0);
}

TEST_CASE("penalties are part of the loss and of the weights' gradient alone", "[penalties]") {
  const auto check = [](auto width) {
    const auto heavy = [](double w) { return double{0.3f} * std::log(1 + w * w); };
    const auto heavy_slope = [](double w) { return double{0.3f} * 2 * w / (1 + w * w); };
    check_network<Heavy>(heavy, heavy_slope, width);
    check_network<L1<0.3>>([](double w) { return double{0.3f} * std::abs(w); },
                           [](double w) { return double{0.3f} * sign(w); }, width);
    check_network<ElasticNet<0.3, 0.2>>(
        [](double w) { return double{0.3f} * std::abs(w) + double{0.2f} / 2 * w * w; },
        [](double w) { return double{0.3f} * sign(w) + double{0.2f} * w; }, width);
  };
  check(std::integral_constant<int, 17>{});  // samples in the lanes
  check(std::integral_constant<int, 70>{});  // panels
}

TEST_CASE("penalties: an absolute one finds what does not matter", "[penalties]") {
  // One input of ten matters: the lasso must find the others to be nothing.
  using Net = Network<Input<10>, Linear<1>, MeanSquaredError, L1<0.05>>;
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
  const auto inputs = uniform(500 * 10, 5);
  std::vector<float> targets(500);
  for (std::size_t row = 0; row < targets.size(); ++row) targets[row] = inputs[row * 10];
  for (int step = 0; step < 3000; ++step) trainer.step(inputs, targets);
  const auto weights = naive::floats_of(model.tensors(), "0.weight");
  // Where the gradient is 0: 2 / 3 (w - 1) + 0.05 = 0, the mean square of an input being 1 / 3; off
  // by what the inputs of 500 samples are correlated.
  CHECK(double{weights[0]} == Approx(1 - 0.05 * 3 / 2).margin(0.02));
  // The others rattle about 0 by at most one step of the penalty.
  for (std::size_t i = 1; i < 10; ++i) CHECK(std::abs(double{weights[i]}) < 2 * 0.01 * 0.05);
}

}  // namespace test_penalties
