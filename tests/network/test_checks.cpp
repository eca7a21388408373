#include <lamina/lamina.hpp>

// Which mistake of a network is found, and at which item: the first in its list. How a compiler
// shows the sentence is tested by the cases in tests/compile_fail.

namespace test_checks {

using namespace lamina;

namespace {

template <class... Items>
constexpr std::string_view found = Check<Network<Items...>>::found.view();

template <class... Items>
constexpr bool found_at(std::string_view place) {
  return found<Items...>.starts_with(place);
}

static_assert(found<Input<4>, Linear<3>, CrossEntropy<>>.empty());
static_assert(GoodNetwork<Network<Input<4>, Linear<3>>>);
static_assert(!TrainableNetwork<Network<Input<4>, Linear<3>>>);
static_assert(TrainableNetwork<Network<Input<4>, Linear<3>, CrossEntropy<>, L2<0.1>>>);
static_assert(found_at<>("the network is empty"));
static_assert(found_at<Input<4>>("the network ends without a layer"));
static_assert(found_at<Linear<4>>("first item: Linear<4> stands where Input"));

// The first of several mistakes, whatever comes behind it.
static_assert(found_at<Input<4>, Linear<0>, Linear<-1>, int>("position 0: Linear<0> "));
static_assert(found_at<Input<4>, ReLU, int>("position 0: ReLU has nothing to act on"));
static_assert(found_at<Input<4>, Linear<3>, int, Input<3>>("position 1: int is no item"));
static_assert(found_at<Input<4>, Linear<3>, CrossEntropy<>, ReLU>("position 2: ReLU follows the"));

// Inside of structures: by the whole path, in the first repetition that goes wrong.
static_assert(found_at<Input<4>, Linear<4>, Repeat<3, Linear<4>, NoBias>>("position 1.1: NoBias "));
static_assert(found_at<Input<4>, Linear<6>, Repeat<3, GroupNorm<3>, Linear<4>>>(
    "position 1.2: GroupNorm<3> "));
static_assert(found_at<Input<4>, Linear<4>, Repeat<3, Residual<Linear<4>>, Linear<3>>>(
    "position 1.2: Residual adds its input of 3 features to 4 outputs"));
static_assert(found_at<Input<4>, Linear<4>, Repeat<2, Residual<Linear<4>, Linear<3>>>>(
    "position 1.0: Residual adds its input of 4 features to 3 outputs"));
static_assert(found_at<Input<4>, Concat<Branch<Linear<4>>, Branch<Linear<4>, Shortcut<>>>>(
    "position 0.1.1: Shortcut stands outside a Residual"));
static_assert(found_at<Input<4>, Linear<4>, Repeat<0, Linear<4>>>("position 1: Repeat<0> needs"));
static_assert(found_at<Input<4>, Linear<4>, Repeat<3>>("position 1: Repeat<3> needs items"));

// Random items in a row are counted through repetitions, and again behind a layer.
static_assert(
    found<Input<4>, Linear<4>, Repeat<4, Dropout<0.1>>, Linear<4>, Repeat<4, Dropout<0.1>>>.empty());
static_assert(found_at<Input<4>, Linear<4>, Repeat<5, Dropout<0.1>>>(
    "position 1.4: Dropout<0.1> is random item number 5 in a row"));
static_assert(found<Input<4>, Linear<4>, Repeat<50, Dropout<0.0>>>.empty());

// As deep as positions are counted, and one deeper.
template <int Levels, class Inside>
struct Nested {
  using type = Residual<typename Nested<Levels - 1, Inside>::type>;
};
template <class Inside>
struct Nested<0, Inside> {
  using type = Inside;
};
template <int Levels>
using NestedItem = typename Nested<Levels, Linear<4>>::type;
static_assert(found<Input<4>, NestedItem<Path::most_levels - 1>>.empty());
static_assert(found_at<Input<4>, NestedItem<Path::most_levels>>(
    "position 0.0.0.0.0.0.0.0: Residual is nested too deep"));
static_assert(found_at<Input<4>, NestedItem<Path::most_levels + 3>>(
    "position 0.0.0.0.0.0.0.0: Residual is nested too deep"));

// More items than a compiler counts through are refused before it tries.
static_assert(found<Input<4>, Repeat<9'990, Linear<4>>>.empty());
static_assert(
    found_at<Input<4>, Repeat<1'000'000'000, Linear<4>>>("the network has too many items"));
static_assert(found_at<Input<4>, Repeat<100'000, Repeat<100'000, Repeat<100'000, Linear<4>>>>>(
    "the network has too many items"));

}  // namespace

}  // namespace test_checks
