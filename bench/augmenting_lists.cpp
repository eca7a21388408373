#include <cstdint>
#include <tbb/global_control.h>

#include "augmenting.hpp"
#include "space_networks.hpp"

// A list of items over a batch, and beside it the step that trains on the batch.

namespace lamina::bench {

namespace {

constexpr std::size_t rows = 128;

using List = Augment<RandomCrop<28, Padding<2>>, Flip<Horizontal>, Rotate<15>, Brightness<0.2>,
                     Erase<Chance<1.0>>>;
using ColorList = Augment<RandomCrop<32, Padding<4>>, Flip<Horizontal>, Rotate<15>, Brightness<0.2>,
                          Erase<Chance<1.0>>>;

/// Microseconds an image of a list's transform of a batch.
template <class AnyList>
double list_time(const Shape& shape) {
  std::vector<float> pixels = numbers(rows * static_cast<std::size_t>(shape.features()));
  std::vector<Label> labels(rows);
  TrainingBatch<Label> batch{pixels, labels, rows, {.shape = shape}, 1, 0};
  return microseconds(
             [&] {
               AnyList{}.transform(batch);
               ++batch.step;
             },
             4) /
         rows;
}

}  // namespace

void measure_lists() {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  print("a list of crop, flip, rotation, brightness, erase", list_time<ColorList>({3, 32, 32}));
  const double list = list_time<List>({1, 28, 28});
  print("such a list, 1 x 28 x 28", list);
  Model<Vgg> model{Seed{1}};
  Trainer trainer{model, space_sgd};
  const std::vector<float> pixels = numbers(rows * 784);
  const std::vector<Label> labels(rows);
  const double step = microseconds([&] { trainer.step(pixels, labels); }, 1) / rows;
  print("step of a VGG, 1 x 28 x 28", step);
  print("the list over the step", list / step);
}

}  // namespace lamina::bench
