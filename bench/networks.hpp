#pragma once

#include <random>
#include <vector>

#include <lamina/lamina.hpp>

/// The networks that are measured, and made-up data for them.
namespace lamina::bench {

using Classifier = Network<Input<784>,                                    //
                           Linear<512>, BatchNorm<>, ReLU, Dropout<0.2>,  //
                           Linear<256>, BatchNorm<>, ReLU, Dropout<0.2>,  //
                           Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>;

using PlainClassifier = Network<Input<784>,         //
                                Linear<512>, ReLU,  //
                                Linear<256>, ReLU,  //
                                Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>;

using SmallRegression =
    Network<Input<4>, Linear<32>, Tanh, Linear<16>, Tanh, Linear<4>, MeanSquaredError>;

template <int N>
using OneSample = Network<Input<N>, Linear<N>, Tanh, Linear<N>, Tanh, Linear<1>, MeanSquaredError>;

inline constexpr Seed seed{42};

/// A small rate keeps the numbers ordinary through thousands of steps on the same batch.
inline constexpr Sgd sgd{.learning_rate = 1e-3f, .momentum = 0.9f};
inline constexpr Adam adam{.learning_rate = 1e-3f};

/// What makes denormals of ordinary numbers.
inline constexpr float denormal_scale = 1e-40f;

inline std::vector<float> normal_numbers(std::size_t count) {
  std::mt19937 random{1};
  std::normal_distribution<float> normal;
  std::vector<float> made(count);
  for (float& number : made) number = normal(random);
  return made;
}

/// Inputs and targets of one batch for a network.
template <class Net>
struct Batch {
  using Target = typename Plan<Net>::Loss::Target;
  std::vector<float> inputs;
  std::vector<Target> targets;

  /// `scale`: of the inputs.
  explicit Batch(int rows, float scale = 1)
      : inputs(normal_numbers(static_cast<std::size_t>(rows) * Model<Net>::features)) {
    for (float& input : inputs) input *= scale;
    if constexpr (std::is_same_v<Target, Label>) {
      for (int row = 0; row < rows; ++row) {
        targets.push_back(row % static_cast<int>(Model<Net>::outputs));
      }
    } else {
      targets = normal_numbers(static_cast<std::size_t>(rows) * Model<Net>::outputs);
    }
  }
};

/// Operations of a training step, multiply and add counted apart, padding and epilogues not at all.
template <class Net>
constexpr double step_flops(int rows) {
  return static_cast<double>(plan_of<Net>.flops_per_sample) * rows;
}
template <class Net>
constexpr double inference_flops(int rows) {
  return static_cast<double>(plan_of<Net>.inference_flops_per_sample) * rows;
}

}  // namespace lamina::bench
