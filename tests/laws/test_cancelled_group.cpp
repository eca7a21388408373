#include <tbb/parallel_for.h>
#include <tbb/task_group.h>
#include <vector>

#include <lamina/lamina.hpp>

#include "numbers.hpp"
#include "threads.hpp"

// A task group of the caller's that is cancelled does not stop a step, a prediction or the batches
// of a fit halfway: what is begun is done.

namespace test_cancelled_group {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Net = Network<Input<100>, Linear<200>, BatchNorm<>, ReLU, Linear<10>, CrossEntropy<>>;
static_assert(Plan<Net>::multiplications * 128 >= runtime::serial_multiplications);

/// Calls f() inside a task whose group has been cancelled.
template <class F>
void in_cancelled_group(const F& f) {
  on_threads(2, [&] {
    tbb::task_group_context group;
    tbb::parallel_for(
        0, 1,
        [&](int) {
          group.cancel_group_execution();
          f();
        },
        group);
  });
}

struct Done {
  std::vector<Tensor> tensors;
  std::vector<float> outputs;
};

Done steps_and_predictions() {
  const auto inputs = uniform(std::size_t{128} * 100, 1);
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  for (int step = 0; step < 3; ++step) trainer.step(inputs, some_labels(128, 10, 2));
  Done done{model.tensors(), std::vector<float>(1280)};
  model.predict(inputs, done.outputs);
  return done;
}

/// Of 8 batches, which are prefetched where there is a second thread.
std::vector<Tensor> fitted() {
  const Dataset data{100, uniform(std::size_t{1024} * 100, 1), some_labels(1024, 10, 2)};
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  trainer.fit(data, {}, {.epochs = 1, .batch_size = 128}, BatchTransform{[](const auto& batch) {
                for (float& x : batch.inputs) x *= 2;
              }});
  return model.tensors();
}

}  // namespace

TEST_CASE("cancelled group: steps and predictions are whole", "[laws]") {
  const Done expected = steps_and_predictions();
  Done found;
  in_cancelled_group([&] { found = steps_and_predictions(); });
  CHECK(same_bits(found.tensors, expected.tensors));
  CHECK(found.outputs == expected.outputs);
}

TEST_CASE("cancelled group: so are the batches that are loaded ahead", "[laws]") {
  const auto expected = fitted();
  std::vector<Tensor> found;
  in_cancelled_group([&] { found = fitted(); });
  CHECK(same_bits(found, expected));
}

}  // namespace test_cancelled_group
