#include "bench/costs.hpp"
#include "bench/training.hpp"

namespace lamina::bench {

namespace {

/// The classifier with something after each of its hidden layers.
template <class... Items>
using With = Network<Input<784>, Linear<512>, Items..., ReLU, Linear<256>, Items..., ReLU,
                     Linear<10>, CrossEntropy<>>;
/// The same behind the activations.
template <class... Items>
using Behind = Network<Input<784>, Linear<512>, ReLU, Items..., Linear<256>, ReLU, Items...,
                       Linear<10>, CrossEntropy<>>;
using Standardized = Network<Input<784>, Standardize, Linear<512>, ReLU, Linear<256>, ReLU,
                             Linear<10>, CrossEntropy<>>;
using WeightNormed = Network<Input<784>, Linear<512, WeightNorm>, ReLU, Linear<256, WeightNorm>,
                             ReLU, Linear<10>, CrossEntropy<>>;

template <class Activation, class... Items>
using After = Network<Input<784>, Linear<512>, Activation, Items..., Linear<256>, Activation,
                      Items..., Linear<10>, CrossEntropy<>>;

using Chained = Network<Input<784>, Linear<512>, ReLU, Linear<512>, ReLU, Linear<256>, ReLU,
                        Linear<10>, CrossEntropy<>>;
using Skipping = Network<Input<784>, Linear<512>, ReLU, Residual<Linear<512>, ReLU>, Linear<256>,
                         ReLU, Linear<10>, CrossEntropy<>>;
using Branched = Network<Input<784>, Concat<Branch<Linear<256>, ReLU>, Branch<Linear<256>, ReLU>>,
                         Linear<256>, ReLU, Linear<10>, CrossEntropy<>>;

}  // namespace

std::vector<CostGroup> norm_costs(int batch) {
  return {{"norms",
           1.10,
           {make_step<With<>>("none", sgd, batch),
            make_step<With<BatchNorm<>>>("BatchNorm", sgd, batch),
            make_step<With<RunningBatchNorm<>>>("RunningBatchNorm", sgd, batch),
            make_step<With<LayerNorm<>>>("LayerNorm", sgd, batch),
            make_step<With<RMSNorm<>>>("RMSNorm", sgd, batch),
            make_step<With<GroupNorm<8>>>("GroupNorm<8>", sgd, batch),
            make_step<WeightNormed>("WeightNorm", sgd, batch),
            make_step<Standardized>("Standardize", sgd, batch)}}};
}

std::vector<CostGroup> noise_and_structure_costs(int batch) {
  return {{"noise",
           0,
           {make_step<With<>>("none", sgd, batch),
            make_step<Behind<Dropout<0.2>>>("Dropout", sgd, batch),
            make_step<Behind<GaussianNoise<0.1>>>("GaussianNoise", sgd, batch),
            make_step<Behind<GaussianDropout<0.2>>>("GaussianDropout", sgd, batch)}},
          {"noise behind SELU",
           0,
           {make_step<After<SELU>>("SELU alone", sgd, batch),
            make_step<After<SELU, AlphaDropout<0.1>>>("AlphaDropout", sgd, batch)}},
          {"a residual over the same layers in a row",
           0,
           {make_step<Chained>("none", sgd, batch), make_step<Skipping>("Residual", sgd, batch)}},
          {"branches over one layer of the same size",
           0,
           {make_step<With<>>("none", sgd, batch), make_step<Branched>("Concat", sgd, batch)}}};
}

}  // namespace lamina::bench
