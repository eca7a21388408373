#include <lamina/lamina.hpp>

#include "train/fitting.hpp"

// Metrics row by row: what a reset forgets, what an evaluation shows them, and rows at the edges.

namespace test_metrics_over_rows {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Rows of one output and one target each.
template <Metric M>
void add_rows(M& metric, const std::vector<float>& outputs, const std::vector<float>& targets) {
  for (std::size_t row = 0; row < outputs.size(); ++row) {
    metric.add({.outputs = {&outputs[row], 1}, .targets = {&targets[row], 1}});
  }
}

}  // namespace

TEST_CASE("metrics over rows: a reset forgets the rows before it", "[metrics]") {
  const std::vector<float> outputs{1, 2};
  const std::vector<float> far_outputs{9, 9};
  const std::vector<float> targets{0, 0};
  const auto found_after_reset = [&](auto metric) {
    metric.add({.outputs = far_outputs, .targets = targets});
    metric.reset();
    metric.add({.outputs = outputs, .targets = targets});
    return metric.value();
  };
  const auto first_output = [](const EvaluatedRow& row) { return row.outputs[0]; };
  CHECK(found_after_reset(metrics::MeanAbsoluteError{}) == 1.5);
  CHECK(found_after_reset(metrics::RootMeanSquaredError{}) == Approx(std::sqrt(2.5)));
  CHECK(found_after_reset(metrics::Mean{"first output", first_output}) == 1);
}

TEST_CASE("metrics over rows: a reset of R2 forgets errors, means and how many rows there were",
          "[metrics]") {
  metrics::R2 r2;
  add_rows(r2, {1, 1}, {1, 2});
  r2.reset();
  add_rows(r2, {1, 2}, {1, 2});
  CHECK(r2.value() == 1);
  r2.reset();
  add_rows(r2, {1, 1}, {1, 2});
  CHECK(r2.value() == -1);
}

TEST_CASE("metrics over rows: R2 of a target that never changes is not a number", "[metrics]") {
  metrics::R2 of_one_row;
  add_rows(of_one_row, {1}, {0});
  CHECK(std::isnan(of_one_row.value()));
  metrics::R2 of_two_rows;
  add_rows(of_two_rows, {1, 2}, {3, 3});
  CHECK(std::isnan(of_two_rows.value()));
}

TEST_CASE("metrics over rows: an evaluation shows every row its own targets", "[metrics]") {
  const Model<Curve> model;
  metrics::RootMeanSquaredError error;
  const Evaluation evaluation = evaluate(model, curve(77, 8), error);
  CHECK(evaluation.loss == Approx(error.value() * error.value()));
}

TEST_CASE("metrics over rows: a single target is class 1 above one half", "[metrics]") {
  const auto true_class = [](float target) {
    return EvaluatedRow{.outputs = {}, .targets = {&target, 1}}.true_class();
  };
  CHECK(true_class(0.3f) == 0);
  CHECK(true_class(0.5f) == 0);
  CHECK(true_class(0.7f) == 1);
}

TEST_CASE("metrics over rows: logits whose exponentials overflow have an area", "[metrics]") {
  constexpr int classes = 3;
  metrics::RocAuc area;
  for (int row = 0; row < 2 * classes; ++row) {
    const Label label = row % classes;
    std::vector<float> outputs(classes);
    outputs[static_cast<std::size_t>(label)] = 900;
    area.add({.outputs = outputs, .label = label, .targets = {}});
  }
  CHECK(area.value() == 1);
}

}  // namespace test_metrics_over_rows
