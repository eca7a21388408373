// Many items together in one network: what each of them adds on Fashion-MNIST.

#include <cstdint>
#include <initializer_list>
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
                            Linear<256>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                            Linear<128>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                            Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                            Linear<10>, CrossEntropy<>>;

using WithSmoothing = Network<Input<784>, Standardize,                        //
                              Linear<256>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                              Linear<128>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                              Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                              Linear<10>, CrossEntropy<LabelSmoothing<0.1>>>;

using All = Network<Input<784>, Standardize,                        //
                    Linear<256>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                    Linear<128>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                    Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                    Linear<10, MaxNorm<2.0>, Init<Orthogonal<>>>,   //
                    CrossEntropy<LabelSmoothing<0.1>>, WeightDecay<5e-4>>;

// The differences are small: more seeds than elsewhere.
constexpr std::initializer_list<std::uint64_t> many_seeds{1, 2, 3, 4, 5};
const OneCycle cycle{.max_learning_rate = 0.1f};
const FitOptions options{.epochs = 12, .batch_size = 128};

void add(const char* name, const Evaluation& result, Results& table) {
  table.add(name, "test accuracy in %", 100 * result.accuracy);
}

template <class Net>
void run(const char* name, const Split& data, Results& table) {
  for (const std::uint64_t seed : many_seeds) {
    add(name, evaluate(train<Net>(seed, data, Sgd{}, options, cycle).model, data.test), table);
  }
}

}  // namespace

void combinations(const Place& place) {
  const Split data = images(place, 60'000);
  Results table("784-256-128-10, 12 epochs");
  run<Plain>("plain: Linear, ReLU", data, table);
  run<WithStandardize>("+ Standardize", data, table);
  run<WithNorm>("+ BatchNorm<>", data, table);
  run<WithResidual>("+ Residual<Linear<128>, BatchNorm<>, ReLU>", data, table);
  run<WithDropout>("+ Dropout<0.05>", data, table);
  run<WithSmoothing>("+ LabelSmoothing<0.1>", data, table);
  run<All>("+ WeightDecay<5e-4>; last layer MaxNorm<2.0>, Init<Orthogonal<>>", data, table);
  for (const std::uint64_t seed : many_seeds) {
    Model<All> model{Seed{seed}};
    Trainer trainer{model, Average{ClipByNorm{Sgd{}, 5.0f}, 0.99f}};
    trainer.fit(data.train, {}, options, cycle);
    add("+ ClipByNorm and Average", evaluate(trainer.average(), data.test), table);
  }
  table.save_markdown(place.results / "combinations.md", {.digits = 2});
  std::cout << table.markdown({.digits = 2}) << std::flush;  // for the README
}

}  // namespace lamina::figures
