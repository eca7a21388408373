// A network trained on one task goes on with another, its first layers slower or not at all.

#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <double Scale>
using Scaled = Network<Input<784>,                              //
                       Linear<128, LearningRate<Scale>>, ReLU,  //
                       Linear<64, LearningRate<Scale>>, ReLU,   //
                       Linear<5>, CrossEntropy<>>;

/// Images of the classes from `first` on, at most so many, with labels from 0.
Dataset five_classes(const Dataset& data, Label first, std::size_t count) {
  std::vector<float> inputs;
  std::vector<Label> labels;
  for (std::size_t row = 0; row < data.size() && labels.size() < count; ++row) {
    const Label label = data.labels()[row] - first;
    if (label < 0 || label >= 5) continue;
    const auto pixels = data.inputs(row);
    inputs.insert(inputs.end(), pixels.begin(), pixels.end());
    labels.push_back(label);
  }
  return Dataset(data.shape(), std::move(inputs), std::move(labels));
}

/// Trains on from the arrays of another model, but for its last layer; from new ones without.
template <double Scale>
double go_on(std::uint64_t seed, const Split& data, const std::vector<Tensor>* from) {
  Model<Scaled<Scale>> model{Seed{seed + 100}};
  if (from != nullptr) {
    std::vector<Tensor> tensors = model.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].name.front() != '4') tensors[i] = (*from)[i];
    }
    model.assign(tensors);
  }
  Trainer trainer{model, Sgd{}};
  // As many steps for few images as for many.
  const int epochs = static_cast<int>(20'000 / data.train.size());
  trainer.fit(data.train, {}, {.epochs = epochs, .batch_size = 16},
              OneCycle{.max_learning_rate = 0.02f});
  return 100 * accuracy(model, data.test);
}

}  // namespace

void fine_tuning(const Place& place) {
  const Split all = images(place, 60'000);
  const Split before{five_classes(all.train, 0, 20'000), {}};
  Results table("images of the new task");
  for (const std::uint64_t seed : seeds) {
    const auto first =
        train<Scaled<1.0>>(seed, before, Sgd{}, {.epochs = 4}, OneCycle{.max_learning_rate = 0.1f});
    const std::vector<Tensor> learned = first.model.tensors();
    for (const int count : {20, 50, 200, 1000}) {
      const Split after{
          five_classes(all.train.slice(seed * 10'000, 20'000), 5, static_cast<std::size_t>(count)),
          five_classes(all.test, 5, 10'000)};
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
