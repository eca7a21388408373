#include "curves.hpp"

// Values and slopes of all activations, in double and in registers, against PyTorch; and what they
// do at the ends of the range.

namespace test_activations {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::curves;
using expr::Reads;
using simd::Register;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// The slope as the backward pass finds it, from the output alone where that is enough.
template <class Item>
double slope_by_chain(float x) {
  using Chain = expr::Chain<Item>;
  const auto none = [](int) { return RegisterDraw{}; };
  const Register y = Chain::forward(Register(x), {}, none);
  return lane(Chain::slope(Chain::reads == Reads::Input ? Register(x) : y, {}, none));
}

/// An activation's rounding errors: of its value in the middle, and at x. Functions that multiply
/// by x what comes from tanh or erf multiply their error, at most 3 epsilon, by x too.
struct Error {
  double value;
  double growing;
  double slope;
};

template <class Item>
void against_pytorch(const std::string& name, Error error) {
  static const Golden golden("activations");
  const auto& x = golden.floats("x");
  const auto& y = golden.floats(name + ".y");
  const auto& dy = golden.floats(name + ".dy");
  REQUIRE(x.size() == 1027);
  Worst exact;
  Worst value;
  Worst slope;
  Worst from_output;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto at = static_cast<double>(x[i]);
    const auto wanted = static_cast<double>(y[i]);
    const auto wanted_slope = static_cast<double>(dy[i]);
    const Curve found = in_double<Item>(at);
    // The golden numbers are rounded to float: half an epsilon. Double itself adds 1e-15 |x|.
    const double stored = 0.51 * epsilon;
    exact.compare(found.value, wanted, stored * std::abs(wanted) + 1e-14 * std::abs(at) + 1e-44,
                  at);
    exact.compare(found.slope, wanted_slope, stored * std::abs(wanted_slope) + 1e-12, at);
    const Curve single = in_register<Item>(x[i]);
    const double growth = 1 + error.growing * std::abs(at);
    value.compare(single.value, wanted, epsilon * (std::abs(wanted) + error.value * growth) + 1e-44,
                  at);
    const double slope_tolerance = epsilon * (2 * std::abs(wanted_slope) + error.slope * growth);
    slope.compare(single.slope, wanted_slope, slope_tolerance + 1e-44, at);
    from_output.compare(slope_by_chain<Item>(x[i]), wanted_slope, slope_tolerance + 1e-44, at);
  }
  INFO(name);
  LAMINA_CHECK_WORST(exact);
  LAMINA_CHECK_WORST(value);
  LAMINA_CHECK_WORST(slope);
  LAMINA_CHECK_WORST(from_output);
}

}  // namespace

TEST_CASE("activations agree with PyTorch", "[activations]") {
  against_pytorch<ReLU>("relu", {0, 0, 0});
  against_pytorch<LeakyReLU<>>("leaky_relu_0.01", {0, 0, 0});
  against_pytorch<LeakyReLU<0.2>>("leaky_relu_0.2", {0, 0, 0});
  against_pytorch<ELU<>>("elu_1", {0, 0, 1});
  against_pytorch<ELU<0.5>>("elu_0.5", {0, 0, 1});
  against_pytorch<SELU>("selu", {0, 0, 3});
  against_pytorch<Sigmoid>("sigmoid", {2, 0, 2});
  against_pytorch<Tanh>("tanh", {3, 0, 6});
  against_pytorch<GELU>("gelu", {2, 1, 4});
  against_pytorch<GELUTanh>("gelu_tanh", {2, 1, 8});
  against_pytorch<SiLU>("silu", {2, 1, 4});
  against_pytorch<Softplus<>>("softplus", {1, 0, 2});
}

TEST_CASE("activations written as lambdas are the built-in ones", "[activations]") {
  using MyTanh = Elementwise<[](auto x) { return tanh(x); }>;
  using MyReLU = Elementwise<[](auto x) { return relu(x); }>;
  using MySiLU = Elementwise<[](auto x) { return x * sigmoid(x); }>;
  using Mish = Elementwise<[](auto x) { return x * tanh(softplus(x)); }>;
  for (float x = -9; x < 9; x += 0.037f) {
    CAPTURE(x);
    REQUIRE(in_register<MyTanh>(x).value == in_register<Tanh>(x).value);
    REQUIRE(in_register<MyReLU>(x).slope == in_register<ReLU>(x).slope);
    REQUIRE(in_register<MySiLU>(x).value == in_register<SiLU>(x).value);
    REQUIRE(in_register<MySiLU>(x).slope == in_register<SiLU>(x).slope);
    // A central difference in double is good to about 1e-9 here.
    const auto at = static_cast<double>(x);
    const double difference =
        (in_double<Mish>(at + 1e-5).value - in_double<Mish>(at - 1e-5).value) / 2e-5;
    REQUIRE(in_double<Mish>(at).slope == Approx(difference).margin(1e-8));
    REQUIRE(in_register<Mish>(x).slope == Approx(difference).margin(40 * epsilon));
  }
  STATIC_REQUIRE(expr::Chain<MyTanh>::reads == Reads::Output);
  STATIC_REQUIRE(expr::Chain<Mish>::reads == Reads::Input);
}

TEST_CASE("every function and operator of a lambda has its derivative", "[activations]") {
  const auto check = []<class Item>(Item, double low, double high) {
    for (double x = low; x < high; x += 0.0371) {
      CAPTURE(x);
      const double above = in_double<Item>(x + 1e-6).value;
      const double below = in_double<Item>(x - 1e-6).value;
      const double difference = (above - below) / 2e-6;
      REQUIRE(in_double<Item>(x).slope == Approx(difference).margin(1e-7).epsilon(1e-7));
      const Curve single = in_register<Item>(static_cast<float>(x));
      REQUIRE(single.slope == Approx(difference).margin(1e-5).epsilon(1e-5));
    }
  };
  // Starts off the kinks at 0 and 0.5, so that differences do not straddle them.
  check(Elementwise<[](auto x) { return exp(-x * x) + 2.0 * x - 1.0; }>{}, -3.001, 3);
  check(Elementwise<[](auto x) { return log(x) / (1.0 + x); }>{}, 0.101, 9);
  check(Elementwise<[](auto x) { return sqrt(x) * erf(x); }>{}, 0.101, 9);
  check(Elementwise<[](auto x) { return abs(x) + min(x, 0.5) * max(x, 0.5); }>{}, -3.001, 3);
  check(Elementwise<[](auto x) { return select(x > 0.5, x * x, 3.0 - x); }>{}, -3.001, 3);
  check(Elementwise<[](auto x) { return select(x < 0.5, tanh(x), sigmoid(x)); }>{}, -3.001, 3);
  check(Elementwise<[](auto x) { return leaky_relu(x, 0.3) - elu(x, 0.7, 1.1); }>{}, -3.001, 3);
  check(Elementwise<[](auto x) { return softplus(x, 2.0, 3.0) + relu(x); }>{}, -3.001, 1.4);
}

TEST_CASE("activations at the ends of the range", "[activations]") {
  const auto value = []<class Item>(Item, float x) { return in_register<Item>(x).value; };
  for (const float x : {infinity, 3e38f}) {
    CAPTURE(x);
    CHECK(value(ReLU{}, x) == static_cast<double>(x));
    CHECK(value(ReLU{}, -x) == 0);
    CHECK(value(LeakyReLU<>{}, x) == static_cast<double>(x));
    CHECK(value(LeakyReLU<>{}, -x) == static_cast<double>(0.01f * -x));
    CHECK(value(ELU<>{}, x) == static_cast<double>(x));
    CHECK(value(ELU<>{}, -x) == -1);
    CHECK(value(SELU{}, -x) == Approx(-1.7580993408473766).epsilon(1e-6));
    CHECK(value(Sigmoid{}, x) == Approx(1).margin(epsilon));
    CHECK(value(Sigmoid{}, -x) == Approx(0).margin(epsilon));
    CHECK(value(Tanh{}, x) == Approx(1).margin(3 * epsilon));
    CHECK(value(Tanh{}, -x) == Approx(-1).margin(3 * epsilon));
    CHECK(value(Softplus<>{}, x) == static_cast<double>(x));
    CHECK(value(Softplus<>{}, -x) == 0);
    CHECK(value(GELU{}, x) == static_cast<double>(x));
    // The sigmoid's own error of an epsilon shows.
    CHECK(value(SiLU{}, x) == Approx(static_cast<double>(x)).epsilon(2 * epsilon));
  }
  CHECK(std::signbit(in_register<LeakyReLU<>>(-0.0f).value));
  CHECK(in_register<ReLU>(-0.0f).value == 0);
}

TEST_CASE("NaN goes through every activation", "[activations]") {
  const auto passes = []<class Item>(Item) {
    INFO(std::string(Item::name().view()));
    CHECK(std::isnan(in_register<Item>(not_a_number).value));
    CHECK(std::isnan(in_double<Item>(static_cast<double>(not_a_number)).value));
  };
  passes(ReLU{});
  passes(LeakyReLU<>{});
  passes(ELU<>{});
  passes(SELU{});
  passes(Sigmoid{});
  passes(Tanh{});
  passes(GELU{});
  passes(GELUTanh{});
  passes(SiLU{});
  passes(Softplus<>{});
}

}  // namespace test_activations
