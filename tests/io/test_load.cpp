#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/exchange.hpp"
#include "numbers.hpp"

namespace test_load {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::exchange;

using Names = std::vector<std::string>;

std::vector<Tensor> plain() {
  return read_safetensors(exchanged("plain"));
}

std::vector<Tensor> below(const std::string& prefix, std::vector<Tensor> tensors) {
  for (Tensor& tensor : tensors) tensor.name = prefix + tensor.name;
  return tensors;
}

TEST_CASE("load: a prefix that all names have in common is found") {
  Model<Exchanged> model{Seed{1}};
  load(model, exchanged("wrapped"));  // module.net.
  CHECK(computes_as_torch(model, "plain"));
  for (const char* prefix : {"net.", "module.", "model.", "_orig_mod.net.", "0.", "a.b.c.d.e.f."}) {
    INFO(prefix);
    Model<Exchanged> other{Seed{1}};
    const LoadReport report = other.assign(below(prefix, plain()));
    CHECK(report.loaded.size() == 9);
    CHECK(report.loaded.front() == prefix + std::string("0.weight"));
    CHECK(computes_as_torch(other, "plain"));
  }
}

TEST_CASE("load: a prefix is not looked for where the names are the network's") {
  // All of these begin with `0.`, and below it are names of another network.
  using Nested = Network<Input<3>, Residual<Linear<3>, ReLU, Linear<3>>, MeanSquaredError>;
  const Model<Nested> from{Seed{1}};
  Model<Nested> to{Seed{2}};
  to.assign(from.tensors());
  CHECK(same_bits(to.tensors(), from.tensors()));
  using Alone = Network<Input<2>, Linear<1>, MeanSquaredError>;  // `0.` is common to all its names
  Model<Alone> one{Seed{1}};
  const Model<Alone> other{Seed{2}};
  one.assign(below("net.", other.tensors()));
  CHECK(same_bits(one.tensors(), other.tensors()));
}

TEST_CASE("load: below a given prefix lies the network, and the rest is not looked at") {
  Model<Exchanged> model{Seed{1}};
  CHECK(has(error_of([&] { load(model, exchanged("backbone")); }), "backbone.safetensors: ",
            "missing: '0.weight' of shape (4, 3), ", "left over: 'backbone.",
            "'backbone.0.bias' of shape (4), ", "'head.weight' of shape (2)"));
  const LoadReport report = load(model, exchanged("backbone"), {.prefix = "backbone."});
  CHECK(report.loaded.size() == 9);
  CHECK(report.left_over.empty());
  CHECK(computes_as_torch(model, "plain"));
  CHECK(has(error_of([&] { load(model, exchanged("backbone"), {.prefix = "body."}); }),
            "missing: 'body.0.weight'", "left over: none"));
}

TEST_CASE("load: all that is missing and left over is in one message, of bounded length") {
  Model<Exchanged> model{Seed{1}};
  const auto before = model.tensors();
  CHECK(has(error_of([&] { model.assign(std::vector<Tensor>{{"9.weight", {}, {}}}); }),
            "missing: '0.weight' of shape (4, 3), '1.weight' of shape (4), ", "'1.running_mean'",
            "'1.running_var'", "'3.bias' of shape (2)", "left over: '9.weight' of shape ()"));
  std::vector<Tensor> many;
  for (int i = 0; i < 100; ++i) {
    many.push_back({std::to_string(i) + std::string(1000, '\n'), std::vector<std::int64_t>(1000, 1),
                    std::vector<float>(1)});
  }
  const std::string message = error_of([&] { model.assign(many); });
  CHECK(has(message, "'0\\x0a", "of shape 1000 extents", "and 80 more"));
  CHECK(message.size() < 4000);
  CHECK(message.find('\n') == std::string::npos);
  CHECK(same_bits(model.tensors(), before));
}

TEST_CASE("load: partial takes what fits and leaves the rest") {
  const TemporaryDirectory directory;
  std::vector<Tensor> tensors = plain();
  std::erase_if(tensors, [](const Tensor& tensor) { return tensor.name.starts_with("3."); });
  tensors.push_back({"4.weight", {1}, std::vector<float>{1}});
  write_safetensors(directory / "part", tensors);
  const Model<Exchanged> before{Seed{1}};
  Model<Exchanged> model = before;
  const LoadReport report = load(model, directory / "part", {.partial = true});
  CHECK(report.missing == Names{"3.weight", "3.bias"});
  CHECK(report.left_over == Names{"4.weight"});
  CHECK(report.loaded.size() == 7);
  Model<Exchanged> whole{Seed{1}};
  load(whole, exchanged("plain"));
  const auto floats = [](const Model<Exchanged>& of, const char* name) {
    return floats_of(of.tensors(), name);
  };
  for (const char* name : {"0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var"}) {
    CHECK(floats(model, name) == floats(whole, name));
  }
  CHECK(floats(model, "3.weight") == floats(before, "3.weight"));
}

// As load_state_dict(strict=False): the module then has the file's bias and its own running mean.
TEST_CASE("load: partial takes a bias out of the running mean that stays") {
  Model<Exchanged> model{Seed{1}};
  std::vector<Tensor> tensors = plain();
  std::erase_if(tensors, [](const Tensor& tensor) { return tensor.name == "1.running_mean"; });
  const LoadReport report = model.assign(tensors, {.partial = true});
  CHECK(report.missing == Names{"1.running_mean"});
  std::vector<float> expected = floats_of(tensors, "0.bias");
  for (float& value : expected) value = -value;
  CHECK(floats_of(model.tensors(), "1.running_mean") == expected);
}

TEST_CASE("load: partial refuses another shape, and changes nothing") {
  Model<Exchanged> model{Seed{1}};
  const auto before = model.tensors();
  std::vector<Tensor> tensors{{"1.bias", {4}, std::vector<float>(4, 7)},
                              {"3.bias", {3}, std::vector<float>(3)}};
  CHECK(has(error_of([&] { model.assign(tensors, {.partial = true}); }), "'3.bias'", "(2)", "(3)"));
  CHECK(same_bits(model.tensors(), before));
}

// The index of a model in several files, as Hugging Face's libraries write it.
struct Parts {
  TemporaryDirectory directory;

  void write(const std::string& text) const {
    write_file(directory / "model.safetensors.index.json", Bytes(text.begin(), text.end()));
  }
  std::string error(const std::string& text) const {
    write(text);
    Model<Exchanged> model{Seed{1}};
    return error_of([&] { load(model, directory / "model.safetensors.index.json"); });
  }
  // Every other tensor in each of two files.
  std::string split() const {
    std::vector<Tensor> parts[2];
    std::string map;
    for (const Tensor& tensor : plain()) {
      const std::size_t part = parts[0].size() > parts[1].size() ? 1 : 0;
      parts[part].push_back(tensor);
      map += (map.empty() ? "\"" : ",\"") + tensor.name + "\":\"part-" + std::to_string(part) +
             ".safetensors\"";
    }
    for (const std::size_t part : {std::size_t{0}, std::size_t{1}}) {
      write_safetensors(directory / ("part-" + std::to_string(part) + ".safetensors"), parts[part]);
    }
    return map;
  }
};

TEST_CASE("load: a model in several files, by its index") {
  const Parts parts;
  parts.write(R"({"metadata":{"total_size":156,"by":"me"},"weight_map":{)" + parts.split() + "}}");
  Model<Exchanged> model{Seed{1}};
  load(model, parts.directory / "model.safetensors.index.json");
  CHECK(computes_as_torch(model, "plain"));
  CHECK(read_metadata(parts.directory / "model.safetensors.index.json") ==
        Metadata{{"by", "me"}, {"total_size", "156"}});
}

TEST_CASE("load: an index that does not fit its files") {
  const Parts parts;
  const std::string map = parts.split();
  const auto with = [&](const std::string& more) {
    return parts.error(R"({"weight_map":{)" + map + more + "}}");
  };
  CHECK(has(with(R"(,"9.weight":"part-0.safetensors")"), "index.json: ", "'9.weight'",
            "'part-0.safetensors'", "found none"));
  CHECK(has(with(R"(,"9.weight":"part-2.safetensors")"), "index.json: ", "part-2.safetensors: "));
  CHECK(has(with(R"(,"0.bias":"part-1.safetensors")"), "'0.bias' twice"));
  CHECK(has(parts.error(R"({"weight_map":{"0.bias":"part-0.safetensors"}})"), "has all tensors"));
  CHECK(has(parts.error("{}"), "weight_map", "found none"));
  CHECK(has(parts.error("["), "index in JSON"));
  CHECK(has(parts.error(std::string("{}\0", 3)), "index in JSON", "zero"));
}

TEST_CASE("load: an index reaches no file outside of its directory") {
  const Parts parts;
  save(Model<Exchanged>{}, parts.directory / "outside.safetensors");
  const std::string outside = (parts.directory / "outside.safetensors").string();
  for (const std::string& name :
       {outside, std::string("../outside.safetensors"), std::string("a/b"), std::string(".."),
        std::string("."), std::string("./outside.safetensors"), std::string("")}) {
    INFO(name);
    CHECK(has(parts.error(R"({"weight_map":{"0.weight":")" + name + "\"}}"), "beside the index"));
  }
}

}  // namespace

}  // namespace test_load
