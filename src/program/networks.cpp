#include "program/networks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace lamina::program {

namespace {

std::string layer(std::size_t outputs) {
  return "Linear<" + std::to_string(outputs) + ">";
}

// Every ready network standardizes its inputs: people's columns have units.
std::string network(const NetworkShape& shape, const std::string& hidden) {
  const char* loss = shape.task == Task::Classification ? "CrossEntropy<>" : "MeanSquaredError";
  return "Network<Input<" + std::to_string(shape.features) + ">, Standardize, " + hidden +
         layer(shape.outputs) + ", " + loss + ">";
}

// Of the first hidden layer: wide enough for the inputs, narrow enough for small tables.
std::size_t width(const NetworkShape& shape) {
  if (shape.features <= 32) return 64;
  return shape.features <= 256 ? 128 : 256;
}

std::string linear(const NetworkShape& shape) {
  return network(shape, "");
}

// Two hidden layers, the second half as wide, each followed by `after`.
std::string two_layers(const NetworkShape& shape, const std::string& after) {
  const std::size_t wide = width(shape);
  return network(shape, layer(wide) + ", " + after + ", " + layer(wide / 2) + ", " + after + ", ");
}

std::string mlp(const NetworkShape& shape) {
  return two_layers(shape, "ReLU");
}

std::string mlp_bn(const NetworkShape& shape) {
  return two_layers(shape, "BatchNorm<>, ReLU, Dropout<0.1>");
}

std::string mlp_ln(const NetworkShape& shape) {
  return two_layers(shape, "LayerNorm<>, GELU, Dropout<0.1>");
}

std::string selu_deep(const NetworkShape& shape) {
  constexpr int depth = 8;
  std::string hidden;
  for (int i = 0; i < depth; ++i) hidden += layer(width(shape)) + ", SELU, ";
  return network(shape, hidden + "AlphaDropout<0.05>, ");
}

std::string autoencoder(const NetworkShape& shape) {
  const std::size_t wide = width(shape);
  const std::size_t code = std::clamp<std::size_t>(shape.features / 4, 2, 32);
  return network({shape.features, shape.features, Task::Reconstruction},
                 layer(wide) + ", ReLU, " + layer(code) + ", " + layer(wide) + ", ReLU, ");
}

constexpr ReadyNetwork ready[] = {
    {"linear", "no hidden layer: logistic or linear regression", linear},
    {"mlp", "two hidden layers with ReLU", mlp},
    {"mlp-bn", "the same with batch normalization and dropout", mlp_bn},
    {"mlp-ln", "the same with layer normalization, GELU and dropout", mlp_ln},
    {"selu-deep", "eight self-normalizing layers (SELU)", selu_deep},
    {"autoencoder", "learns to give its input back through a narrow layer", autoencoder},
};

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || std::filesystem::is_directory(path))
    throw Error(path.string() + ": expected a header that defines Net, found none");
  return text.str();
}

NetworkSource from_header(const std::filesystem::path& path) {
  std::ostringstream line;
  line << "#line 1 " << std::quoted(path.filename().string()) << "\n";
  return {line.str() + file_text(path), std::filesystem::absolute(path).parent_path().string(),
          false};
}

constexpr std::string_view before_type =
    "using namespace lamina;\nusing Net =\n#line 1 \"--network\"\n";
constexpr std::string_view behind_type = ";\n";

NetworkSource from_type(const std::string& type, bool is_ready) {
  return {std::string(before_type) + type + std::string(behind_type), "", is_ready};
}

}  // namespace

std::span<const ReadyNetwork> ready_networks() {
  return ready;
}

NetworkSource find_network(const std::string& network, const NetworkShape& shape) {
  std::string names;
  for (const ReadyNetwork& each : ready) {
    if (each.name == network) return from_type(each.type(shape), true);
    names += std::string(each.name) + ", ";
  }
  if (network.find("Network<") != std::string::npos) return from_type(network, false);
  const std::string ending = std::filesystem::path(network).extension().string();
  if (ending == ".hpp" || ending == ".h") return from_header(network);
  throw UsageError("--network: expected " + names +
                   "a type Network<...> or a header that defines Net, found '" + network + "'");
}

std::string_view type_in(std::string_view code) {
  if (!code.starts_with(before_type) || !code.ends_with(behind_type)) return "";
  code.remove_prefix(before_type.size());
  code.remove_suffix(std::min(code.size(), behind_type.size()));
  return code;
}

}  // namespace lamina::program
