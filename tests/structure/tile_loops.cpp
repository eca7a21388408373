#include <lamina/lamina.hpp>

// Networks with panels of every number of registers, and tiles of every height, for
// check_inner_loops.py to disassemble.

using namespace lamina;

using Wide = Network<Input<100>, Linear<512>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<144>, Tanh,
                     Linear<48>, GELU, Linear<32>, ReLU, Linear<10>, CrossEntropy<>, L2<5e-4>>;
using Narrow =
    Network<Input<4>, Linear<32>, Tanh, Linear<16>, Tanh, Linear<4>, MeanSquaredError, L2<1e-3>>;

float step(Trainer<Wide, Sgd>& trainer, std::span<const float> inputs,
           std::span<const Label> labels) {
  return trainer.step(inputs, labels);
}
float step(Trainer<Narrow, Adam>& trainer, std::span<const float> inputs,
           std::span<const float> targets) {
  return trainer.step(inputs, targets);
}
void predict(const Model<Wide>& model, std::span<const float> inputs, std::span<float> outputs) {
  model.predict(inputs, outputs);
}
