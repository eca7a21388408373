#include <array>

#include "curves.hpp"

// The elementwise items of a stage as one: what backward reads, and its slope under all draws.

namespace test_chain {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::curves;
using expr::Reads;
using simd::Register;

TEST_CASE("chains know what their backward reads", "[chain]") {
  using expr::Chain;
  using Half = Dropout<0.5>;
  STATIC_REQUIRE(Chain<>::trivial);
  STATIC_REQUIRE(Chain<>::reads == Reads::Nothing);
  STATIC_REQUIRE(Chain<Half>::reads == Reads::Nothing);
  STATIC_REQUIRE_FALSE(Chain<Half>::trivial);
  STATIC_REQUIRE_FALSE(Chain<Half>::slope_is_one);
  STATIC_REQUIRE(Chain<ReLU>::reads == Reads::Output);
  STATIC_REQUIRE(Chain<Tanh, Half>::reads == Reads::Output);
  STATIC_REQUIRE(Chain<GELU, Half>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<ReLU, Tanh>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<Tanh, GaussianDropout<0.1>>::reads == Reads::Output);
  // A shift behind could be taken away again only but for rounding.
  STATIC_REQUIRE(Chain<SELU, AlphaDropout<0.1>>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<ReLU, GaussianNoise<0.1>>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<GaussianNoise<0.1>>::reads == Reads::Nothing);
}

TEST_CASE("chains draw again on their way back only where the slope depends on it", "[chain]") {
  using expr::Chain;
  using Half = Dropout<0.5>;
  using Alpha = AlphaDropout<0.5>;
  using Added = GaussianNoise<0.5>;
  using Multiplied = GaussianDropout<0.5>;
  // The zeros of the output say what was dropped.
  STATIC_REQUIRE_FALSE(Chain<ReLU, Half>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<Half, ReLU, Half>::draws_again);
  STATIC_REQUIRE(Chain<Half>::draws_again);
  STATIC_REQUIRE(Chain<Tanh, Half>::draws_again);
  // A leak has a slope where its output is dropped to zero.
  STATIC_REQUIRE(Chain<LeakyReLU<>, Half>::draws_again);
  // What is only added has slope 1.
  STATIC_REQUIRE(Chain<Added>::slope_is_one);
  STATIC_REQUIRE_FALSE(Chain<Added>::trivial);
  STATIC_REQUIRE_FALSE(Chain<Added, ReLU>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<Added, Tanh>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<Added, ReLU, Half>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<GELU, Added>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<Tanh, Added>::draws_again);
  // Noise before what is computed again from the input.
  STATIC_REQUIRE(Chain<Added, GELU>::draws_again);
  STATIC_REQUIRE(Chain<ReLU, Half, Added>::draws_again);
  // Dropped to zero, and no longer zero at the rectifier.
  STATIC_REQUIRE(Chain<Half, Added, ReLU>::draws_again);
  STATIC_REQUIRE_FALSE(Chain<Added, Half, ReLU>::draws_again);
  STATIC_REQUIRE(Chain<ReLU, Alpha>::draws_again);
  STATIC_REQUIRE(Chain<Multiplied, ReLU>::draws_again);
  STATIC_REQUIRE(Chain<ReLU, Multiplied>::draws_again);
}

namespace {

/// Random bits of all kinds: the ends, the middle, and what is dropped at 0.2 and at 0.5.
constexpr std::array<std::int32_t, 6> some_bits{0, 20000, 32767, 32768, 50000, 65535};

/// Forward and slope of a chain in registers against the same steps in double, for all
/// combinations of bits.
template <class... Items>
void check_chain(const std::string& name) {
  using Chain = expr::Chain<Items...>;
  INFO(name);
  const std::vector<double> rates = [] {
    std::vector<double> found;
    (
        [&] {
          if constexpr (expr::Random<Items>) found.push_back(Items::rate);
        }(),
        ...);
    return found;
  }();
  const auto numbers = Chain::numbers(rates.data());
  Worst worst;
  std::size_t combinations = 1;
  for (int i = 0; i < Chain::random; ++i) combinations *= some_bits.size();
  for (std::size_t combination = 0; combination < combinations; ++combination) {
    const auto bits_of = [&](int i) {
      std::size_t rest = combination;
      for (; i > 0; --i) rest /= some_bits.size();
      return some_bits[rest % some_bits.size()];
    };
    const auto draws = [&](int i) {
      return RegisterDraw{simd::hn::Set(RegisterDraw::Int{}, bits_of(i))};
    };
    for (float x = 0.03f; x < 3; x += 0.17f) {
      double value = static_cast<double>(x);
      double slope = 1;
      double largest = value;
      [[maybe_unused]] int next = 0;
      (
          [&] {
            if constexpr (expr::Random<Items>) {
              const auto map =
                  Items::draw(Items::numbers(Items::rate), ScalarDraw<double>{bits_of(next++)});
              value = map.apply(value);
              if constexpr (map.scales) slope *= map.scale;
            } else {
              const Curve curve = in_double<Items>(value);
              value = curve.value;
              slope *= curve.slope;
            }
            largest = std::max(largest, std::abs(value));
          }(),
          ...);
      if (std::isnan(slope)) slope = 0;  // dropped: 0 times the infinite slope at 0
      if (std::isnan(value)) continue;   // the logarithm of a negative number
      const Register y = Chain::forward(Register(x), numbers, draws);
      worst.compare(lane(y), value, 20 * epsilon * (1 + largest), static_cast<double>(x));
      const Register stored = Chain::reads == Reads::Input ? Register(x) : y;
      // Undoing noise that is much larger than the value loses what it is larger by.
      worst.compare(lane(Chain::slope(stored, numbers, draws)), slope,
                    20 * epsilon * (1 + std::abs(slope)) * (1 + largest), static_cast<double>(x));
    }
  }
  LAMINA_CHECK_WORST(worst);
}

/// `Item` before, behind and around an activation.
template <class Item, class Activation>
void check_around(const std::string& name) {
  check_chain<Item, Activation>("before " + name);
  check_chain<Activation, Item>("behind " + name);
  check_chain<Item, Activation, Item>("around " + name);
}

template <class Item>
void check_item(const std::string& name) {
  check_chain<Item>(name);
  check_chain<Item, Dropout<0.5>>(name + ", dropout");
  check_around<Item, ReLU>(name + ": relu");
  check_around<Item, Tanh>(name + ": tanh");
  check_around<Item, SELU>(name + ": selu");
  check_around<Item, GELU>(name + ": gelu");
  check_chain<Dropout<0.2>, Item, ReLU>("dropout, " + name + ", relu");
  check_chain<Item, Dropout<0.2>, ReLU>(name + ", dropout, relu");
  check_chain<ReLU, Item, Dropout<0.2>>("relu, " + name + ", dropout");
  check_chain<ReLU, Dropout<0.2>, Item>("relu, dropout, " + name);
  check_chain<Tanh, Item, Dropout<0.2>>("tanh, " + name + ", dropout");
  check_chain<Tanh, Dropout<0.2>, Item>("tanh, dropout, " + name);
  check_chain<SiLU, Item, Tanh, Item, Softplus<>>(name + " between activations");
}

}  // namespace

TEST_CASE("chains of activations and dropouts, forward and back", "[chain]") {
  using Half = Dropout<0.5>;
  using Fifth = Dropout<0.2>;
  check_chain<Fifth>("dropout");
  check_chain<Half, Fifth>("two dropouts");
  check_chain<ReLU, Fifth>("relu, dropout");
  check_chain<Fifth, ReLU>("dropout, relu");
  check_chain<Half, ReLU, Fifth>("dropout, relu, dropout");
  check_chain<Tanh, Fifth>("tanh, dropout");
  check_chain<Fifth, Tanh, Half>("dropout, tanh, dropout");
  check_chain<LeakyReLU<0.2>, Fifth>("leak, dropout");
  check_chain<SELU, Half>("selu, dropout");
  check_chain<ELU<0.5>, Half>("elu, dropout");
  check_chain<Sigmoid, Fifth, Half>("sigmoid, two dropouts");
  check_chain<GELU, Half>("gelu, dropout");
  check_chain<Half, SiLU, Fifth>("dropout, silu, dropout");
  check_chain<ReLU, Half, Tanh, Fifth, Softplus<>>("several activations");
}

TEST_CASE("a dropped value has slope zero even where the activation is infinitely steep",
          "[chain]") {
  check_chain<Elementwise<[](auto x) { return sqrt(x); }>, Dropout<0.5>>("sqrt, dropout");
  check_chain<Elementwise<[](auto x) { return exp(x); }>, Dropout<0.5>>("exp, dropout");
  check_chain<Elementwise<[](auto x) { return log(x); }>, Dropout<0.5>>("log, dropout");
}

TEST_CASE("chains of activations and noise, forward and back", "[chain]") {
  check_item<Dropout<0.2>>("dropout");
  check_item<AlphaDropout<0.2>>("alpha dropout");
  check_item<GaussianNoise<0.3>>("gaussian noise");
  check_item<GaussianDropout<0.2>>("gaussian dropout");
}

}  // namespace test_chain
