#include <array>
#include <cmath>
#include <limits>

#include <lamina/lamina.hpp>

#include "allocations.hpp"
#include "errors.hpp"
#include "numbers.hpp"
#include "threads.hpp"

// The laws on networks over images and signals.

namespace test_space {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Positions of samples that are no multiples of eight, so that groups of random bits span samples.
using Images =
    Network<Input<3, 9, 11>, Conv2d<20, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU, MaxPool<2>,
            SpatialDropout<0.2>, Dropout<0.2>,
            Residual<Conv2d<20, Kernel<3>, Same, Groups<5>>, GroupNorm<4>, SiLU>,
            Concat<Branch<Conv2d<7, Kernel<1>>>, Branch<Conv2d<9, Kernel<3>, Same, WeightNorm>>>,
            InstanceNorm<>, AvgPool<2>, Flatten, Linear<10>, CrossEntropy<>, L2<1e-3>>;
using Signals =
    Network<Input<2, 50>, Conv1d<16, Kernel<5>, Causal, Dilation<2>>, RunningBatchNorm<>, Tanh,
            Conv1d<8, Kernel<4>, Stride<3>>, LayerNorm<PerPosition>, GaussianNoise<0.1>, GELU,
            ConvTranspose1d<6, Kernel<4>, Stride<2>, Groups<2>>, LayerNorm<PerElement>,
            Dropout<0.2>, SiLU, GlobalAvgPool, Linear<10>, CrossEntropy<>>;
static_assert(Plan<Images>::training_multiplications * 17 >= runtime::serial_multiplications);
static_assert(plan_of<Images>.stack_bytes <= 16384);
static_assert(plan_of<Signals>.stack_bytes <= 16384);

template <class Net>
struct Trained {
  Model<Net> model{Seed{3}};
  std::vector<float> losses{};

  Trained() {
    Trainer trainer{model, Adam{}};
    for (const std::size_t rows : {33u, 17u, 40u}) {
      losses.push_back(
          trainer.step(uniform(rows * Model<Net>::features, 1), some_labels(rows, 10, 2)));
    }
  }
};

/// Outputs that are judged position by position: class maps, images, signals.
using Maps = Network<Input<2, 5, 7>, Conv2d<17, Kernel<3>>, BatchNorm<>, ReLU, Conv2d<3, Kernel<1>>,
                     CrossEntropy<IgnoreLabel<2>>>;
constexpr std::size_t map_positions = 15;
using Enlarged = Network<Input<2, 5, 7>, Conv2d<12, Kernel<3>, Same>, LayerNorm<PerElement>, GELU,
                         PixelShuffle<2>, MeanSquaredError>;
using Signs = Network<Input<2, 6>, Conv1d<2, Kernel<3>, Same>, BinaryCrossEntropy<>>;

/// Allocations of steps, after one of each batch size; `a_sample` targets each.
template <class Net, class Target>
long allocations_of_targets(const std::vector<Target>& targets, std::size_t a_sample) {
  Model<Net> model;
  Trainer trainer{model, Adam{}};
  const auto inputs = uniform(std::size_t{40} * Model<Net>::features, 1);
  const auto step = [&](std::size_t rows) {
    trainer.step(std::span(inputs).first(rows * Model<Net>::features),
                 std::span(targets).first(rows * a_sample));
  };
  for (const std::size_t rows : {40u, 3u, 17u}) step(rows);
  return allocations_of([&] {
    for (const std::size_t rows : {40u, 3u, 17u, 40u}) step(rows);
  });
}

/// With samples in the lanes.
using Front = Network<Input<1, 9, 8>, Conv2d<6, Kernel<3>>, Tanh, AvgPool<2>, Flatten, Linear<10>,
                      CrossEntropy<>>;
static_assert(runtime::front<Front>.count > 0);

/// The inputs as they are.
using Ones = Init<Constant<1.0>>;
using SameImages =
    Network<Input<3, 2, 5>, ChannelsLast, Conv2d<3, Kernel<1>, Depthwise, NoBias, Ones>>;
using SameSignals =
    Network<Input<17, 4>, ChannelsLast, Conv1d<17, Kernel<1>, Depthwise, NoBias, Ones>>;

template <class Net>
void check_reordered(std::size_t channels, std::size_t positions) {
  const std::size_t rows = 3;
  const auto inputs = uniform(rows * channels * positions, 8);
  std::vector<float> outputs(inputs.size());
  Model<Net>{}.predict(inputs, outputs);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < positions; ++p) {
        CHECK(outputs[(row * channels + c) * positions + p] ==
              inputs[(row * positions + p) * channels + c]);
      }
    }
  }
}

template <class Net>
void check_threads() {
  const auto one = on_threads(1, [] { return Trained<Net>(); });
  for (const int threads : {2, 3, 4}) {
    CAPTURE(threads);
    const auto several = on_threads(threads, [] { return Trained<Net>(); });
    CHECK(several.losses == one.losses);
    CHECK(same_bits(several.model.tensors(), one.model.tensors()));
  }
}

template <class Net>
void check_predictions() {
  const Trained<Net> trained;
  constexpr std::size_t rows = 19;
  constexpr std::size_t features = Model<Net>::features;
  const auto inputs = uniform(rows * features, 5);
  const Predictor<Net> frozen = trained.model.freeze();
  std::vector<float> whole(rows * 10);
  std::vector<float> folded(rows * 10);
  std::vector<float> single(10);
  CHECK(allocations_of([&] { trained.model.predict(inputs, whole); }) == 0);
  frozen(inputs, folded);
  Worst worst;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto sample = std::span(inputs).subspan(row * features, features);
    CHECK(allocations_of([&] { frozen(sample, single); }) == 0);
    for (std::size_t i = 0; i < 10; ++i) {
      // Samples do not see each other: not a bit depends on the batch.
      CHECK(single[i] == folded[row * 10 + i]);
      // The norm's factor is rounded into the weights, whose sums have a few hundred terms.
      worst.compare(double{folded[row * 10 + i]}, double{whole[row * 10 + i]},
                    500 * epsilon * std::max(1.0, std::abs(double{whole[row * 10 + i]})), "output");
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("space: any number of threads trains the same bits", "[laws][threads]") {
  check_threads<Images>();
  check_threads<Signals>();
}

TEST_CASE("space: a step allocates nothing after the first of its batch size", "[laws]") {
  on_threads(1, [] {
    Model<Images> model;
    Trainer trainer{model, Sgd{}};
    const auto inputs = uniform(std::size_t{40} * Model<Images>::features, 1);
    const auto labels = some_labels(40, 10, 2);
    trainer.step(inputs, labels);
    CHECK(allocations_of([&] {
            for (const std::size_t rows : {40u, 3u, 17u, 40u}) {
              trainer.step(std::span(inputs).first(rows * Model<Images>::features),
                           std::span(labels).first(rows));
            }
          }) == 0);
  });
}

TEST_CASE("space: a step allocates nothing after the first of its size, whatever its targets",
          "[laws]") {
  on_threads(1, [] {
    CHECK(allocations_of_targets<Maps>(some_labels(40 * map_positions, 3, 2), map_positions) == 0);
    const std::size_t values = Model<Enlarged>::outputs;
    CHECK(allocations_of_targets<Enlarged>(uniform(40 * values, 2), values) == 0);
    CHECK(allocations_of_targets<Signs>(uniform(40 * 12, 2), 12) == 0);
    CHECK(allocations_of_targets<Front>(some_labels(40, 10, 2), 1) == 0);
  });
}

TEST_CASE("space: predictions of one, of many and of frozen networks agree", "[laws]") {
  check_predictions<Images>();
  check_predictions<Signals>();
}

TEST_CASE("space: a NaN is the largest value of its window, wherever it stands", "[laws]") {
  using Net = Network<Input<1, 2, 4>, MaxPool<2>, Flatten, Linear<2, NoBias>>;
  Model<Net> model;
  model.assign({{"2.weight", {2, 2}, std::vector<float>{1, 0, 0, 1}}});
  for (const std::size_t at : {0u, 1u, 4u, 5u}) {
    CAPTURE(at);
    std::vector<float> image{1, 2, 3, 4, 5, 6, 7, 8};
    image[at] = std::numeric_limits<float>::quiet_NaN();
    std::vector<float> found(2);
    model.predict(image, found);
    CHECK(std::isnan(found[0]));
  }
}

TEST_CASE("space: so it is where samples lie in the lanes", "[laws]") {
  using Net = Network<Input<1, 4, 6>, Conv2d<3, Kernel<1>>, MaxPool<3, Stride<1>>, Flatten,
                      Linear<2>, CrossEntropy<>>;
  static_assert(runtime::front<Net>.count > 0);
  auto images = uniform(std::size_t{16} * 24, 3);
  images[std::size_t{5} * 24] =
      std::numeric_limits<float>::quiet_NaN();  // in one window, its first
  Model<Net> model;
  Trainer trainer{model, Sgd{}};
  CHECK(std::isnan(trainer.step(images, some_labels(16, 2, 4))));
}

TEST_CASE("space: a checkpoint holds every weight of a convolution that is made of others",
          "[laws]") {
  std::size_t found = 0;
  for (const auto& view : detail::trained_views(Plan<Images>::stages)) {
    if (view.kind != detail::TensorView::Kind::Weight) continue;
    CHECK(view.size() == static_cast<std::size_t>(view.stage->depth() * view.stage->outputs()));
    found += view.stage->reparameterized ? 1u : 0u;
  }
  CHECK(found == 2);  // the direction and the weights
}

TEST_CASE("space: more rows than are counted are refused", "[laws]") {
  CHECK(error_of([] { detail::check_step_rows(1025, 1, std::size_t{1} << 20); }) ==
        "step: expected a batch of at most 1024 rows, found 1025");
}

TEST_CASE("space: channels of the user's memory may lie side by side", "[laws]") {
  check_reordered<SameImages>(3, 10);
  check_reordered<SameSignals>(17, 4);
}

}  // namespace test_space
