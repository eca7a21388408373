// What networks of convolutions reach on all of Fashion-MNIST, and how long they train.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

using LeNet =
    Network<Input<1, 28, 28>, Conv2d<6, Kernel<5>>, ReLU, MaxPool<2>, Conv2d<16, Kernel<5>>, ReLU,
            MaxPool<2>, Flatten, Linear<120>, ReLU, Linear<84>, ReLU, Linear<10>, CrossEntropy<>>;

template <int Channels>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>>;
using Vgg =
    Network<Input<1, 28, 28>, Repeat<2, Conv<32>, BatchNorm<>, ReLU>, MaxPool<2>,
            Repeat<2, Conv<64>, BatchNorm<>, ReLU>, MaxPool<2>, Flatten, Linear<128>, BatchNorm<>,
            ReLU, Dropout<0.3>, Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>;

/// As a mirror shows it, in half of all cases.
void flip(std::span<float> image, const Shape& shape, Draws& draws) {
  if (draws.below(2) == 0) return;
  const auto width = static_cast<std::ptrdiff_t>(shape.width);
  for (auto row = image.begin(); row != image.end(); row += width) std::reverse(row, row + width);
}

/// Moved by up to `most` pixels along each axis; zeros come in at the edges. One channel.
void shift(std::span<float> image, const Shape& shape, int most, Draws& draws) {
  const auto offset = [&] {
    return static_cast<int>(draws.below(static_cast<std::uint32_t>(2 * most + 1))) - most;
  };
  const int down = offset();
  const int right = offset();
  const std::vector<float> before(image.begin(), image.end());
  for (int y = 0; y < shape.height; ++y) {
    for (int x = 0; x < shape.width; ++x) {
      const int from_y = y - down;
      const int from_x = x - right;
      const bool inside =
          from_y >= 0 && from_y < shape.height && from_x >= 0 && from_x < shape.width;
      image[static_cast<std::size_t>(y * shape.width + x)] =
          inside ? before[static_cast<std::size_t>(from_y * shape.width + from_x)] : 0;
    }
  }
}

/// Rows: a network; columns: seconds of training without validation, test accuracy in %.
void add_run(const char* name, const Split& data, const History& history, Results& table) {
  double seconds = 0;
  for (const EpochRecord& epoch : history.epochs) {
    seconds += static_cast<double>(data.train.size()) / epoch.samples_per_second;
  }
  table.add(name, "seconds of training", seconds);
  table.add(name, "test accuracy in %", 100 * history.epochs.back().validation_accuracy);
}

}  // namespace

void lenet_accuracy(const Place& place) {
  const Split data = images(place, 60'000);
  Results table("network");
  for (const std::uint64_t seed : seeds) {
    const auto trained =
        train<LeNet>(seed, data, Adam{}, {.epochs = 10}, OneCycle{.max_learning_rate = 0.004f});
    add_run("LeNet-5, 10 epochs", data, trained.history, table);
  }
  table.save_markdown(place.results / "lenet_accuracy.md", {.digits = 1});
}

void vgg_accuracy(const Place& place) {
  const Split data = images(place, 60'000);
  Results table("network");
  const Transform change{[](auto sample, Draws& draws) {
    flip(sample.input, sample.shape, draws);
    shift(sample.input, sample.shape, 1, draws);
  }};
  const auto trained = train<Vgg>(1, data, Sgd{.momentum = 0.9f, .nesterov = true}, {.epochs = 15},
                                  OneCycle{.max_learning_rate = 0.1f}, change, ProgressBar{});
  add_run("two and two convolutions, 15 epochs", data, trained.history, table);
  table.save_markdown(place.results / "vgg_accuracy.md", {.digits = 1});
}

}  // namespace lamina::figures
