#include "curves.hpp"

// The elementwise items of a stage as one: what backward reads, and its slope under all masks.

using namespace lamina;
using namespace lamina::testing;
using expr::Reads;
using simd::Register;

TEST_CASE("chains know what their backward reads and whether it needs masks", "[chain]") {
  using expr::Chain;
  using Half = Dropout<0.5>;
  STATIC_REQUIRE(Chain<>::trivial);
  STATIC_REQUIRE(Chain<>::reads == Reads::Nothing);
  STATIC_REQUIRE(Chain<Half>::reads == Reads::Nothing);
  STATIC_REQUIRE_FALSE(Chain<Half>::trivial);
  STATIC_REQUIRE_FALSE(Chain<Half>::masks_in_output);
  STATIC_REQUIRE(Chain<ReLU>::reads == Reads::Output);
  STATIC_REQUIRE(Chain<ReLU, Half>::masks_in_output);
  STATIC_REQUIRE(Chain<Half, ReLU, Half>::masks_in_output);
  STATIC_REQUIRE(Chain<Half, ReLU, Half>::kept_scale() == 4);
  STATIC_REQUIRE_FALSE(Chain<Tanh, Half>::masks_in_output);
  STATIC_REQUIRE(Chain<Tanh, Half>::reads == Reads::Output);
  // A leak has a slope where its output is dropped to zero.
  STATIC_REQUIRE_FALSE(Chain<LeakyReLU<>, Half>::masks_in_output);
  STATIC_REQUIRE(Chain<GELU, Half>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<ReLU, Tanh>::reads == Reads::Input);
  STATIC_REQUIRE(Chain<Dropout<0.25>, Tanh, Half>::keep(0) == 0.75);
  STATIC_REQUIRE(Chain<Dropout<0.25>, Tanh, Half>::keep(1) == 0.5);
}

namespace {

/// Forward and slope of a chain in registers against the same steps in double, for all
/// combinations of masks.
template <class... Items>
void check_chain(const std::string& name) {
  using Chain = expr::Chain<Items...>;
  INFO(name);
  Worst worst;
  for (unsigned bits = 0; bits < 1u << Chain::dropping; ++bits) {
    const auto multiplier = [&](int i) { return (bits >> i & 1u) != 0 ? 1 / Chain::keep(i) : 0.0; };
    const auto masks = [&](int i) { return Register(static_cast<float>(multiplier(i))); };
    for (float x = 0.03f; x < 3; x += 0.17f) {
      double value = static_cast<double>(x);
      double slope = 1;
      [[maybe_unused]] int mask = 0;
      (
          [&] {
            if constexpr (expr::Dropping<Items>) {
              value *= multiplier(mask);
              slope *= multiplier(mask++);
            } else {
              const Curve curve = in_double<Items>(value);
              value = curve.value;
              slope *= curve.slope;
            }
          }(),
          ...);
      if (std::isnan(slope)) slope = 0;  // dropped: 0 times the infinite slope at 0
      const Register y = Chain::forward(Register(x), masks);
      worst.compare(lane(y), value, 20 * epsilon * (1 + std::abs(value)), static_cast<double>(x));
      const Register stored = Chain::reads == Reads::Input ? Register(x) : y;
      worst.compare(lane(Chain::slope(stored, masks)), slope, 20 * epsilon * (1 + std::abs(slope)),
                    static_cast<double>(x));
    }
  }
  LAMINA_CHECK_WORST(worst);
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
