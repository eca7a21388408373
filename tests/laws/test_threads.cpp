#include <array>
#include <atomic>
#include <thread>

#include <lamina/lamina.hpp>

#include "numbers.hpp"

// Several threads of the user at once. Run under the thread sanitizer too: batches are small enough
// to stay on their own thread, for TBB's library is not instrumented.

namespace test_threads {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Net = Network<Input<5>, Linear<33>, BatchNorm<>, ReLU, Dropout<0.2>,
                    Residual<Concat<Branch<LayerNorm<>, Linear<16>>, Branch<Linear<17>>>>,
                    BatchNorm<>, Linear<17>, Tanh, Linear<3>, CrossEntropy<>>;
/// Runs `work(thread)` in four threads that start together.
template <class Work>
void in_threads(const Work& work) {
  constexpr int count = 4;
  std::atomic<int> waiting{count};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < count; ++thread) {
    threads.emplace_back([&, thread] {
      --waiting;
      while (waiting.load() > 0) std::this_thread::yield();
      work(thread);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("threads: predictions at the same time are those of one thread", "[threads]") {
  Model<Net> model{Seed{4}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  trainer.step(uniform(20 * 5, 1), some_labels(20, 3, 2));
  const Model<Net>& shared = model;
  const Predictor<Net> predictor = model.freeze();
  constexpr std::size_t rows = 50;
  const auto inputs = uniform(rows * 5, 3);
  std::vector<float> expected(rows * 3), frozen(rows * 3);
  shared.predict(inputs, expected);
  predictor(inputs, frozen);
  std::vector<std::array<float, 3>> alone;
  for (std::size_t row = 0; row < rows; ++row) {
    alone.push_back(predictor(std::span(inputs).subspan(row * 5, 5)));
  }
  std::atomic<int> wrong{0};
  in_threads([&](int thread) {
    std::vector<float> found(rows * 3);
    for (int round = 0; round < 20; ++round) {
      const std::size_t count = rows - static_cast<std::size_t>((round + thread) % 7);
      const auto some = std::span(inputs).first(count * 5);
      shared.predict(some, std::span(found).first(count * 3));
      wrong +=
          std::equal(found.begin(), found.begin() + static_cast<long>(count * 3), expected.begin())
              ? 0
              : 1;
      predictor(some, std::span(found).first(count * 3));
      wrong +=
          std::equal(found.begin(), found.begin() + static_cast<long>(count * 3), frozen.begin())
              ? 0
              : 1;
      const std::size_t row = static_cast<std::size_t>(round) % rows;
      wrong += predictor(std::span(inputs).subspan(row * 5, 5)) == alone[row] ? 0 : 1;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("threads: models of several threads are apart", "[threads]") {
  std::array<std::vector<Tensor>, 4> trained;
  in_threads([&](int thread) {
    Model<Net> model{Seed{9}};
    Trainer trainer{model, Adam{}};
    for (unsigned step = 0; step < 10; ++step) {
      trainer.step(uniform(20 * 5, step), some_labels(20, 3, step));
    }
    trained[static_cast<std::size_t>(thread)] = model.tensors();
  });
  for (const auto& tensors : trained) CHECK(same_bits(tensors, trained[0]));
}

}  // namespace test_threads
