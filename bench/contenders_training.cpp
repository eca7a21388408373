#include "bench/training.hpp"

namespace lamina::bench {

Contender fused_step(int batch) {
  static_assert(plan_of<Classifier>.flops_per_sample == 2 * 1'203'712);
  return make_step<Classifier>("fused step", sgd, batch);
}

Contender plain_step(int batch) {
  return make_step<PlainClassifier>("fused step, bias and ReLU alone", sgd, batch);
}

Contender denormal_step(int batch) {
  return make_step<PlainClassifier>("fused step, bias and ReLU alone, denormal inputs", sgd, batch,
                                    denormal_scale);
}

Contender small_step(int batch) {
  return make_step<SmallRegression>("4-32-16-4 tanh step", adam, batch);
}

}  // namespace lamina::bench
