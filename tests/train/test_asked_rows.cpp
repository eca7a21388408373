#include <cmath>
#include <cstring>
#include <limits>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "asked.hpp"
#include "errors.hpp"
#include "io/npy_files.hpp"

// Data sets that read their rows when they are asked: the same loops, the same bits.

namespace test_asked_rows {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Standard =
    Network<Input<6>, Standardize, Linear<17>, BatchNorm<>, ReLU, Linear<3>, CrossEntropy<>>;

template <class Value>
Bytes bytes_of(const std::vector<Value>& values) {
  Bytes bytes(values.size() * sizeof(Value));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// An array (rows, 6) and its labels as files, read and opened.
struct Files {
  template <class Value>
  Files(const std::string& type, const std::vector<Value>& values) {
    const std::string rows = std::to_string(values.size() / 6);
    std::vector<std::int64_t> labels(values.size() / 6);
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = static_cast<std::int64_t>(i * i % 3);
    write_file(x, npy(npy_header(type, "(" + rows + ", 6)"), bytes_of(values)));
    write_file(y, npy(npy_header("<i8", "(" + rows + ",)"), bytes_of(labels)));
  }

  TemporaryDirectory directory;
  std::filesystem::path x = directory / "x.npy";
  std::filesystem::path y = directory / "y.npy";
};

std::vector<std::uint8_t> some_bytes(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i * i * 7 + i / 3);
  return bytes;
}

template <class Net, class... Callbacks>
std::vector<float> trained(const Dataset& train, int threads, Callbacks... callbacks) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 4);
  tbb::task_arena arena(threads);
  return arena.execute([&] {
    Model<Net> model{Seed{4}};
    Trainer trainer{model, sgd};
    trainer.fit(train, train.slice(0, 50), {.epochs = 3, .batch_size = 16}, callbacks...);
    return numbers_of(model);
  });
}

/// Cuts a file behind a step, and keeps what the step made of the model.
struct Shrink {
  std::filesystem::path path;
  std::int64_t step;
  std::vector<float>* last;
  void after_step(auto& state) {
    *last = numbers_of(state.trainer.model());
    if (state.trainer.steps() == step) std::filesystem::resize_file(path, 600);
  }
};

template <class Net>
void expect_same(const Dataset& read, const Dataset& opened) {
  REQUIRE(read.in_memory());
  REQUIRE(!opened.in_memory());
  CHECK(inputs_of_rows(opened) == std::vector(read.inputs().begin(), read.inputs().end()));
  const auto plain = trained<Net>(read, 1);
  const auto noisy = trained<Net>(read, 1, add_noise);
  CHECK(plain != noisy);
  for (const int threads : {1, 2, 4}) {
    CHECK(trained<Net>(opened, threads) == plain);
    CHECK(trained<Net>(opened, threads, add_noise) == noisy);
  }
  Model<Net> model{Seed{4}};
  if constexpr (has_standardize<Net>) {
    Model<Net> other{Seed{4}};
    model.fit_standardize(read);
    other.fit_standardize(opened);
    CHECK(numbers_of(model) == numbers_of(other));
  }
  CHECK(evaluate(model, read).loss == evaluate(model, opened).loss);
  CHECK(evaluate(model, read).accuracy == evaluate(model, opened).accuracy);
  std::vector<float> outputs(read.size() * model.outputs), asked(outputs.size());
  model.predict(read.inputs(), outputs);
  model.predict(opened, asked);
  CHECK(outputs == asked);
}

}  // namespace

TEST_CASE("asked rows: an opened NPY file trains to the bits of one that was read", "[fit]") {
  const Files floats("<f4", uniform(203 * 6, 1));
  expect_same<Net>(read_npy(floats.x, floats.y), open_npy(floats.x, floats.y));
  expect_same<Standard>(read_npy(floats.x, floats.y), open_npy(floats.x, floats.y));
  const Files bytes("|u1", some_bytes(203 * 6));
  expect_same<Standard>(read_npy(bytes.x, bytes.y), open_npy(bytes.x, bytes.y));
}

TEST_CASE("asked rows: numbers of every type are as when read, denormals too", "[fit]") {
  const auto same = [](const std::string& type, const auto& values) {
    const Files files(type, values);
    const Dataset read = read_npy(files.x, files.y);
    const std::vector<float> expected(read.inputs().begin(), read.inputs().end());
    const Dataset opened = open_npy(files.x, files.y);
    CHECK(in_float_mode([&] { return inputs_of_rows(opened); }) == expected);
    CHECK(std::ranges::equal(read.labels(), opened.labels()));
  };
  same("<f8", std::vector<double>{1e-40, 0.1, -3, 1e38, 5e-324, 7});
  same("<f2", std::vector<std::uint16_t>{1, 0x3c00, 0x8001, 0x7bff, 0, 77});
  same("<f4", std::vector<float>{1e-41f, 2, 3, 4, 5, 6});
  same(">f4", std::vector<std::uint32_t>{0x0000803f, 0x00000040, 0, 1, 2, 3});
  same("<i2", std::vector<std::int16_t>{-1, 2, -300, 4, 5, 6});
  same(">u8", std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  same("|b1", std::vector<std::uint8_t>{0, 1, 1, 0, 0, 1});
  std::vector<double> wide(6 * 5000);
  for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = std::sqrt(static_cast<double>(i));
  same("<f8", wide);
}

TEST_CASE("asked rows: parts are views of the same source", "[fit]") {
  const Files files("<f4", uniform(60 * 6, 2));
  const Dataset read = read_npy(files.x, files.y);
  const Dataset opened = open_npy(files.x, files.y);
  const std::vector<std::uint32_t> rows{7, 3, 3, 59, 0};
  const std::vector<std::uint32_t> again{4, 1};
  const auto same = [](const Dataset& a, const Dataset& b) {
    CHECK(!b.in_memory());
    CHECK(inputs_of_rows(b) == std::vector(a.inputs().begin(), a.inputs().end()));
    CHECK(std::ranges::equal(a.labels(), b.labels()));
    CHECK(a.size() == b.size());
  };
  same(read.slice(50, 10), opened.slice(50, 10));
  same(read.select(rows), opened.select(rows));
  same(read.select(rows).select(again), opened.select(rows).select(again));
  same(read.select(rows).slice(1, 3), opened.select(rows).slice(1, 3));
  same(split(read, 0.3, Seed{1}).train, split(opened, 0.3, Seed{1}).train);
  CHECK(inputs_of_rows(one_hot(opened, 3)) == inputs_of_rows(read));
  CHECK(has(error_of([&] { (void)opened.inputs(); }), "read_inputs"));
  CHECK(has(error_of([&] { (void)opened.slice(51, 10); }), "60"));
  std::vector<float> row(6);
  CHECK(has(error_of([&] { opened.read_inputs(60, row); }), "60"));
  CHECK(has(error_of([&] { opened.read_inputs(0, std::span(row).first(5)); }), "6", "5"));
}

TEST_CASE("asked rows: a source of one's own, and what it throws", "[fit]") {
  struct Made : InputRows {
    explicit Made(std::size_t bad_row) : bad(bad_row) {}
    std::size_t size() const override { return 203; }
    void read(std::size_t row, std::span<float> to) const override {
      for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] = static_cast<float>(row * i % 17) / 17;
      }
      if (row == bad) to[4] = std::numeric_limits<float>::infinity();
    }
    std::size_t bad;
  };
  std::vector<Label> labels(203);
  for (std::size_t i = 0; i < 203; ++i) labels[i] = static_cast<Label>(i % 3);
  const Shape shape{6, 1, 1};
  const Dataset good{shape, std::make_shared<Made>(999), labels};
  expect_same<Net>(Dataset(shape, inputs_of_rows(good), labels), good);
  const Dataset bad{shape, std::make_shared<Made>(70), labels};
  const auto fit = [](const Dataset& train, const Dataset& validation, bool finite) {
    const auto run = [&] {
      Model<Net> model{Seed{4}};
      Trainer trainer{model, sgd};
      trainer.fit(train, validation,
                  {.epochs = 1,
                   .batch_size = 16,
                   .require_finite_data = finite,
                   .require_finite_loss = false});
    };
    if (finite) return error_of(run);
    run();
    return std::string();
  };
  CHECK(has(fit(bad, {}, true), "training set", "infinity in sample 70, feature 4"));
  CHECK(has(fit(good, bad, true), "validation set", "infinity in sample 70, feature 4"));
  CHECK(fit(bad, bad, false).empty());
  CHECK(has(error_of([&] { Dataset(shape, std::make_shared<Made>(1), std::vector<Label>(7)); }),
            "203", "7"));
  CHECK(has(error_of([&] { Dataset(shape, std::shared_ptr<Made>(), labels); }), "null"));
}

TEST_CASE("asked rows: a file that shrinks ends the fit, and the model stays as it was", "[fit]") {
  for (const int threads : {1, 2}) {
    const Files files("<f4", uniform(203 * 6, 1));
    const Dataset data = open_npy(files.x, files.y);
    tbb::task_arena arena(threads);
    arena.execute([&] {
      Model<Net> model{Seed{4}};
      Trainer trainer{model, sgd};
      std::vector<float> last;
      const std::string error = error_of([&] {
        trainer.fit(data, {}, {.epochs = 3, .batch_size = 16}, Shrink{files.x, 15, &last});
      });
      CHECK(has(error, "x.npy", "row"));
      CHECK(trainer.steps() >= 15);
      CHECK(trainer.steps() < 39);
      CHECK(numbers_of(model) == last);
      // With the rows that are left the same trainer goes on.
      trainer.fit(data.slice(0, 20), {}, {.epochs = 1, .batch_size = 16});
      CHECK(numbers_of(model) != last);
    });
  }
}

TEST_CASE("asked rows: what cannot be opened is said at once", "[fit]") {
  const auto error = [](const Bytes& bytes) {
    const NpyFile file(bytes);
    return error_of([&] { (void)open_npy(file.path); });
  };
  const Bytes values(48);
  CHECK(open_npy(NpyFile(npy(npy_header("<f4", "(2, 6)"), values)).path).size() == 2);
  CHECK(has(error(npy(npy_header("<f4", "(3, 6)"), values)), "array.npy", "72", "48"));
  CHECK(has(error(npy(npy_header("<f4", "(1, 6)"), values)), "array.npy", "24", "48"));
  CHECK(has(error(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 6), }\n", values)),
            "array.npy", "Fortran"));
  CHECK(has(error(Bytes{0x1f, 0x8b, 8, 0}), "array.npy", "gzip"));
  CHECK(has(error(Bytes{}), "array.npy", "NUMPY"));
  CHECK(has(error_of([] { (void)open_npy("no_such.npy"); }), "no_such.npy"));
  CHECK(has(error_of([] { (void)open_npy("."); }), "regular file"));
  const Files nan("<f4", std::vector<float>{1, 2, 3, 4, 5, 6, 1, NAN, 3, 4, 5, 6});
  const Dataset data = open_npy(nan.x, nan.y);
  std::vector<float> row(6);
  data.read_inputs(0, row);
  CHECK(has(error_of([&] { data.read_inputs(1, row); }), "x.npy", "[1, 1]"));
}

TEST_CASE("asked rows: a fit that was interrupted goes on to the same bits", "[fit]") {
  const Files files("<f4", uniform(203 * 6, 1));
  const Dataset data = open_npy(files.x, files.y);
  const TemporaryDirectory run;
  const FitOptions options{.epochs = 3, .batch_size = 16};
  const auto fit = [&](auto... callbacks) {
    Model<Net> model{Seed{4}};
    Trainer trainer{model, sgd};
    try {
      trainer.fit(data, {}, options, callbacks...);
    } catch (const Interrupted&) {
    }
    return numbers_of(model);
  };
  const auto whole = fit();
  const Checkpoint checkpoint{.directory = run.path(), .every_steps = 4, .resume = true};
  (void)fit(checkpoint, StopAt{19});
  CHECK(fit(checkpoint) == whole);
}

}  // namespace test_asked_rows
