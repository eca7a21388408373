#include <lamina/lamina.hpp>

// Stages that are the same but for their place are of a kind: what depends on types is compiled
// once for each, however deep a network is.

namespace test_kinds {

using namespace lamina;

namespace {

template <class... Items>
using P = Plan<Network<Input<32>, Items..., Linear<2>, CrossEntropy<>>>;

static_assert(P<Repeat<50, Linear<32>, ReLU>>::kind_count == 2);
static_assert(P<Repeat<50, Linear<32>, ReLU>>::stage_count == 51);
// The way into the first residual is gathered; the sum, and the layer behind it, are the others.
static_assert(P<Repeat<50, Residual<Linear<32>, BatchNorm<>, ReLU, Dropout<0.1>>>>::kind_count ==
              3);
// Written out, of different widths or items, they are of kinds of their own, each counted once.
static_assert(P<Linear<8>, ReLU, Linear<9>, ReLU, Linear<8>, ReLU, Linear<9>, ReLU>::kind_count ==
              3);
static_assert(P<Linear<8>, ReLU, Linear<8>, Tanh, Linear<8>, ReLU, Linear<8>, ReLU, Tanh, Linear<8>,
                Linear<8, NoBias>>::kind_count == 6);
// What disappears makes no difference; what adds another stage does.
static_assert(P<Linear<32>, ReLU, Linear<32>, Dropout<0.0>, ReLU>::kind_count == 2);
static_assert(P<Linear<32>, ReLU, Residual<Linear<32>, ReLU>>::kind_count == 3);
// Neither does what is read.
static_assert(P<Linear<8>, ReLU, Linear<7>, ReLU, Linear<8>, ReLU>::kind_count == 3);

/// Stages of a kind agree in all that tables by kind are made from.
template <class Plan>
constexpr bool kinds_agree() {
  for (const Stage& stage : Plan::stages) {
    const Stage& first = Plan::first_of(stage.kind);
    if (stage.contraction != first.contraction || stage.normalized != first.normalized ||
        stage.outputs() != first.outputs() || stage.reads != first.reads ||
        stage.random != first.random || stage.adds_skip() != first.adds_skip() ||
        stage.reparameterized != first.reparameterized) {
      return false;
    }
  }
  return true;
}
static_assert(
    kinds_agree<P<Linear<8>, ReLU, Linear<9>, BatchNorm<>, Linear<8>, ReLU, Tanh,
                  Repeat<3, Residual<Linear<8>, Dropout<0.1>>, Linear<8, WeightNorm>>>>());

/// The item itself where its size follows from what it reads: as many outputs as inputs.
struct Square {
  static constexpr Role role = Role::Contraction;
  using Initializer = void;
  using LayerPenalty = void;
  static constexpr bool bias = true;
  static constexpr Shape output(Shape input) { return input; }
  static constexpr TextBuffer name() { return item_name("Square"); }
};
using Squares = P<Square, Square, Linear<80>, Square, Linear<8>, Square>;
static_assert(Squares::kind_count == 6 && kinds_agree<Squares>());

/// A repetition is the same plan as its items written out, but for the paths.
template <class A, class B>
constexpr bool same_plan() {
  if (A::stages.size() != B::stages.size() || A::arena_floats != B::arena_floats) return false;
  for (std::size_t s = 0; s < A::stages.size(); ++s) {
    const Stage& a = A::stages[s];
    const Stage& b = B::stages[s];
    if (a.kind != b.kind || a.stream != b.stream || a.weights != b.weights || a.bias != b.bias ||
        a.before != b.before || a.after != b.after || a.gradient != b.gradient ||
        a.skip != b.skip || a.last_consumer != b.last_consumer ||
        a.random_streams != b.random_streams || a.inference_slot != b.inference_slot) {
      return false;
    }
  }
  return true;
}
static_assert(same_plan<P<Linear<32>, Repeat<2, Residual<BatchNorm<>, Linear<32>>, Dropout<0.5>>>,
                        P<Linear<32>, Residual<BatchNorm<>, Linear<32>>, Dropout<0.5>,
                          Residual<BatchNorm<>, Linear<32>>, Dropout<0.5>>>());
static_assert(same_plan<P<Repeat<2, Repeat<2, Linear<7>, Tanh>>>,
                        P<Linear<7>, Tanh, Linear<7>, Tanh, Linear<7>, Tanh, Linear<7>, Tanh>>());

}  // namespace

}  // namespace test_kinds
