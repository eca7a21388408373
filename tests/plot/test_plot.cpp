#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/plot/plot.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "plot/pictures.hpp"

namespace test_plot {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::pictures;

TEST_CASE("plot_history: the data are those of the history") {
  const TemporaryDirectory directory;
  const History history = history_of(3);
  const Picture picture = plot_history(history, directory / "history");
  CHECK(picture.data == directory / "history.csv");
  const std::vector<Row> rows = rows_of(picture.data);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == Row{"epoch", "loss", "validation_loss", "accuracy", "learning_rate", "F1",
                       "mean absolute error"});
  for (std::size_t i = 0; i < 3; ++i) {
    const EpochRecord& epoch = history.epochs[i];
    const Row& row = rows[i + 1];
    CHECK(number(row[0]) == epoch.epoch);
    CHECK(number(row[1]) == epoch.loss);
    CHECK((i == 1 ? row[2].empty() : number(row[2]) == epoch.validation_loss));
    CHECK(number(row[3]) == epoch.validation_accuracy);
    CHECK(std::stof(row[4]) == epoch.learning_rate);
    CHECK(number(row[5]) == epoch.metrics[0]);
    CHECK(number(row[6]) == epoch.metrics[1]);
  }
}

TEST_CASE("plot_learning_rates: the data are those of the curve") {
  const TemporaryDirectory directory;
  const LearningRateCurve curve = curve_of(5);
  const std::vector<Row> rows = rows_of(plot_learning_rates(curve, directory / "rates").data);
  REQUIRE(rows.size() == 6);
  CHECK(rows[0] == Row{"learning_rate", "loss", "smoothed"});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(std::stof(rows[i + 1][0]) == curve.learning_rates[i]);
    CHECK(number(rows[i + 1][1]) == curve.losses[i]);
    CHECK(number(rows[i + 1][2]) == curve.smoothed[i]);
  }
}

TEST_CASE("plot_confusion: counts, and shares of the true class") {
  const TemporaryDirectory directory;
  const std::vector<Row> rows =
      rows_of(plot_confusion(counts, 3, animals, directory / "confusion").data);
  REQUIRE(rows.size() == 10);
  for (std::size_t i = 0; i < 9; ++i) {
    const Row& row = rows[i + 1];
    CHECK(number(row[0]) == static_cast<double>(i / 3));
    CHECK(number(row[1]) == static_cast<double>(i % 3));
    CHECK(number(row[2]) == static_cast<double>(counts[i]));
    const double samples =
        static_cast<double>(counts[i / 3 * 3] + counts[i / 3 * 3 + 1] + counts[i / 3 * 3 + 2]);
    CHECK(number(row[3]) == (samples > 0 ? static_cast<double>(counts[i]) / samples : 0));
    CHECK(row[4] == animals[i / 3]);
    CHECK(row[5] == animals[i % 3]);
  }
}

TEST_CASE("plot_histograms: every finite value is in one bar, and in the right one") {
  const TemporaryDirectory directory;
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> values{infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
  for (int i = 0; i < 200; ++i) values.push_back(std::sin(static_cast<float>(i)));
  const std::vector<NamedValues> named{{"sines", values}, {"one", {4, 4}}, {"none", {}}};
  const std::vector<Row> rows = rows_of(plot_histograms(named, directory / "values").data);
  std::vector<double> sums(named.size());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto of = static_cast<std::size_t>(std::stoi(rows[i][0]));
    const double low = number(rows[i][1]);
    const double high = number(rows[i][2]);
    const bool last = i + 1 == rows.size() || rows[i + 1][0] != rows[i][0];
    const auto inside =
        std::count_if(named[of].values.begin(), named[of].values.end(), [&](float value) {
          const auto at = static_cast<double>(value);
          return at >= low && (last ? at <= high : at < high);
        });
    // A value on an edge may fall to either side by rounding.
    CHECK(std::abs(number(rows[i][3]) - static_cast<double>(inside)) <= 1);
    sums[of] += number(rows[i][3]);
    CHECK(rows[i][5] == named[of].title);
  }
  CHECK(sums == std::vector<double>{200, 2, 0});
}

TEST_CASE("activations_of: the last stage's are the model's outputs, a ReLU's are not negative") {
  const Model<Classifier> model{Seed{3}};
  std::vector<float> inputs;
  for (int i = 0; i < 2 * 201; ++i) inputs.push_back(std::sin(static_cast<float>(i)));
  std::vector<float> outputs(3 * 201);
  model.predict(inputs, outputs);
  const std::vector<NamedValues> activations = activations_of(model, inputs);
  REQUIRE(activations.size() == 2);
  CHECK(activations[1].values == outputs);
  const std::vector<float>& hidden = activations[0].values;
  REQUIRE(hidden.size() == 5 * 201);
  CHECK(*std::min_element(hidden.begin(), hidden.end()) == 0);
  CHECK(has(activations[0].title, "0: ", "Linear<5>", "ReLU"));

  // The second layer on the first one's outputs, in double.
  const std::vector<Tensor> tensors = model.tensors();
  const auto& weight = std::get<std::vector<float>>(tensors[2].values);
  const auto& bias = std::get<std::vector<float>>(tensors[3].values);
  REQUIRE(tensors[2].name == "2.weight");
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    double sum = static_cast<double>(bias[i % 3]);
    for (std::size_t k = 0; k < 5; ++k) {
      sum +=
          static_cast<double>(weight[i % 3 * 5 + k]) * static_cast<double>(hidden[i / 3 * 5 + k]);
    }
    CHECK(static_cast<double>(outputs[i]) == Approx(sum).margin(1e-5));
  }
}

TEST_CASE("plot_weight_histograms: all trained arrays and no others") {
  const TemporaryDirectory directory;
  using Normed = Network<Input<3>, Linear<4>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;
  const Picture picture = plot_weight_histograms(Model<Normed>{Seed{1}}, directory / "weights");
  const std::string data = text_of(picture.data);
  CHECK(has(data, "\"0.weight (4, 3)\"", "1.weight (4)", "1.bias (4)", "\"3.weight (2, 4)\"",
            "3.bias (2)"));
  CHECK(data.find("running") == std::string::npos);
}

TEST_CASE("plot_decision_boundary: the grid says what the model says, lines lie between classes") {
  const TemporaryDirectory directory;
  const Model<Classifier> model{Seed{7}};
  const Picture picture = plot_decision_boundary(model, triangle(), directory / "boundary");
  const Predictor<Classifier> predictor = model.freeze();
  const auto says = [&](const std::string& x, const std::string& y) {
    const std::array<float, 3> scores = predictor(std::array{std::stof(x), std::stof(y)});
    std::array<double, 3> shares{};
    double sum = 0;
    for (const float score : scores) sum += std::exp(static_cast<double>(score));
    for (std::size_t c = 0; c < 3; ++c) shares[c] = std::exp(static_cast<double>(scores[c])) / sum;
    return shares;
  };
  std::size_t points = 0;
  std::size_t lines = 0;
  std::vector<Row> samples;
  std::vector<bool> found(3);
  for (const Row& row : rows_of(picture.data)) {
    if (row[0] == "sample") samples.push_back({row[1], row[2], row[3]});
    if (row[0] == "grid" && points++ % 97 == 0) {
      const auto shares = says(row[1], row[2]);
      const auto best = std::max_element(shares.begin(), shares.end());
      CHECK(number(row[4]) == Approx(*best).margin(1e-5));
      CHECK(shares[static_cast<std::size_t>(std::stoi(row[3]))] == Approx(*best).margin(1e-5));
      found[static_cast<std::size_t>(std::stoi(row[3]))] = true;
    }
    if (row[0] == "line" && lines++ % 7 == 0) {
      const auto shares = says(row[1], row[2]);
      const auto of = static_cast<std::size_t>(std::stoi(row[3]));
      const double other = std::max(shares[(of + 1) % 3], shares[(of + 2) % 3]);
      CHECK(shares[of] == Approx(other).margin(1.5e-3));
    }
  }
  CHECK(std::count(found.begin(), found.end(), true) >= 2);
  CHECK(lines > 0);
  CHECK(samples == std::vector<Row>{{"0", "0", "0"}, {"1", "0", "1"}, {"0", "2", "2"}});
}

TEST_CASE("plot_decision_boundary: one output is a class or a value") {
  const TemporaryDirectory directory;
  const Dataset two(2, {0, 0, 1, 1}, std::vector<float>{0, 1}, 1);
  const Model<Binary> binary{Seed{1}};
  const Model<Regression> curve{Seed{1}};
  const auto check = [&](const auto& model, const char* stem, const auto& expected) {
    std::size_t points = 0;
    for (const Row& row : rows_of(plot_decision_boundary(model, two, directory / stem).data)) {
      if (row[0] != "grid" || points++ % 501 != 0) continue;
      CHECK(std::stof(row[3]) ==
            Approx(expected(model.freeze()(std::array{std::stof(row[1]), std::stof(row[2])})[0])));
    }
    CHECK(points > 1000);
  };
  check(binary, "binary", [](float logit) { return logit > 0 ? 1.0F : 0.0F; });
  check(curve, "curve", [](float value) { return value; });
}

}  // namespace

TEST_CASE("activations_of: of images, all channels and positions") {
  using Net = Network<Input<2, 5, 6>, Conv2d<3, Kernel<3>, Padding<1>>, ReLU, MaxPool<2>, Flatten,
                      Linear<4>>;
  const Model<Net> model{Seed{3}};
  std::vector<float> inputs;
  for (int i = 0; i < 60 * 7; ++i) inputs.push_back(std::sin(static_cast<float>(i)));
  std::vector<float> outputs(4 * 7);
  model.predict(inputs, outputs);
  const std::vector<NamedValues> activations = activations_of(model, inputs);
  REQUIRE(activations.size() == 4);
  CHECK(activations[0].values.size() == std::size_t{3} * 5 * 6 * 7);
  CHECK(activations[1].values.size() == std::size_t{3} * 2 * 3 * 7);
  CHECK(activations[2].values == activations[1].values);
  CHECK(activations[3].values == outputs);
  // Of one channel of one sample: the pool's values are the largest of their squares.
  for (std::size_t y = 0; y < 2; ++y) {
    for (std::size_t x = 0; x < 3; ++x) {
      const float* square = activations[0].values.data() + 2 * y * 6 + 2 * x;
      CHECK(activations[1].values[y * 3 + x] ==
            std::max({square[0], square[1], square[6], square[7]}));
    }
  }
}

}  // namespace test_plot
