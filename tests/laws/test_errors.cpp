#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// A wrong argument throws `Error` that says what is wrong, before anything is changed; numbers of
// the optimizer may change between steps.

namespace test_errors {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Classes =
    Network<Input<5>, Linear<17>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<3>, CrossEntropy<>>;
using Curve = Network<Input<5>, Linear<17>, Tanh, Linear<2>, MeanSquaredError>;

/// A step that must fail, with these parts in its message.
template <class Net, class Targets, class... Parts>
void refuse_step(const std::vector<float>& inputs, const Targets& targets, const Parts&... parts) {
  Model<Net> model{Seed{6}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  Model<Net> other{Seed{6}};
  Trainer undisturbed{other, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  const auto step = [](auto& to_train) {
    to_train.step(uniform(35, 1),
                  some_targets<typename Plan<Net>::Loss::Target>(7, Plan<Net>::outputs, 2));
  };
  step(trainer);
  step(undisturbed);
  const auto before = model.tensors();
  CHECK(has(error_of([&] { trainer.step(inputs, targets); }), parts...));
  CHECK(trainer.steps() == 1);
  CHECK(same_bits(model.tensors(), before));
  // Neither the optimizer's state nor the number of the step has moved.
  step(trainer);
  step(undisturbed);
  CHECK(same_bits(model.tensors(), other.tensors()));
}

}  // namespace

TEST_CASE("errors: steps whose arguments do not fit", "[errors]") {
  const std::vector<Label> two = {0, 2};
  const std::vector<Label> none;
  refuse_step<Classes>(uniform(11, 1), two, "step", "5", "11");
  refuse_step<Classes>(uniform(15, 1), two, "step", "3", "2");
  refuse_step<Classes>(uniform(5, 1), two, "step", "1", "2");
  refuse_step<Classes>({}, none, "step", "2", "0");
  refuse_step<Classes>({}, two, "step");
  refuse_step<Classes>(uniform(5, 1), std::vector<Label>{1}, "step", "2", "BatchNorm", "1");
  refuse_step<Classes>(uniform(10, 1), std::vector<Label>{0, 3}, "[0, 3)", "3", "row 1");
  refuse_step<Classes>(uniform(10, 1), std::vector<Label>{-1, 0}, "[0, 3)", "-1", "row 0");
  refuse_step<Curve>(uniform(10, 1), uniform(3, 2), "step", "4", "3");
  refuse_step<Curve>(uniform(9, 1), uniform(4, 2), "step", "5", "9");
  refuse_step<Curve>({}, std::vector<float>{}, "step", "1", "0");
}

TEST_CASE("errors: predictions whose arguments do not fit write nothing", "[errors]") {
  const Model<Curve> model;
  const Predictor<Curve> predictor = model.freeze();
  for (const auto& [inputs, outputs] :
       {std::pair<std::size_t, std::size_t>{9, 4}, {10, 3}, {10, 5}, {0, 2}, {5, 0}}) {
    CAPTURE(inputs, outputs);
    const auto given = uniform(inputs, 1);
    std::vector<float> results(outputs, 7.0f);
    CHECK(has(error_of([&] { model.predict(given, results); }), "predict"));
    CHECK(has(error_of([&] { predictor(given, results); }), "predict"));
    for (const float result : results) CHECK(result == 7);
  }
  CHECK(has(error_of([&] { (void)predictor(uniform(4, 1)); }), "5", "4"));
  CHECK(has(error_of([&] { (void)predictor(uniform(10, 1)); }), "5", "10"));
}

TEST_CASE("a network without batch normalization trains on one row", "[laws]") {
  Model<Curve> model;
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  const auto input = uniform(5, 1);
  const std::vector<float> target = {0.5f, -0.5f};
  const float first = trainer.step(input, target);
  for (int i = 0; i < 50; ++i) trainer.step(input, target);
  CHECK(trainer.step(input, target) < first / 100);
}

TEST_CASE("numbers of the optimizer may change between steps", "[laws]") {
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  const auto inputs = uniform(20, 1);
  const auto targets = uniform(8, 2);
  trainer.step(inputs, targets);
  trainer.optimizer().learning_rate = 0;
  const auto before = model.tensors();
  trainer.step(inputs, targets);
  CHECK(same_bits(model.tensors(), before));
  trainer.optimizer().learning_rate = 0.5f;
  trainer.step(inputs, targets);
  CHECK_FALSE(same_bits(model.tensors(), before));

  // A step twice as long: the difference of the parameters doubles.
  const auto moved = [&](float rate) {
    Model<Curve> fresh{Seed{1}};
    Trainer its{fresh, Sgd{}};
    its.optimizer().learning_rate = rate;
    its.step(inputs, targets);
    const auto start = Model<Curve>{Seed{1}}.tensors();
    const auto end = fresh.tensors();
    return double{std::get<std::vector<float>>(end[1].values)[0]} -
           double{std::get<std::vector<float>>(start[1].values)[0]};
  };
  CHECK(moved(0.2f) == Approx(2 * moved(0.1f)).epsilon(1e-4));
}

TEST_CASE("the penalty is a layer's own, or else the network's", "[laws]") {
  using Net = Network<Input<2>, Linear<2, L2<0.5>>, Linear<3>, Linear<2, L2<0.0>>, MeanSquaredError,
                      L2<0.1>>;
  Model<Net> model{Seed{2}};
  const auto tensors = model.tensors();
  const auto squares = [&](std::size_t tensor) {
    double sum = 0;
    for (const float w : std::get<std::vector<float>>(tensors[tensor].values)) {
      sum += double{w} * double{w};
    }
    return sum;
  };
  const double penalty = 0.25 * squares(0) + 0.05 * squares(2);
  std::vector<float> outputs(2);
  const auto inputs = uniform(2, 1);
  model.predict(inputs, outputs);
  Trainer trainer{model, Sgd{}};
  // Targets are the outputs: what is left of the loss is the penalty.
  CHECK(double{trainer.step(inputs, outputs)} == Approx(penalty).epsilon(1e-5));
}

}  // namespace test_errors
