#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "catch.hpp"
#include "io/npy_files.hpp"

namespace test_npy_errors {

namespace {

using namespace lamina::testing;
using lamina::Error;
using lamina::read_npy;
using lamina::read_npz;

std::string npz_error(const std::filesystem::path& path, const std::string& inputs = "",
                      const std::string& targets = "") {
  return error_of([&] { (void)read_npz(path, inputs, targets); });
}

TEST_CASE("NPY errors: truncated at every byte") {
  const Bytes whole = read_file(golden_npy("version_1.npy"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    const NpyFile file{first(whole, length)};
    CHECK(has(file.error(), file.path.string() + ": expected"));
  }
}

TEST_CASE("NPY errors: values that are too few or too many") {
  const NpyFile shorter{npy(npy_header("<f4", "(3,)"), Bytes(11, 0))};
  CHECK(has(shorter.error(), "expected 12 bytes", "f4 of the shape (3,)", "found 11"));
  const NpyFile longer{npy(npy_header("<f4", "(3,)"), Bytes(13, 0))};
  CHECK(has(longer.error(), "expected 12 bytes", "found more"));
}

TEST_CASE("NPY errors: headers that claim more than there is") {
  const auto error = [](const std::string& shape) {
    return NpyFile{npy(npy_header("<f8", shape), Bytes(8, 0))}.error();
  };
  CHECK(has(error("(1152921504606846975,)"), "expected 9223372036854775800 bytes", "found 8"));
  CHECK(has(error("(1152921504606846976,)"), "2^63 - 1 bytes", "(1152921504606846976,)"));
  CHECK(has(error("(4294967296, 4294967296)"), "2^63 - 1 bytes"));  // 2^64, 0 in 64 bits
  CHECK(has(error("(0, 4294967296, 4294967296)"), "2^63 - 1 bytes"));
  CHECK(has(error("(9223372036854775808,)"), "within 63 bits"));
  Bytes header = npy(npy_header("<f8", "(1,)"), Bytes(8, 0));
  header[6] = 2;  // the length is now of 4 bytes, the last two of which are letters
  CHECK(has(NpyFile{header}.error(), "header of at most 1048576 bytes", "found a length of"));
}

TEST_CASE("NPY errors: the place in the header") {
  const auto error = [](const std::string& header) { return NpyFile{npy(header, {})}.error(); };
  CHECK(has(error("[]"), "expected '{' at position 0", "found \"[]\""));
  CHECK(has(error("{'descr' '<f4'}"), "expected ':' at position 9", "found \"'<f4'}\""));
  CHECK(has(error("{'descr': '<f4', 'descr': '<f4'}"), "once each", "position 17"));
  CHECK(has(error("{'kind': 1}"), "'descr', 'fortran_order' and 'shape'", "position 1"));
  CHECK(has(error("{'descr': '<f4'}"), "entries", "position 16", "found its end"));
  CHECK(has(error("{'fortran_order': 1"), "True or False", "position 18"));
  CHECK(has(error("{'shape': (3 4)}"), "expected ')' at position 13"));
  CHECK(has(error("{'shape': (-3,)}"), "an extent of 0 and more", "position 11"));
  CHECK(has(error("{'shape': (3"), "expected ')' at position 12", "found its end"));
  CHECK(has(error("{'descr"), "closing quote", "position 2"));
  CHECK(has(error(npy_header("<f4", "()") + "x"), "the end of the header"));
}

TEST_CASE("NPY errors: files and types of another kind") {
  CHECK(has(NpyFile{Bytes(20, 'x')}.error(), "array.npy", "\\x93NUMPY"));
  Bytes later = npy(npy_header("<f4", "(1,)"), Bytes(4, 0));
  later[6] = 4;
  CHECK(has(NpyFile{later}.error(), "version of 1 to 3", "found 4"));
  const auto error = [](const std::string& name) {
    return error_of([&] { (void)read_npy(golden_npy(name)); });
  };
  CHECK(has(error("text.npy"), "text.npy", "expected a type", "position 10", "<U1"));
  CHECK(has(error("fields.npy"), "fields.npy", "expected a type", "[('a'"));
  CHECK(has(error("large.npy"), "large.npy", "at most 2^63 - 1", "found 9223372036854775808"));
  CHECK(has(error("missing.npy"), "missing.npy", "found nothing there"));
}

TEST_CASE("NPY errors: inputs and targets") {
  const NpyFile inputs{npy(npy_header("|u1", "(2, 1)"), {1, 2}), "inputs.npy"};
  const auto error = [&](const std::string& type, const std::string& shape, const Bytes& bytes) {
    const NpyFile targets{npy(npy_header(type, shape), bytes), "targets.npy"};
    return error_of([&] { (void)read_npy(inputs.path, targets.path); });
  };
  CHECK(has(error("|u1", "(3,)", {1, 2, 3}), "targets.npy", "the 2 samples of", "inputs.npy",
            "shape (3,)"));
  CHECK(has(error("|u1", "()", {1}), "targets.npy", "expected targets (n)", "shape ()"));
  CHECK(has(error("|i1", "(2,)", {1, 255}), "targets.npy", "labels from 0", "found -1 at [1]"));
  CHECK(has(error("<u4", "(2,)", {0, 0, 0, 0, 255, 255, 255, 255}), "found 4294967295 at [1]"));
  CHECK(has(error("|u1", "(1, 1, 2)", {1, 2}), "the 2 samples of", "shape (1, 1, 2)"));
  CHECK(has(error("|u1", "(2, 1, 1, 1)", {1, 2}), "class maps (n, height, width), found",
            "shape (2, 1, 1, 1)"));
  CHECK(has(error("|u1", "(2, 3, 0)", {}), "class maps of 1 to 2^31 - 1 positions",
            "shape (2, 3, 0)"));
  CHECK(has(error("<f2", "(2, 1, 1)", {0, 0, 0, 0}), "expected integers as class maps",
            "floats of the shape (2, 1, 1)"));
  CHECK(has(error("|i1", "(2, 1, 2)", {1, 0, 2, 255}), "found -1 at [1, 0, 1]"));
  CHECK(has(error("<f2", "(2,)", {0, 0, 0, 0x7c}), "targets.npy", "finite", "inf at [1]"));

  const auto input_error = [&](const std::string& type, const std::string& shape,
                               const Bytes& bytes) {
    const NpyFile file{npy(npy_header(type, shape), bytes), "x.npy"};
    return error_of([&] { (void)read_npy(file.path, file.path); });
  };
  CHECK(has(input_error("<f2", "(2, 2)", {0, 0, 0, 0, 1, 0x7c, 0, 0}), "finite", "nan at [1, 0]"));
  CHECK(has(input_error("|u1", "(1, 1, 1, 1, 1)", {1}), "expected inputs (n)", "(1, 1, 1, 1, 1)"));
  CHECK(has(input_error("|u1", "(0,)", {}), "1 and more", "(0,)"));
  const NpyFile extremes{read_file(golden_npy("extremes.npy"))};
  CHECK(has(error_of([&] { (void)read_npy(extremes.path, extremes.path); }), "[0, 0]"));
}

TEST_CASE("NPZ errors: arrays that are not there") {
  CHECK(has(npz_error(golden_npy("named.npz"), "inputs"), "named.npz", "an array \"inputs\"",
            "\"y\", \"x\", \"other\""));
  CHECK(has(npz_error(golden_npy("named.npz"), "x", "z"), "named.npz", "an array \"z\""));
  CHECK(has(npz_error(golden_npy("named.npz"), "other"), "array \"other\"", "expected a type"));
  CHECK(has(npz_error(golden_npy("types.npz")), "\"x\"", "\"c_little_f2\""));
  CHECK(has(npz_error(golden_npy("types.npz"), "c_little_f4"), "\"y\""));
}

TEST_CASE("NPZ errors: files that are none") {
  CHECK(has(npz_error(golden_npy("images.npy")), "images.npy", "expected a zip archive"));
  CHECK(has(npz_error(golden_npy("missing.npz")), "missing.npz", "found nothing there"));
  CHECK(has(npz_error(golden_npy("")), "found something else"));
}

TEST_CASE("NPZ errors: corrupted files are refused or read right") {
  const Bytes whole = read_file(golden_npy("named.npz"));
  const auto right = read_npz(golden_npy("named.npz"));
  std::mt19937 random{4};
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    Bytes bytes = whole;
    bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    const NpyFile file{bytes, "array.npz"};
    try {
      const auto data = read_npz(file.path, "x", "y");
      CHECK(std::ranges::equal(data.inputs(), right.inputs()));
      CHECK(std::ranges::equal(data.targets(), right.targets()));
    } catch (const Error& error) {
      CHECK(has(error.what(), file.path.string()));
      ++refused;
    }
  }
  CHECK(refused > 200);
}

TEST_CASE("NPY errors: corrupted headers are refused or have the size they say") {
  const Bytes whole = read_file(golden_npy("version_2.npy"));
  std::mt19937 random{5};
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes = whole;
    bytes[random() % 80] = static_cast<std::uint8_t>(random());
    const NpyFile file{bytes};
    try {
      const auto tensor = read_npy(file.path);
      std::size_t count = 1;
      for (const std::int64_t extent : tensor.shape) count *= static_cast<std::size_t>(extent);
      CHECK(std::visit([](const auto& values) { return values.size(); }, tensor.values) == count);
    } catch (const Error&) {
    }
  }
}

}  // namespace

}  // namespace test_npy_errors
