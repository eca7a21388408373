#include <array>
#include <memory>

#include "bench/contenders.hpp"
#include "bench/networks.hpp"

namespace lamina::bench {

namespace {

template <class Net>
struct Inference {
  Predictor<Net> predictor = Model<Net>{seed}.freeze();
  Batch<Net> batch;
  std::vector<float> outputs;

  Inference(int rows, float scale)
      : batch(rows, scale), outputs(static_cast<std::size_t>(rows) * Model<Net>::outputs) {}
};

template <class Net>
Contender make_inference(const std::string& name, int rows, float scale = 1) {
  auto inference = std::make_shared<Inference<Net>>(rows, scale);
  return {name, inference_flops<Net>(rows), 1, [inference] {
            inference->predictor(inference->batch.inputs, inference->outputs);
            return inference->outputs.front();
          }};
}

/// Many calls in a row, since a clock reading takes as long as one.
template <int N>
Contender make_one_sample(float scale = 1) {
  constexpr int calls = 1000;
  auto predictor = std::make_shared<Predictor<OneSample<N>>>(Model<OneSample<N>>{seed}.freeze());
  // Made ahead: where nobody flushes denormals, as here, a product that is one takes some 100 ns.
  std::vector<float> values(calls);
  for (int i = 0; i < calls; ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(i) * 1e-3f * scale;
  }
  return {"one sample through " + std::to_string(N) + "-" + std::to_string(N) + "-" +
              std::to_string(N) + "-1 tanh",
          inference_flops<OneSample<N>>(1), calls, [predictor, values] {
            std::array<float, N> sample{};
            float sum = 0;
            for (const float value : values) {
              sample[0] = value;
              sum += (*predictor)(sample)[0];
            }
            return sum;
          }};
}

}  // namespace

Contender fused_inference(int batch) {
  return make_inference<Classifier>("frozen inference", batch);
}

Contender denormal_inference(int batch) {
  return make_inference<Classifier>("frozen inference, denormal inputs", batch, denormal_scale);
}

std::size_t inference_bytes() {
  return plan_of<Classifier>.inference_flops_per_sample / 2 * sizeof(float);
}

Contender small_inference(int batch) {
  return make_inference<SmallRegression>("4-32-16-4 tanh inference", batch);
}

Contender denormal_sample() {
  Contender contender = make_one_sample<16>(denormal_scale);
  contender.name += ", denormal inputs";
  return contender;
}

Contender one_sample(int n) {
  if (n == 4) return make_one_sample<4>();
  if (n == 16) return make_one_sample<16>();
  if (n == 32) return make_one_sample<32>();
  if (n == 64) return make_one_sample<64>();
  throw Error("one_sample: expected 4, 16, 32 or 64, found " + std::to_string(n));
}

}  // namespace lamina::bench
