#pragma once

#include <functional>
#include <string>

/// What is measured, each behind one call: the benchmarks, the table and the program's demo take
/// their choice of these, and each is compiled once.
///
/// Networks: the classifier 784-512-256-10 with BatchNorm, ReLU, Dropout<0.2>, smoothed labels,
/// momentum and L2; the same with bias and ReLU alone; the small regression 4-32-16-4 with tanh and
/// Adam; and n-n-n-1 with tanh for one sample at a time.
namespace lamina::bench {

/// One thing to measure. It owns its model and its data.
struct Contender {
  std::string name;
  double flops = 0;            ///< useful operations of a call; 0 where they are not counted
  int calls = 1;               ///< of the thing measured in one `run`, for very short ones
  std::function<float()> run;  ///< returns something that depends on the result
};

/// A training step of the classifier on the engine.
Contender fused_step(int batch);
/// The same network without BatchNorm and Dropout: what is left is bias and ReLU.
Contender plain_step(int batch);
/// The same on inputs that are denormal, and so are gradients.
Contender denormal_step(int batch);
/// The classifier's step in textbook loops.
Contender textbook_step(int batch);
/// The classifier's step layer at a time on Eigen.
Contender eigen_step(int batch);

/// Inference by the frozen classifier.
Contender fused_inference(int batch);
/// The same on inputs that are denormal.
Contender denormal_inference(int batch);
Contender textbook_inference(int batch);
Contender eigen_inference(int batch);
/// Bytes of weights that inference of one sample reads.
std::size_t inference_bytes();

/// A training step of the small regression network: an epoch, where the batch is all samples.
Contender small_step(int batch);
Contender small_inference(int batch);
/// One sample through n-n-n-1 with tanh, n one of 4, 16, 32 and 64.
Contender one_sample(int n);
/// One sample through 16-16-16-1 whose numbers are denormal.
Contender denormal_sample();

}  // namespace lamina::bench
