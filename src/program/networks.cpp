#include "program/networks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "program/samples.hpp"

namespace lamina::program {

namespace {

std::string layer(std::size_t outputs) {
  return "Linear<" + std::to_string(outputs) + ">";
}

std::size_t features_of(const NetworkShape& shape) {
  return static_cast<std::size_t>(shape.input.features());
}

// Every ready network standardizes its inputs: people's columns have units, and pixels are from 0
// to 1 or to 255.
std::string network_of(const std::string& extents, const NetworkShape& shape,
                       const std::string& hidden) {
  const char* loss = shape.task == Task::Classification ? "CrossEntropy<>" : "MeanSquaredError";
  return "Network<Input<" + extents + ">, Standardize, " + hidden + layer(shape.outputs) + ", " +
         loss + ">";
}

std::string network(const NetworkShape& shape, const std::string& hidden) {
  return network_of(std::to_string(features_of(shape)), shape, hidden);
}

std::string image_network(const NetworkShape& shape, const std::string& hidden) {
  const Shape& image = shape.input;
  return network_of(std::to_string(image.channels) + ", " + std::to_string(image.height) + ", " +
                        std::to_string(image.width),
                    shape, hidden);
}

// Of the first hidden layer: wide enough for the inputs, narrow enough for small tables.
std::size_t width(const NetworkShape& shape) {
  if (features_of(shape) <= 32) return 64;
  return features_of(shape) <= 256 ? 128 : 256;
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
  const std::size_t code = std::clamp<std::size_t>(features_of(shape) / 4, 2, 32);
  return network({shape.input, features_of(shape), Task::Reconstruction},
                 layer(wide) + ", ReLU, " + layer(code) + ", " + layer(wide) + ", ReLU, ");
}

std::string lenet(const NetworkShape& shape) {
  return image_network(shape,
                       "Conv2d<6, Kernel<5>, Padding<2>>, ReLU, MaxPool<2>, Conv2d<16, Kernel<5>>, "
                       "ReLU, MaxPool<2>, Flatten, Linear<120>, ReLU, Linear<84>, ReLU, ");
}

// A convolution that keeps the size of images, or halves it.
std::string conv(int channels, const std::string& stride = "") {
  return "Conv2d<" + std::to_string(channels) + ", Kernel<3>, Padding<1>" + stride +
         ">, BatchNorm<>";
}

std::string vgg_small(const NetworkShape& shape) {
  const auto block = [](int channels) {
    return "Repeat<2, " + conv(channels) + ", ReLU>, MaxPool<2>, ";
  };
  return image_network(
      shape, block(32) + block(64) + "Flatten, Linear<128>, BatchNorm<>, ReLU, Dropout<0.2>, ");
}

std::string resnet_small(const NetworkShape& shape) {
  const auto down = [](int channels) {
    return "Residual<" + conv(channels, ", Stride<2>") + ", ReLU, " + conv(channels) +
           ", Shortcut<Conv2d<" + std::to_string(channels) +
           ", Kernel<1>, Stride<2>>, BatchNorm<>>>, ReLU, ";
  };
  return image_network(shape, conv(16) + ", ReLU, Residual<" + conv(16) + ", ReLU, " + conv(16) +
                                  ">, ReLU, " + down(32) + down(64) + "GlobalAvgPool, ");
}

constexpr ReadyNetwork ready[] = {
    {"linear", "no hidden layer: logistic or linear regression", linear},
    {"mlp", "two hidden layers with ReLU", mlp},
    {"mlp-bn", "the same with batch normalization and dropout", mlp_bn},
    {"mlp-ln", "the same with layer normalization, GELU and dropout", mlp_ln},
    {"selu-deep", "eight self-normalizing layers (SELU)", selu_deep},
    {"autoencoder", "learns to give its input back through a narrow layer", autoencoder},
    {"lenet", "LeNet-5, of images: two convolutions, three linear layers", lenet, 12},
    {"vgg-small", "of images: two blocks of two convolutions with batch normalization", vgg_small,
     4},
    {"resnet-small", "of images: three residual blocks of 16 to 64 channels", resnet_small, 4},
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

void expect_images(const ReadyNetwork& network, const Shape& sample) {
  if (std::min(sample.height, sample.width) >= network.least_side) return;
  const std::string side = std::to_string(network.least_side);
  throw UsageError("--network: " + std::string(network.name) + " takes images of " + side + " x " +
                   side +
                   " pixels and more, from IDX files or NPZ arrays (samples, height, width) or "
                   "(samples, channels, height, width), found samples of " +
                   sample_text(sample));
}

}  // namespace

std::span<const ReadyNetwork> ready_networks() {
  return ready;
}

bool is_ready(const std::string& network) {
  return std::ranges::any_of(ready, [&](const ReadyNetwork& each) { return each.name == network; });
}

NetworkSource find_network(const std::string& network, const NetworkShape& shape) {
  std::string names;
  for (const ReadyNetwork& each : ready) {
    if (each.name == network) {
      expect_images(each, shape.input);
      return from_type(each.type(shape), true);
    }
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
