#include <algorithm>
#include <boost/mp11.hpp>

#include <lamina/lamina.hpp>

#include "numbers.hpp"

// What initializers do to the values of deep networks, over many draws.

namespace test_initialized_networks {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Pictures: values of mean 0 and variance 1, half of which all samples have in common.
std::vector<float> pictures(std::size_t rows, std::size_t features) {
  std::vector<float> made(rows * features);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const double common = random::normal(1, 1, i % features);
    const double own = random::normal(1, 2, i);
    made[i] = static_cast<float>(std::sqrt(0.5) * (common + own));
  }
  return made;
}

struct Moments {
  double mean;
  double deviation;
  [[nodiscard]] double square() const { return mean * mean + deviation * deviation; }
};
Moments moments_of(const std::vector<float>& values) {
  double sum = 0;
  double squares = 0;
  for (const float value : values) {
    sum += double{value};
    squares += double{value} * double{value};
  }
  const double mean = sum / static_cast<double>(values.size());
  return {mean, std::sqrt(squares / static_cast<double>(values.size()) - mean * mean)};
}

/// What a network makes of inputs, before it is trained.
template <class Net>
Moments outputs_of(const std::vector<float>& inputs, std::uint64_t seed) {
  std::vector<float> outputs(inputs.size() / Model<Net>::features * Model<Net>::outputs);
  Model<Net>{Seed{seed}}.predict(inputs, outputs);
  return moments_of(outputs);
}

/// The lecture's network, up to each of its layers.
template <class... Attributes>
std::array<Moments, 3> lecture(const std::vector<float>& inputs, std::uint64_t seed) {
  using One = Network<Input<784>, Linear<50, Attributes...>, ReLU>;
  using Two = Network<Input<784>, Linear<50, Attributes...>, ReLU, Linear<10, Attributes...>, ReLU>;
  using Three = Network<Input<784>, Linear<50, Attributes...>, ReLU, Linear<10, Attributes...>,
                        ReLU, Linear<1, Attributes...>, ReLU>;
  return {outputs_of<One>(inputs, seed), outputs_of<Two>(inputs, seed),
          outputs_of<Three>(inputs, seed)};
}

/// The middle of some numbers, and the ends between which all but the outer 2 % lie.
struct Range {
  double low;
  double middle;
  double high;
};
Range range_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 100], values[values.size() / 2],
          values[values.size() - 1 - values.size() / 100]};
}

template <class... Items>
using Deep = boost::mp11::mp_rename<
    boost::mp11::mp_append<boost::mp11::mp_list<Input<256>>,
                           boost::mp11::mp_repeat_c<boost::mp11::mp_list<Items...>, 32>>,
    Network>;

}  // namespace

// Means and deviations of the outputs of 784-50-10-1 with ReLU behind every layer, as the lecture
// prints them for its pictures and one draw of plain normal weights: they must be ordinary among
// those of 400 draws. And in the mean over draws a layer of n inputs multiplies the square of the
// values by n / 2 under plain normal weights, whatever the inputs are: n for the sum, half of it
// cut off; under Kaiming's it keeps it.
TEST_CASE("initialized networks: the lecture's network", "[initializers]") {
  constexpr std::size_t seeds = 400;
  constexpr double printed[3][2] = {{13.0542, 17.9457}, {93.5488, 113.1659}, {336.6660, 208.7496}};
  constexpr double grown[3] = {784.0 / 2, 784.0 / 2 * 50 / 2, 784.0 / 2 * 50 / 2 * 10 / 2};
  const auto inputs = pictures(50, 784);
  const double square = moments_of(inputs).square();
  std::vector<double> means[3], deviations[3], squares[2][3];
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto plain = lecture<Init<Normal<>>>(inputs, seed);
    const auto kaiming = lecture<>(inputs, seed);
    for (std::size_t layer = 0; layer < 3; ++layer) {
      means[layer].push_back(plain[layer].mean);
      deviations[layer].push_back(plain[layer].deviation);
      squares[0][layer].push_back(plain[layer].square() / square / grown[layer]);
      squares[1][layer].push_back(kaiming[layer].square() / square);
    }
  }
  for (std::size_t layer = 0; layer < 3; ++layer) {
    CAPTURE(layer);
    const Range mean = range_of(means[layer]);
    const Range deviation = range_of(deviations[layer]);
    CHECK((mean.low <= printed[layer][0] && printed[layer][0] <= mean.high));
    CHECK((deviation.low <= printed[layer][1] && printed[layer][1] <= deviation.high));
    for (const auto& growth : {squares[0][layer], squares[1][layer]}) {
      double sum = 0;
      double spread = 0;
      for (const double value : growth) sum += value / seeds;
      for (const double value : growth) spread += (value - sum) * (value - sum) / seeds;
      CHECK(std::abs(sum - 1) < 5 * std::sqrt(spread / seeds));
    }
  }
  // The first layer is ordinary already for one draw: 50 units of nearly the same spread.
  CHECK(range_of(means[0]).middle == Approx(13).epsilon(0.25));
  CHECK(range_of(deviations[0]).middle == Approx(18).epsilon(0.25));
}

// Klambauer et al. 2017: weights of variance 1 / n pull mean 0 and variance 1 of SELU's outputs
// towards themselves, each layer leaving less than 0.8 of a distance. A layer of 256 units scatters
// the mean by 1 / 16 and the variance by about twice that, so over all layers by 1 / sqrt(1 -
// 0.8^2) as much; the mean over 8 seeds is within five deviations.
TEST_CASE("initialized networks: SELU keeps mean 0 and variance 1 through 32 layers",
          "[initializers]") {
  constexpr int seeds = 8;
  std::vector<float> inputs(64 * 256);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = static_cast<float>(random::normal(5, 1, i));
  }
  double mean = 0;
  double variance = 0;
  double rectified = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Moments found = outputs_of<Deep<Linear<256, Init<LeCun>>, SELU>>(inputs, seed);
    mean += found.mean / seeds;
    variance += found.deviation * found.deviation / seeds;
    rectified += outputs_of<Deep<Linear<256, Init<LeCun>>, ReLU>>(inputs, seed).square() / seeds;
  }
  const double scatter = 1 / std::sqrt(1 - 0.8 * 0.8) / 16;
  CHECK(std::abs(mean) < 5 * scatter / std::sqrt(seeds));
  CHECK(std::abs(variance - 1) < 5 * 2 * scatter / std::sqrt(seeds));
  // Where the activation is another the same weights let the values vanish: by 2^-32.
  CHECK(rectified < 1e-6);
}

}  // namespace test_initialized_networks
