#include "errors.hpp"
#include "following.hpp"
#include "laws/allocations.hpp"

// Optimizers around optimizers: clipping, accumulation, averages.

namespace test_wrappers {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;

namespace {

const Sgd sgd{.learning_rate = 0.2f, .momentum = 0.5f};
// A large epsilon, so that a gradient near zero is not blown up together with its rounding.
const Adam adam{.learning_rate = 0.01f, .epsilon = 1e-2f};

double norm_of_gradients(const Parameters& parameters) {
  double squares = 0;
  for (const auto* parameter : parameters) {
    for (const double g : parameter->gradient) squares += g * g;
  }
  return std::sqrt(squares);
}

void limit_values(const Parameters& parameters, double limit) {
  for (auto* parameter : parameters) {
    for (double& g : parameter->gradient) g = std::clamp(g, -limit, limit);
  }
}

/// As torch.nn.utils.clip_grad_norm_; counts the steps that it changes.
void limit_norm(const Parameters& parameters, double limit, int* clipped = nullptr) {
  const double factor = limit / (norm_of_gradients(parameters) + 1e-6);
  if (factor >= 1) return;
  if (clipped != nullptr) ++*clipped;
  for (auto* parameter : parameters) {
    for (double& g : parameter->gradient) g *= factor;
  }
}

template <class Optimizer>
void update_all(const Parameters& parameters, const Optimizer& optimizer, std::int64_t step) {
  for (auto* parameter : parameters) naive::update(*parameter, optimizer, step);
}

/// A limit that clips some of ten steps and not all.
template <class Net, class Optimizer>
void follow_clipped(const Optimizer& optimizer, float limit) {
  int clipped = 0;
  constexpr unsigned steps = 10;
  follow<Net, Net>(ClipByNorm{optimizer, limit}, [&](const Parameters& parameters, unsigned step) {
    limit_norm(parameters, double{limit}, &clipped);
    update_all(parameters, optimizer, step);
  });
  CHECK(clipped > 0);
  CHECK(clipped < static_cast<int>(steps));
}

}  // namespace

TEST_CASE("wrappers: the norm of all gradients is clipped as PyTorch does", "[wrappers]") {
  follow_clipped<Wide<CrossEntropy<>, L2<0.1>>>(sgd, 1.7f);
  follow_clipped<Narrow<CrossEntropy<>, L2<0.1>>>(sgd, 0.7f);
  follow_clipped<Wide<CrossEntropy<>>>(adam, 1.7f);
}

TEST_CASE("wrappers: a norm that is clipped is one, whatever larger batches left in memory",
          "[wrappers]") {
  using Net = Network<Input<6>, Linear<80>, LayerNorm<>, Tanh, Linear<3>, CrossEntropy<>>;
  Model<Net> model{Seed{5}};
  Trainer trainer{model, ClipByNorm{Sgd{.learning_rate = 1}, 0.01f}};
  for (const std::size_t rows : {24u, 8u, 17u, 3u}) {
    const StepBatch<Net> batch(rows, static_cast<unsigned>(rows));
    const auto before = model.tensors();
    trainer.step(batch.inputs, batch.targets);
    double squares = 0;
    for (const Tensor& tensor : model.tensors()) {
      const auto was = floats(before, tensor.name);
      const auto& now = std::get<std::vector<float>>(tensor.values);
      for (std::size_t i = 0; i < was.size(); ++i) {
        squares += std::pow(double{now[i]} - double{was[i]}, 2);
      }
    }
    // Parameters of order 1 that move by 1e-4 round by 1e-3 of that.
    CHECK(std::sqrt(squares) == Approx(0.01).epsilon(1e-3));
  }
}

TEST_CASE("wrappers: values are clipped in registers", "[wrappers]") {
  const auto update = [](const Parameters& parameters, unsigned step) {
    limit_values(parameters, double{0.01f});
    update_all(parameters, sgd, step);
  };
  using L = CrossEntropy<>;
  follow<Wide<L, L2<0.1>>, Wide<L, L2<0.1>>>(ClipByValue{sgd, 0.01f}, update);
  follow<Narrow<L, L2<0.1>>, Narrow<L, L2<0.1>>>(ClipByValue{sgd, 0.01f}, update);
  STATIC_REQUIRE_FALSE(stores_gradient<ClipByValue<Sgd>>);
  STATIC_REQUIRE_FALSE(stores_gradient<Average<Sgd>>);
  STATIC_REQUIRE(stores_gradient<Average<ClipByNorm<Sgd>>>);
}

TEST_CASE("wrappers: both clippings act in the order they are wrapped", "[wrappers]") {
  using Net = Wide<CrossEntropy<>, L2<0.1>>;
  follow<Net, Net>(ClipByValue{ClipByNorm{sgd, 0.3f}, 0.03f},
                   [](const Parameters& parameters, unsigned step) {
                     limit_values(parameters, double{0.03f});
                     limit_norm(parameters, double{0.3f});
                     update_all(parameters, sgd, step);
                   });
  follow<Net, Net>(ClipByNorm{ClipByValue{sgd, 0.01f}, 0.3f},
                   [](const Parameters& parameters, unsigned step) {
                     limit_norm(parameters, double{0.3f});
                     limit_values(parameters, double{0.01f});
                     update_all(parameters, sgd, step);
                   });
}

namespace {

/// Steps of one trainer on whole batches and of another on their thirds: the same parameters, to
/// rounding of a few epsilon a step, and none before every third.
template <class Net, class Optimizer, class Accumulated>
void compare_accumulated(const Optimizer& optimizer, const Accumulated& accumulated) {
  constexpr std::size_t rows = 7;
  Model<Net> whole{Seed{1}};
  Model<Net> thirds{Seed{1}};
  Trainer large{whole, optimizer};
  Trainer small{thirds, accumulated};
  Worst worst;
  for (unsigned step = 1; step <= 6; ++step) {
    const StepBatch<Net> batch(3 * rows, step);
    const auto inputs = std::span(batch.inputs);
    const auto targets = std::span(batch.targets);
    const double expected = double{large.step(batch.inputs, batch.targets)};
    double loss = 0;
    for (std::size_t part = 0; part < 3; ++part) {
      const auto before = thirds.tensors();
      loss += double{small.step(inputs.subspan(part * inputs.size() / 3, inputs.size() / 3),
                                targets.subspan(part * targets.size() / 3, targets.size() / 3))} /
              3;
      CHECK(same_bits(before, thirds.tensors()) == (part < 2));
      CHECK(small.penalty() == Approx(large.penalty()).epsilon(20 * epsilon * step));
    }
    worst.compare(loss, expected, 20 * step * epsilon * expected, "loss");
    const auto tensors = whole.tensors();
    for (const Tensor& tensor : thirds.tensors()) {
      const auto found = std::get<std::vector<float>>(tensor.values);
      const auto other = floats(tensors, tensor.name);
      double largest = 0;
      for (const float value : other) largest = std::max(largest, std::abs(double{value}));
      for (std::size_t i = 0; i < found.size(); ++i) {
        worst.compare(double{found[i]}, double{other[i]}, 40 * step * epsilon * largest,
                      tensor.name);
      }
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("wrappers: a gradient that is no number shows in every weight", "[wrappers]") {
  const auto check = []<class Net>(const Net*, const auto& optimizer) {
    Model<Net> model{Seed{1}};
    StepBatch<Net> batch(4, 1);
    batch.inputs[1] = std::numeric_limits<float>::quiet_NaN();
    Trainer{model, optimizer}.step(batch.inputs, batch.targets);
    for (const Tensor& tensor : model.tensors()) {
      for (const float value : std::get<std::vector<float>>(tensor.values)) {
        REQUIRE(std::isnan(value));
      }
    }
  };
  constexpr const Wide<CrossEntropy<>>* wide = nullptr;
  constexpr const Narrow<CrossEntropy<>>* narrow = nullptr;
  constexpr const Wide<CrossEntropy<>, NonNegative>* bounded = nullptr;
  constexpr const Network<Input<6>, Linear<17, WeightNorm>, Linear<3>, CrossEntropy<>>* normed =
      nullptr;
  check(wide, ClipByValue{sgd, 0.1f});
  check(narrow, ClipByValue{sgd, 0.1f});
  check(wide, ClipByValue{ClipByNorm{sgd, 1.0f}, 0.1f});
  check(narrow, ClipByNorm{sgd, 1.0f});
  check(bounded, sgd);
  check(normed, ClipByValue{ClipByNorm{sgd, 1.0f}, 0.1f});
}

TEST_CASE("wrappers: accumulated parts are one large batch", "[wrappers]") {
  using Panels = Wide<CrossEntropy<>, L2<0.1>>;
  using Lanes = Narrow<MeanSquaredError, L2<0.1>>;
  compare_accumulated<Panels>(sgd, Accumulate{sgd, 3});
  compare_accumulated<Lanes>(sgd, Accumulate{sgd, 3});
  // Adam's corrections count updates.
  compare_accumulated<Panels>(adam, Accumulate{adam, 3});
  compare_accumulated<Lanes>(adam, Accumulate{adam, 3});
  compare_accumulated<Panels>(ClipByNorm{sgd, 0.5f}, ClipByNorm{Accumulate{sgd, 3}, 0.5f});
  compare_accumulated<Lanes>(ClipByNorm{sgd, 0.1f}, Accumulate{ClipByNorm{sgd, 0.1f}, 3});
}

TEST_CASE("wrappers: one step accumulated is the optimizer alone", "[wrappers]") {
  const auto bits = [](const auto& optimizer) {
    return trained<Wide<CrossEntropy<>, L2<0.1>>>(optimizer, 1, 17);
  };
  CHECK(same_bits(bits(adam), bits(Accumulate{adam, 1})));
  CHECK(same_bits(bits(adam), bits(ClipByNorm{adam, 1e9f})));
}

namespace {

template <class Net, class Optimizer>
void check_average(const Optimizer& optimizer, const auto& update) {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, optimizer};
  CHECK(same_bits(trainer.average().tensors(), model.tensors()));
  std::map<std::string, std::vector<double>> average;
  const double decay = double{optimizer.decay};
  for (unsigned step = 1; step <= 5; ++step) {
    const StepBatch<Net> batch(17, step);
    trainer.step(batch.inputs, batch.targets);
    update(trainer);
    for (const Tensor& tensor : model.tensors()) {
      const auto now = std::get<std::vector<float>>(tensor.values);
      auto& mean = average[tensor.name];
      if (step == 1) mean.assign(now.begin(), now.end());
      for (std::size_t i = 0; i < now.size(); ++i) {
        mean[i] = decay * mean[i] + (1 - decay) * double{now[i]};
      }
    }
  }
  const Model<Net> averaged = trainer.average();
  Worst worst;
  for (const Tensor& tensor : averaged.tensors()) {
    const auto found = std::get<std::vector<float>>(tensor.values);
    for (std::size_t i = 0; i < found.size(); ++i) {
      // Parameters are at most of order 1, and each of five steps rounds thrice.
      worst.compare(double{found[i]}, average[tensor.name][i], 15 * epsilon, tensor.name);
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("wrappers: the average follows its definition, after constraints", "[wrappers]") {
  const auto nothing = [](auto&) {};
  check_average<Wide<CrossEntropy<>, MaxNorm<0.7>>>(Average{sgd, 0.75f}, nothing);
  check_average<Narrow<CrossEntropy<>, NonNegative>>(Average{adam, 0.5f}, nothing);
  check_average<Wide<CrossEntropy<>>>(ClipByNorm{Average{adam, 0.5f}, 1.0f}, nothing);
}

TEST_CASE("wrappers: the average takes the present running statistics", "[wrappers]") {
  using Net = Network<Input<6>, Linear<17>, BatchNorm<>, ReLU, Linear<3>, CrossEntropy<>>;
  Model<Net> model;
  Trainer trainer{model, Average{sgd, 0.5f}};
  for (unsigned step = 1; step <= 3; ++step) {
    const StepBatch<Net> batch(17, step);
    trainer.step(batch.inputs, batch.targets);
  }
  const Model<Net> averaged = trainer.average();
  CHECK(floats(averaged.tensors(), "1.running_mean") == floats(model.tensors(), "1.running_mean"));
  CHECK(floats(averaged.tensors(), "1.weight") != floats(model.tensors(), "1.weight"));
  const StepBatch<Net> batch(1, 9);
  std::vector<float> direct(3);
  averaged.predict(batch.inputs, direct);
  const auto frozen = averaged.freeze()(std::span<const float>(batch.inputs));
  for (std::size_t i = 0; i < 3; ++i) CHECK(frozen[i] == Approx(direct[i]).margin(1e-5));
}

namespace {

/// The optimizer's numbers in the last step of a fit.
struct LastNumbers {
  float learning_rate = 0;
  float momentum = 0;
  void before_step(auto& state) {
    learning_rate = state.trainer.optimizer().learning_rate;
    detail::with_momentum(state.trainer.optimizer(), [&](float now) { momentum = now; });
  }
};

}  // namespace

TEST_CASE("wrappers: schedules change the numbers inside", "[wrappers]") {
  const Dataset data{6, uniform(60, 1), some_labels(10, 3, 2)};
  const OneCycle cycle{.max_learning_rate = 0.5f};
  const auto check = [&](const auto& optimizer) {
    Model<Narrow<CrossEntropy<>>> model;
    Trainer trainer{model, optimizer};
    LastNumbers last;
    trainer.fit(data, {}, {.epochs = 4, .batch_size = 5}, cycle, last);
    CHECK(last.learning_rate == cycle.learning_rate(7.0f / 8));
    CHECK(last.momentum == cycle.momentum(7.0f / 8));
  };
  check(ClipByNorm{Average{ClipByValue{Accumulate{adam, 2}, 1.0f}, 0.9f}, 1.0f});
  check(Accumulate{sgd, 2});
}

TEST_CASE("wrappers: any number of threads gives the same bits", "[wrappers][threads]") {
  const auto all = ClipByNorm{Average{Accumulate{ClipByValue{adam, 0.5f}, 2}, 0.9f}, 0.5f};
  check_threads<Wide<CrossEntropy<>, L2<0.01>, MaxNorm<0.7>>>(all);
  check_threads<Narrow<CrossEntropy<>, L2<0.01>, MaxNorm<0.7>>>(all);
  check_threads<Wide<CrossEntropy<>>>(Average{sgd, 0.9f});
}

TEST_CASE("wrappers: a step allocates nothing after the first", "[wrappers][allocations]") {
  const auto all = ClipByNorm{Average{Accumulate{adam, 2}, 0.9f}, 0.5f};
  CHECK(allocations_of_steps<Wide<CrossEntropy<>>>(all, 6) == 0);
  CHECK(allocations_of_steps<Narrow<CrossEntropy<>>>(all, 6) == 0);
}

}  // namespace test_wrappers
