// Many items together in one network: what each of them adds on Fashion-MNIST.

#include <iostream>
#include <string>

#include "figures.hpp"

namespace lamina::figures {

namespace {

using Plain = Network<Input<784>,         //
                      Linear<256>, ReLU,  //
                      Linear<128>, ReLU,  //
                      Linear<10>, CrossEntropy<>>;

using WithStandardize = Network<Input<784>, Standardize,  //
                                Linear<256>, ReLU,        //
                                Linear<128>, ReLU,        //
                                Linear<10>, CrossEntropy<>>;

using WithNorm = Network<Input<784>, Standardize,         //
                         Linear<256>, BatchNorm<>, ReLU,  //
                         Linear<128>, BatchNorm<>, ReLU,  //
                         Linear<10>, CrossEntropy<>>;

using WithResidual = Network<Input<784>, Standardize,                   //
                             Linear<256>, BatchNorm<>, ReLU,            //
                             Linear<128>, BatchNorm<>, ReLU,            //
                             Residual<Linear<128>, BatchNorm<>, ReLU>,  //
                             Linear<10>, CrossEntropy<>>;

using WithDropout = Network<Input<784>, Standardize,                        //
                            Linear<256>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                            Linear<128>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                            Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                            Linear<10>, CrossEntropy<>>;

using WithSmoothing = Network<Input<784>, Standardize,                        //
                              Linear<256>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                              Linear<128>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                              Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                              Linear<10>, CrossEntropy<LabelSmoothing<0.1>>>;

using WithDecay = Network<Input<784>, Standardize,                        //
                          Linear<256>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                          Linear<128>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                          Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                          Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, WeightDecay<5e-4>>;

using WithConstraint = Network<Input<784>, Standardize,                        //
                               Linear<256>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                               Linear<128>, BatchNorm<>, ReLU, Dropout<0.15>,  //
                               Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                               Linear<10, MaxNorm<2.0>, Init<Orthogonal<>>>,   //
                               CrossEntropy<LabelSmoothing<0.1>>, WeightDecay<5e-4>>;

const OneCycle cycle{.max_learning_rate = 0.1f};
const FitOptions options{.epochs = 8, .batch_size = 128};

void add(const char* name, const Evaluation& result, Results& table) {
  table.add(name, "test accuracy in %", 100 * result.accuracy);
  std::cout << name << ": " << 100 * result.accuracy << '\n';
}

template <class Net>
void run(const char* name, const Split& data, Results& table) {
  for (const std::uint64_t seed : seeds) {
    add(name, evaluate(train<Net>(seed, data, Sgd{}, options, cycle).model, data.test), table);
  }
}

}  // namespace

void combinations(const Place& place) {
  const Split data = images(place, 60'000);
  Results table("784-256-128-10, 8 epochs");
  run<Plain>("plain: Linear, ReLU", data, table);
  run<WithStandardize>("+ Standardize", data, table);
  run<WithNorm>("+ BatchNorm<>", data, table);
  run<WithResidual>("+ Residual<Linear<128>, BatchNorm<>, ReLU>", data, table);
  run<WithDropout>("+ Dropout<0.15>", data, table);
  run<WithSmoothing>("+ LabelSmoothing<0.1>", data, table);
  run<WithDecay>("+ WeightDecay<5e-4>", data, table);
  run<WithConstraint>("+ MaxNorm<2.0> and Orthogonal in the last layer", data, table);
  for (const std::uint64_t seed : seeds) {
    Model<WithConstraint> model{Seed{seed}};
    Trainer trainer{model, Average{ClipByNorm{Sgd{}, 5.0f}, 0.999f}};
    trainer.fit(data.train, {}, options, cycle);
    add("+ ClipByNorm and Average", evaluate(trainer.average(), data.test), table);
  }
  table.save_markdown(place.results / "combinations.md", {.digits = 2});
}

}  // namespace lamina::figures
