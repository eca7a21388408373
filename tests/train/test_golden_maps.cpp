#include "golden_run.hpp"

// Runs of 20 steps on images and signals whose targets have positions: class maps, probabilities,
// images.

namespace test_golden_maps {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Ignore = IgnoreLabel<255>;
using Weights = ClassWeights<0.5, 1.0, 2.0, 1.5, 0.25>;
using Positive = PositiveWeight<0.5, 1.0, 2.0, 1.5, 0.25>;

template <class Loss>
using Image = Network<Input<3, 5, 7>, Conv2d<6, Kernel<3>, Padding<1>>, Tanh,
                      Conv2d<5, Kernel<3>, Padding<1>>, Loss>;

template <class Net>
void follow(const std::string& network, const std::string& variant, const std::string& targets) {
  static const Golden golden("runs_maps");
  follow_run<Net>(golden, network, variant, Sgd{.learning_rate = 0.1f, .momentum = 0.9f},
                  {.targets = targets, .data = "runs_maps_data"});
}

}  // namespace

TEST_CASE("20 steps by class maps follow PyTorch", "[training]") {
  follow<Image<CrossEntropy<>>>("image", "labels", "labels");
  follow<Image<CrossEntropy<Ignore>>>("image", "ignored", "ignored");
  follow<Image<CrossEntropy<Weights>>>("image", "weighted", "labels");
  follow<Image<CrossEntropy<Weights, LabelSmoothing<0.1>, Ignore>>>("image", "all", "ignored");
}

TEST_CASE("20 steps by class maps of many classes and of signals follow PyTorch", "[training]") {
  follow<Network<Input<3, 5, 7>, Conv2d<6, Kernel<3>, Padding<1>>, Tanh, Conv2d<21, Kernel<1>>,
                 CrossEntropy<Ignore, LabelSmoothing<0.1>>>>("wide", "ignored", "ignored");
  follow<Network<Input<3, 35>, Conv1d<6, Kernel<5>, Padding<2>>, Tanh, Conv1d<5, Kernel<1>>,
                 CrossEntropy<Ignore>>>("signal", "ignored", "ignored");
}

TEST_CASE("20 steps by images as targets follow PyTorch", "[training]") {
  follow<Image<CrossEntropy<SoftTargets, Weights, LabelSmoothing<0.1>>>>("image", "soft",
                                                                         "probabilities");
  follow<Image<BinaryCrossEntropy<Positive>>>("image", "binary", "probabilities");
  follow<Image<MeanSquaredError>>("image", "squared", "values");
}

}  // namespace test_golden_maps
