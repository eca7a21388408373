#include <cmath>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/exchange.hpp"

// A count of batches that nothing computes with.

namespace test_num_batches_tracked {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::exchange;

std::int64_t counter_of(const Model<Exchanged>& model) {
  const std::vector<Tensor> tensors = model.tensors();
  return std::get<1>(tensor_of(tensors, "1.num_batches_tracked").values).front();
}

TEST_CASE("num batches tracked: any type of number is read") {
  for (const char* type : {"int32", "uint8", "float32", "bfloat16"}) {
    INFO(type);
    Model<Exchanged> model{Seed{1}};
    load(model, exchanged(std::string("counter_") + type));
    CHECK(computes_as_torch(model, "plain"));
    CHECK(counter_of(model) == 5);
  }
}

TEST_CASE("num batches tracked: it may be missing, and is then 0") {
  Model<Exchanged> model{Seed{1}};
  load(model, exchanged("plain"));
  CHECK(counter_of(model) == 5);
  load(model, exchanged("no_counter"));
  CHECK(counter_of(model) == 0);
  CHECK(computes_as_torch(model, "plain"));
}

TEST_CASE("num batches tracked: what is no count is an error, and changes nothing") {
  Model<Exchanged> model{Seed{1}};
  load(model, exchanged("plain"));
  const auto error = [&](const std::vector<float>& values, std::vector<std::int64_t> shape) {
    std::vector<Tensor> tensors = model.tensors();
    for (Tensor& tensor : tensors) {
      if (tensor.name == "1.num_batches_tracked") tensor = {tensor.name, shape, values};
      if (tensor.name == "0.weight") tensor.values = std::vector<float>(12);
    }
    return error_of([&] { model.assign(tensors); });
  };
  CHECK(has(error({2.5f}, {}), "'1.num_batches_tracked'", "whole number", "2.5"));
  CHECK(has(error({NAN}, {1}), "whole number", "nan"));
  CHECK(has(error({1e30f}, {}), "whole number"));
  CHECK(has(error({1, 2}, {2}), "shape ()", "shape (2)"));
  CHECK(computes_as_torch(model, "plain"));
}

}  // namespace

}  // namespace test_num_batches_tracked
