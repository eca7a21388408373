#include <cmath>

#include "errors.hpp"
#include "fitting.hpp"

// Numbers of an optimizer that make no sense are refused by whoever would use them, before anything
// is changed; those at the ends of their ranges are not.

namespace test_optimizer_numbers {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Bare = Network<Input<6>, Linear<3>, CrossEntropy<>>;

/// What is said of an optimizer, in place of numbers that are right.
template <class Optimizer>
std::string said(const Optimizer& optimizer) {
  return error_of([&] { check_numbers(optimizer, {"here"}); });
}

template <class Optimizer>
void accept(const Optimizer& optimizer) {
  CHECK_NOTHROW(check_numbers(optimizer, {"here"}));
}

/// A user's own: it has no `check`, and may do what it likes.
struct Climbing {
  float learning_rate = -1.0f;
};

/// A user's own that checks its numbers.
struct Careful : Climbing {
  void check(const NumberCheck& check) const {
    check.expect(learning_rate <= 0, "Careful's learning_rate", " of at most 0",
                 static_cast<double>(learning_rate));
  }
};

}  // namespace

TEST_CASE("optimizer numbers: each has its range", "[optimizers]") {
  for (const float wrong : {-1e-3f, NAN, INFINITY}) {
    CHECK(has(said(Sgd{.learning_rate = wrong}), "here: expected Sgd's learning_rate finite and"));
    CHECK(has(said(Sgd{.momentum = wrong}), "Sgd's momentum finite and at least 0, found"));
    CHECK(has(said(Adam{.learning_rate = wrong}), "Adam's learning_rate"));
    CHECK(has(said(Adam{.epsilon = wrong}), "Adam's epsilon"));
    CHECK(has(said(AdamW{.learning_rate = wrong}), "AdamW's learning_rate"));
    CHECK(has(said(AdamW{.epsilon = wrong}), "AdamW's epsilon"));
    CHECK(has(said(AdamW{.weight_decay = wrong}), "AdamW's weight_decay"));
    CHECK(has(said(Nadam{.learning_rate = wrong}), "Nadam's learning_rate"));
    CHECK(has(said(Nadam{.epsilon = wrong}), "Nadam's epsilon"));
    CHECK(has(said(Nadam{.momentum_decay = wrong}), "Nadam's momentum_decay"));
    CHECK(has(said(RmsProp{.learning_rate = wrong}), "RmsProp's learning_rate"));
    CHECK(has(said(RmsProp{.momentum = wrong}), "RmsProp's momentum"));
    CHECK(has(said(RmsProp{.epsilon = wrong}), "RmsProp's epsilon"));
    CHECK(has(said(Adagrad{.learning_rate = wrong}), "Adagrad's learning_rate"));
    CHECK(has(said(Adagrad{.lr_decay = wrong}), "Adagrad's lr_decay"));
    CHECK(has(said(Adagrad{.initial_accumulator_value = wrong}), "Adagrad's initial_acc"));
    CHECK(has(said(Adagrad{.epsilon = wrong}), "Adagrad's epsilon"));
    CHECK(has(said(Lion{.learning_rate = wrong}), "Lion's learning_rate"));
  }
  for (const float wrong : {-1e-3f, 1.0f, NAN}) {
    CHECK(has(said(Adam{.beta1 = wrong}), "Adam's beta1 in [0, 1), found"));
    CHECK(has(said(Adam{.beta2 = wrong}), "Adam's beta2"));
    CHECK(has(said(AdamW{.beta1 = wrong}), "AdamW's beta1"));
    CHECK(has(said(AdamW{.beta2 = wrong}), "AdamW's beta2"));
    CHECK(has(said(Nadam{.beta1 = wrong}), "Nadam's beta1"));
    CHECK(has(said(Nadam{.beta2 = wrong}), "Nadam's beta2"));
    CHECK(has(said(RmsProp{.alpha = wrong}), "RmsProp's alpha"));
    CHECK(has(said(Lion{.beta1 = wrong}), "Lion's beta1"));
    CHECK(has(said(Lion{.beta2 = wrong}), "Lion's beta2"));
    CHECK(has(said(Average{Sgd{}, wrong}), "Average's decay"));
  }
  for (const float wrong : {0.0f, -1.0f, NAN}) {
    CHECK(has(said(ClipByNorm{Sgd{}, wrong}), "ClipByNorm's max_norm above 0"));
    CHECK(has(said(ClipByValue{Sgd{}, wrong}), "ClipByValue's limit above 0"));
  }
  CHECK(said(Accumulate{Sgd{}, 0}) == "here: expected Accumulate's steps of at least 1, found 0");
}

TEST_CASE("optimizer numbers: the ends of the ranges are right", "[optimizers]") {
  accept(Sgd{.learning_rate = 0, .momentum = 1, .nesterov = true});
  accept(Adam{.learning_rate = 0, .beta1 = 0, .beta2 = 0, .epsilon = 0});
  accept(AdamW{.epsilon = 0, .weight_decay = 0});
  accept(Nadam{.beta1 = 0, .momentum_decay = 0});
  accept(RmsProp{.alpha = 0, .momentum = 0, .epsilon = 0});
  accept(Adagrad{.lr_decay = 0, .initial_accumulator_value = 0});
  accept(Lion{.beta1 = 0, .beta2 = 0});
  accept(ClipByNorm{ClipByValue{Average{Accumulate{Sgd{}, 1}, 0.0f}, INFINITY}, INFINITY});
  accept(Climbing{});
}

TEST_CASE("optimizer numbers: wrappers ask what they wrap, whatever the order", "[optimizers]") {
  const auto wrong = Adam{.beta2 = 1};
  CHECK(has(said(ClipByNorm{Average{ClipByValue{Accumulate{wrong, 2}, 1.0f}, 0.9f}, 1.0f}),
            "Adam's beta2 in [0, 1), found 1"));
  CHECK(has(said(Average{Careful{{.learning_rate = 1.0f}}, 0.9f}),
            "Careful's learning_rate of at most 0, found 1"));
}

TEST_CASE("optimizer numbers: step, fit and finder refuse them", "[optimizers]") {
  Model<Bare> model{Seed{1}};
  const auto before = model.tensors();
  const Dataset data = classes(20, 1);
  Trainer dividing{model, Adam{.beta2 = 1}};
  CHECK(error_of([&] { dividing.step(data.inputs(), data.labels()); }) ==
        "step: expected Adam's beta2 in [0, 1), found 1");
  CHECK(
      has(error_of([&] { static_cast<void>(find_learning_rate(model, Adam{.beta1 = -1}, data)); }),
          "Adam's beta1 in [0, 1), found -1"));
  Trainer trainer{model, Sgd{}};
  trainer.optimizer().learning_rate = -1;
  CHECK(error_of([&] { trainer.step(data.inputs(), data.labels()); }) ==
        "step: expected Sgd's learning_rate finite and at least 0, found -1");
  Recorder recorder;
  CHECK(has(error_of([&] { trainer.fit(data, {}, {}, recorder); }), "fit: expected Sgd's learn"));
  CHECK(recorder.before == 0);
  CHECK(trainer.steps() == 0);
  CHECK(same_bits(model.tensors(), before));
}

}  // namespace test_optimizer_numbers
