#include <tbb/task_arena.h>

#include "errors.hpp"
#include "fitting.hpp"

namespace test_find_learning_rate {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Nothing but its batch and its weights changes its loss.
using OneLayer = Network<Input<6>, Linear<3>, CrossEntropy<>>;

/// The losses of a search whose rates are so small that no weight changes.
std::vector<double> losses_of_still(const Dataset& data, int steps, int batch_size) {
  const FindOptions options{.min_learning_rate = 1e-20f,
                            .max_learning_rate = 1e-19f,
                            .steps = steps,
                            .batch_size = batch_size};
  return find_learning_rate(Model<OneLayer>{Seed{1}}, Sgd{}, data, options).losses;
}

/// A search that ends early.
LearningRateCurve diverging_curve(double divergence) {
  const FindOptions options{.min_learning_rate = 1e-4f,
                            .max_learning_rate = 1e3f,
                            .steps = 90,
                            .batch_size = 300,
                            .smoothing = 0.5,
                            .divergence = divergence};
  return find_learning_rate(Model<Curve>{Seed{3}}, Sgd{}, curve(300, 4), options);
}

}  // namespace

TEST_CASE("find_learning_rate: the model is untouched, the curve depends on the seed alone",
          "[fit]") {
  const Dataset data = classes(500, 1);
  const Model<Normed> model{Seed{3}};
  const auto before = model.tensors();
  const FindOptions options{.batch_size = 32};
  const LearningRateCurve curve = find_learning_rate(model, sgd, data, options);
  CHECK(same_bits(model.tensors(), before));
  tbb::task_arena one(1);
  const LearningRateCurve again =
      one.execute([&] { return find_learning_rate(model, sgd, data, options); });
  CHECK(curve.losses == again.losses);
  CHECK(curve.valley == again.valley);
  const Model<Normed> other{Seed{4}};
  CHECK(find_learning_rate(other, sgd, data, options).losses != curve.losses);
}

TEST_CASE("find_learning_rate: rates rise evenly by their logarithm, and the search ends in time",
          "[fit]") {
  const Model<Curve> model{Seed{3}};
  const FindOptions options{.min_learning_rate = 1e-5f, .max_learning_rate = 1e4f, .steps = 91};
  const LearningRateCurve curve =
      find_learning_rate(model, Sgd{}, lamina::testing::curve(300, 4), options);
  REQUIRE(curve.learning_rates.size() > 30);
  CHECK(curve.learning_rates.size() < 91);
  CHECK(curve.losses.size() == curve.learning_rates.size());
  CHECK(curve.smoothed.size() == curve.learning_rates.size());
  for (std::size_t i = 0; i < curve.learning_rates.size(); ++i) {
    CHECK(curve.learning_rates[i] ==
          Approx(1e-5 * std::pow(10.0, static_cast<double>(i) / 10)).epsilon(1e-5));
    CHECK(std::isfinite(curve.losses[i]));
  }
  double mean = 0;
  for (std::size_t i = 0; i < curve.losses.size(); ++i) {
    mean = 0.98 * mean + 0.02 * curve.losses[i];
    CHECK(curve.smoothed[i] == Approx(mean / (1 - std::pow(0.98, i + 1))));
  }
}

TEST_CASE("find_learning_rate: suggestions of a made curve", "[fit]") {
  // Flat, then a fall from 20 to 59, steepest at 40, then a rise.
  std::vector<double> losses;
  for (int i = 0; i < 20; ++i) losses.push_back(10 + 0.01 * i);
  for (int i = 20; i < 60; ++i) losses.push_back(5 - 4 * std::tanh((i - 40) / 10.0));
  for (int i = 60; i < 80; ++i) losses.push_back(losses.back() * 1.2);
  const std::size_t valley = detail::valley_of(losses);
  CHECK(valley >= 33);
  CHECK(valley <= 46);
  losses.erase(losses.begin(), losses.begin() + 20);
  CHECK(detail::steepest_of(losses) == 20);
}

TEST_CASE("find_learning_rate: its suggestion is within a factor 3 of the best of a grid",
          "[fit]") {
  // The lecture's claim, for a rate that is kept: the best of a grid has the least loss after it.
  const Dataset train = classes(3000, 5);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Model<Normed> fresh{Seed{seed}};
    double best_rate = 0;
    double least = INFINITY;
    for (double rate = 1e-3; rate < 20; rate *= std::sqrt(3.0)) {
      Model<Normed> model = fresh;
      Trainer trainer{model, Sgd{.learning_rate = static_cast<float>(rate)}};
      trainer.fit(train, {}, {.epochs = 5, .batch_size = 64});
      const double loss = evaluate(model, train).loss;
      if (loss < least) {
        least = loss;
        best_rate = rate;
      }
    }
    const LearningRateCurve curve =
        find_learning_rate(fresh, Sgd{}, train, {.min_learning_rate = 1e-4f, .batch_size = 64});
    INFO("seed " << seed << ": " << curve.steepest << " for " << best_rate);
    CHECK(static_cast<double>(curve.steepest) > best_rate / 3);
    CHECK(static_cast<double>(curve.steepest) < best_rate * 3);
    CHECK(curve.valley < curve.steepest);
  }
}

TEST_CASE("find_learning_rate: what makes no sense is refused", "[fit]") {
  const Model<Net> model;
  const Dataset data = classes(50, 1);
  const auto refuse = [&](const FindOptions& options) {
    return error_of([&] { static_cast<void>(find_learning_rate(model, sgd, data, options)); });
  };
  CHECK(has(refuse({.min_learning_rate = 0}), "min_learning_rate"));
  CHECK(has(refuse({.min_learning_rate = 2, .max_learning_rate = 1}), "max_learning_rate"));
  CHECK(has(refuse({.max_learning_rate = INFINITY}), "max_learning_rate"));
  CHECK(has(refuse({.steps = 1}), "2 steps"));
  CHECK(has(refuse({.batch_size = 0}), "batches"));
  CHECK(has(refuse({.smoothing = 1}), "smoothing"));
  CHECK(has(refuse({.smoothing = -0.1}), "smoothing"));
  CHECK(has(refuse({.divergence = 1}), "divergence"));
  CHECK(has(error_of([&] { static_cast<void>(find_learning_rate(model, sgd, {})); }), "none"));
  CHECK(has(error_of([&] { static_cast<void>(find_learning_rate(model, sgd, curve(9, 1))); }),
            "labels"));
}

TEST_CASE("find_learning_rate: a model that is not standardized is so for the search", "[fit]") {
  using Standardized = Network<Input<6>, Standardize, Linear<17>, Tanh, Linear<3>, CrossEntropy<>>;
  const Dataset near = classes(50, 1);
  std::vector<float> far_inputs(near.inputs().begin(), near.inputs().end());
  for (float& input : far_inputs) input = 1000 + 50 * input;
  const Dataset far(6, far_inputs, std::vector<Label>(near.labels().begin(), near.labels().end()));
  const FindOptions options{
      .min_learning_rate = 1e-9f, .max_learning_rate = 1e-8f, .steps = 4, .batch_size = 50};
  const Model<Standardized> fresh{Seed{1}};
  Model<Standardized> fitted{Seed{1}};
  fitted.fit_standardize(far);
  CHECK(find_learning_rate(fresh, sgd, far, options).losses ==
        find_learning_rate(fitted, sgd, far, options).losses);
}

TEST_CASE("find_learning_rate: the search ends where the smoothed loss is so many times its least",
          "[fit]") {
  const LearningRateCurve found = diverging_curve(4);
  double least = INFINITY;
  for (const double smoothed : found.smoothed) {
    CHECK(smoothed <= 4 * least);
    least = std::min(least, smoothed);
  }
  CHECK(diverging_curve(1.01).losses.size() < found.losses.size());
}

TEST_CASE("find_learning_rate: the smoothing is the one that was asked for", "[fit]") {
  const LearningRateCurve found = diverging_curve(4);
  double mean = 0;
  for (std::size_t i = 0; i < found.losses.size(); ++i) {
    mean = (mean + found.losses[i]) / 2;
    CHECK(found.smoothed[i] == Approx(mean / (1 - std::pow(0.5, i + 1))));
  }
}

TEST_CASE("find_learning_rate: every epoch has all samples in an order of its own", "[fit]") {
  const Dataset data = classes(50, 1);
  const std::vector<double> ragged = losses_of_still(data, 6, 16);
  CHECK(ragged[0] != ragged[3]);
  const std::vector<double> whole = losses_of_still(data, 8, 25);
  CHECK(whole[0] != whole[2]);
  CHECK(whole[0] + whole[1] == Approx(whole[2] + whole[3]));
  // Nor is the first order that of the data.
  Model<OneLayer> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  const Dataset first = data.slice(0, 16);
  CHECK(ragged[0] != static_cast<double>(trainer.step(first.inputs(), first.labels())));
}

TEST_CASE("find_learning_rate: what does not fill a batch at the end of an epoch is left out",
          "[fit]") {
  CHECK(losses_of_still(classes(50, 1), 4, 40).size() == 4);
  // Batches of two of three samples: all losses are means of two.
  const Dataset three = classes(3, 1);
  const Model<OneLayer> model{Seed{1}};
  const auto loss_of = [&](std::size_t row) { return evaluate(model, three.slice(row, 1)).loss; };
  for (const double loss : losses_of_still(three, 6, 2)) {
    CHECK((loss == Approx((loss_of(0) + loss_of(1)) / 2) ||
           loss == Approx((loss_of(0) + loss_of(2)) / 2) ||
           loss == Approx((loss_of(1) + loss_of(2)) / 2)));
  }
}

TEST_CASE("find_learning_rate: a loss that is not finite from the start is an error", "[fit]") {
  const Dataset far(6, uniform(60, 1), std::vector<float>(20, 1e25f), std::size_t{2});
  CHECK(has(error_of([&] { static_cast<void>(find_learning_rate(Model<Curve>{}, sgd, far)); }),
            "finite loss at the first step"));
}

TEST_CASE("find_learning_rate: a fall within the first tenth is not the steepest", "[fit]") {
  std::vector<double> losses(20, 1.0);
  for (int i = 0; i < 100; ++i) losses.push_back(1 - 0.001 * i);
  losses[0] = 50;
  losses[3] = 10;
  CHECK(detail::steepest_of(losses) > 17);
}

}  // namespace test_find_learning_rate
