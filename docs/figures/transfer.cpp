// A network that was trained on other images goes on with a few of a new kind, its first layers
// slower or not at all.

#include <algorithm>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <double Scale>
using Scaled = Network<Input<784>,                              //
                       Linear<128, LearningRate<Scale>>, ReLU,  //
                       Linear<64, LearningRate<Scale>>, ReLU,   //
                       Linear<10>, CrossEntropy<>>;

/// Images as a mirror shows them: shoes point the other way.
Dataset mirrored(const Dataset& data) {
  const auto width = static_cast<std::ptrdiff_t>(data.shape().width);
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  for (auto row = inputs.begin(); row != inputs.end(); row += width) std::reverse(row, row + width);
  return Dataset(data.shape(), std::move(inputs),
                 std::vector<Label>(data.labels().begin(), data.labels().end()));
}

/// Trains on from the arrays of another model, or from new ones.
template <double Scale>
double go_on(std::uint64_t seed, const Split& data, const std::vector<Tensor>* from) {
  Model<Scaled<Scale>> model{Seed{seed + 100}};
  if (from != nullptr) model.assign(*from);
  Trainer trainer{model, Sgd{}};
  // As many steps for few images as for many.
  const int epochs = static_cast<int>(20'000 / data.train.size());
  trainer.fit(data.train, {}, {.epochs = epochs, .batch_size = 10},
              OneCycle{.max_learning_rate = 0.01f});
  return 100 * accuracy(model, data.test);
}

}  // namespace

void fine_tuning(const Place& place) {
  const Split all = images(place, 60'000);
  const Dataset test = mirrored(all.test);
  Results table("mirrored images");
  for (const std::uint64_t seed : seeds) {
    const auto first = train<Scaled<1.0>>(seed, {all.train.slice(0, 20'000), {}}, Sgd{},
                                          {.epochs = 4}, OneCycle{.max_learning_rate = 0.1f});
    const std::vector<Tensor> learned = first.model.tensors();
    for (const int count : {20, 50, 200, 1000}) {
      const Split after{mirrored(all.train.slice(20'000 + 1000 * seed,  //
                                                 static_cast<std::size_t>(count))),
                        test};
      table.add(count, "from new weights", go_on<1.0>(seed, after, nullptr));
      table.add(count, "LearningRate<1.0>", go_on<1.0>(seed, after, &learned));
      table.add(count, "LearningRate<0.1>", go_on<0.1>(seed, after, &learned));
      table.add(count, "LearningRate<0.0>", go_on<0.0>(seed, after, &learned));
    }
  }
  table.save_csv(place.results / "fine_tuning.csv");
  table.save_markdown(place.results / "fine_tuning.md", {.digits = 1});
}

}  // namespace lamina::figures
