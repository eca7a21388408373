#include <fstream>
#include <sstream>

#include "io/files.hpp"
#include "threads.hpp"
#include "watching.hpp"

// The callback `Statistics`: its numbers are those of plain loops, and it changes nothing.

namespace test_statistics {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::watching;

namespace {

std::map<std::string, std::vector<float>> floats_by_name(const std::vector<Tensor>& tensors) {
  std::map<std::string, std::vector<float>> made;
  for (const Tensor& tensor : tensors) {
    const auto* const values = std::get_if<std::vector<float>>(&tensor.values);
    if (values != nullptr) made[tensor.name] = *values;
  }
  return made;
}

/// What Sgd took away from a tensor, over its learning rate: the root of the sum of squares.
double moved(const std::vector<float>& before, const std::vector<float>& after, double rate) {
  double squares = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    squares += std::pow((double{before[i]} - double{after[i]}) / rate, 2);
  }
  return std::sqrt(squares);
}

/// The step of every weight is its gradient times the rate, penalties left out.
template <class Net>
void check_weight_gradients(std::size_t rows) {
  CAPTURE(rows, name_of<Net>().view());
  constexpr float rate = 4.0f;  // so large that rounding the weights does not show
  Model<Net> model{Seed{rows}};
  const Dataset data = data_for<Net>(rows);
  if constexpr (has_standardize<Net>) model.fit_standardize(data);
  const auto before = floats_by_name(model.tensors());
  const Statistics statistics = watch(model, data, rate);
  const auto after = floats_by_name(model.tensors());
  REQUIRE(statistics.records.size() == Plan<Net>::stages.size());
  for (std::size_t s = 0; s < Plan<Net>::stages.size(); ++s) {
    const Stage& stage = Plan<Net>::stages[s];
    const LayerRecord& record = statistics.records[s];
    CAPTURE(statistics.layers[s]);
    CHECK(record.layer == static_cast<int>(s));
    CHECK(std::isnan(record.weight_gradient) == !stage.contraction);
    if (!stage.contraction) continue;
    const std::string name = name_at(stage.path, "weight");
    CHECK(record.weight_gradient ==
          Approx(moved(before.at(name), after.at(name), double{rate})).epsilon(1e-4));
  }
}

using Columns = std::vector<std::vector<double>>;  // [row][unit]

Columns linear(const Columns& in, const std::vector<float>& weights, const std::vector<float>& bias,
               std::size_t units) {
  Columns out(in.size(), std::vector<double>(units));
  for (std::size_t r = 0; r < in.size(); ++r) {
    for (std::size_t u = 0; u < units; ++u) {
      out[r][u] = bias.empty() ? 0 : double{bias[u]};
      for (std::size_t i = 0; i < in[r].size(); ++i) {
        out[r][u] += in[r][i] * double{weights[u * in[r].size() + i]};
      }
    }
  }
  return out;
}

/// Batch normalization as it starts, and ReLU.
void normalize_and_rectify(Columns& values) {
  const auto rows = static_cast<double>(values.size());
  for (std::size_t u = 0; u < values[0].size(); ++u) {
    double mean = 0;
    double variance = 0;
    for (const auto& row : values) mean += row[u] / rows;
    for (const auto& row : values) variance += (row[u] - mean) * (row[u] - mean) / rows;
    for (auto& row : values) row[u] = std::max(0.0, (row[u] - mean) / std::sqrt(variance + 1e-5));
  }
}

void check_outputs(const LayerRecord& record, const Columns& values) {
  double mean = 0;
  double variance = 0;
  const auto count = static_cast<double>(values.size() * values[0].size());
  for (const auto& row : values)
    for (const double value : row) mean += value / count;
  for (const auto& row : values)
    for (const double value : row) variance += (value - mean) * (value - mean) / count;
  CHECK(record.mean == Approx(mean).epsilon(1e-4).margin(1e-5));
  CHECK(record.deviation == Approx(std::sqrt(variance)).epsilon(1e-4));
}

}  // namespace

TEST_CASE("statistics: gradients by weights are what Sgd moves them by", "[statistics]") {
  for (const std::size_t rows : {2u, 17u, 70u}) {
    check_weight_gradients<Plain>(rows);
    check_weight_gradients<Structured>(rows);
    check_weight_gradients<Narrow>(rows);
    check_weight_gradients<Front>(rows);
  }
}

TEST_CASE("statistics: a layer with a scale of every value is seen like others", "[statistics]") {
  using Elements =
      Network<Input<1, 4, 5>, Conv2d<18, Kernel<2>>, LayerNorm<PerElement>, GELU,
              Conv2d<3, Kernel<2>>, RMSNorm<PerElement>, Flatten, Linear<5>, CrossEntropy<>>;
  for (const std::size_t rows : {2u, 17u}) check_weight_gradients<Elements>(rows);
}

TEST_CASE("statistics: penalties and noise are as in the step", "[statistics]") {
  using Unpenalized = Network<Input<20>, Linear<130>, BatchNorm<>, ReLU, Dropout<0.3>, Linear<70>,
                              LayerNorm<>, GELU, Dropout<0.2>, Linear<5>, CrossEntropy<>>;
  check_weight_gradients<Unpenalized>(70);
  // The same gradients with a penalty, which is none of the data's loss.
  Model<Noisy> noisy{Seed{3}};
  Model<Unpenalized> plain{Seed{3}};
  const Statistics with = watch(noisy, data_for<Noisy>(70), 0.1f);
  const Statistics without = watch(plain, data_for<Noisy>(70), 0.1f);
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(with.records[s].weight_gradient == without.records[s].weight_gradient);
    CHECK(with.records[s].mean == without.records[s].mean);
  }
}

TEST_CASE("statistics: outputs are those of plain loops in double", "[statistics]") {
  for (const std::size_t rows : {3u, 33u, 101u}) {
    CAPTURE(rows);
    Model<Plain> model{Seed{rows}};
    const auto now = floats_by_name(model.tensors());
    const Dataset data = data_for<Plain>(rows);
    const Statistics statistics = watch(model, data, 0.1f);
    Columns values;
    for (std::size_t r = 0; r < rows; ++r) {
      const float* const row = data.inputs().data() + r * features;
      values.emplace_back(row, row + features);
    }
    values = linear(values, now.at("0.weight"), {}, 70);
    normalize_and_rectify(values);
    check_outputs(statistics.records[0], values);
    values = linear(values, now.at("3.weight"), now.at("3.bias"), 33);
    for (auto& row : values)
      for (double& value : row) value = std::tanh(value);
    check_outputs(statistics.records[1], values);
    check_outputs(statistics.records[2], linear(values, now.at("5.weight"), now.at("5.bias"), 5));
  }
  Model<Plain> model;
  CHECK(watch(model, data_for<Plain>(9), 0.1f).layers ==
        std::vector<std::string>{"0 Linear<70>, BatchNorm<>, ReLU", "3 Linear<33>, Tanh",
                                 "5 Linear<5>"});
}

TEST_CASE("statistics: of one sample the gradient by values is that by biases", "[statistics]") {
  const auto check = [](auto net) {
    using Watched = decltype(net);
    Model<Watched> model{Seed{8}};
    const auto before = floats_by_name(model.tensors());
    const Statistics statistics = watch(model, data_for<Watched>(1), 1.0f);
    const auto after = floats_by_name(model.tensors());
    for (std::size_t s = 0; s < statistics.records.size(); ++s) {
      const Stage& stage = Plan<Watched>::stages[s];
      const std::string name = name_at(stage.path, "bias");
      const double rms = moved(before.at(name), after.at(name), 1) / std::sqrt(stage.outputs());
      CHECK(statistics.records[s].value_gradient == Approx(rms).epsilon(1e-3));
    }
  };
  check(Network<Input<20>, Linear<70>, ELU<>, Linear<33>, Tanh, Linear<5>, MeanSquaredError>{});
  check(Network<Input<20>, Linear<33>, Tanh, Linear<5>, MeanSquaredError>{});
}

TEST_CASE("statistics: a front with samples in the lanes is seen as all other stages",
          "[statistics]") {
  // The network up to a stage, which begins the same, says what that stage's outputs are.
  const Dataset data = data_for<Front>(70);
  Model<Front> model{Seed{4}};
  const auto check = [&](auto part, const LayerRecord& record) {
    using Part = decltype(part);
    const Model<Part> same{Seed{4}};
    std::vector<float> outputs(70 * Plan<Part>::outputs);
    same.predict(data.inputs(), outputs);
    Columns values;
    for (const float value : outputs) values.push_back({double{value}});
    check_outputs(record, values);
  };
  const Statistics statistics = watch(model, data, 0.1f);
  using First = Conv2d<6, Kernel<3>, Padding<1>>;
  using Second = Conv2d<3, Kernel<2>, Padding<1>>;
  using Pool = MaxPool<2, Stride<1>>;
  check(Network<Input<1, 4, 5>, First, Tanh>{}, statistics.records[0]);
  check(Network<Input<1, 4, 5>, First, Tanh, Pool>{}, statistics.records[1]);
  check(Network<Input<1, 4, 5>, First, Tanh, Pool, Second, GELU>{}, statistics.records[2]);
}

TEST_CASE("statistics: outputs that are not kept are seen like those that are", "[statistics]") {
  // Of the first stage, which in one network is read by a convolution alone, which makes its
  // outputs again, and in the other by a sum too.
  using Then = Conv2d<18, Kernel<3>, Same>;
  const auto first = []<class... Items>(std::type_identity<Network<Items...>>) {
    using Net = Network<Input<1, 4, 5>, Conv2d<18, Kernel<1, 2>>, BatchNorm<>, Tanh, Dropout<0.3>,
                        Items..., Flatten, Linear<5>, CrossEntropy<>>;
    check_weight_gradients<Net>(17);
    Model<Net> model{Seed{4}};
    return std::pair{watch(model, data_for<Net>(70), 0.1f).records[0],
                     Plan<Net>::stages[0].recomputed};
  };
  const auto [again, recomputed] = first(std::type_identity<Network<Then>>{});
  const auto [kept, not_recomputed] = first(std::type_identity<Network<Residual<Then>>>{});
  CHECK(recomputed);
  CHECK_FALSE(not_recomputed);
  CHECK(again.mean == kept.mean);
  CHECK(again.deviation == kept.deviation);
  CHECK(again.dead == kept.dead);
}

TEST_CASE("statistics: parameters are those of a run without", "[statistics]") {
  const auto check = [](auto net) {
    using Watched = decltype(net);
    const Dataset data = data_for<Watched>(150);
    const FitOptions options{.epochs = 3, .batch_size = 40};
    Model<Watched> watched{Seed{2}};
    Model<Watched> alone{Seed{2}};
    Trainer watching{watched, Adam{}};
    Trainer bare{alone, Adam{}};
    Statistics statistics{.every = 2, .out = nullptr};
    watching.fit(data, {}, options, statistics);
    bare.fit(data, {}, options);
    CHECK(same_bits(watched.tensors(), alone.tensors()));
    // Of 12 steps the first, third, ... are looked at.
    REQUIRE(statistics.records.size() == 6 * statistics.layers.size());
    CHECK(statistics.records.back().step == 11);
    CHECK(statistics.records.back().epoch == 3);
  };
  check(Noisy{});
  check(Structured{});
  check(Narrow{});
}

TEST_CASE("statistics: any number of threads gives the same bits", "[statistics]") {
  using Large = Network<Input<20>, Linear<300>, BatchNorm<>, ReLU, Dropout<0.1>, Linear<200>, GELU,
                        Linear<5>, CrossEntropy<>>;
  const auto numbers = [](int threads) {
    return on_threads(threads, [] {
      Model<Large> model;
      std::vector<double> made;
      for (const LayerRecord& record : watch(model, data_for<Large>(700), 0.1f, 3).records) {
        made.insert(made.end(), {record.mean, record.deviation, record.dead, record.weight_gradient,
                                 record.value_gradient});
      }
      return made;
    });
  };
  const auto one = numbers(1);
  REQUIRE(one.size() == 3u * 3 * 5);
  for (const int threads : {2, 4}) CHECK(numbers(threads) == one);
}

TEST_CASE("statistics: as a table", "[statistics]") {
  Model<Structured> model;
  const Statistics statistics = watch(model, data_for<Structured>(20), 0.1f, 2);
  const TemporaryDirectory directory;
  write_csv(statistics, directory / "statistics.csv");
  std::ifstream file(directory / "statistics.csv");
  std::string line;
  std::getline(file, line);
  CHECK(line == "epoch,step,layer,name,mean,deviation,dead,weight_gradient,value_gradient");
  std::size_t lines = 0;
  for (; std::getline(file, line); ++lines) {
    const LayerRecord& record = statistics.records.at(lines);
    const auto layer = static_cast<std::size_t>(record.layer);
    const std::string start = std::to_string(record.epoch) + "," + std::to_string(record.step) +
                              "," + std::to_string(record.layer) + ",\"" +
                              statistics.layers[layer] + "\",";
    REQUIRE(line.rfind(start, 0) == 0);
    std::istringstream fields(line.substr(start.size()));
    for (const double number : {record.mean, record.deviation, record.dead, record.weight_gradient,
                                record.value_gradient}) {
      std::string field;
      REQUIRE(std::getline(fields, field, ','));
      CHECK(field.empty() == std::isnan(number));  // what is not there is empty
      if (!field.empty()) CHECK(std::stod(field) == number);
    }
    CHECK(fields.eof());
  }
  CHECK(lines == statistics.records.size());
  CHECK_THROWS_AS(write_csv(statistics, "/no/such/directory/file.csv"), Error);
}

}  // namespace test_statistics
