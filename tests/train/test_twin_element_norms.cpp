#include "twin.hpp"

// Norms with a scale and a shift of every value against the textbook in double.

namespace test_twin_element_norms {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Normalized values are of order 1 whatever the weights are.
const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: layer normalization with a scale of every value", "[twin]") {
  // Chains that read their inputs, their outputs, nothing; at the end of a stage and before a sum.
  check_twin<Network<Input<1, 5, 7>, Conv2d<17, Kernel<3>>, LayerNorm<PerElement>, GELU,
                     Conv2d<6, Kernel<2>>, LayerNorm<PerElement>, Tanh,
                     Residual<LayerNorm<PerElement>, SiLU>, MaxPool<2, Stride<1>>,
                     LayerNorm<PerElement>, Flatten, Linear<3>, CrossEntropy<>>>("of images", sgd);
  check_twin<Network<Input<3, 5, 3>, Conv2d<65, Kernel<2>>, LayerNorm<PerElement, Epsilon<1e-3>>,
                     SiLU, Dropout<0.2>, Conv2d<1, Kernel<1>>, RMSNorm<PerElement>,
                     Residual<Conv2d<1, Kernel<1>>, LayerNorm<PerElement>>, Flatten, Linear<3>,
                     CrossEntropy<>>>("of panels and of one channel", sgd);
  check_twin<Network<Input<2, 9>, Conv1d<33, Kernel<3>>, RMSNorm<PerElement>, GELU,
                     Concat<Branch<>, Branch<Conv1d<7, Kernel<3>, Same>>>,
                     LayerNorm<PerElement, NoAffine>, Conv1d<4, Kernel<7>>, LayerNorm<PerElement>,
                     Flatten, LayerNorm<PerElement>, Linear<1>, MeanSquaredError>>("of signals",
                                                                                   sgd);
  check_twin<
      Network<Input<2, 3, 4>, Conv2d<5, Kernel<2>>, LayerNorm<PerElement>, MeanSquaredError>>(
      "at the end", sgd);
}

}  // namespace test_twin_element_norms
