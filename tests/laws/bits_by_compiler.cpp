// Prints what a few networks have become after some steps, a line each: a name and the bits, as
// hexadecimal digits. bits_by_compiler.py compiles it in several ways and compares the lines.

#include <bit>
#include <cstdint>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include <lamina/lamina.hpp>

namespace {

using namespace lamina;

/// FNV-1a over the bits of numbers.
class Hash {
 public:
  void add(float number) { add_bits(std::bit_cast<std::uint32_t>(number)); }
  void add(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    add_bits(static_cast<std::uint32_t>(bits));
    add_bits(static_cast<std::uint32_t>(bits >> 32));
  }
  void add(std::int64_t number) { add_bits(static_cast<std::uint32_t>(number)); }
  template <class T>
  void add(const std::vector<T>& numbers) {
    for (const T number : numbers) add(number);
  }
  void print(const std::string& name) const {
    std::printf("%s %016llx\n", name.c_str(), static_cast<unsigned long long>(state_));
  }

 private:
  void add_bits(std::uint32_t bits) {
    for (int byte = 0; byte < 4; ++byte) {
      state_ = (state_ ^ (bits >> (8 * byte) & 0xFFu)) * 0x100000001b3u;
    }
  }
  std::uint64_t state_ = 0xcbf29ce484222325u;
};

/// Uniform in [-1, 1), by integers alone.
std::vector<float> numbers(std::size_t count, std::uint32_t state) {
  std::vector<float> made(count);
  for (float& number : made) {
    state = state * 1664525u + 1013904223u;
    number = static_cast<float>(state >> 8) * 0x1p-23f - 1;
  }
  return made;
}

template <class Net>
auto targets(std::size_t rows) {
  using Target = typename Plan<Net>::Loss::Target;
  const auto outputs = static_cast<std::size_t>(Plan<Net>::outputs);
  const auto count =
      static_cast<std::size_t>(kernel::targets_a_row<typename Plan<Net>::Loss>(Plan<Net>::outputs));
  std::vector<Target> made;
  for (const float number : numbers(rows * count, 99)) {
    if constexpr (std::is_same_v<Target, Label>) {
      made.push_back(static_cast<Label>((number + 1) * 0.5f * static_cast<float>(outputs)));
    } else {
      made.push_back((number + 1) * 0.5f);
    }
  }
  return made;
}

template <class Net>
void predict(const std::string& name, const Model<Net>& model) {
  constexpr std::size_t rows = 19;
  const std::vector<float> inputs = numbers(rows * Model<Net>::features, 7);
  std::vector<float> outputs(rows * Model<Net>::outputs);
  model.predict(inputs, outputs);
  Hash predicted;
  predicted.add(outputs);
  predicted.print(name + " predicted");
  const Predictor<Net> frozen = model.freeze();
  frozen(inputs, outputs);
  Hash by_frozen;
  by_frozen.add(outputs);
  by_frozen.print(name + " frozen");
  Hash one;
  for (std::size_t row = 0; row < 3; ++row) {
    std::array<float, Model<Net>::features> sample{};
    std::copy_n(inputs.begin() + static_cast<std::ptrdiff_t>(row * sample.size()), sample.size(),
                sample.begin());
    for (const float output : frozen(sample)) one.add(output);
  }
  one.print(name + " one sample");
}

/// Steps of batches of several sizes: their blocks of rows and groups of samples are not full.
template <class Net, class Optimizer>
void train(const std::string& name, const Optimizer& optimizer,
           const std::vector<std::size_t>& batches = {64, 23, 2, 800, 64, 130}) {
  Model<Net> model{Seed{5}};
  Hash losses;
  Hash start;
  const auto add_parameters = [&](Hash& hash) {
    for (const Tensor& tensor : model.tensors()) {
      std::visit([&](const auto& values) { hash.add(values); }, tensor.values);
    }
  };
  add_parameters(start);
  start.print(name + " initial");
  Trainer trainer{model, optimizer};
  for (const std::size_t rows : batches) {
    const auto inputs = numbers(rows * Model<Net>::features, static_cast<std::uint32_t>(rows));
    losses.add(trainer.step(inputs, targets<Net>(rows)));
    losses.add(trainer.penalty());
  }
  Hash trained;
  add_parameters(trained);
  trained.print(name + " trained");
  losses.print(name + " losses");
  predict(name, model);
}

// Layers of one panel and of several, of panels that differ with the width of a register, and of
// features that fill none of them.
using Classifier = Network<Input<100>, Linear<81>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<40>,
                           RunningBatchNorm<>, SELU, AlphaDropout<0.1>, Linear<5>,
                           CrossEntropy<LabelSmoothing<0.1>>, L2<1e-3>, L1<1e-4>>;
using Norms = Network<Input<21>, GaussianNoise<0.1>, Linear<80>, LayerNorm<>, GELU,
                      Residual<Linear<80>, GroupNorm<5>, SiLU>,
                      Concat<Branch<Linear<33>, RMSNorm<>, GELUTanh>, Branch<GaussianDropout<0.2>>>,
                      Linear<70>, Softplus<>, Linear<3>, MeanSquaredError>;
using Narrow = Network<Input<5>, Linear<32>, Tanh, Linear<17>, Sigmoid, Linear<2>, Huber<0.3>>;
using Normed = Network<Input<30>, Linear<70, WeightNorm, LearningRate<0.5>>, ELU<>,
                       Linear<20, MaxNorm<0.9>>, LeakyReLU<>, Linear<6>, BinaryCrossEntropy<>,
                       ElasticNet<1e-4, 1e-3>, WeightDecay<1e-2>>;
using Own = Network<Input<12>, Linear<24>,
                    Elementwise<[](auto x) { return x * tanh(softplus(x)) - 0.1 * x * x / 3; }>,
                    Linear<7, WeightNorm>, Tanh, Linear<1>,
                    Loss<[](auto x, auto t) { return log(1 + (x - t) * (x - t)) - 0.1 * x * t; }>,
                    Penalty<[](auto w) { return w * w / (1 + w * w); }, 1e-3>>;

// Images and signals: positions that fill no group of random bits, channels that fill no register.
using Images = Network<Input<3, 7, 9>, Conv2d<18, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU,
                       MaxPool<2>, SpatialDropout<0.2>,
                       Residual<Conv2d<18, Kernel<3>, Same, Groups<6>>, GroupNorm<3>, SiLU>,
                       ConvTranspose2d<70, Kernel<2>, Stride<2>>, LayerNorm<PerElement>, GELU,
                       Conv2d<5, Kernel<3>>, Flatten, Linear<4>, CrossEntropy<>, L2<1e-3>>;

// Samples in the lanes up to the Flatten: lines that are no multiple of a tile, lanes without one.
using Front = Network<Input<2, 11, 13>, Conv2d<5, Kernel<3>, Padding<1>>, GELU, MaxPool<2>,
                      Conv2d<13, Kernel<2>>, Tanh, Flatten, Linear<4>, CrossEntropy<>, L2<1e-3>>;
static_assert(runtime::front<Front>.count > 0);

// Weights about as many as a sweep takes, of which registers of eight floats need fewer; samples of
// which a sweep takes fewer at a time than a block has.
using Sweeps = Network<Input<3, 6, 6>, Conv2d<160, Kernel<1>>, ReLU,
                       Conv2d<160, Kernel<3>, Stride<2>, Padding<1>>, BatchNorm<>, Flatten,
                       Linear<4>, CrossEntropy<>>;

/// The rules of all optimizers, on registers of their own.
template <class Optimizer>
void step_alone(const std::string& name, const Optimizer& optimizer) {
  using simd::Register;
  constexpr std::size_t count = 64;
  std::vector<float> weights = numbers(count, 3);
  Hash hash;
  for (std::size_t i = 0; i < count; i += simd::lanes) {
    Register weight = Register::load_unaligned(weights.data() + i);
    Register state[Optimizer::slots];
    for (Register& slot : state) slot = Register(0.0f);
    for (std::int64_t step = 1; step < 30; ++step) {
      const auto gradients = numbers(count, static_cast<std::uint32_t>(step));
      weight = optimizer.rule(step * step, true)(
          weight, Register::load_unaligned(gradients.data() + i), state);
    }
    weight.store_first(weights.data() + i, simd::lanes);
  }
  hash.add(weights);
  hash.print(name);
}

}  // namespace

int main() {
  train<Classifier>("classifier", Adam{});
  train<Norms>("norms", ClipByNorm{ClipByValue{Nadam{}, 0.1f}, 0.5f});
  train<Narrow>("narrow", AdamW{});
  train<Normed>("normed", Average{RmsProp{.momentum = 0.9f, .centered = true}, 0.9f});
  train<Own>("own", ClipByNorm{Accumulate{Sgd{.learning_rate = 0.1f, .momentum = 0.9f}, 2}, 0.1f});
  train<Images>("images", ClipByNorm{Adam{}, 0.5f});
  train<Front>("front", Adam{});
  train<Sweeps>("sweeps", Sgd{.learning_rate = 0.1f}, {2u, 23u});
  step_alone("Sgd", Sgd{.learning_rate = 0.1f, .momentum = 0.9f, .nesterov = true});
  step_alone("Adam", Adam{});
  step_alone("AdamW", AdamW{});
  step_alone("Nadam", Nadam{});
  step_alone("RmsProp", RmsProp{.momentum = 0.5f, .centered = true});
  step_alone("Adagrad", Adagrad{.lr_decay = 0.01f});
  step_alone("Lion", Lion{});
}
