#include <cmath>
#include <string>

#include <lamina/lamina.hpp>

#include "allocations.hpp"
#include "numbers.hpp"

// Networks of very many layers: repeated, they are the same as written out, in every bit, and a
// thousand layers compile, train and predict as four do.

namespace test_depth {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Item = Residual<Linear<32>, BatchNorm<>, ReLU, Dropout<0.1>>;
using Ending = boost::mp11::mp_list<Linear<2>, CrossEntropy<>>;

using Repeated = Network<Input<32>, Repeat<100, Item, Linear<32>, Tanh>, Linear<2>, CrossEntropy<>>;
/// The same with a list of 300 items.
using Written = boost::mp11::mp_apply<
    Network,
    boost::mp11::mp_append<
        boost::mp11::mp_list<Input<32>>,
        boost::mp11::mp_repeat_c<boost::mp11::mp_list<Item, Linear<32>, Tanh>, 100>, Ending>>;

using Thousand = Network<Input<32>, Repeat<1000, Item>, Linear<2>, CrossEntropy<>>;
static_assert(Plan<Thousand>::stage_count == 1002 && Plan<Thousand>::kind_count == 3);
static_assert(plan_of<Thousand>.parameters == 1000 * (32 * 32 + 2 * 32) + 2 * 33);

constexpr std::size_t rows = 9;

template <class Net>
Model<Net> trained() {
  Model<Net> model{Seed{5}};
  Trainer trainer{model, Sgd{.learning_rate = 0.01f, .momentum = 0.9f}};
  for (unsigned step = 0; step < 2; ++step) {
    trainer.step(uniform(rows * 32, step, -1, 1), some_labels(rows, 2, step));
  }
  return model;
}

}  // namespace

TEST_CASE("depth: a repetition is its items written out, in every bit", "[depth]") {
  const auto repeated = trained<Repeated>();
  const auto written = trained<Written>();
  const std::vector<Tensor> a = repeated.tensors();
  const std::vector<Tensor> b = written.tensors();
  REQUIRE(a.size() == b.size());
  bool same = true;
  for (std::size_t i = 0; i < a.size(); ++i) same = same && a[i].values == b[i].values;
  CHECK(same);
  CHECK(a.front().name == "0.0.0.weight");
  CHECK(b.front().name == "0.0.weight");

  const std::vector<float> inputs = uniform(rows * 32, 7, -1, 1);
  std::vector<float> of_repeated(rows * 2);
  std::vector<float> of_written(rows * 2);
  repeated.freeze()(inputs, of_repeated);
  written.freeze()(inputs, of_written);
  CHECK(of_repeated == of_written);
}

TEST_CASE("depth: a thousand layers train, predict and are described", "[depth]") {
  Model<Thousand> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 1e-4f, .momentum = 0.9f}};
  const std::vector<float> inputs = uniform(rows * 32, 1, -1, 1);
  const std::vector<Label> labels = some_labels(rows, 2, 2);
  const std::vector<Tensor> before = model.tensors();
  CHECK(std::isfinite(trainer.step(inputs, labels)));
  const std::vector<Tensor> after = model.tensors();
  REQUIRE(after.size() == 1000 * 6 + 2);
  bool all_moved = true;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!after[i].name.ends_with(".0.weight")) continue;  // of every layer
    all_moved = all_moved && after[i].values != before[i].values;
  }
  CHECK(all_moved);
  CHECK(after[5994].name == "0.999.0.weight");
  if (counts_new()) {
    CHECK(allocations_of([&] { trainer.step(inputs, labels); }) == 0);
  }
  // A residual of zeros passes on what it is given, however many there are.
  std::vector<Tensor> zeros = model.tensors();
  for (Tensor& tensor : zeros) {
    const bool inside = tensor.name.starts_with("0.");
    if (!inside || !(tensor.name.ends_with("weight") || tensor.name.ends_with("bias"))) continue;
    for (float& value : std::get<std::vector<float>>(tensor.values)) value = 0;
  }
  model.assign(zeros);
  Model<Network<Input<32>, Linear<2>, CrossEntropy<>>> last;
  zeros.erase(zeros.begin(), zeros.end() - 2);
  zeros[0].name = "0.weight";
  zeros[1].name = "0.bias";
  last.assign(zeros);
  std::vector<float> expected(rows * 2);
  std::vector<float> results(rows * 2);
  last.predict(inputs, expected);
  model.predict(inputs, results);
  CHECK(results == expected);
  model.freeze()(inputs, results);
  CHECK(results == expected);

  const std::string text = describe<Thousand>();
  INFO(text);
  CHECK(text.find("1002 fused stages") != text.npos);
  CHECK(text.find("stages 2 to 1000: the same again, 999 times") != text.npos);
  CHECK(text.size() < 2500);
}

}  // namespace test_depth
