#include "watching.hpp"

// The root mean square of the gradient by a layer's values, as `Statistics` records it: over units
// and rows, from loops in double.

namespace test_value_gradients {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::watching;

namespace {

using OnPanels = Network<Input<20>, Linear<70>, Tanh, Linear<5>, MeanSquaredError>;
using InLanes = Network<Input<20>, Linear<33>, Tanh, Linear<5>, MeanSquaredError>;
static_assert(runtime::is_narrow<InLanes> && !runtime::is_narrow<OnPanels>);

constexpr std::size_t outputs = 5;

double root_mean_square_of(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

template <class Net>
void check(std::size_t rows) {
  CAPTURE(rows, name_of<Net>().view());
  Model<Net> model{Seed{3}};
  const Dataset data = data_for<Net>(rows);
  const auto tensors = model.tensors();
  const auto& first = std::get<std::vector<float>>(tensors[0].values);
  const auto& second = std::get<std::vector<float>>(tensors[2].values);  // biases start at zero
  const std::size_t units = first.size() / features;
  std::vector<double> hidden(rows * units);
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    for (std::size_t f = 0; f < features; ++f) {
      hidden[i] +=
          double{data.inputs()[i / units * features + f]} * double{first[i % units * features + f]};
    }
    hidden[i] = std::tanh(hidden[i]);
  }
  // d/dy of the mean of (y - t)^2 over rows and outputs.
  std::vector<double> by_outputs(rows * outputs);
  for (std::size_t i = 0; i < by_outputs.size(); ++i) {
    for (std::size_t u = 0; u < units; ++u) {
      by_outputs[i] += hidden[i / outputs * units + u] * double{second[i % outputs * units + u]};
    }
    by_outputs[i] =
        2 * (by_outputs[i] - double{data.targets()[i]}) / static_cast<double>(by_outputs.size());
  }
  std::vector<double> by_hidden(rows * units);
  for (std::size_t i = 0; i < by_hidden.size(); ++i) {
    for (std::size_t o = 0; o < outputs; ++o) {
      by_hidden[i] += by_outputs[i / units * outputs + o] * double{second[o * units + i % units]};
    }
    by_hidden[i] *= 1 - hidden[i] * hidden[i];
  }
  const Statistics statistics = watch(model, data, 0.1f);
  REQUIRE(statistics.records.size() == 2);
  CHECK(statistics.records[0].value_gradient ==
        Approx(root_mean_square_of(by_hidden)).epsilon(1e-5));
  CHECK(statistics.records[1].value_gradient ==
        Approx(root_mean_square_of(by_outputs)).epsilon(1e-5));
}

}  // namespace

TEST_CASE("value gradients: a root mean square over units and rows", "[statistics]") {
  for (const std::size_t rows : {1u, 7u, 70u}) {
    check<OnPanels>(rows);
    check<InLanes>(rows);
  }
}

}  // namespace test_value_gradients
