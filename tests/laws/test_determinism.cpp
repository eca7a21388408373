#include <thread>
#include <type_traits>

#include <lamina/lamina.hpp>

#include "numbers.hpp"
#include "threads.hpp"

// Same seed, same data: the same bits, for any number of threads.

namespace test_determinism {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Large enough to run in parallel from the smallest batch here on; the narrow one with 3000 rows.
using Net = Network<Input<100>, Linear<130>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<70>, GELU,
                    Dropout<0.3>, Linear<100>, Tanh, BatchNorm<>, Linear<10>,
                    CrossEntropy<LabelSmoothing<0.1>>, L2<1e-3>>;
using RowLocal = Network<Input<100>, Linear<150>, Tanh, Dropout<0.2>, Linear<70>,
                         GaussianNoise<0.1>, SiLU, Linear<10>, CrossEntropy<>>;
using Rows =
    Network<Input<100>, Linear<150>, LayerNorm<>, GELU, Dropout<0.2>, Linear<70>, GroupNorm<7>,
            Tanh, Linear<100>, RMSNorm<>, Linear<10>, LayerNorm<>, CrossEntropy<>>;
using Structures =
    Network<Input<100>, Residual<Linear<100>, LayerNorm<>, ReLU>, Linear<70>, BatchNorm<>,
            Residual<ReLU, Dropout<0.2>, Linear<70>, RMSNorm<>, Shortcut<Linear<70, NoBias>>>,
            Concat<Branch<>, Branch<Linear<33>, RunningBatchNorm<>, GELU>, Branch<Linear<17>>>,
            BatchNorm<>, Repeat<2, Residual<Linear<120>, Tanh>>, Linear<10>, CrossEntropy<>,
            L2<1e-3>>;
using Narrow = Network<Input<8>, Linear<32>, Tanh, Linear<16>, SiLU, Linear<10>, CrossEntropy<>>;
using Front =
    Network<Input<1, 10, 10>, Conv2d<7, Kernel<5>, Padding<2>>, GELU, Conv2d<13, Kernel<5>>, ReLU,
            MaxPool<2>, Flatten, Dropout<0.2>, Linear<10>, CrossEntropy<>>;
static_assert(runtime::front<Front>.count > 0 &&
              Plan<Front>::training_multiplications * 17 >= runtime::serial_multiplications);
static_assert(Plan<Net>::training_multiplications * 17 >= runtime::serial_multiplications);
static_assert(Plan<Rows>::training_multiplications * 33 >= runtime::serial_multiplications);
static_assert(Plan<Structures>::training_multiplications * 17 >= runtime::serial_multiplications);
static_assert(Plan<Narrow>::training_multiplications * 3000 >= runtime::serial_multiplications);

struct Trained {
  std::vector<Tensor> tensors;
  std::vector<float> losses;
  std::vector<float> outputs;

  friend bool operator==(const Trained& a, const Trained& b) {
    return same_bits(a.tensors, b.tensors) && a.losses == b.losses && a.outputs == b.outputs;
  }
};

template <class Network, class Optimizer>
Trained train(std::uint64_t seed, const Optimizer& optimizer) {
  constexpr std::size_t features = Model<Network>::features;
  Model<Network> model{Seed{seed}};
  Trainer trainer{model, optimizer};
  Trained result;
  // Batches that grow and shrink again, with blocks of 16 rows and of more; what runs in parallel
  // from 17 rows on need not wait for 3000.
  constexpr bool narrow = std::is_same_v<Network, Narrow>;
  for (const std::size_t rows : {33u, narrow ? 3000u : 300u, 17u, 100u}) {
    const auto step = static_cast<unsigned>(trainer.steps());
    result.losses.push_back(
        trainer.step(uniform(rows * features, step), some_labels(rows, 10, step + 1)));
  }
  result.tensors = model.tensors();
  constexpr std::size_t predicted = 200;
  static_assert(narrow ||
                Plan<Network>::multiplications * predicted >= runtime::serial_multiplications);
  result.outputs.resize(predicted * 10);
  model.predict(uniform(predicted * features, 5), result.outputs);
  return result;
}

template <class Network, class Optimizer>
void check_threads(const Optimizer& optimizer) {
  const Trained one = on_threads(1, [&] { return train<Network>(42, optimizer); });
  for (const int threads : {2, 3, 4}) {
    CAPTURE(threads);
    CHECK(on_threads(threads, [&] { return train<Network>(42, optimizer); }) == one);
  }
  CHECK(train<Network>(42, optimizer) == one);
  CHECK_FALSE(train<Network>(43, optimizer) == one);
}

}  // namespace

TEST_CASE("determinism: any number of threads trains the same bits", "[laws][threads]") {
  check_threads<Net>(Sgd{.learning_rate = 0.1f, .momentum = 0.9f});
  check_threads<Net>(AdamW{});
  check_threads<RowLocal>(Sgd{.learning_rate = 0.1f});
  check_threads<Narrow>(Adam{});
  check_threads<Front>(Adam{});
}

TEST_CASE("determinism: so do norms over features and structures", "[laws][threads]") {
  check_threads<Rows>(Sgd{.learning_rate = 0.1f, .momentum = 0.9f});
  check_threads<Structures>(Adam{});
}

TEST_CASE("determinism: one trainer under changing numbers of threads", "[laws][threads]") {
  const auto run = [](const std::vector<int>& threads) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, Adam{}};
    for (const int count : threads) {
      on_threads(count, [&] { trainer.step(uniform(64 * 100, 1), some_labels(64, 10, 2)); });
    }
    return model.tensors();
  };
  CHECK(same_bits(run({1, 1, 1, 1, 1}), run({2, 4, 1, 3, 2})));
}

TEST_CASE("determinism: fit gives the same bits for any number of threads", "[laws][threads]") {
  const Dataset data{100, uniform(450 * 100, 1), some_labels(450, 10, 2)};
  const auto fitted = [&](int threads) {
    return on_threads(threads, [&] {
      Model<Net> model{Seed{3}};
      Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
      trainer.fit(data, data, {.epochs = 2, .batch_size = 128}, OneCycle{});
      return model.tensors();
    });
  };
  const auto one = fitted(1);
  for (const int threads : {2, 3, 4}) CHECK(same_bits(fitted(threads), one));
}

TEST_CASE("determinism: trainers of two threads share the machine and not their bits",
          "[laws][threads]") {
  const Trained alone = train<RowLocal>(7, Sgd{.learning_rate = 0.1f});
  Trained found[2];
  std::thread other([&] { found[1] = train<RowLocal>(7, Sgd{.learning_rate = 0.1f}); });
  found[0] = train<RowLocal>(7, Sgd{.learning_rate = 0.1f});
  other.join();
  CHECK(found[0] == alone);
  CHECK(found[1] == alone);
}

TEST_CASE("determinism: a step does not depend on the batches before it", "[laws][threads]") {
  // The workspace of a large batch is used again for smaller ones: nothing of it may show.
  const auto run = []<class Network>(Network*, std::size_t first_rows, float size) {
    Model<Network> model{Seed{1}};
    const auto before = model.tensors();
    Trainer trainer{model, Sgd{.learning_rate = 0}};
    trainer.step(uniform(first_rows * 100, 9, -size, size), some_labels(first_rows, 10, 9));
    model.assign(before);  // the running statistics
    trainer.optimizer().learning_rate = 0.1f;
    trainer.step(uniform(50 * 100, 1), some_labels(50, 10, 2));
    return model.tensors();
  };
  const auto check = [&](auto* network) {
    CHECK(same_bits(run(network, 3, 1), run(network, 300, 1000)));
  };
  check(static_cast<Net*>(nullptr));
  check(static_cast<Rows*>(nullptr));
  check(static_cast<Structures*>(nullptr));
}

}  // namespace test_determinism
