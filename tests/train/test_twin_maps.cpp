#include "twin.hpp"

// Class maps against the textbook in double.

namespace test_twin_maps {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("twin: class maps", "[twin]") {
  const Sgd sgd{.learning_rate = 0.05f};
  check_twin<Network<Input<3, 7, 5>, Conv2d<5, Kernel<3>>, BatchNorm<>, Tanh, Upsample<2>,
                     Conv2d<17, Kernel<1>>, CrossEntropy<IgnoreLabel<2>, LabelSmoothing<0.1>>>>(
      "of images", sgd);
  check_twin<
      Network<Input<2, 19>, Conv1d<33, Kernel<3>, Same>, LayerNorm<>, GELU, Conv1d<3, Kernel<2>>,
              LayerNorm<PerPosition>, CrossEntropy<ClassWeights<1, 0, 3>, IgnoreLabel<0>>>>(
      "of signals", sgd);
}

}  // namespace test_twin_maps
