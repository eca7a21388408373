#include <numeric>

#include "errors.hpp"
#include "fitting.hpp"

// What `Accumulate` holds at the end of an epoch is used there, by its mean: an epoch in small
// batches is one in large batches, its last one smaller. No fit sees what another one held.

namespace test_accumulate_leftover {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Small = Network<Input<6>, Linear<8>, Tanh, Linear<3>, CrossEntropy<>, L2<1e-2>>;
using Wide = Network<Input<6>, Linear<80, WeightNorm>, LayerNorm<>, Tanh, Linear<3>, CrossEntropy<>,
                     L2<1e-2>>;
// A large epsilon, so that a gradient near zero is not blown up together with its rounding.
const Adam adam{.learning_rate = 0.01f, .epsilon = 1e-2f};

template <class Net, class Optimizer>
std::vector<Tensor> fitted(const Optimizer& optimizer, int batch_size) {
  Model<Net> model{Seed{5}};
  Trainer trainer{model, optimizer};
  // 7 small batches: two updates of 3, and one that is held still.
  trainer.fit(classes(56, 7), {}, {.epochs = 3, .batch_size = batch_size, .shuffle = false});
  return model.tensors();
}

template <class Net, class Optimizer, class Accumulated>
void check_equal(const Optimizer& optimizer, const Accumulated& accumulated) {
  const auto whole = fitted<Net>(optimizer, 24);
  const auto parts = fitted<Net>(accumulated, 8);
  Worst worst;
  for (std::size_t t = 0; t < whole.size(); ++t) {
    const auto& expected = std::get<std::vector<float>>(whole[t].values);
    const auto& found = std::get<std::vector<float>>(parts[t].values);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Nine updates of parameters of order 1, each a sum of some tens of numbers.
      worst.compare(double{found[i]}, double{expected[i]}, 200 * epsilon, whole[t].name);
    }
  }
  LAMINA_CHECK_WORST(worst);
}

/// The batches of a fit after which the weights had changed.
struct Updates {
  std::vector<int> batches;
  std::vector<Tensor> before;
  int batch = 0;

  void before_fit(auto& state) { before = state.trainer.model().tensors(); }
  void after_step(auto& state) {
    ++batch;
    auto now = state.trainer.model().tensors();
    if (!same_bits(now, before)) batches.push_back(batch);
    before = std::move(now);
  }
};

}  // namespace

TEST_CASE("accumulate leftover: an epoch of parts is one of large batches", "[accumulate]") {
  check_equal<Small>(adam, Accumulate{adam, 3});
  check_equal<Wide>(adam, Accumulate{adam, 3});
  check_equal<Small>(ClipByNorm{sgd, 0.1f}, ClipByNorm{Accumulate{sgd, 3}, 0.1f});
  check_equal<Wide>(ClipByNorm{sgd, 0.1f}, Accumulate{ClipByNorm{sgd, 0.1f}, 3});
}

TEST_CASE("accumulate leftover: a fit never trains on another fit's data", "[accumulate]") {
  Model<Small> model{Seed{5}};
  Trainer trainer{model, Accumulate{sgd, 4}};
  const auto updates_of = [&](std::size_t samples) {
    Updates updates;
    trainer.fit(classes(samples, 7), {}, {.epochs = 1, .batch_size = 8}, updates);
    return updates.batches;
  };
  CHECK(updates_of(40) == std::vector{4, 5});
  CHECK(updates_of(64) == std::vector{4, 8});
  // Fewer batches than an update takes train, too.
  CHECK(updates_of(24) == std::vector{3});
  // What steps by hand, or a fit that was ended in the middle, hold is dropped.
  const Dataset data = classes(16, 8);
  trainer.step(data.inputs(), data.labels());
  CHECK_THROWS_AS(
      trainer.fit(data, {}, {.epochs = 1, .batch_size = 8}, StopAt{trainer.steps() + 1}),
      Interrupted);
  CHECK(updates_of(64) == std::vector{4, 8});
}

TEST_CASE("accumulate leftover: steps by hand may use it, once", "[accumulate]") {
  Model<Small> model{Seed{5}};
  Model<Small> other{Seed{5}};
  Trainer trainer{model, Accumulate{sgd, 4}};
  Trainer alone{other, sgd};
  const Dataset data = classes(16, 8);
  const auto before = model.tensors();
  trainer.step(data.inputs(), data.labels());
  CHECK(same_bits(model.tensors(), before));
  CHECK(trainer.finish_accumulation());
  // A quarter of a gradient four times: no rounding.
  alone.step(data.inputs(), data.labels());
  CHECK(same_bits(model.tensors(), other.tensors()));
  CHECK_FALSE(trainer.finish_accumulation());
  CHECK(same_bits(model.tensors(), other.tensors()));
}

}  // namespace test_accumulate_leftover
