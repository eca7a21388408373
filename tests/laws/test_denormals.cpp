#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <vector>

#include <lamina/lamina.hpp>

#include "numbers.hpp"
#include "threads.hpp"

// Denormals are zero in everything that is computed, and results do not depend on the caller's
// floating-point mode, which is afterwards what it was.

namespace test_denormals {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Control = lamina::detail::FloatControl;
using Word = Control::Word;

/// Modes that callers may be in; processors whose mode we do not set keep the one they have.
#if defined(__SSE2__)
constexpr std::array<Word, 7> modes{
    0x1f80,           // as programs start
    0x1f80 | 0x8040,  // denormals flushed, as audio hosts do
    0x1f80 | 0x4000,  // rounding upwards
    0x1f80 | 0x2000,  // downwards
    0x1f80 | 0x6000,  // towards zero
    0x1f80 & ~0x680,  // traps on what is invalid, divided by zero or overflows
    0x1f80 | 0x803f,  // results flushed, operands not, all flags set
};
#elif defined(__aarch64__)
constexpr std::array<Word, 4> modes{0, 1u << 24, 1u << 22, 3u << 22};
#else
constexpr std::array<Word, 1> modes{Control::ours};
#endif

constexpr Word control(Word word) {
  return word & ~Control::flags;
}

/// Sets a mode while it lives.
class InMode {
 public:
  explicit InMode(Word mode) : before_(Control::read()) { Control::write(mode); }
  InMode(const InMode&) = delete;
  InMode& operator=(const InMode&) = delete;
  ~InMode() { Control::write(before_); }

 private:
  Word before_;
};

/// Calls f() in a mode; false where the mode is another one afterwards, or has lost a flag.
template <class F>
bool keeps(Word mode, const F& f) {
  const InMode in(mode);
  f();
  const Word now = Control::read();
  return control(now) == control(mode) && (now & mode & Control::flags) == (mode & Control::flags);
}

bool is_ours() {
  return control(Control::read()) == Control::ours;
}

using Net = Network<Input<24>, Standardize, Linear<70, WeightNorm, Init<Orthogonal<>>>, BatchNorm<>,
                    Elementwise<[](auto x) { return x * sigmoid(x); }>, Dropout<0.2>, Linear<5>,
                    CrossEntropy<>, L2<1e-3>>;
using Tiny = Network<Input<4>, Linear<4>, Linear<1>, MeanSquaredError>;

/// What a program gets to see of the life of a network, as it comes: nothing is computed here.
struct Life {
  std::vector<double> numbers;
  std::vector<Tensor> tensors;
  std::vector<float> outputs;

  void add(const Model<Net>& model, const std::vector<float>& inputs) {
    for (const Tensor& tensor : model.tensors()) tensors.push_back(tensor);
    std::vector<float> found(inputs.size() / Model<Net>::features * Model<Net>::outputs);
    model.predict(inputs, found);
    outputs.insert(outputs.end(), found.begin(), found.end());
    model.freeze()(inputs, found);
    outputs.insert(outputs.end(), found.begin(), found.end());
  }
};

Life live(const Dataset& data, const std::vector<float>& inputs, const std::vector<Label>& labels,
          const std::array<float, 4>& sample) {
  Life life;
  Model<Net> model{Seed{5}};
  Trainer trainer{model, Average{Adam{}, 0.9f}};
  const History history = trainer.fit(data, data, {.epochs = 2, .batch_size = 64}, OneCycle{});
  for (const EpochRecord& epoch : history.epochs) {
    life.numbers.insert(life.numbers.end(), {epoch.loss, epoch.validation_loss});
  }
  life.numbers.push_back(double{trainer.step(inputs, labels)});
  life.numbers.push_back(evaluate(model, data).loss);
  const FindOptions options{.steps = 10, .batch_size = 50};
  life.numbers.push_back(double{find_learning_rate(model, Sgd{}, data, options).valley});
  life.add(model, inputs);
  life.add(trainer.average(), inputs);
  life.outputs.push_back(Model<Tiny>{Seed{1}}.freeze()(sample)[0]);
  return life;
}

}  // namespace

TEST_CASE("denormals: the caller's mode does not show in results and stays", "[laws]") {
  auto inputs = uniform(std::size_t{200} * 24, 1);
  for (std::size_t i = 0; i < inputs.size(); i += 3) inputs[i] *= 1e-39f;
  const std::vector<Label> labels = some_labels(200, 5, 2);
  const Dataset data{24, inputs, labels};
  const std::array<float, 4> sample{0.1f, 0.7f, 1e-39f, 3};
  const Life expected = live(data, inputs, labels, sample);
  for (const Word mode : modes) {
    CAPTURE(mode);
    Life found;
    CHECK(keeps(mode, [&] { found = live(data, inputs, labels, sample); }));
    CHECK(found.numbers == expected.numbers);
    CHECK(same_bits(found.tensors, expected.tensors));
    const bool same_outputs = found.outputs == expected.outputs;
    CHECK(same_outputs);
  }
}

namespace {

/// Weights of this size.
template <class Net>
Model<Net> model_of(float weight) {
  Model<Net> model;
  auto tensors = model.tensors();
  for (Tensor& tensor : tensors)
    std::ranges::fill(std::get<std::vector<float>>(tensor.values), weight);
  model.assign(tensors);
  return model;
}

/// What inputs of this size give: batches by the model and the frozen one, and one sample.
template <class Net>
std::vector<float> outputs_of(const Model<Net>& model, float input) {
  constexpr std::size_t features = Model<Net>::features;
  constexpr std::size_t outputs = Model<Net>::outputs;
  const std::vector<float> inputs(20 * features, input);
  std::vector<float> found(20 * outputs);
  model.predict(inputs, found);
  std::vector<float> all = found;
  const Predictor<Net> predictor = model.freeze();
  predictor(inputs, found);
  all.insert(all.end(), found.begin(), found.end());
  const auto one = predictor(std::span<const float, features>(inputs.data(), features));
  all.insert(all.end(), one.begin(), one.end());
  return all;
}

template <class Net>
void check_flushed() {
  const auto all_zero = [](const std::vector<float>& values) {
    return std::ranges::all_of(values, [](float value) { return value == 0; });
  };
  // A product that is denormal, weights that are, inputs that are.
  CHECK(all_zero(outputs_of(model_of<Net>(1e-20f), 1e-20f)));
  CHECK(all_zero(outputs_of(model_of<Net>(1e-39f), 1)));
  const auto nothing = outputs_of(model_of<Net>(1), 0);
  CHECK(outputs_of(model_of<Net>(1), 1e-39f) == nothing);
}

using Stacked = Network<Input<70>, Linear<70, NoBias>, Linear<3, NoBias>, MeanSquaredError>;
using Single = Network<Input<4>, Linear<4, NoBias>, Linear<1, NoBias>, MeanSquaredError>;
static_assert(runtime::has_single_sample_path<Single>);

}  // namespace

TEST_CASE("denormals: predictions compute with zero in their place", "[laws]") {
  check_flushed<Stacked>();
  check_flushed<Single>();
}

namespace {

/// A step whose gradients are denormal, and one with momentum that decays to denormals.
template <class Net>
void check_steps() {
  constexpr std::size_t features = Model<Net>::features;
  constexpr std::size_t outputs = Model<Net>::outputs;
  Model<Net> model = model_of<Net>(0);
  Trainer trainer{model, Sgd{.learning_rate = 1, .momentum = 0.5f}};
  const std::vector<float> inputs(20 * features, 1e-20f);
  const std::vector<float> targets(20 * outputs, 1e-19f);
  trainer.step(inputs, targets);  // moves by products of the two
  for (const Tensor& tensor : model.tensors()) {
    for (const float value : std::get<std::vector<float>>(tensor.values)) {
      CHECK((value == 0 || std::fpclassify(value) == FP_NORMAL));
    }
  }
}

/// One layer, so that zero weights have gradients.
using Layer = Network<Input<70>, Linear<3, NoBias>, MeanSquaredError>;
using NarrowLayer = Network<Input<4>, Linear<3, NoBias>, MeanSquaredError>;
static_assert(runtime::is_narrow<NarrowLayer> && !runtime::is_narrow<Layer>);

}  // namespace

TEST_CASE("denormals: steps leave none in the weights", "[laws]") {
  check_steps<Layer>();
  check_steps<NarrowLayer>();
}

namespace {

/// A metric and a callback that look at the mode they are called in.
struct ModeSeen {
  std::atomic<int>* other;
  void look() const { *other += is_ours() ? 0 : 1; }
};
struct ModeOfSteps : ModeSeen {
  void after_step(auto&) const { look(); }
};

}  // namespace

TEST_CASE("denormals: tasks, batches loaded ahead and callbacks run in the mode", "[laws]") {
  std::atomic<int> other{0};
  std::atomic<int> calls{0};
  const auto look = [&] {
    ++calls;
    ModeSeen{&other}.look();
  };
  const Dataset data{24, uniform(std::size_t{256} * 24, 1), some_labels(256, 5, 2)};
  for (const int threads : {1, 2}) {
    on_threads(threads, [&] {
      for (const Word mode : modes) {
        CHECK(keeps(mode, [&] {
          runtime::for_each_task(100, true, [&](int) { look(); });
          Model<Net> model;
          Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
          trainer.fit(data, data, {.epochs = 1, .batch_size = 16}, ModeOfSteps{{&other}},
                      Transform{[&](auto, Draws&) { look(); }},
                      BatchTransform{[&](const auto&) { look(); }});
        }));
      }
    });
  }
  CHECK(calls > 0);
  CHECK(other == 0);
}

TEST_CASE("denormals: the mode is the caller's after an exception too", "[laws]") {
  const Dataset data{24, uniform(std::size_t{256} * 24, 1), some_labels(256, 5, 2)};
  for (const int threads : {1, 2}) {
    on_threads(threads, [&] {
      for (const Word mode : modes) {
        bool thrown = false;
        CHECK(keeps(mode, [&] {
          try {
            Model<Net> model;
            Trainer trainer{model, Sgd{}};
            trainer.fit(data, {}, {.epochs = 1, .batch_size = 16},
                        Transform{[](auto, Draws&) { throw std::runtime_error("of the user's"); }});
          } catch (const std::runtime_error&) {
            thrown = true;
          }
        }));
        CHECK(thrown);
      }
    });
  }
}

TEST_CASE("denormals: threads of the caller's arena keep their modes", "[laws]") {
  const Model<Stacked> model;
  const std::vector<float> inputs(20 * 70, 0.5f);
  std::atomic<int> lost{0};
  on_threads(2, [&] {
    tbb::parallel_for(0, 200, [&](int i) {
      std::vector<float> outputs(60);
      const Word mode = modes[static_cast<std::size_t>(i) % modes.size()];
      lost += keeps(mode, [&] { model.predict(inputs, outputs); }) ? 0 : 1;
    });
  });
  CHECK(lost == 0);
}

}  // namespace test_denormals
