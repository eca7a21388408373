#include "twin.hpp"

// Networks with dropout against the textbook in double, with the same masks.

namespace test_twin_dropout {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("twin: dropout behind and before activations", "[twin]") {
  check_twin<Network<Input<10>, Linear<33>, ReLU, Dropout<0.2>, Linear<10>, CrossEntropy<>>>(
      "relu, dropout");
  check_twin<
      Network<Input<10>, Linear<17>, Dropout<0.3>, ReLU, Dropout<0.5>, Linear<3>, CrossEntropy<>>>(
      "dropout, relu, dropout");
  check_twin<Network<Input<3>, Linear<100>, Tanh, Dropout<0.5>, Linear<17>, GELU, Dropout<0.2>,
                     Linear<1>, MeanSquaredError>>("tanh, dropout; gelu, dropout");
  check_twin<Network<Input<17>, Linear<33>, SELU, Dropout<0.1>, Linear<17>, Dropout<0.4>, ELU<>,
                     Linear<10>, LeakyReLU<0.2>, Dropout<0.3>, Linear<3>, BinaryCrossEntropy<>>>(
      "selu, elu, leak");
  check_twin<Network<Input<10>, Linear<17>, Softplus<>, Dropout<0.3>, Sigmoid, Dropout<0.2>,
                     Linear<3>, MeanSquaredError>>("between activations");
}

TEST_CASE("twin: dropout alone, twice, never and last", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, Dropout<0.4>, Linear<3>, CrossEntropy<>>>("alone");
  check_twin<Network<Input<10>, Linear<17>, Dropout<0.4>, Dropout<0.3>, Linear<10>, Tanh,
                     Dropout<0.2>, Dropout<0.1>, Linear<3>, CrossEntropy<>>>("twice");
  check_twin<Network<Input<10>, Linear<17>, Dropout<0.0>, BatchNorm<>, Dropout<0.0>, ReLU,
                     Linear<3>, CrossEntropy<>>>("never");
  check_twin<Network<Input<10>, Linear<100>, Dropout<0.5>, MeanSquaredError>>("last");
  check_twin<Network<Input<10>, Linear<17>, ReLU, Dropout<0.5>, CrossEntropy<>>>("last, relu");
}

TEST_CASE("twin: dropout and batch normalization", "[twin]") {
  check_twin<
      Network<Input<100>, Linear<70>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<33>, BatchNorm<>,
              ReLU, Dropout<0.2>, Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>>(
      "classifier");
  check_twin<Network<Input<10>, Linear<33>, Dropout<0.2>, BatchNorm<>, Dropout<0.3>, Linear<3>,
                     MeanSquaredError>>("dropout, bn, dropout");
  check_twin<Network<Input<10>, Linear<33>, BatchNorm<>, GELU, Dropout<0.2>, BatchNorm<>, Tanh,
                     Dropout<0.3>, Linear<3>, CrossEntropy<>>>("bn, gelu, dropout, bn, tanh");
}

}  // namespace test_twin_dropout
