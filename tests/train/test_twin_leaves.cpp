#include "twin.hpp"

// Losses, penalties and optimizers in whole networks against the textbook in double: each on the
// narrow path, with samples in the lanes, and on panels.

namespace test_twin_leaves {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class Loss, class Optimizer = Sgd, class... Penalties>
void check_both(const char* name, const Optimizer& optimizer = {.learning_rate = 0.3f}) {
  using Narrow = Network<Input<3>, Linear<17>, Tanh, Linear<5>, Loss, Penalties...>;
  using Wide = Network<Input<10>, Linear<70>, Sigmoid, Linear<33>, Loss, Penalties...>;
  static_assert(!runtime::is_narrow<Wide>);
  check_twin<Narrow>(name, optimizer);
  check_twin<Wide>(name, optimizer);
}

using Weighted = ClassWeights<0.5, 2, 1, 0.25, 3>;
template <class... Attributes>
using NarrowEntropy = Network<Input<3>, Linear<17>, Tanh, Linear<5>, CrossEntropy<Attributes...>>;
template <class... Attributes>
using WideEntropy = Network<Input<10>, Linear<70>, Sigmoid, Linear<5>, CrossEntropy<Attributes...>>;

}  // namespace

TEST_CASE("twin: losses of single values", "[twin]") {
  check_both<MeanAbsoluteError>("absolute");
  check_both<Huber<0.3>>("huber");
  check_both<Hinge>("hinge");
}

TEST_CASE("twin: class weights and soft targets", "[twin]") {
  const Sgd sgd{.learning_rate = 0.3f};
  check_twin<NarrowEntropy<Weighted>>("narrow, weights", sgd);
  check_twin<WideEntropy<Weighted>>("weights", sgd);
  check_twin<NarrowEntropy<Weighted, LabelSmoothing<0.2>>>("narrow, weights, smooth", sgd);
  check_twin<WideEntropy<LabelSmoothing<0.2>, Weighted>>("weights, smooth", sgd);
  check_twin<NarrowEntropy<SoftTargets, Weighted, LabelSmoothing<0.2>>>("narrow, all", sgd);
  check_twin<WideEntropy<SoftTargets, LabelSmoothing<0.2>, Weighted>>("all", sgd);
  check_both<CrossEntropy<SoftTargets>>("soft");
}

TEST_CASE("twin: absolute and elastic penalties", "[twin]") {
  check_both<MeanSquaredError, Sgd, L1<0.03>>("absolute");
  check_both<MeanSquaredError, Sgd, L1<0.01>, L2<0.02>>("absolute and squared");
  check_both<MeanSquaredError, Sgd, ElasticNet<0.02, 0.05>>("elastic");
  check_twin<Network<Input<10>, Linear<70, L1<0.02>>, Tanh, Linear<17, ElasticNet<0.01, 0.03>>,
                     Tanh, Linear<3>, MeanSquaredError, L2<0.02>>>("of layers");
}

TEST_CASE("twin: more optimizers", "[twin]") {
  check_both<MeanSquaredError>("adagrad", Adagrad{.learning_rate = 0.02f, .epsilon = 1e-3f});
  check_both<MeanSquaredError>(
      "rmsprop",
      RmsProp{.learning_rate = 0.01f, .alpha = 0.9f, .momentum = 0.5f, .epsilon = 1e-2f});
  check_both<MeanSquaredError>("nadam", Nadam{.learning_rate = 0.01f, .epsilon = 1e-3f});
}

TEST_CASE("evaluation on a whole set is the loss of a step on it", "[losses]") {
  const auto check = []<class Loss>(Loss*, Dataset data) {
    using Net = Network<Input<4>, Linear<3>, Loss>;
    Model<Net> model{Seed{1}};
    const double found = evaluate(model, data).loss;
    Trainer trainer{model, Sgd{}};
    float loss = 0;
    if constexpr (std::is_same_v<typename Loss::Target, Label>) {
      loss = trainer.step(data.inputs(), data.labels());
    } else {
      loss = trainer.step(data.inputs(), data.targets());
    }
    CHECK(found == Approx(double{loss}).epsilon(4 * epsilon));
  };
  const auto inputs = uniform(50 * 4, 1);
  const Dataset labelled{4, inputs, some_labels(50, 3, 2)};
  const Dataset valued{4, inputs, uniform(50 * 3, 2, 0, 1), 3};
  check(static_cast<CrossEntropy<ClassWeights<1, 5, 0.1>>*>(nullptr), labelled);
  check(static_cast<CrossEntropy<SoftTargets>*>(nullptr), valued);
  check(static_cast<Loss<[](auto x, auto t) { return abs(x - t); }>*>(nullptr), valued);
}

TEST_CASE("a user's loss trains as the library's own, in the lanes and on panels", "[losses]") {
  using Own = Loss<[](auto x, auto t) { return (x - t) * (x - t); }>;
  const auto train = []<class Net>(Net*) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
    for (unsigned step = 0; step < 5; ++step) {
      trainer.step(uniform(33 * 5, step), uniform(33 * 3, step + 100));
    }
    return model.tensors();
  };
  const auto check = [&]<int Width>(std::integral_constant<int, Width>) {
    using Mine = Network<Input<5>, Linear<Width>, Tanh, Linear<3>, Own>;
    using Theirs = Network<Input<5>, Linear<Width>, Tanh, Linear<3>, MeanSquaredError>;
    CHECK(same_bits(train(static_cast<Mine*>(nullptr)), train(static_cast<Theirs*>(nullptr))));
  };
  check(std::integral_constant<int, 17>{});
  check(std::integral_constant<int, 70>{});
}

}  // namespace test_twin_leaves
