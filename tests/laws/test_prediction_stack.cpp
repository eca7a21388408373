#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <pthread.h>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/lamina.hpp>

#include "numbers.hpp"
#include "threads.hpp"

// A prediction needs at most 16 KiB of stack, one sample or a batch, and says how much.

namespace test_prediction_stack {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Tiny = Network<Input<4>, Linear<4>, Tanh, Linear<4>, Tanh, Linear<1>, MeanSquaredError>;
using Readme =
    Network<Input<784>, Linear<512>, ReLU, Linear<256>, ReLU, Linear<10>, CrossEntropy<>>;
using Wide = Network<Input<16>, Linear<32>, ReLU, Linear<100000>, CrossEntropy<>>;
/// Few weights for the width of its values: the code for one sample would keep 40 KiB of them.
using Flat = Network<Input<1>, Linear<5000>, Tanh, MeanSquaredError>;
using Structures =
    Network<Input<100>, Residual<Linear<100>, LayerNorm<>, ReLU>, Linear<130>, BatchNorm<>,
            Concat<Branch<>, Branch<Linear<70>, RunningBatchNorm<>, GELU>, Branch<Linear<33>>>,
            BatchNorm<>, Repeat<2, Residual<Linear<233>, GroupNorm<1>, Tanh>>, Linear<10>>;
using Images = Network<Input<1, 12, 12>, Conv2d<6, Kernel<5>>, ReLU, MaxPool<2>,
                       Conv2d<20, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU, Flatten, Linear<10>>;

static_assert(plan_of<Tiny>.stack_bytes <= 16384);
static_assert(plan_of<Readme>.stack_bytes <= 16384);
static_assert(plan_of<Wide>.stack_bytes <= 16384);
static_assert(plan_of<Flat>.stack_bytes <= 16384);
static_assert(plan_of<Structures>.stack_bytes <= 16384);
static_assert(plan_of<Images>.stack_bytes <= 16384);

// What is not optimized, or looked at by a sanitizer, takes more.
#if defined(__has_feature)
#define LAMINA_SANITIZER(name) __has_feature(name)
#else
#define LAMINA_SANITIZER(name) 0
#endif
#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    LAMINA_SANITIZER(address_sanitizer) || LAMINA_SANITIZER(thread_sanitizer) ||               \
    LAMINA_SANITIZER(memory_sanitizer) || LAMINA_SANITIZER(undefined_behavior_sanitizer)
constexpr std::size_t times = 16;
#else
constexpr std::size_t times = 1;
#endif
#undef LAMINA_SANITIZER

/// Bytes of stack that work() takes in a thread of its own, whose stack is painted before.
template <class Work>
std::size_t stack_of(const Work& work) {
  constexpr std::size_t size = std::size_t{1} << 20;
  constexpr unsigned char paint = 0xa5;
  struct Run {
    const Work& work;
    const unsigned char* begin = nullptr;
  } run{work};
  const std::unique_ptr<unsigned char, void (*)(void*)> stack(
      static_cast<unsigned char*>(std::aligned_alloc(4096, size)), std::free);
  std::fill_n(stack.get(), size, paint);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstack(&attributes, stack.get(), size) == 0);
  pthread_t thread;
  const auto start = [](void* given) -> void* {
    Run& its = *static_cast<Run*>(given);
    its.begin = static_cast<const unsigned char*>(__builtin_frame_address(0));
    its.work();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, start, &run) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const unsigned char* lowest =
      std::find_if(stack.get(), stack.get() + size, [](unsigned char c) { return c != paint; });
  return static_cast<std::size_t>(run.begin - lowest);
}

/// One sample and batches on a thread of their own: within the bound, and the numbers of here.
template <class Net>
void check_stack() {
  constexpr std::size_t features = Model<Net>::features;
  constexpr std::size_t outputs = Model<Net>::outputs;
  constexpr std::size_t bound = times * plan_of<Net>.stack_bytes;
  const Model<Net> model{Seed{3}};
  const Predictor<Net> predictor = model.freeze();
  const std::size_t most = outputs > 1000 ? 5 : 100;
  const auto inputs = uniform(most * features, 1);
  std::vector<float> expected(most * outputs), found(most * outputs);
  predictor(inputs, expected);

  auto result = std::make_unique<std::array<float, outputs>>();
  const std::span<const float, features> sample(inputs.data(), features);
  const std::size_t one = stack_of([&] { *result = predictor(sample); });
  INFO("one sample took " << one << " of " << bound);
  // The array that is returned may lie in the caller twice, as here.
  CHECK(one <= bound + sizeof(*result));
  for (std::size_t i = 0; i < outputs; ++i) {
    if ((*result)[i] != Approx(expected[i]).margin(1e-5)) FAIL_CHECK("output " << i);
  }
  for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, most}) {
    const auto batch = std::span(inputs).first(rows * features);
    const auto results = std::span(found).first(rows * outputs);
    const std::size_t frozen =
        on_threads(1, [&] { return stack_of([&] { predictor(batch, results); }); });
    CHECK(std::equal(results.begin(), results.end(), expected.begin()));
    const std::size_t plain =
        on_threads(1, [&] { return stack_of([&] { model.predict(batch, results); }); });
    INFO(rows << " rows took " << frozen << " frozen, " << plain << " not, of " << bound);
    CHECK(frozen <= bound);
    CHECK(plain <= bound);
  }
}

}  // namespace

TEST_CASE("prediction stack: a prediction takes no more than the plan says", "[laws]") {
  check_stack<Tiny>();
  check_stack<Readme>();
  check_stack<Wide>();
  check_stack<Flat>();
  check_stack<Structures>();
  check_stack<Images>();
}

namespace {

/// Calls f() while all blocks are in use.
template <class F>
void with_all_claimed(const runtime::InferenceScratch& scratch, const F& f) {
  if (const auto claim = scratch.claim()) {
    with_all_claimed(scratch, f);
  } else {
    f();
  }
}

}  // namespace

TEST_CASE("prediction stack: more threads than blocks go on in small steps", "[laws]") {
  static_assert(InferenceMemory<Readme>::stack_rows < 10 && InferenceMemory<Readme>::rows > 10);
  const Model<Readme> model{Seed{3}};
  const runtime::InferenceScratch scratch(InferenceMemory<Readme>::kept_floats);
  const auto inputs = uniform(std::size_t{20} * 784, 1);
  std::vector<float> expected(200), found(200);
  model.predict(inputs, expected);
  with_all_claimed(scratch, [&] {
    runtime::infer<Readme>(model.inference_pass(), scratch, inputs.data(), found.data(), 20);
  });
  CHECK(found == expected);
  // All were given back.
  std::size_t free = 0;
  const auto count = [&](const auto& self) -> void {
    if (const auto claim = scratch.claim()) {
      ++free;
      self(self);
    }
  };
  count(count);
  CHECK(free == std::max(1u, std::thread::hardware_concurrency()));
}

TEST_CASE("prediction stack: where a row is too wide for it a thread waits for a block", "[laws]") {
  static_assert(InferenceMemory<Wide>::stack_rows == 0);
  const Model<Wide> model{Seed{3}};
  const runtime::InferenceScratch scratch(InferenceMemory<Wide>::kept_floats);
  const auto inputs = uniform(16, 1);
  std::vector<float> expected(100000), found(100000);
  model.predict(inputs, expected);
  std::thread other;
  with_all_claimed(scratch, [&] {
    other = std::thread([&] {
      runtime::infer<Wide>(model.inference_pass(), scratch, inputs.data(), found.data(), 1);
    });
  });
  other.join();
  CHECK(found == expected);
}

TEST_CASE("prediction stack: copies, and what was moved from, predict the same", "[laws]") {
  const Model<Readme> model{Seed{3}};
  const auto inputs = uniform(std::size_t{20} * 784, 1);
  const std::span<const float, 784> sample(inputs.data(), 784);
  std::vector<float> expected(200);
  Predictor<Readme> first = model.freeze();
  first(inputs, expected);
  const auto one = first(sample);
  const auto check = [&](const Predictor<Readme>& predictor) {
    std::vector<float> found(200);
    predictor(inputs, found);
    CHECK(found == expected);
    CHECK(predictor(sample) == one);
  };
  static_assert(std::is_nothrow_move_constructible_v<Predictor<Readme>>);
  Predictor<Readme> copy = first;
  check(copy);
  const Predictor<Readme> moved = std::move(first);
  check(moved);
  check(first);  // NOLINT: that it may be used is what is tested
  Predictor<Readme> other = Model<Readme>{Seed{4}}.freeze();
  other = std::move(copy);
  check(other);
  check(copy);  // NOLINT
  first = other;
  check(first);
  const Predictor<Tiny> small = Model<Tiny>{Seed{1}}.freeze();
  Predictor<Tiny> from = small;
  const Predictor<Tiny> to = std::move(from);
  const std::array<float, 4> four{0.1f, 0.2f, 0.3f, 0.4f};
  CHECK(to(four) == small(four));
  CHECK(from(four) == small(four));  // NOLINT
}

}  // namespace test_prediction_stack
