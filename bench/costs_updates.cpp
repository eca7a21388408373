#include "bench/costs.hpp"
#include "bench/training.hpp"

namespace lamina::bench {

namespace {

/// The classifier with something that holds for all its weights.
template <class... Items>
using With =
    Network<Input<784>, Linear<512>, ReLU, Linear<256>, ReLU, Linear<10>, CrossEntropy<>, Items...>;
using Slower = Network<Input<784>, Linear<512, LearningRate<0.1>>, ReLU, Linear<256>, ReLU,
                       Linear<10>, CrossEntropy<>>;
using Heavy = Penalty<[](auto w) { return log(1 + w * w); }, 1e-4>;

}  // namespace

std::vector<CostGroup> weight_costs(int batch) {
  return {{"penalties, decay and constraints",
           1.05,
           {make_step<With<>>("none", sgd, batch), make_step<With<L1<1e-5>>>("L1", sgd, batch),
            make_step<With<L2<5e-4>>>("L2", sgd, batch),
            make_step<With<ElasticNet<1e-5, 5e-4>>>("ElasticNet", sgd, batch),
            make_step<With<WeightDecay<5e-4>>>("WeightDecay", sgd, batch),
            make_step<With<NonNegative>>("NonNegative", sgd, batch),
            make_step<With<MaxNorm<3.0>>>("MaxNorm<3>", sgd, batch),
            make_step<With<UnitNorm>>("UnitNorm", sgd, batch),
            make_step<Slower>("LearningRate of a layer", sgd, batch)}},
          {"a penalty of one's own, with a logarithm a weight",
           0,
           {make_step<With<>>("none", sgd, batch), make_step<With<Heavy>>("Penalty", sgd, batch)}}};
}

std::vector<CostGroup> optimizer_costs(int batch) {
  using Net = With<>;
  return {{"optimizers",
           0,
           {make_step<Net>("Sgd", sgd, batch), make_step<Net>("Adagrad", Adagrad{}, batch),
            make_step<Net>("RmsProp", RmsProp{}, batch), make_step<Net>("Adam", adam, batch),
            make_step<Net>("AdamW", AdamW{}, batch), make_step<Net>("Nadam", Nadam{}, batch),
            make_step<Net>("Lion", Lion{}, batch)}},
          {"around Sgd",
           0,
           {make_step<Net>("Sgd", sgd, batch),
            make_step<Net>("ClipByValue", ClipByValue{sgd, 1.0f}, batch),
            make_step<Net>("ClipByNorm", ClipByNorm{sgd, 1.0f}, batch),
            make_step<Net>("Average", Average{sgd, 0.999f}, batch),
            make_step<Net>("Accumulate over 4", Accumulate{sgd, 4}, batch)}}};
}

}  // namespace lamina::bench
