#include "following.hpp"

// What happens to weights beside the optimizer: decay, constraints, learning rates of their own.

namespace test_update {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;

namespace {

using Values = std::vector<double>;

bool of_layer(const naive::Parameter<double>& parameter, const char* position) {
  return parameter.name.starts_with(std::string(position) + ".");
}

/// w <- (1 - rate lambda) w for weights, then the optimizer.
template <class Optimizer>
auto decayed(const Optimizer& optimizer, double lambda) {
  return [=](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) {
      const double keep = 1 - double{optimizer.learning_rate} * lambda;
      for (double& w : parameter->value) w *= parameter->weight ? keep : 1.0;
      naive::update(*parameter, optimizer, step);
    }
  };
}

/// Calls f(weights into one output) for all of them, rows of (out, in).
template <class Number, class F>
void for_each_unit(std::vector<Number>& weights, std::size_t inputs, const F& f) {
  for (std::size_t first = 0; first < weights.size(); first += inputs) {
    f(std::span(weights).subspan(first, inputs));
  }
}

template <class Unit>
double norm_of(const Unit& unit) {
  double squares = 0;
  for (const auto w : unit) squares += static_cast<double>(w) * static_cast<double>(w);
  return std::sqrt(squares);
}

std::size_t inputs_of(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return static_cast<std::size_t>(tensor.shape[1]);
  }
  return 0;
}

/// The optimizer, then `project(unit)` for the weights into each output.
template <class Net, class Optimizer, class Project>
auto projected(const Optimizer& optimizer, const Project& project) {
  return [=](const Parameters& parameters, unsigned step) {
    static const auto tensors = Model<Net>{}.tensors();
    for (auto* parameter : parameters) {
      naive::update(*parameter, optimizer, step);
      if (!parameter->weight) continue;
      for_each_unit(parameter->value, inputs_of(tensors, parameter->name), project);
    }
  };
}

void max_norm(double bound, std::span<double> unit) {
  const double factor = std::min(1.0, bound / norm_of(unit));
  for (double& w : unit) w *= factor;
}

/// Steps of a trainer; after each, `check(unit)` of the weights into every output.
template <class Net, class Optimizer, class Check>
void check_units(const Optimizer& optimizer, const Check& check) {
  Model<Net> model{Seed{5}};
  Trainer trainer{model, optimizer};
  for (unsigned step = 1; step <= 5; ++step) {
    const StepBatch<Net> batch(33, step);
    trainer.step(batch.inputs, batch.targets);
    for (const Tensor& tensor : model.tensors()) {
      if (!tensor.name.ends_with(".weight")) continue;
      auto values = std::get<std::vector<float>>(tensor.values);
      for_each_unit(values, static_cast<std::size_t>(tensor.shape[1]), check);
    }
  }
}

struct OnPanels {
  template <class... Items>
  using Of = Wide<Items...>;
};
struct InLanes {
  template <class... Items>
  using Of = Narrow<Items...>;
};

template <class Layers, class... Items>
using WithItems = typename Layers::template Of<CrossEntropy<>, Items...>;

/// Every constraint alone and two together: what they promise, and the textbook's projection.
template <class Layers, class Optimizer>
void check_constraints(const Optimizer& optimizer) {
  using Plain = WithItems<Layers>;
  // Square root, quotient and a sum over 130.
  constexpr double exact = 1 + 8 * epsilon;
  check_units<WithItems<Layers, MaxNorm<0.7>>>(
      optimizer, [](auto unit) { CHECK(norm_of(unit) <= double{0.7f} * exact); });
  check_units<WithItems<Layers, UnitNorm>>(
      optimizer, [](auto unit) { CHECK(norm_of(unit) == Approx(1).epsilon(8 * epsilon)); });
  check_units<WithItems<Layers, NonNegative>>(optimizer, [](auto unit) {
    CHECK(*std::min_element(unit.begin(), unit.end()) >= 0);
    CHECK(norm_of(unit) > 0);
  });
  check_units<WithItems<Layers, MaxNorm<0.5>, NonNegative>>(optimizer, [](auto unit) {
    CHECK(*std::min_element(unit.begin(), unit.end()) >= 0);
    CHECK(norm_of(unit) <= 0.5 * exact);
  });
  follow<WithItems<Layers, MaxNorm<0.7>>, Plain>(
      optimizer,
      projected<Plain>(optimizer, [](std::span<double> unit) { max_norm(double{0.7f}, unit); }));
  follow<WithItems<Layers, UnitNorm>, Plain>(
      optimizer, projected<Plain>(optimizer, [](std::span<double> unit) {
        const double norm = norm_of(unit);
        for (double& w : unit) w /= norm;
      }));
  follow<WithItems<Layers, NonNegative>, Plain>(
      optimizer, projected<Plain>(optimizer, [](std::span<double> unit) {
        for (double& w : unit) w = std::max(w, 0.0);
      }));
}

/// Weights at least Least, and no unit longer than 1: a user's constraint of both kinds. What it
/// does to the zeros of padding does not reach the penalty.
template <double Least>
struct Short {
  static constexpr Role role = Role::Constraint;
  static constexpr AttributeKind attribute = AttributeKind::Constraint;
  static constexpr TextBuffer name() { return item_name("Short", Least); }
  struct Rule {
    float least;
    template <class V>
    V project(V weight) const {
      return max(weight, V(least));
    }
    template <class V>
    V factor(V squared_norm) const {
      return min(V(1.0f), V(1.0f) / sqrt(squared_norm));
    }
  };
  static constexpr Rule rule() { return {static_cast<float>(Least)}; }
};

const Sgd sgd{.learning_rate = 0.1f};
const Sgd momentum{.learning_rate = 0.1f, .momentum = 0.9f};
// A large epsilon, so that a gradient near zero is not blown up together with its rounding.
const Adam adam{.learning_rate = 0.01f, .epsilon = 1e-2f};

/// Largest difference of the weights after some steps, over the largest of them.
template <class A, class B, class Optimizer>
double difference(const Optimizer& optimizer) {
  const auto a = trained<A>(optimizer, 1, 17);
  const auto b = trained<B>(optimizer, 1, 17);
  double worst = 0;
  for (const char* name : {"0.weight", "2.weight", "4.weight"}) {
    double largest = 0;
    double most = 0;
    for (std::size_t i = 0; i < floats(a, name).size(); ++i) {
      most = std::max(most, std::abs(double{floats(a, name)[i]} - double{floats(b, name)[i]}));
      largest = std::max(largest, std::abs(double{floats(a, name)[i]}));
    }
    worst = std::max(worst, most / largest);
  }
  return worst;
}

}  // namespace

TEST_CASE("update: decay is L2 under plain Sgd, and is not under Adam", "[update]") {
  using L = CrossEntropy<>;
  // Six steps, each rounding a weight a few times.
  CHECK(difference<Wide<L, L2<0.1>>, Wide<L, WeightDecay<0.1>>>(sgd) < 50 * epsilon);
  CHECK(difference<Narrow<L, L2<0.1>>, Narrow<L, WeightDecay<0.1>>>(sgd) < 50 * epsilon);
  CHECK(difference<Wide<L, L2<0.1>>, Wide<L, WeightDecay<0.1>>>(adam) > 1e-3);
  CHECK(difference<Narrow<L, L2<0.1>>, Narrow<L, WeightDecay<0.1>>>(adam) > 1e-3);
  CHECK(difference<Wide<L>, Wide<L, WeightDecay<0.1>>>(sgd) > 1e-3);
}

TEST_CASE("update: decay with every optimizer follows the textbook", "[update]") {
  using L = CrossEntropy<>;
  follow<Wide<L, WeightDecay<0.2>>, Wide<L>>(sgd, decayed(sgd, 0.2));
  follow<Narrow<L, WeightDecay<0.2>>, Narrow<L>>(momentum, decayed(momentum, 0.2));
  follow<Wide<L, WeightDecay<0.2>>, Wide<L>>(adam, decayed(adam, 0.2));
  follow<Narrow<L, L2<0.05>, WeightDecay<0.2>>, Narrow<L, L2<0.05>>>(adam, decayed(adam, 0.2));
  // AdamW's own decay stays beside the network's.
  const AdamW own{.learning_rate = 0.01f, .epsilon = 1e-2f, .weight_decay = 0.3f};
  follow<Wide<L, WeightDecay<0.2>>, Wide<L>>(own, decayed(own, 0.2));
}

TEST_CASE("update: a layer's decay and learning rate are its own", "[update]") {
  using Own =
      Network<Input<130>, Linear<100, WeightDecay<0.5>>, Tanh, Linear<33, LearningRate<0.25>>, Tanh,
              Linear<3, LearningRate<0.0>>, MeanSquaredError, WeightDecay<0.1>>;
  using Small = Network<Input<6>, Linear<17, WeightDecay<0.5>>, Tanh, Linear<5, LearningRate<0.25>>,
                        Tanh, Linear<3, LearningRate<0.0>>, MeanSquaredError, WeightDecay<0.1>>;
  const auto update = [](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) {
      Adam scaled = adam;
      if (of_layer(*parameter, "2")) scaled.learning_rate *= 0.25f;
      if (of_layer(*parameter, "4")) scaled.learning_rate = 0;
      const double lambda = of_layer(*parameter, "0") ? 0.5 : 0.1;
      decayed(scaled, lambda)({parameter}, step);
    }
  };
  follow<Own, Wide<MeanSquaredError>>(adam, update);
  follow<Small, Narrow<MeanSquaredError>>(adam, update);
}

TEST_CASE("update: AdamW decays no bias of a layer with a learning rate of its own", "[update]") {
  using Own = Network<Input<130>, Linear<100, LearningRate<4.0>>, Tanh, Linear<33>, Tanh, Linear<3>,
                      CrossEntropy<>>;
  using Small = Network<Input<6>, Linear<17, LearningRate<4.0>>, Tanh, Linear<5>, Tanh, Linear<3>,
                        CrossEntropy<>>;
  const AdamW decaying{.learning_rate = 0.01f, .epsilon = 1e-2f, .weight_decay = 0.5f};
  const auto update = [&](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) {
      AdamW scaled = decaying;
      if (of_layer(*parameter, "0")) scaled.learning_rate *= 4;
      naive::update(*parameter, scaled, step);
    }
  };
  follow<Own, Wide<CrossEntropy<>>>(decaying, update);
  follow<Small, Narrow<CrossEntropy<>>>(decaying, update);
}

TEST_CASE("update: the norm behind a layer does not take its learning rate", "[update]") {
  using Scaled =
      Network<Input<5>, Linear<20, LearningRate<0.0>>, BatchNorm<>, Linear<3>, MeanSquaredError>;
  Model<Scaled> model;
  const auto before = model.tensors();
  Trainer trainer{model, sgd};
  const StepBatch<Scaled> batch(9, 1);
  trainer.step(batch.inputs, batch.targets);
  CHECK(floats(model.tensors(), "0.weight") == floats(before, "0.weight"));
  CHECK(floats(model.tensors(), "1.weight") != floats(before, "1.weight"));
}

TEST_CASE("update: constraints hold after every step", "[update]") {
  check_constraints<OnPanels>(momentum);
  check_constraints<InLanes>(momentum);
  // From gradients in memory.
  check_constraints<OnPanels>(ClipByNorm{momentum, 1e9f});
}

TEST_CASE("update: a layer's constraint is its own", "[update]") {
  using Own = Network<Input<130>, Linear<100, NonNegative>, Tanh, Linear<33, MaxNorm<1e6>>, Tanh,
                      Linear<3>, CrossEntropy<>, UnitNorm>;
  Model<Own> model{Seed{5}};
  Trainer trainer{model, sgd};
  const StepBatch<Own> batch(20, 1);
  trainer.step(batch.inputs, batch.targets);
  const auto tensors = model.tensors();
  auto first = floats(tensors, "0.weight");
  CHECK(*std::min_element(first.begin(), first.end()) == 0);
  CHECK(std::abs(norm_of(std::span(first).first(130)) - 1) > 0.1);
  auto second = floats(tensors, "2.weight");
  CHECK(*std::min_element(second.begin(), second.end()) < 0);
  auto last = floats(tensors, "4.weight");
  for_each_unit(last, 33,
                [](auto unit) { CHECK(norm_of(unit) == Approx(1).epsilon(8 * epsilon)); });
}

TEST_CASE("update: a user's constraint has the standing of the library's", "[update]") {
  const auto project = [](std::span<double> unit) {
    for (double& w : unit) w = std::max(w, double{0.02f});
    max_norm(1, unit);
  };
  // The penalty too: the textbook knows nothing of padding.
  using Costs = Wide<CrossEntropy<>, L2<0.5>>;
  follow<Wide<CrossEntropy<>, L2<0.5>, Short<0.02>>, Costs>(sgd, projected<Costs>(sgd, project));
  using Small = Narrow<CrossEntropy<>, L2<0.5>>;
  follow<Narrow<CrossEntropy<>, L2<0.5>, Short<0.02>>, Small>(sgd, projected<Small>(sgd, project));
}

TEST_CASE("update: units of nothing but zeros stay", "[update]") {
  using Net = Wide<CrossEntropy<>, UnitNorm>;
  Model<Net> model;
  auto tensors = model.tensors();
  for (Tensor& tensor : tensors) {
    if (tensor.name != "0.weight") continue;
    std::get<std::vector<float>>(tensor.values).assign(100 * 130, 0.0f);
  }
  model.assign(tensors);
  Trainer trainer{model, Sgd{.learning_rate = 0}};
  const StepBatch<Net> batch(20, 1);
  trainer.step(batch.inputs, batch.targets);
  CHECK(floats(model.tensors(), "0.weight") == std::vector<float>(100 * 130, 0.0f));
}

TEST_CASE("update: losses are reported in their parts", "[update]") {
  using Net = Wide<CrossEntropy<>, L2<0.1>>;
  Model<Net> model{Seed{5}};
  naive::Textbook<Net, double> textbook{model.tensors(), model.seed()};
  naive::Textbook<Wide<CrossEntropy<>>, double> data{model.tensors(), model.seed()};
  Trainer trainer{model, sgd};
  const StepBatch<Net> batch(20, 1);
  const double whole = double{trainer.step(batch.inputs, batch.targets)};
  const double part = data.loss(batch.inputs, batch.targets, {});
  CHECK(whole == Approx(textbook.loss(batch.inputs, batch.targets, {})).epsilon(10 * epsilon));
  CHECK(trainer.penalty() == Approx(whole - part).epsilon(50 * epsilon));

  const Dataset set{130, uniform(130 * 40, 1), some_labels(40, 3, 2)};
  const History history = trainer.fit(set, {}, {.epochs = 2, .batch_size = 16});
  for (const EpochRecord& epoch : history.epochs) {
    CHECK(epoch.penalty > 0);
    CHECK(epoch.loss == Approx(epoch.data_loss + epoch.penalty));
  }
}

TEST_CASE("update: any number of threads gives the same bits", "[update][threads]") {
  check_threads<Wide<CrossEntropy<>, L2<0.01>, WeightDecay<0.1>, MaxNorm<0.7>, NonNegative>>(adam);
  check_threads<Narrow<CrossEntropy<>, L2<0.01>, WeightDecay<0.1>, MaxNorm<0.7>>>(adam);
}

TEST_CASE("update: a step allocates nothing after the first", "[update][allocations]") {
  CHECK(allocations_of_steps<
            Wide<CrossEntropy<>, L2<0.01>, WeightDecay<0.1>, MaxNorm<0.7>, NonNegative>>(adam) ==
        0);
}

}  // namespace test_update
