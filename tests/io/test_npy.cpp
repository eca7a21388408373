#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "io/idx_files.hpp"
#include "io/npy_files.hpp"
#include "io/zip_files.hpp"

namespace test_npy {

namespace {

using namespace lamina::testing;
using lamina::Dataset;
using lamina::Label;
using lamina::read_npy;
using lamina::read_npz;
using lamina::Shape;
using lamina::Tensor;
using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;

// first, first + 1, ... as the type of the values asks for.
bool counts_up(const Tensor& tensor, int first) {
  return std::visit(
      [&](const auto& values) {
        int expected = first;
        return std::ranges::all_of(
            values, [&](auto value) { return value == static_cast<decltype(value)>(expected++); });
      },
      tensor.values);
}

TEST_CASE("NPY: every type, byte order and order of axes has the same numbers") {
  const std::vector<Tensor> arrays = lamina::read_npz_arrays(golden_npy("types.npz"));
  CHECK(arrays.size() == 40);
  for (const Tensor& tensor : arrays) {
    INFO(tensor.name);
    CHECK(tensor.shape == Integers{2, 3, 4});
    const std::string kind = tensor.name.substr(tensor.name.size() - 2);
    CHECK(std::holds_alternative<Floats>(tensor.values) == (kind[0] == 'f'));
    CHECK(counts_up(tensor, kind[0] == 'u' ? 0 : -3));
  }
}

TEST_CASE("NPY: format versions 1 to 3, plain and gzip") {
  for (const int version : {1, 2, 3}) {
    const auto path = golden_npy("version_" + std::to_string(version) + ".npy");
    const Tensor tensor = read_npy(path);
    CHECK(tensor.shape == Integers{2, 3, 4});
    CHECK(counts_up(tensor, -3));
    const NpyFile packed{gzip(read_file(path))};
    CHECK(read_npy(packed.path).values == tensor.values);
  }
}

TEST_CASE("NPY: scalars, booleans and the ends of the ranges") {
  const Tensor scalar = read_npy(golden_npy("scalar.npy"));
  CHECK(scalar.shape.empty());
  CHECK(std::get<Floats>(scalar.values) == Floats{7.5F});
  CHECK(std::get<Integers>(read_npy(golden_npy("booleans.npy")).values) == Integers{1, 0, 1});
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(std::get<Floats>(read_npy(golden_npy("extremes.npy")).values) ==
        Floats{infinity, 0x1p-149F, -0.1F, infinity});
  CHECK(
      std::get<Integers>(read_npy(golden_npy("integers.npy")).values) ==
      Integers{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()});
  CHECK(std::get<Floats>(read_npy(NpyFile{npy(npy_header("<f4", "(0, 3)"), {})}.path).values)
            .empty());
}

TEST_CASE("NPY: headers as others write them") {
  const std::string header = "{\"shape\":(2,),\"descr\":\"|u1\" , 'fortran_order' : True}";
  const Tensor tensor = read_npy(NpyFile{npy(header, {7, 9})}.path);
  CHECK(std::get<Integers>(tensor.values) == Integers{7, 9});
}

TEST_CASE("NPY: images with labels") {
  const Dataset data = read_npy(golden_npy("images.npy"), golden_npy("labels.npy"));
  CHECK(data.shape() == Shape{3, 2, 2});
  CHECK(data.inputs(1)[3] == 15.0F);  // not scaled
  CHECK(std::ranges::equal(data.labels(), std::vector<Label>{4, 1}));
}

TEST_CASE("NPY: inputs of one to four axes") {
  const auto shape_of = [](const std::string& shape) {
    const NpyFile inputs{npy(npy_header("|u1", shape), Bytes(6, 1))};
    const NpyFile targets{npy(npy_header("<f4", "(2,)"), Bytes(8, 0))};
    const NpyFile more{npy(npy_header("<f4", "(6, 1)"), Bytes(24, 0))};
    return read_npy(inputs.path, shape == "(6,)" ? more.path : targets.path).shape();
  };
  CHECK(shape_of("(6,)") == Shape{1, 1, 1});
  CHECK(shape_of("(2, 3)") == Shape{3, 1, 1});
  CHECK(shape_of("(2, 1, 3)") == Shape{1, 1, 3});
  CHECK(shape_of("(2, 3, 1, 1)") == Shape{3, 1, 1});
}

TEST_CASE("NPY: integers in one axis are labels, all other targets floats") {
  const NpyFile inputs{npy(npy_header("|u1", "(2, 1)"), {1, 2})};
  const auto read = [&](const std::string& type, const std::string& shape, const Bytes& bytes) {
    return read_npy(inputs.path, NpyFile{npy(npy_header(type, shape), bytes)}.path);
  };
  CHECK(read("|b1", "(2,)", {1, 0}).has_labels());
  CHECK(read("|u1", "(2,)", {3, 0}).classes() == 4);
  CHECK(read("|u1", "(2, 1)", {3, 0}).outputs() == 1);
  CHECK(read("|u1", "(2, 2)", {3, 0, 1, 2}).targets(1)[1] == 2.0F);
}

TEST_CASE("NPY: integers in three axes are class maps") {
  const NpyFile inputs{
      npy(npy_header("|u1", "(2, 1, 3, 2)"), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})};
  const auto read = [&](const std::string& type, const std::string& shape, const Bytes& bytes) {
    return read_npy(inputs.path, NpyFile{npy(npy_header(type, shape), bytes)}.path);
  };
  const Bytes twelve{0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 255};
  const Dataset maps = read("|u1", "(2, 3, 2)", twelve);
  CHECK(maps.label_shape() == Shape{1, 3, 2, 2});
  CHECK(maps.labels_a_sample() == 6);
  CHECK(maps.classes() == 256);
  CHECK(std::ranges::equal(maps.labels(1), std::vector<Label>{5, 4, 3, 2, 1, 255}));
  // Another size than that of the inputs, and maps of signals.
  CHECK(read("|u1", "(2, 2, 3)", twelve).label_shape() == Shape{1, 2, 3, 2});
  CHECK(read("|u1", "(2, 1, 6)", twelve).label_shape() == Shape{1, 1, 6, 2});
  const NpyFile columns{
      npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }\n", twelve)};
  CHECK(std::ranges::equal(read_npy(inputs.path, columns.path).labels(0),
                           std::vector<Label>{0, 5, 2, 3, 4, 1}));
}

TEST_CASE("NPZ: which arrays are inputs and targets") {
  const Dataset two = read_npz(golden_npy("two.npz"));  // arr_0, arr_1
  CHECK(std::ranges::equal(two.inputs(), Floats{1, 2, 3, 4}));
  CHECK(std::ranges::equal(two.labels(), std::vector<Label>{1, 0}));
  const Dataset named = read_npz(golden_npy("named.npz"));
  CHECK(std::ranges::equal(named.inputs(), Floats{1, 2, 3, 4}));
  CHECK(std::ranges::equal(named.targets(), Floats{0.5F, 1.5F}));
  const Dataset swapped = read_npz(golden_npy("named.npz"), "y", "x");
  CHECK(swapped.features() == 1);
  CHECK(swapped.outputs() == 2);
  const Dataset one = read_npz(golden_npy("one.npz"));
  CHECK(one.size() == 2);
  CHECK_FALSE(one.has_labels());
  CHECK(one.outputs() == 0);
}

TEST_CASE("NPZ: the array that is named leaves the other one of two") {
  // By its usual name "x" is the inputs and "y" the targets, but not where it is named otherwise.
  const Bytes two = zip({{"x.npy", npy(npy_header("|u1", "(2, 1)"), {1, 2})},
                         {"y.npy", npy(npy_header("|u1", "(2, 1)"), {3, 4})}});
  const NpyFile file{two, "two.npz"};
  const auto check = [&](const std::string& inputs, const std::string& targets, const Floats& x,
                         const Floats& y) {
    INFO(inputs << " -> " << targets);
    const Dataset data = read_npz(file.path, inputs, targets);
    CHECK(std::ranges::equal(data.inputs(), x));
    CHECK(std::ranges::equal(data.targets(), y));
  };
  check("", "", {1, 2}, {3, 4});
  check("y", "", {3, 4}, {1, 2});
  check("", "x", {3, 4}, {1, 2});
  check("y", "x", {3, 4}, {1, 2});
  check("x", "x", {1, 2}, {1, 2});
  check("y", "y", {3, 4}, {3, 4});
}

TEST_CASE("NPZ: one array, with a name") {
  const NpyFile file{zip({{"x.npy", npy(npy_header("|u1", "(2, 1)"), {1, 2})}}), "one.npz"};
  CHECK(read_npz(file.path).outputs() == 0);
  CHECK(read_npz(file.path, "x").outputs() == 0);
  CHECK(std::ranges::equal(read_npz(file.path, "x", "x").targets(), Floats{1, 2}));
  const auto error = error_of([&] { (void)read_npz(file.path, "", "x"); });
  CHECK(has(error, "one.npz", "expected inputs beside the targets \"x\"", "no other array"));
  const auto other = error_of([&] { (void)read_npz(golden_npy("one.npz"), "", "anything"); });
  CHECK(has(other, "one.npz", "beside the targets \"anything\"", "no other array"));
  const NpyFile only{zip({{"y.npy", npy(npy_header("|u1", "(2, 1)"), {1, 2})}}), "y.npz"};
  CHECK(std::ranges::equal(read_npz(only.path).inputs(), Floats{1, 2}));
}

TEST_CASE("NPZ: three arrays of which the inputs are named as the targets") {
  CHECK(has(error_of([&] { (void)read_npz(golden_npy("named.npz"), "", "x"); }), "named.npz",
            "expected an array with the name given or \"x\""));
  CHECK(has(error_of([&] { (void)read_npz(golden_npy("named.npz"), "y"); }), "named.npz",
            "expected an array with the name given or \"y\""));
}

TEST_CASE("NPZ: inputs alone, whatever the targets are") {
  using lamina::read_npz_inputs;
  const auto check = [](const Dataset& data, const Floats& inputs) {
    CHECK(std::ranges::equal(data.inputs(), inputs));
    CHECK_FALSE(data.has_labels());
    CHECK(data.outputs() == 0);
  };
  check(read_npz_inputs(golden_npy("two.npz")), {1, 2, 3, 4});
  check(read_npz_inputs(golden_npy("named.npz")), {1, 2, 3, 4});
  check(read_npz_inputs(golden_npy("two.npz"), "", "arr_0"), {1, 0});
  check(read_npz_inputs(golden_npy("named.npz"), "y"), {0.5F, 1.5F});
  check(read_npz_inputs(golden_npy("named.npz"), "", "absent"), {1, 2, 3, 4});
  CHECK(read_npz_inputs(golden_npy("one.npz")).size() == 2);
  CHECK_THROWS_AS(read_npz_inputs(golden_npy("named.npz"), "absent"), lamina::Error);
}

}  // namespace

}  // namespace test_npy
