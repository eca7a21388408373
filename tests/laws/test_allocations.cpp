#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <thread>

#include <lamina/lamina.hpp>

#include "allocations.hpp"
#include "numbers.hpp"

// A step in the steady state and every prediction allocate nothing.

namespace test_allocations {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Net = Network<Input<100>, Linear<130>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<70>, GELU,
                    AlphaDropout<0.2>, GaussianNoise<0.1>, Linear<10>,
                    CrossEntropy<LabelSmoothing<0.1>>, L2<1e-3>>;

using Structures =
    Network<Input<100>, Residual<Linear<100>, LayerNorm<>, ReLU>, Linear<130>, BatchNorm<>,
            Residual<ReLU, Dropout<0.2>, Linear<130>, RMSNorm<>, Shortcut<Linear<130, NoBias>>>,
            Concat<Branch<>, Branch<Linear<70>, RunningBatchNorm<>, GELU>, Branch<Linear<33>>>,
            BatchNorm<>, Repeat<2, Residual<Linear<233>, GroupNorm<1>, Tanh>>, Linear<10>,
            LayerNorm<>, CrossEntropy<>, L2<1e-3>>;

void keep(void* memory) {
  asm volatile("" : : "r"(memory) : "memory");
}

}  // namespace

TEST_CASE("allocations are counted, in every form and thread", "[allocations]") {
  if (!counts_new()) {
    WARN("allocations are not counted in this build");
    return;
  }
  const long by_new = allocations_by_new();
  CHECK(allocations_of([] {}) == 0);
  CHECK(allocations_of([] { keep(std::make_unique<int>(1).get()); }) == 1);
  CHECK(allocations_of([] { keep(std::make_unique<int[]>(100).get()); }) == 1);
  CHECK(allocations_of([] { keep(AlignedFloats(8).data()); }) >= 1);
  struct alignas(64) Wide {
    char bytes[64];
  };
  CHECK(allocations_of([] { keep(std::make_unique<Wide>().get()); }) == 1);
  CHECK(allocations_of([] {
          int* const number = new (std::nothrow) int;
          keep(number);
          delete number;
        }) == 1);
  CHECK(allocations_by_new() - by_new >= 5);
  const long in_thread = allocations_of([] {
    std::thread([] {
      for (int i = 0; i < 1000; ++i) keep(std::vector<float>(10).data());
    }).join();
  });
  CHECK(in_thread >= 1000);
}

TEST_CASE("allocations by malloc are counted too", "[allocations]") {
#if defined(__GLIBC__)
  const long by_new = allocations_by_new();
  const long counted = allocations_of([] {
    void* const memory = std::malloc(10);
    keep(memory);
    std::free(memory);
  });
  const long new_too = allocations_by_new() - by_new;
  CHECK(new_too == 0);
  // Under a sanitizer malloc is its own, and operator new alone is counted.
  CHECK((counted == 1 || (counted == 0 && !counts_malloc())));
#endif
}

namespace {

/// Allocations of steps of several batch sizes after the first of each, on `threads` threads. TBB
/// keeps a store of tasks for every thread that grows while it gets to know the loops: a few steps.
/// 33 rows are work for threads, 100 are several blocks of rows; what allocates in a step
/// does so in every one.
template <class Net, class Optimizer>
long allocations_of_steps(int threads, int warm_up) {
  constexpr std::size_t most = 100;
  static_assert(Plan<Net>::training_multiplications * 33 >= runtime::serial_multiplications);
  long found = 0;
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    Model<Net> model;
    Trainer trainer{model, Optimizer{}};
    for (const std::size_t rows : std::initializer_list<std::size_t>{16, 64, 33, most}) {
      const auto inputs = uniform(rows * 100, 1);
      const auto labels = some_labels(rows, 10, 2);
      for (int i = 0; i < warm_up; ++i) trainer.step(inputs, labels);
      found += allocations_of([&] {
        for (int i = 0; i < 3; ++i) trainer.step(inputs, labels);
      });
    }
    // Sizes seen before, in any order.
    const auto inputs = uniform(most * 100, 1);
    const auto labels = some_labels(most, 10, 2);
    found += allocations_of([&] {
      for (const std::size_t rows : std::initializer_list<std::size_t>{most, 16, 33, 64, 2, most}) {
        trainer.step(std::span(inputs).first(rows * 100), std::span(labels).first(rows));
      }
    });
  });
  return found;
}

}  // namespace

TEST_CASE("a step allocates nothing after the first of its batch size", "[allocations]") {
  CHECK(allocations_of_steps<Net, Sgd>(1, 1) == 0);
  CHECK(allocations_of_steps<Net, Adam>(1, 1) == 0);
  CHECK(allocations_of_steps<Structures, Sgd>(1, 1) == 0);
}

TEST_CASE("a step on two threads allocates nothing", "[allocations]") {
  CHECK(allocations_of_steps<Net, Sgd>(2, 5) == 0);
  CHECK(allocations_of_steps<Structures, Sgd>(2, 5) == 0);
}

namespace {

template <class Net>
void check_predictions() {
  const Model<Net> model;
  const Predictor<Net> predictor = model.freeze();
  const auto inputs = uniform(std::size_t{300} * 100, 1);
  std::vector<float> results(3000);
  const std::span<const float> one(inputs.data(), 100);
  const std::span<const float, 100> fixed(inputs.data(), 100);
  CHECK(allocations_of([&] { keep(predictor(fixed).data()); }) == 0);
  CHECK(allocations_of([&] { keep(predictor(one).data()); }) == 0);
  CHECK(allocations_of([&] { predictor(one, std::span(results).first(10)); }) == 0);
  CHECK(allocations_of([&] { model.predict(one, std::span(results).first(10)); }) == 0);
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 1);
  for (const std::size_t rows : {2u, 17u, 300u}) {
    const auto batch = std::span(inputs).first(rows * 100);
    const auto outputs = std::span(results).first(rows * 10);
    CHECK(allocations_of([&] { predictor(batch, outputs); }) == 0);
    CHECK(allocations_of([&] { model.predict(batch, outputs); }) == 0);
  }
}

}  // namespace

TEST_CASE("predictions allocate nothing, the first included", "[allocations]") {
  check_predictions<Net>();
  check_predictions<Structures>();
}

TEST_CASE("predictions on two threads allocate nothing", "[allocations]") {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 2);
  tbb::task_arena arena(2);
  arena.execute([] {
    const Model<Net> model;
    const Predictor<Net> predictor = model.freeze();
    const auto inputs = uniform(std::size_t{300} * 100, 1);
    std::vector<float> results(3000);
    for (int i = 0; i < 5; ++i) predictor(inputs, results);
    CHECK(allocations_of([&] {
            for (int i = 0; i < 5; ++i) {
              predictor(inputs, results);
              model.predict(inputs, results);
            }
          }) == 0);
  });
}

}  // namespace test_allocations
