#include <array>
#include <type_traits>
#include <vector>

#include "errors.hpp"
#include "fitting.hpp"

// Classes that hold a model and its trainer: what could be copied into a state that lies cannot be
// copied, and what can be copied goes on by itself, to the bit.

namespace test_class_with_model {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Arm = Network<Input<4>, Standardize, Linear<32>, BatchNorm<>, ReLU, Dropout<0.1>, Linear<3>,
                    MeanSquaredError>;
using Small = Network<Input<4>, Linear<8>, Tanh, Linear<3>, MeanSquaredError>;

struct Batch {
  std::vector<float> inputs;
  std::vector<float> targets;
  explicit Batch(unsigned seed) : inputs(uniform(20 * 4, seed)), targets(uniform(20 * 3, seed)) {}
};

/// Holds both as members: a trainer refers to its model, so that this cannot be copied.
struct Brain {
  Model<Small> model{Seed{1}};
  Trainer<Small, Adam> trainer{model, Adam{}};
};
static_assert(!std::is_copy_constructible_v<Brain> && !std::is_move_constructible_v<Brain>);
static_assert(!std::is_copy_assignable_v<Brain> && !std::is_move_assignable_v<Brain>);

/// Says how it is copied.
struct Copied {
  Model<Small> model{Seed{1}};
  Trainer<Small, Adam> trainer{model, Adam{}};

  Copied() = default;
  Copied(const Copied& other) : model(other.model), trainer(model, other.trainer) {}
};

/// Holds a learner: copied and moved without a word.
template <class Net, class Optimizer>
struct Learning {
  Learner<Net, Optimizer> learner{Seed{1}};

  float learn(unsigned seed) {
    const Batch batch(seed);
    return learner.step(batch.inputs, batch.targets);
  }
};
using Value = Learning<Small, Adam>;
static_assert(std::is_copy_constructible_v<Value> && std::is_copy_assignable_v<Value>);
static_assert(std::is_nothrow_move_constructible_v<Value>);
static_assert(std::is_nothrow_move_assignable_v<Value>);

template <class Net, class Optimizer>
void check_copies() {
  Learning<Net, Optimizer> whole;
  Learning<Net, Optimizer> first;
  for (unsigned step = 1; step <= 5; ++step) CHECK(whole.learn(step) == first.learn(step));
  const auto then = first.learner.model().tensors();
  Learning<Net, Optimizer> copy = first;
  for (unsigned step = 6; step <= 9; ++step) CHECK(whole.learn(step) == copy.learn(step));
  // Neither sees the other's steps.
  CHECK(same_bits(first.learner.model().tensors(), then));
  CHECK(first.learner.steps() == 5);
  CHECK(copy.learner.steps() == 9);
  CHECK(same_bits(copy.learner.model().tensors(), whole.learner.model().tensors()));
  for (unsigned step = 6; step <= 9; ++step) first.learn(step);
  CHECK(same_bits(first.learner.model().tensors(), whole.learner.model().tensors()));
}

}  // namespace

TEST_CASE("class with model: a copied learner takes the same further steps", "[objects]") {
  // Five steps leave two of three held; running statistics, momenta, draws and averages go along.
  check_copies<Arm, Average<Accumulate<Adam>>>();
  check_copies<Small, Adam>();
}

TEST_CASE("class with model: a trainer goes on with the copy of its model", "[objects]") {
  Copied first;
  const auto learn = [](Copied& copied, unsigned seed) {
    const Batch batch(seed);
    copied.trainer.step(batch.inputs, batch.targets);
  };
  for (unsigned step = 1; step <= 3; ++step) learn(first, step);
  Copied copy = first;
  learn(first, 4);
  CHECK_FALSE(same_bits(first.model.tensors(), copy.model.tensors()));
  learn(copy, 4);
  CHECK(same_bits(first.model.tensors(), copy.model.tensors()));
}

TEST_CASE("class with model: a vector of learners may grow", "[objects]") {
  Value alone;
  std::vector<Value> fleet;
  for (unsigned i = 0; i < 5; ++i) {
    fleet.emplace_back();
    for (Value& each : fleet) each.learn(i);
  }
  for (unsigned i = 0; i < 5; ++i) alone.learn(i);
  CHECK(same_bits(fleet[0].learner.model().tensors(), alone.learner.model().tensors()));
  fleet.erase(fleet.begin());
  CHECK(fleet[0].learner.steps() == 4);
  const Model<Small>* where = &fleet[3].learner.model();
  std::swap(fleet[3], fleet[0]);
  CHECK(where == &fleet[0].learner.model());
}

TEST_CASE("class with model: a learner that was moved from throws until it is assigned to",
          "[objects]") {
  Value from;
  from.learn(1);
  const Value copy = from;
  Value to = std::move(from);
  const std::string says = "Learner: expected one with a model, found one that was moved from";
  const Batch batch(2);
  std::vector<float> outputs(20 * 3);
  Learner<Small, Adam>& gone = from.learner;  // NOLINT: what is tested
  const Dataset data{4, batch.inputs, batch.targets, 3};
  CHECK(error_of([&] { gone.step(batch.inputs, batch.targets); }) == says);
  CHECK(error_of([&] { gone.fit(data, {}); }) == says);
  CHECK(error_of([&] { gone.predict(batch.inputs, outputs); }) == says);
  CHECK(error_of([&] { static_cast<void>(gone.freeze()); }) == says);
  CHECK(error_of([&] { gone.optimizer().learning_rate = 1; }) == says);
  CHECK(error_of([&] { static_cast<void>(Value(from).learner.steps()); }) == says);
  from = copy;
  CHECK(from.learn(2) == to.learn(2));
}

TEST_CASE("class with model: a learner does what model and trainer do", "[objects]") {
  const Dataset data = classes(40, 1);
  const FitOptions options{.epochs = 2, .batch_size = 16};
  Model<Net> model{Seed{3}};
  Trainer trainer{model, sgd};
  Learner learner{Model<Net>{Seed{3}}, sgd};
  const History expected = trainer.fit(data, data, options, OneCycle{.max_learning_rate = 0.2f});
  const History found = learner.fit(data, data, options, OneCycle{.max_learning_rate = 0.2f});
  CHECK(found.epochs[1].validation_loss == expected.epochs[1].validation_loss);
  CHECK(learner.optimizer().learning_rate == sgd.learning_rate);
  std::vector<float> outputs(40 * 3);
  std::vector<float> frozen(40 * 3);
  std::vector<float> of_model(40 * 3);
  learner.predict(data.inputs(), outputs);
  learner.freeze()(data.inputs(), frozen);
  model.predict(data.inputs(), of_model);
  CHECK(outputs == of_model);
  model.freeze()(data.inputs(), of_model);
  CHECK(frozen == of_model);
  const std::array<float, 6> sample{};
  std::array<float, 3> scores{};
  learner.predict(sample, scores);
  CHECK(learner.step(sample, std::array<Label, 1>{1}) > 0);
}

}  // namespace test_class_with_model
