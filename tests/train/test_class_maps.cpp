#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Networks whose outputs have positions and a label for each, from the step to the fit; labels that
// are ignored.

namespace test_class_maps {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// A user's own loss of labels: the squared distance of the first output of a row to its label.
struct ToLabel {
  static constexpr Role role = Role::Loss;
  using Target = Label;
  static constexpr TextBuffer name() { return item_name("ToLabel"); }
  static constexpr TextBuffer check() { return {}; }

  template <class Row>
  static float sample(const Row& outputs, const Label* label, const Row& gradient, float weight) {
    using V = typename Row::Value;
    const float distance = outputs[0] - static_cast<float>(*label);
    gradient.assign(outputs, [](V) { return V(0.0f); });
    gradient[0] = 2 * weight * distance;
    return distance * distance;
  }
};

template <class Loss>
using Maps = Network<Input<2, 3, 4>, Conv2d<17, Kernel<3>, Same>, ReLU, Conv2d<3, Kernel<2>>, Loss>;
using Ignoring = Maps<CrossEntropy<IgnoreLabel<255>>>;

constexpr Shape image{2, 3, 4, 2};
constexpr Shape map{1, 2, 3, 2};
constexpr std::size_t positions = 6;

constexpr Sgd sgd{.learning_rate = 0.1f, .momentum = 0.9f};

/// Windows of 2 x 2 are of class 0, 1 or 2 by their mean over the first channel.
Dataset regions(std::size_t samples, unsigned seed) {
  auto inputs = uniform(samples * 24, seed);
  std::vector<Label> labels;
  for (std::size_t at = 0; at < inputs.size(); at += 24) {
    for (std::size_t y = 0; y < 2; ++y) {
      for (std::size_t x = 0; x < 3; ++x) {
        const float* window = inputs.data() + at + 4 * y + x;
        const float sum = window[0] + window[1] + window[4] + window[5];
        labels.push_back(sum > 0.4f ? 2 : sum > -0.4f ? 1 : 0);
      }
    }
  }
  return {image, std::move(inputs), std::move(labels), map};
}

/// Steps of both on the samples that count and on all of them: the same up to rounding.
template <class All, class Some>
void check_as_if_absent() {
  Model<All> all{Seed{3}};
  Model<Some> some{Seed{3}};
  Trainer with{all, sgd};
  Trainer without{some, sgd};
  for (unsigned step = 0; step < 3; ++step) {
    const auto inputs = uniform(9 * 4, step);
    std::vector<Label> labels = some_labels(9, 3, step);
    std::vector<float> inputs_left;
    std::vector<Label> labels_left;
    for (std::size_t row = 0; row < 9; ++row) {
      if ((row + step) % 3 == 0) {
        labels[row] = 7;
      } else {
        labels_left.push_back(labels[row]);
        inputs_left.insert(inputs_left.end(), inputs.begin() + std::ptrdiff_t(row) * 4,
                           inputs.begin() + std::ptrdiff_t(row + 1) * 4);
      }
    }
    CHECK(with.step(inputs, labels) ==
          Approx(without.step(inputs_left, labels_left)).epsilon(10 * epsilon));
    const Dataset data{4, inputs, labels};
    const Dataset left{4, inputs_left, labels_left};
    const Evaluation found = evaluate(all, data);
    const Evaluation expected = evaluate(some, left);
    CHECK(found.loss == Approx(expected.loss).epsilon(20 * epsilon));
    CHECK(found.accuracy == expected.accuracy);
  }
}

}  // namespace

TEST_CASE("class maps: a user's own loss of labels sees the positions", "[step]") {
  Model<Maps<ToLabel>> model{Seed{2}};
  Trainer trainer{model, Sgd{.learning_rate = 0.02f}};
  const auto inputs = uniform(5 * 24, 1);
  const auto labels = some_labels(5 * positions, 3, 2);
  double before = 1e9;
  for (int step = 0; step < 5; ++step) {
    std::vector<float> outputs(5 * 3 * positions);
    model.predict(inputs, outputs);
    double expected = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::size_t at = i / positions * 3 * positions + i % positions;  // the first channel
      expected += std::pow(double{outputs[at]} - double(labels[i]), 2) / double(labels.size());
    }
    CHECK(evaluate(model, Dataset{image, inputs, labels, map}).loss ==
          Approx(expected).epsilon(10 * epsilon));
    CHECK(trainer.step(inputs, labels) == Approx(expected).epsilon(10 * epsilon));
    CHECK(expected < before);
    before = expected;
  }
}

TEST_CASE("class maps: where all labels are ignored, nothing is lost and nothing moves", "[step]") {
  Model<Ignoring> model{Seed{2}};
  Trainer trainer{model, sgd};
  const auto before = model.tensors();
  const auto inputs = uniform(2 * 24, 1);
  const std::vector<Label> nothing(2 * positions, 255);
  CHECK(trainer.step(inputs, nothing) == 0);
  CHECK(same_bits(model.tensors(), before));
  const Evaluation found = evaluate(model, Dataset{image, inputs, nothing, map});
  CHECK(found.loss == 0);
  CHECK(std::isnan(found.accuracy));
}

TEST_CASE("class maps: samples with ignored labels are as if they were not there", "[step]") {
  using Ignore = CrossEntropy<IgnoreLabel<7>>;
  check_as_if_absent<Network<Input<4>, Linear<9>, Tanh, Linear<3>, Ignore>,
                     Network<Input<4>, Linear<9>, Tanh, Linear<3>, CrossEntropy<>>>();
  using Weights = ClassWeights<1, 2, 0.5>;
  check_as_if_absent<
      Network<Input<4>, Linear<80>, Tanh, Linear<3>, CrossEntropy<IgnoreLabel<7>, Weights>>,
      Network<Input<4>, Linear<80>, Tanh, Linear<3>, CrossEntropy<Weights>>>();
}

TEST_CASE("class maps: labels that are none are refused before anything moves", "[step]") {
  Model<Ignoring> model{Seed{2}};
  Trainer trainer{model, sgd};
  const auto before = model.tensors();
  const auto inputs = uniform(2 * 24, 1);
  std::vector<Label> labels(2 * positions, 1);
  const auto error = [&] { return error_of([&] { trainer.step(inputs, labels); }); };
  for (const Label wrong : {3, 254, 256, -1}) {
    labels[8] = wrong;
    CHECK(has(error(), "step", "labels in [0, 3) or 255", "found " + std::to_string(wrong),
              "row 1, position 2"));
  }
  labels.resize(2);  // one a sample
  CHECK(has(error(), "targets: expected 12 values, found 2"));
  CHECK(same_bits(model.tensors(), before));
  Model<Maps<CrossEntropy<>>> all{Seed{2}};
  Trainer strict{all, sgd};
  labels.assign(2 * positions, 1);
  labels[3] = 255;
  CHECK(has(error_of([&] { strict.step(inputs, labels); }), "labels in [0, 3), found 255 at row 0",
            "position 3"));
}

TEST_CASE("class maps: a fit learns regions, and counts its positions", "[fit]") {
  Model<Maps<CrossEntropy<>>> model{Seed{1}};
  Trainer trainer{model, Adam{.learning_rate = 0.02f}};
  const Dataset train = regions(60, 1);
  const Dataset validation = regions(1100, 2);  // more than an evaluation takes at once
  Metrics measured{metrics::Accuracy{}, metrics::IntersectionOverUnion{}};
  const History history =
      trainer.fit(train, validation, {.epochs = 12, .batch_size = 16}, measured);
  CHECK(history.epochs.back().validation_loss < 0.5 * history.epochs.front().validation_loss);
  CHECK(history.epochs.back().validation_accuracy > 0.85);
  CHECK(history.epochs.back().metrics[0] == history.epochs.back().validation_accuracy);

  std::vector<float> outputs(1100 * 3 * positions);
  model.predict(validation.inputs(), outputs);
  double right = 0;
  for (std::size_t i = 0; i < validation.labels().size(); ++i) {
    const float* at = outputs.data() + i / positions * 3 * positions + i % positions;
    const int best = at[0] >= at[6] ? (at[0] >= at[12] ? 0 : 2) : at[6] >= at[12] ? 1 : 2;
    right += best == validation.labels()[i] ? 1 : 0;
  }
  CHECK(accuracy(model, validation) == right / 6600);
}

TEST_CASE("class maps: a fit trains on the maps of its samples, transformed with them", "[fit]") {
  // Without shuffling an epoch is the steps on its slices; the transform turns images and maps.
  using Net = Network<Input<2, 2, 3>, Conv2d<3, Kernel<3>, Same>, CrossEntropy<>>;
  const Dataset data{Shape{2, 2, 3, 2}, uniform(7 * 12, 1), some_labels(7 * 6, 3, 2), map};
  const auto turned = [](auto values) {
    for (std::size_t at = 0; at < values.size(); at += 6) {
      std::reverse(values.begin() + std::ptrdiff_t(at), values.begin() + std::ptrdiff_t(at + 6));
    }
    return values;
  };
  const auto turn = Transform{[](const auto& sample, Draws&) {
    REQUIRE(sample.target.size() == 6);
    std::reverse(sample.target.begin(), sample.target.end());
    for (std::size_t at = 0; at < sample.input.size(); at += 6) {
      const auto channel = sample.input.subspan(at, 6);
      std::reverse(channel.begin(), channel.end());
    }
  }};
  Model<Net> fitted{Seed{1}};
  Trainer fitting{fitted, sgd};
  fitting.fit(data, {}, {.epochs = 1, .batch_size = 3, .shuffle = false}, turn);
  Model<Net> stepped{Seed{1}};
  Trainer stepping{stepped, sgd};
  for (std::size_t first = 0; first < 7; first += 3) {
    const Dataset part = data.slice(first, std::min<std::size_t>(3, 7 - first));
    const std::vector<float> inputs(part.inputs().begin(), part.inputs().end());
    const std::vector<Label> labels(part.labels().begin(), part.labels().end());
    stepping.step(turned(inputs), turned(labels));
  }
  CHECK(same_bits(fitted.tensors(), stepped.tensors()));
}

TEST_CASE("class maps: data that do not fit the network are refused", "[fit]") {
  using Flat = Network<Input<24>, Linear<3>, CrossEntropy<>>;
  const auto inputs = uniform(2 * 24, 1);
  const auto error = [&]<class Net>(const Model<Net>& model, const Dataset& data) {
    return error_of([&] { evaluate(model, data); });
  };
  const Model<Ignoring> maps;
  const Model<Flat> flat;
  const Dataset mapped{image, inputs, std::vector<Label>(12), map};
  const Dataset labelled{image, inputs, std::vector<Label>(2)};
  const Dataset upright{image, inputs, std::vector<Label>(12), Shape{1, 3, 2, 2}};
  CHECK(has(error(flat, mapped), "for each sample one label", "a class map of 2 x 3"));
  CHECK(has(error(maps, labelled), "for each sample a class map of 2 x 3, found one label"));
  CHECK(has(error(maps, upright), "a class map of 2 x 3, found a class map of 3 x 2"));
  std::vector<Label> labels(12, 255);
  labels[5] = 4;
  CHECK(has(error(maps, Dataset{image, inputs, labels, map}), "labels below 3 or 255, found 4"));
  CHECK(has(error(maps, Dataset{image, inputs, std::vector<float>(36), 18}), "class labels",
            "float targets"));
  Model<Ignoring> trained;
  Trainer trainer{trained, sgd};
  CHECK(has(error_of([&] { trainer.fit(labelled, {}, {}); }), "fit: training set",
            "a class map of 2 x 3"));
}

}  // namespace test_class_maps
