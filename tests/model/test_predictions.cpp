#include "trained.hpp"

// Predictions: of a model, frozen, of one row and of many.

namespace test_predictions {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("model: frozen equals unfrozen within rounding", "[model]") {
  const Model<Small> model = trained<Small>({11}, 20);
  constexpr std::size_t rows = 33;
  const auto inputs = uniform(rows * 5, 4, -2, 3);
  std::vector<float> expected(rows * 3), found(rows * 3);
  model.predict(inputs, expected);
  model.freeze()(inputs, found);
  Worst worst;
  for (std::size_t i = 0; i < found.size(); ++i) {
    // Values of order 10 in the middle; sums over 33.
    worst.compare(double{found[i]}, double{expected[i]},
                  30 * epsilon * (3 + std::abs(double{expected[i]})), static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("model: a predictor is a value of its own", "[model]") {
  Model<Small> model = trained<Small>();
  const Predictor<Small> predictor = model.freeze();
  const auto inputs = uniform(5, 1);
  const auto before = predictor(inputs);
  Trainer trainer{model, Sgd{.learning_rate = 1}};
  trainer.step(uniform(20, 2), some_labels(4, 3, 3));
  CHECK(predictor(inputs) == before);
  CHECK(model.freeze()(inputs) != before);
}

TEST_CASE("model: a row's result is the same alone and in any batch", "[model]") {
  const Model<Small> model = trained<Small>();
  const Predictor<Small> predictor = model.freeze();
  constexpr std::size_t most = 100;
  const auto inputs = uniform(most * 5, 6);
  std::vector<float> alone(most * 3), frozen_alone(most * 3);
  Worst worst;
  for (std::size_t row = 0; row < most; ++row) {
    const auto input = std::span(inputs).subspan(row * 5, 5);
    const auto frozen = std::span(frozen_alone).subspan(row * 3, 3);
    model.predict(input, std::span(alone).subspan(row * 3, 3));
    predictor(input, frozen);
    // A single sample may have a path of its own, which adds up in another order.
    const auto single = predictor(input);
    for (std::size_t i = 0; i < 3; ++i) {
      const double expected{frozen[i]};
      worst.compare(double{single[i]}, expected, 10 * epsilon * (3 + std::abs(expected)),
                    static_cast<double>(row));
    }
    CHECK(predictor(input) == single);
  }
  LAMINA_CHECK_WORST(worst);
  for (std::size_t rows : {1u, 2u, 3u, 5u, 6u, 7u, 15u, 16u, 17u, 33u, 48u, 49u, 95u, 100u}) {
    CAPTURE(rows);
    std::vector<float> found(rows * 3);
    const std::size_t bytes = found.size() * sizeof(float);
    model.predict(std::span(inputs).first(rows * 5), found);
    CHECK(std::memcmp(found.data(), alone.data(), bytes) == 0);
    predictor(std::span(inputs).first(rows * 5), found);
    CHECK(std::memcmp(found.data(), frozen_alone.data(), bytes) == 0);
  }
}

TEST_CASE("model: NaN and infinity stay in their own row", "[model]") {
  const Model<Small> model = trained<Small>();
  const Predictor<Small> predictor = model.freeze();
  constexpr std::size_t rows = 35;
  const auto clean = uniform(rows * 5, 6);
  for (const float poison :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const std::size_t poisoned : {0u, 5u, 17u, 34u}) {
      auto inputs = clean;
      inputs[poisoned * 5 + 2] = poison;
      std::vector<float> expected(rows * 3), found(rows * 3);
      const auto check = [&](bool all_nan) {
        for (std::size_t i = 0; i < found.size(); ++i) {
          if (i / 3 != poisoned) REQUIRE(found[i] == expected[i]);
          if (i / 3 == poisoned && all_nan) REQUIRE(std::isnan(found[i]));
        }
      };
      model.predict(clean, expected);
      model.predict(inputs, found);
      check(std::isnan(poison));
      predictor(clean, expected);
      predictor(inputs, found);
      check(std::isnan(poison));
    }
  }
}

TEST_CASE("model: predictions of other shapes of arguments", "[model]") {
  const Model<Small> model = trained<Small>();
  const Predictor<Small> predictor = model.freeze();
  const std::array<float, 5> input = {1, 2, 3, 4, 5};
  STATIC_REQUIRE(noexcept(predictor(input)));
  const auto scores = predictor(input);
  STATIC_REQUIRE(std::same_as<decltype(scores), const std::array<float, 3>>);
  CHECK(predictor(std::vector<float>(input.begin(), input.end())) == scores);
  CHECK(predictor(std::span<const float>(input)) == scores);
  model.predict(std::span<const float>(), std::span<float>());
  predictor(std::span<const float>(), std::span<float>());

  // Writes to the last row's last value and no further.
  std::vector<float> results(3 * 3 + 16, 55.0f);
  predictor(uniform(15, 1), std::span(results).first(9));
  for (std::size_t i = 9; i < results.size(); ++i) CHECK(results[i] == 55);
}

}  // namespace test_predictions
