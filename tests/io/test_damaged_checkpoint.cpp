#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"
#include "numbers.hpp"

// No byte of a file of ours can change without being noticed.

namespace test_damaged_checkpoint {

namespace {

using namespace lamina;
using lamina::testing::Bytes;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::read_file;
using lamina::testing::TemporaryDirectory;
using lamina::testing::write_file;

using Net = Network<Input<2>, Linear<3>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;

bool noticed(const std::filesystem::path& path, const Bytes& bytes) {
  write_file(path, bytes);
  try {
    (void)read_safetensors(path);
  } catch (const Error& error) {
    return std::string{error.what()}.starts_with(path.string() + ": ");
  }
  return false;
}

TEST_CASE("damaged checkpoint: every flipped bit of a model is noticed") {
  const TemporaryDirectory directory;
  write_safetensors(directory / "model", Model<Net>{Seed{1}}.tensors(), {{"made", "here"}});
  const Bytes whole = read_file(directory / "model");
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes bytes = whole;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    if (!noticed(directory / "damaged", bytes)) FAIL_CHECK("not noticed: bit " << bit);
  }
}

TEST_CASE("damaged checkpoint: every byte of zero, every cut and every burst is noticed") {
  const TemporaryDirectory directory;
  write_safetensors(directory / "model", Model<Net>{Seed{1}}.tensors());
  const Bytes whole = read_file(directory / "model");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    INFO("byte " << at);
    Bytes zeroed = whole;
    for (std::size_t i = at; i < std::min(at + 4, whole.size()); ++i) zeroed[i] ^= 0x5a;
    CHECK(noticed(directory / "damaged", zeroed));
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK(noticed(directory / "damaged", cut));
  }
}

TEST_CASE("damaged checkpoint: metadata alone are checked, too") {
  const TemporaryDirectory directory;
  write_safetensors(directory / "model", {}, {{"classes", "ant"}});
  Bytes bytes = read_file(directory / "model");
  const std::string text(bytes.begin(), bytes.end());
  bytes[text.find("ant")] = 'A';
  write_file(directory / "model", bytes);
  CHECK(has(error_of([&] { (void)read_metadata(directory / "model"); }), "checksum", "damaged"));
}

TEST_CASE("damaged checkpoint: a run does not go on from one") {
  const TemporaryDirectory directory;
  const Dataset data{2, {1, 2, 3, 4, 5, 6, 7, 9}, {0, 1, 0, 1}};
  const auto fit = [&](Model<Net>& model, int epochs) {
    Trainer trainer{model, Adam{}};
    trainer.fit(data, data, {.epochs = epochs, .batch_size = 2},
                Checkpoint{.directory = directory.path(), .resume = true});
  };
  Model<Net> whole{Seed{1}};
  fit(whole, 2);
  const Bytes last = read_file(directory / "last.safetensors");
  for (std::size_t at = 0; at < last.size(); at += 97) {
    Bytes bytes = last;
    bytes[at] ^= 1;
    write_file(directory / "last.safetensors", bytes);
    Model<Net> model{Seed{2}};
    const auto before = model.tensors();
    INFO("byte " << at);
    CHECK(has(error_of([&] { fit(model, 3); }), "last.safetensors: "));
    CHECK(lamina::testing::same_bits(model.tensors(), before));
  }
  write_file(directory / "last.safetensors", last);
  fit(whole, 3);
}

TEST_CASE("damaged checkpoint: files of others, which have no checksum, are read") {
  const TemporaryDirectory directory;
  const std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  Bytes bytes(8, 0);
  bytes[0] = static_cast<std::uint8_t>(header.size());
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.push_back(7);
  write_file(directory / "other", bytes);
  CHECK(read_safetensors(directory / "other").size() == 1);
}

TEST_CASE("damaged checkpoint: a file that another program has changed says so") {
  const TemporaryDirectory directory;
  const std::vector<Tensor> tensors{{"a", {}, std::vector<float>{1}}};
  write_safetensors(directory / "model", tensors);
  const Bytes bytes = read_file(directory / "model");
  std::string text(bytes.begin(), bytes.end());
  const std::size_t comma = text.find(",\"lamina.crc32.header\"");
  REQUIRE(comma != std::string::npos);
  text.insert(comma + 1, " ");  // as another writer has it
  ++text[0];                    // the length of the header
  write_file(directory / "model", Bytes(text.begin(), text.end()));
  CHECK(has(error_of([&] { (void)read_safetensors(directory / "model"); }), "another",
            "changed by a program that kept lamina.crc32.*"));
}

}  // namespace

}  // namespace test_damaged_checkpoint
