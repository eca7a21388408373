#include "twin.hpp"

// Residuals, branches and repetitions against the textbook in double.

namespace test_twin_structures {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Sgd sgd{.learning_rate = 0.2f};
// Linear layers behind each other, without a norm or a bounded activation, would grow without one.
const Sgd slow{.learning_rate = 0.01f};

}  // namespace

TEST_CASE("twin: residuals", "[twin]") {
  check_twin<Network<Input<3>, Linear<17>, Residual<Linear<33>, Tanh, Linear<17>>, Tanh,
                     Residual<BatchNorm<>, ReLU, Linear<17>>, Linear<3>, CrossEntropy<>, L2<0.01>>>(
      "between layers", sgd);
  check_twin<Network<Input<7>, Residual<Linear<7>, Tanh>, Residual<Linear<65>, GELU, Linear<7>>,
                     MeanSquaredError>>("of the input and last", sgd);
  check_twin<
      Network<Input<15>, Linear<31>, Residual<ReLU>, Residual<Tanh, Dropout<0.2>>,
              Residual<LayerNorm<>>, Residual<BatchNorm<>, GELU>, Linear<3>, CrossEntropy<>>>(
      "of elementwise items and norms alone", sgd);
  check_twin<Network<Input<16>, Linear<1>, Residual<Linear<1>>, Residual<Tanh>, MeanSquaredError>>(
      "of one feature", sgd);
  check_twin<
      Network<Input<10>, Linear<16>, Residual<Linear<16>, Residual<Tanh, Linear<16>>>,
              Residual<Residual<Residual<Linear<16>>>, ReLU>, Linear<1>, BinaryCrossEntropy<>>>(
      "that end with residuals and begin with them", sgd);
}

TEST_CASE("twin: residuals with a shortcut", "[twin]") {
  check_twin<Network<Input<3>, Residual<Linear<33>, Tanh, Linear<48>, Shortcut<Linear<48, NoBias>>>,
                     Residual<Linear<15>, BatchNorm<>, Shortcut<Linear<15>, LayerNorm<>, Tanh>>,
                     CrossEntropy<>>>("of the input and last", sgd);
  check_twin<Network<
      Input<10>, Linear<17>, Residual<Tanh, Shortcut<Residual<Linear<17>>, BatchNorm<>, SiLU>>,
      Residual<Linear<17>, Tanh, Shortcut<Dropout<0.3>>>, Linear<1>, MeanSquaredError>>(
      "with items of other kinds", sgd);
  check_twin<
      Network<Input<10>, Linear<17>, Residual<Linear<17>, Shortcut<>>,
              Residual<Residual<ReLU>, Shortcut<Residual<Tanh>>>, Linear<3>, CrossEntropy<>>>(
      "empty; both ways residuals", sgd);
}

TEST_CASE("twin: branches", "[twin]") {
  check_twin<Network<Input<3>, Concat<Branch<Linear<17>, Tanh>, Branch<Linear<16>, ReLU>>,
                     Linear<33>, Concat<Branch<>, Branch<Linear<1>>, Branch<GELU, Linear<48>>>,
                     Linear<3>, CrossEntropy<>, L2<0.01>>>("before layers", sgd);
  check_twin<
      Network<Input<7>, Linear<15>, Concat<Branch<Linear<31>>, Branch<Tanh>>, MeanSquaredError>>(
      "last", sgd);
  check_twin<
      Network<Input<7>, Concat<Branch<>, Branch<Linear<10>>, Branch<>>, BatchNorm<>, Linear<17>,
              Concat<Branch<>, Branch<Linear<31>>>, Tanh, LayerNorm<>, Linear<3>, CrossEntropy<>>>(
      "before norms and activations", sgd);
  check_twin<
      Network<Input<10>, Linear<16>, Concat<Branch<>, Branch<Linear<16>, ReLU>>,
              Concat<Branch<>, Branch<Linear<16>, ReLU>>,
              Concat<Branch<>, Branch<BatchNorm<>, Linear<1>, ReLU>>, Linear<3>, CrossEntropy<>>>(
      "dense", sgd);
  check_twin<
      Network<Input<3>, Linear<65>, Concat<Branch<Linear<100>>, Branch<>>,
              Residual<LayerNorm<>, Tanh>, Residual<Linear<165>>, Linear<1>, MeanSquaredError>>(
      "before residuals", slow);
}

TEST_CASE("twin: repetitions", "[twin]") {
  check_twin<Network<Input<10>, Linear<31>, Repeat<3, Linear<31>, LayerNorm<>, Tanh>,
                     Repeat<2, Residual<Linear<31>, GELU>>, Linear<3>, CrossEntropy<>>>(
      "of layers and residuals", sgd);
  check_twin<Network<Input<10>, Repeat<2, Linear<33>>, BatchNorm<>, Repeat<2, Tanh>,
                     Repeat<2, Concat<Branch<>, Branch<Linear<7>, ReLU>>>, Repeat<1, Linear<1>>,
                     MeanSquaredError>>("whose ends go on", sgd);
}

TEST_CASE("twin: norms that freeze into several layers", "[twin]") {
  check_twin<
      Network<Input<10>, Concat<Branch<>, Branch<Linear<7>>>, BatchNorm<>,
              Concat<Branch<Linear<16>, Tanh>, Branch<Linear<33>>>, Linear<3>, CrossEntropy<>>>(
      "behind branches", sgd);
  check_twin<Network<Input<10>, Linear<31>, Tanh, BatchNorm<>, Concat<Branch<>, Branch<Linear<17>>>,
                     Linear<15>, CrossEntropy<>>>("read by two layers", sgd);
  check_twin<Network<Input<10>, Linear<17>, Tanh, BatchNorm<>, Residual<Linear<17>>, ReLU,
                     RunningBatchNorm<>, Linear<48>, CrossEntropy<>>>("and by a sum", sgd);
  check_twin<Network<Input<10>, Standardize, Concat<Branch<>, Branch<Linear<17>>>, Linear<10>,
                     Residual<Linear<10>>, Linear<1>, MeanSquaredError>>("standardized", slow);
  check_twin<Network<Input<33>, Standardize, Residual<Linear<33>, Tanh>, BatchNorm<>, BatchNorm<>,
                     Linear<1>, MeanSquaredError>>("two in a row", sgd);
}

TEST_CASE("twin: nested structures", "[twin]") {
  using Block = Residual<Concat<Branch<Linear<16>, BatchNorm<>, ReLU>,
                                Branch<Residual<Linear<17>, Tanh>, Dropout<0.2>>>,
                         LayerNorm<>, Linear<17>>;
  check_twin<Network<Input<3>, Linear<17>, Repeat<2, Block, Tanh>, Linear<3>, CrossEntropy<>>>(
      "branches in residuals in a repetition", sgd);
  check_twin<Network<
      Input<16>,
      Concat<Branch<Concat<Branch<Linear<1>>, Branch<>>>,
             Branch<Repeat<2, Residual<Linear<16>, Dropout<0.1>>>, Concat<Branch<Tanh>, Branch<>>>,
             Branch<>>,
      Linear<15>, CrossEntropy<>>>("branches in branches", sgd);
  check_twin<Network<Input<7>, Linear<15>,
                     Residual<Concat<Branch<Linear<7>>, Branch<Linear<8>, Tanh>>,
                              Shortcut<Concat<Branch<Linear<1>>, Branch<Linear<14>>>>>,
                     Residual<Concat<Branch<Linear<7>>, Branch<Linear<8>, Tanh>>>, Linear<3>,
                     CrossEntropy<>>>("residuals that end with branches", sgd);
}

}  // namespace test_twin_structures
