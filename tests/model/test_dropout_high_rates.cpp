#include <cmath>
#include <limits>

#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Dropout at rates of which 16 bits keep a few values, or none.

namespace test_dropout_high_rates {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// What an item makes of the 65536 values that its bits may have, all as likely.
template <class Item>
struct Moments {
  double mean = 0;
  double variance = 0;

  /// Of an input that is standard normal, by its own first two moments.
  static Moments of_normal(double rate) {
    Moments found;
    const auto numbers = Item::numbers(rate);
    for (std::int32_t bits = 0; bits < 65536; ++bits) {
      const auto map = Item::draw(numbers, ScalarDraw<double>{bits});
      double shift = 0;
      if constexpr (map.shifts) shift = map.shift;
      found.mean += shift / 65536;
      found.variance += (map.scale * map.scale + shift * shift) / 65536;
    }
    found.variance -= found.mean * found.mean;
    return found;
  }
};

constexpr double rates[] = {0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999992};

using Ones = Network<Input<1>, Linear<1024, NoBias>, Dropout<0.5>, Linear<1, NoBias>,
                     Loss<[](auto x, auto t) { return x - t; }>>;

}  // namespace

TEST_CASE("dropout high rates: the mean over all random bits is what it was", "[noise]") {
  for (const double rate : rates) {
    CAPTURE(rate);
    const auto numbers = Dropout<0.5>::numbers(rate);
    double mean = 0;
    for (std::int32_t bits = 0; bits < 65536; ++bits) {
      mean += Dropout<0.5>::draw(numbers, ScalarDraw<double>{bits}).scale / 65536;
    }
    // Its scale is a float, rounded once.
    CHECK(std::abs(mean - 1) <= epsilon / 2 + 1e-12);
    // The share dropped is within half a step of 16 bits of the rate.
    const double dropped = 1 - kept_share(numbers.threshold);
    CHECK(std::abs(dropped - rate) <= 1.0 / 131072);
  }
}

TEST_CASE("dropout high rates: alpha dropout keeps mean 0 and variance 1", "[noise]") {
  for (const double rate : rates) {
    CAPTURE(rate);
    const auto found = Moments<AlphaDropout<0.5>>::of_normal(rate);
    // A and B are floats, each rounded once; B is below 132 in size, A below 160, and B cancels.
    CHECK(std::abs(found.mean) < 132 * epsilon);
    CHECK(std::abs(found.variance - 1) < 8 * epsilon);
  }
}

TEST_CASE("dropout high rates: a network's mean stays, too", "[noise]") {
  Model<Ones> model;
  auto tensors = model.tensors();
  for (float& value : std::get<std::vector<float>>(tensors[0].values)) value = 1;
  for (float& value : std::get<std::vector<float>>(tensors[1].values)) value = 1.0f / 1024;
  model.assign(tensors);
  for (const double rate : {0.5, 0.999, 0.99999}) {
    CAPTURE(rate);
    model.set_rate<1>(rate);
    Trainer trainer{model, Sgd{.learning_rate = 0}};
    constexpr std::size_t rows = 256;
    constexpr double values = rows * 1024.0;
    const std::vector<float> ones(rows, 1);
    const std::vector<float> zeros(rows, 0);
    const double keep = std::round(65536 * (1 - rate)) / 65536;
    // As many steps as keep 200 values: a mean that is off by half shows.
    const int steps = static_cast<int>(std::ceil(200 / (keep * values)));
    double sum = 0;
    for (int step = 0; step < steps; ++step) sum += double{trainer.step(ones, zeros)};
    // Five deviations of a mean of that many values of which each is 0 or 1 / keep.
    CHECK(std::abs(sum / steps - 1) < 5 * std::sqrt((1 - keep) / keep / (steps * values)));
  }
}

TEST_CASE("dropout high rates: one that keeps nothing is refused", "[noise]") {
  Model<Ones> model;
  model.set_rate<1>(0.999992);
  for (const double rate : {0.999993, 0.999995, std::nextafter(1.0, 0.0)}) {
    CHECK(has(error_of([&] { model.set_rate<1>(rate); }), "set_rate<1>: expected a rate of at most",
              "0.999992", "keep nothing, found "));
  }
  CHECK(model.rate<1>() == 0.999992);
  // Exactly those: the last rate taken keeps one value of 65536.
  CHECK(drop_rates.has(most_dropped));
  CHECK_FALSE(drop_rates.has(std::nextafter(most_dropped, 1.0)));
  CHECK(keep_threshold(1 - most_dropped) == 1);
  CHECK(keep_threshold(1 - std::nextafter(most_dropped, 1.0)) == 0);
  // What drops nothing has no such end.
  CHECK(GaussianDropout<0.5>::rates.has(std::nextafter(1.0, 0.0)));
}

}  // namespace test_dropout_high_rates
