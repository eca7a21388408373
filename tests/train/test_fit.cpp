#include "errors.hpp"
#include "fitting.hpp"

// `fit`: its batches, its history and what it refuses.

namespace test_fit {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("fit: the order of an epoch is a permutation of seed and epoch alone", "[fit]") {
  for (const std::size_t size : {1u, 2u, 3u, 1000u}) {
    std::vector<std::uint32_t> order(size), again(size), other(size), sorted;
    detail::shuffle(order, 42, 3);
    detail::shuffle(again, 42, 3);
    CHECK(order == again);
    sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < size; ++i) REQUIRE(sorted[i] == i);
    if (size < 1000) continue;
    for (const auto& [seed, epoch] : {std::pair{42, 4}, {43, 3}}) {
      detail::shuffle(other, static_cast<std::uint64_t>(seed), epoch);
      std::size_t same = 0;
      for (std::size_t i = 0; i < size; ++i) same += order[i] == other[i] ? 1u : 0u;
      CHECK(same < 10);  // 1 by chance
    }
  }
}

TEST_CASE("fit: every place gets every sample equally often", "[fit]") {
  std::vector<std::uint32_t> order(5);
  int counts[5][5] = {};
  constexpr int epochs = 20'000;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    detail::shuffle(order, 7, epoch);
    for (std::size_t i = 0; i < 5; ++i) ++counts[i][order[i]];
  }
  for (const auto& row : counts) {
    for (const int count : row) CHECK(std::abs(count - epochs / 5) < 5 * std::sqrt(epochs * 0.16));
  }
}

TEST_CASE("fit: its epochs are the same steps by hand, ragged last batch included", "[fit]") {
  const Dataset data = classes(53, 1);
  for (const bool shuffle : {false, true}) {
    Model<Net> model{Seed{5}};
    Trainer trainer{model, sgd};
    const History history =
        trainer.fit(data, {}, {.epochs = 3, .batch_size = 16, .shuffle = shuffle});
    CHECK(trainer.steps() == 12);

    Model<Net> by_hand{Seed{5}};
    Trainer hand{by_hand, sgd};
    std::vector<std::uint32_t> order(53);
    std::iota(order.begin(), order.end(), 0u);
    for (int epoch = 0; epoch < 3; ++epoch) {
      if (shuffle) detail::shuffle(order, 5, hand.steps());
      double loss = 0;
      for (std::size_t first = 0; first < 53; first += 16) {
        std::vector<float> inputs;
        std::vector<Label> labels;
        for (std::size_t i = first; i < std::min<std::size_t>(first + 16, 53); ++i) {
          const auto row = data.inputs(order[i]);
          inputs.insert(inputs.end(), row.begin(), row.end());
          labels.push_back(data.labels()[order[i]]);
        }
        loss += double{hand.step(inputs, labels)} * static_cast<double>(labels.size());
      }
      CHECK(history.epochs[static_cast<std::size_t>(epoch)].loss == Approx(loss / 53));
    }
    CHECK(same_bits(model.tensors(), by_hand.tensors()));
  }
}

TEST_CASE("fit: same seed, same parameters; another seed, others", "[fit]") {
  const Dataset data = classes(100, 2);
  const auto fitted = [&](std::uint64_t seed) {
    Model<Net> model{Seed{seed}};
    Trainer trainer{model, Adam{}};
    trainer.fit(data, data, {.epochs = 2, .batch_size = 32});
    return model.tensors();
  };
  CHECK(same_bits(fitted(1), fitted(1)));
  CHECK_FALSE(same_bits(fitted(1), fitted(2)));
}

TEST_CASE("fit: a last batch of one sits out where statistics need two", "[fit]") {
  Model<Normed> normed;
  Trainer trainer{normed, sgd};
  trainer.fit(classes(33, 5), {}, {.epochs = 2, .batch_size = 16});
  CHECK(trainer.steps() == 4);
  Model<Net> free;
  Trainer other{free, sgd};
  other.fit(classes(33, 5), {}, {.epochs = 2, .batch_size = 16});
  CHECK(other.steps() == 6);
}

TEST_CASE("fit: validation is evaluation, for labels and for floats", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, sgd};
  const Dataset validation = classes(1100, 6);
  const History history = trainer.fit(classes(200, 7), validation, {.epochs = 3});
  const Evaluation evaluation = evaluate(model, validation);
  CHECK(history.epochs[2].validation_loss == evaluation.loss);
  CHECK(history.epochs[2].validation_accuracy == evaluation.accuracy);
  CHECK(accuracy(model, validation) == evaluation.accuracy);
  // By hand, in double.
  std::vector<float> outputs(1100 * 3);
  model.predict(validation.inputs(), outputs);
  double loss = 0;
  int right = 0;
  for (std::size_t row = 0; row < 1100; ++row) {
    const float* x = &outputs[row * 3];
    double total = 0;
    for (int c = 0; c < 3; ++c) total += std::exp(double{x[c]});
    const Label label = validation.labels()[row];
    loss += std::log(total) - double{x[label]};
    right += std::max_element(x, x + 3) - x == label ? 1 : 0;
  }
  CHECK(evaluation.loss == Approx(loss / 1100).epsilon(1e-6));
  CHECK(evaluation.accuracy == right / 1100.0);

  Model<Curve> curves;
  const Dataset points = curve(77, 8);
  std::vector<float> found(77 * 2);
  curves.predict(points.inputs(), found);
  double squares = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    squares += std::pow(double{found[i]} - double{points.targets()[i]}, 2);
  }
  CHECK(evaluate(curves, points).loss == Approx(squares / 154).epsilon(1e-6));
  CHECK(std::isnan(evaluate(curves, points).accuracy));
}

TEST_CASE("fit: it learns", "[fit]") {
  Model<Normed> model;
  Trainer trainer{model, sgd};
  const History history = trainer.fit(classes(600, 9), classes(300, 10), {.epochs = 30});
  CHECK(history.epochs.back().validation_accuracy > 0.9);
  CHECK(history.epochs.back().loss < history.epochs.front().loss / 2);
}

TEST_CASE("fit: what does not fit is refused before the first step", "[fit]") {
  Model<Normed> model;
  Trainer trainer{model, sgd};
  const auto before = model.tensors();
  const Dataset good = classes(20, 1);
  Recorder recorder;
  const auto refuse = [&](const Dataset& train, const Dataset& validation, FitOptions options,
                          auto... parts) {
    CHECK(has(error_of([&] { trainer.fit(train, validation, options, recorder); }), parts...));
    CHECK(recorder.before == 0);
    CHECK(trainer.steps() == 0);
    CHECK(same_bits(model.tensors(), before));
  };
  const Dataset wide{7, uniform(70, 1), some_labels(10, 3, 2)};
  const Dataset four{6, uniform(12, 1), std::vector<Label>{0, 3}};
  refuse({}, good, {}, "training", "none");
  refuse(wide, good, {}, "training", "6", "7");
  refuse(good, wide, {}, "validation", "6", "7");
  refuse(four, good, {}, "3");
  refuse(good, four, {}, "validation", "3");
  refuse(curve(10, 1), good, {}, "labels");
  refuse(good, good, {.epochs = -1}, "-1");
  refuse(good, good, {.batch_size = 0}, "0");
  refuse(good, good, {.batch_size = 1}, "2", "1");
  refuse(classes(1, 1), good, {}, "2", "1");
  Model<Curve> curves;
  Trainer regression{curves, sgd};
  CHECK(has(error_of([&] { regression.fit(good, {}); }), "targets", "labels"));
  CHECK(
      has(error_of([&] { regression.fit({6, uniform(12, 1), uniform(6, 1), 3}, {}); }), "2", "3"));
  CHECK(has(error_of([&] { evaluate(model, wide); }), "6", "7"));
}

}  // namespace test_fit
