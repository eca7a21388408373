#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"
#include "threads.hpp"

// Networks with random items: rates at run time, noise of steps and threads, none in inference.

namespace test_rates {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Noisy = Network<Input<20>, Linear<70>, GaussianNoise<0.2>, ReLU, Dropout<0.3>, Linear<66>,
                      SELU, AlphaDropout<0.1>, Linear<65>, BatchNorm<>, GELU, GaussianDropout<0.4>,
                      Linear<5>, CrossEntropy<>>;
/// The same without them, wide enough to run on panels too.
using Quiet = Network<Input<20>, Linear<70>, ReLU, Linear<66>, SELU, Linear<65>, BatchNorm<>, GELU,
                      Linear<5>, CrossEntropy<>>;
static_assert(!runtime::is_narrow<Quiet>);
static_assert(!runtime::is_narrow<
              Network<Input<4>, Linear<8>, GaussianNoise<0.1>, Linear<3>, CrossEntropy<>>>);

constexpr std::size_t rows = 37;

template <class Net>
void train(Model<Net>& model, int steps, std::size_t batch = rows) {
  Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  for (int step = 0; step < steps; ++step) {
    const auto seed = static_cast<unsigned>(10 * step);
    trainer.step(uniform(batch * 20, seed, -2, 2), some_labels(batch, 5, seed + 1));
  }
}

/// The values of one network under the names of another that has its tensors in the same order.
template <class To, class From>
Model<To> taken_over(const Model<From>& from) {
  Model<To> to;
  std::vector<Tensor> named = to.tensors();
  const std::vector<Tensor> tensors = from.tensors();
  REQUIRE(named.size() == tensors.size());
  for (std::size_t i = 0; i < named.size(); ++i) named[i].values = tensors[i].values;
  to.assign(named);
  return to;
}

template <class Net>
std::vector<float> predicted(const Model<Net>& model) {
  std::vector<float> outputs(rows * Model<Net>::outputs);
  model.predict(uniform(rows * Model<Net>::features, 5, -2, 2), outputs);
  return outputs;
}

void set_all(Model<Noisy>& model, double rate) {
  model.set_rate<1>(rate);
  model.set_rate<3>(rate);
  model.set_rate<6>(rate);
  model.set_rate<10>(rate);
}

}  // namespace

TEST_CASE("rates: those of the types, until they are set", "[rates]") {
  Model<Noisy> model;
  CHECK(model.rate<1>() == 0.2);
  CHECK(model.rate<3>() == 0.3);
  CHECK(model.rate<6>() == 0.1);
  CHECK(model.rate<10>() == 0.4);
  model.set_rate<6>(0.25);
  CHECK(model.rate<3>() == 0.3);
  CHECK(model.rate<6>() == 0.25);
  const Model<Noisy> copy = model;
  model.set_rate<6>(0.5);
  CHECK(copy.rate<6>() == 0.25);
}

TEST_CASE("rates: one that the item does not take is an error and changes nothing", "[rates]") {
  Model<Noisy> model;
  const double infinity = std::numeric_limits<double>::infinity();
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  CHECK(
      has(error_of([&] { model.set_rate<3>(1.0); }), "set_rate<3>", "a rate in [0, 1)", "found 1"));
  CHECK(has(error_of([&] { model.set_rate<3>(-0.5); }), "set_rate<3>", "a rate in [0, 1)",
            "found -0.5"));
  CHECK(has(error_of([&] { model.set_rate<6>(not_a_number); }), "set_rate<6>", "[0, 1)",
            "found nan"));
  CHECK(has(error_of([&] { model.set_rate<10>(2.0); }), "set_rate<10>", "[0, 1)", "found 2"));
  CHECK(has(error_of([&] { model.set_rate<1>(-1.0); }), "set_rate<1>", "at least 0", "found -1"));
  CHECK(has(error_of([&] { model.set_rate<1>(infinity); }), "set_rate<1>", "finite", "found inf"));
  CHECK(model.rate<1>() == 0.2);
  CHECK(model.rate<3>() == 0.3);
  model.set_rate<1>(20.0);  // a deviation may be large
  CHECK(model.rate<1>() == 20);
}

TEST_CASE("rates: a rate that was set trains as one of the type", "[rates]") {
  using Other = Network<Input<20>, Linear<70>, GaussianNoise<0.5>, ReLU, Dropout<0.6>, Linear<66>,
                        SELU, AlphaDropout<0.3>, Linear<65>, BatchNorm<>, GELU,
                        GaussianDropout<0.1>, Linear<5>, CrossEntropy<>>;
  Model<Noisy> set{Seed{3}};
  set.set_rate<1>(0.5);
  set.set_rate<3>(0.6);
  set.set_rate<6>(0.3);
  set.set_rate<10>(0.1);
  Model<Other> typed{Seed{3}};
  Model<Noisy> untouched{Seed{3}};
  train(set, 3);
  train(typed, 3);
  train(untouched, 3);
  CHECK(same_bits(set.tensors(), typed.tensors()));
  CHECK_FALSE(same_bits(set.tensors(), untouched.tensors()));
}

TEST_CASE("rates: at rate 0 training is that without the items, to the bit", "[rates]") {
  Model<Noisy> noisy{Seed{4}};
  set_all(noisy, 0);
  Model<Quiet> quiet = taken_over<Quiet>(noisy);
  train(noisy, 5);
  train(quiet, 5);
  CHECK(same_bits(taken_over<Quiet>(noisy).tensors(), quiet.tensors()));
}

TEST_CASE("rates: inference is that without the items, whatever their rates", "[rates]") {
  Model<Noisy> model{Seed{5}};
  train(model, 2);
  const auto expected = predicted(taken_over<Quiet>(model));
  CHECK(predicted(model) == expected);
  set_all(model, 0.9);
  CHECK(predicted(model) == expected);
  CHECK(predicted(model) == expected);
  const Predictor<Noisy> predictor = model.freeze();
  const Predictor<Quiet> quiet = taken_over<Quiet>(model).freeze();
  const auto sample = uniform(20, 6, -2, 2);
  CHECK(predictor(sample) == quiet(sample));
}

namespace {

/// The losses of steps that change nothing: the noise alone tells them apart.
template <class Item>
void check_steps() {
  INFO(std::string(Item::name().view()));
  using Net = Network<Input<20>, Linear<33>, Tanh, Item, Linear<5>, MeanSquaredError>;
  const auto inputs = uniform(rows * 20, 1, -2, 2);
  const auto targets = uniform(rows * 5, 2);
  const auto losses = [&](Seed seed) {
    Model<Net> model{Seed{1}};
    const std::vector<Tensor> tensors = model.tensors();
    model = Model<Net>{seed};
    model.assign(tensors);
    Trainer trainer{model, Sgd{.learning_rate = 0.0f}};
    std::vector<float> found(4);
    for (float& loss : found) loss = trainer.step(inputs, targets);
    return found;
  };
  const auto base = losses(Seed{1});
  CHECK(losses(Seed{1}) == base);
  for (std::size_t i = 1; i < base.size(); ++i) CHECK(base[i] != base[i - 1]);
  CHECK(losses(Seed{2})[0] != base[0]);
}

}  // namespace

TEST_CASE("rates: every step has noise of its own, the same from the same seed", "[rates]") {
  check_steps<Dropout<0.3>>();
  check_steps<AlphaDropout<0.3>>();
  check_steps<GaussianNoise<0.3>>();
  check_steps<GaussianDropout<0.3>>();
}

TEST_CASE("rates: noise is the same for any number of threads", "[rates][threads]") {
  // Large enough to run in parallel.
  constexpr std::size_t batch = 1000;
  static_assert(Plan<Noisy>::training_multiplications * batch >= runtime::serial_multiplications);
  const auto trained = [&](int threads) {
    return on_threads(threads, [&] {
      Model<Noisy> model{Seed{6}};
      train(model, 3, batch);
      return model.tensors();
    });
  };
  const auto one = trained(1);
  CHECK(same_bits(trained(2), one));
  CHECK(same_bits(trained(3), one));
}

TEST_CASE("rates inside structures are found by their path", "[random]") {
  using Nested = Network<Input<20>, Linear<70>, Residual<Linear<70>, Repeat<2, Dropout<0.5>, Tanh>>,
                         Linear<5>, CrossEntropy<>>;
  using Plain = Network<Input<20>, Linear<70>, Residual<Linear<70>, Repeat<2, Tanh>>, Linear<5>,
                        CrossEntropy<>>;
  Model<Nested> model{Seed{3}};
  Model<Plain> plain = taken_over<Plain>(model);
  Model<Nested> dropping = model;
  CHECK(model.rate<1, 1, 0>() == 0.5);
  model.set_rate<1, 1, 0>(0);
  model.set_rate<1, 1, 2>(0);
  CHECK(dropping.rate<1, 1, 2>() == 0.5);
  train(model, 3);
  train(plain, 3);
  train(dropping, 3);
  const auto found = predicted(model);
  const auto expected = predicted(plain);
  Worst worst;
  for (std::size_t i = 0; i < found.size(); ++i) {
    // Two chains of other types, which compilers round in other places; three steps of sums of 70.
    worst.compare(double{found[i]}, double{expected[i]}, 500 * epsilon, static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(predicted(dropping) != expected);
}

}  // namespace test_rates
