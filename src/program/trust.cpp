#include "program/trust.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>

#include <lamina/core/printable.hpp>

#include "io/text_file.hpp"
#include "program/fingerprint.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

// What a type or an optimizer is made of. Those that take code of one's own (Elementwise, Loss,
// Penalty, Drawn) are here as well: it is the code that is not known then.
constexpr std::string_view names[] = {
    "Network", "lamina::", "true", "false",
    // layers and structures
    "Input", "Linear", "NoBias", "LearningRate", "Concat", "Branch", "Repeat", "Residual",
    "Shortcut",
    // layers over images and signals
    "AdaptiveAvgPool", "AvgPool", "AvgPool2d", "Bilinear", "Causal", "ChannelsLast", "Conv1d",
    "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Crop", "Depthwise", "Dilation", "Flatten",
    "GlobalAvgPool", "GlobalMaxPool", "Groups", "Kernel", "MaxPool", "MaxPool2d", "Nearest",
    "OutputPadding", "Padding", "PixelShuffle", "ReflectPad", "Same", "Stride", "Upsample",
    "ZeroPad",
    // activations
    "ELU", "Elementwise", "GELU", "GELUTanh", "LeakyReLU", "ReLU", "SELU", "SiLU", "Sigmoid",
    "Softplus", "Tanh",
    // initializers
    "Constant", "Drawn", "FanOut", "Glorot", "GlorotUniform", "Init", "Kaiming", "KaimingUniform",
    "LeCun", "Normal", "Orthogonal", "TruncatedNormal", "Uniform", "Xavier", "Zeros",
    // norms
    "BatchNorm", "Epsilon", "GroupNorm", "InstanceNorm", "LayerNorm", "Momentum", "NoAffine",
    "PerElement", "PerPosition", "RMSNorm", "RunningBatchNorm", "Standardize", "WeightNorm",
    // regularizers
    "AlphaDropout", "Dropout", "ElasticNet", "GaussianDropout", "GaussianNoise", "L1", "L2",
    "MaxNorm", "NonNegative", "Penalty", "SpatialDropout", "UnitNorm", "WeightDecay",
    // losses
    "BinaryCrossEntropy", "ClassWeights", "CrossEntropy", "Hinge", "Huber", "IgnoreLabel",
    "LabelSmoothing", "Loss", "MeanAbsoluteError", "MeanSquaredError", "PositiveWeight",
    "SoftTargets",
    // augmentations
    "Area", "Aspect", "AutoContrast", "Blur", "Brightness", "CenterCrop", "Chance", "ChannelDrop",
    "ChannelShuffle", "ClassOf", "Classes", "ColorJitter", "Contrast", "Edge", "Elastic", "Erase",
    "Except", "Extents", "Fade", "Filled", "Flip", "FrequencyMask", "Gain", "Gamma", "Grayscale",
    "HighPass", "Horizontal", "Hue", "LowPass", "MeanValue", "Noise", "NoiseLevel", "NoiseRatio",
    "OneOf", "Only", "Perspective", "Pitch", "Posterize", "RandAugment", "RandomCrop",
    "RandomResizedCrop", "Range", "Reflect", "Resize", "Rotate", "SaltAndPepper", "Saturation",
    "Sharpen", "Shear", "Shift", "Silent", "Solarize", "SomeOf", "Sometimes", "Speed", "Tempo",
    "TimeMask", "Translate", "Value", "Vertical", "Zoom",
    // optimizers
    "Accumulate", "Adagrad", "Adam", "AdamW", "Average", "ClipByNorm", "ClipByValue", "Lion",
    "Nadam", "RmsProp", "Sgd"};

// No locale and no sign: code is bytes.
bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

bool is_of_word(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') || character == '_';
}

// A number as C++ reads one: 1e-4, .5F, 0x1p3. A sign belongs to it behind an exponent's letter.
std::size_t number_length(std::string_view code) {
  std::size_t at = 1;
  while (at < code.size()) {
    const char before = code[at - 1];
    const bool exponent = before == 'e' || before == 'E' || before == 'p' || before == 'P';
    const bool sign = code[at] == '-' || code[at] == '+';
    if (!is_of_word(code[at]) && code[at] != '.' && !(exponent && sign)) break;
    ++at;
  }
  return at;
}

// A class name in quotes, with them; 0 where there is none that is plain.
std::size_t quoted_length(std::string_view code) {
  const auto is_plain = [](char character) {
    return is_of_word(character) || character == ' ' || character == '.' || character == '-';
  };
  const auto close = std::find_if_not(code.begin() + 1, code.end(), is_plain);
  const auto length = static_cast<std::size_t>(close - code.begin()) + 1;
  if (close == code.end() || *close != code[0]) return 0;
  return code[0] == '"' || length == 3 ? length : 0;  // 'b' is a character, 'be' is none
}

// A word, a number or a character.
std::size_t length_of_first(std::string_view code) {
  const bool fraction = code[0] == '.' && code.size() > 1 && is_digit(code[1]);
  if (is_digit(code[0]) || fraction) return number_length(code);
  constexpr std::string_view prefix = "lamina::";
  if (code.starts_with(prefix)) return prefix.size();
  const auto end = std::find_if_not(code.begin(), code.end(), is_of_word);
  return std::max<std::size_t>(1, static_cast<std::size_t>(end - code.begin()));
}

// `after_point`: a member of what stands there, as in `{.momentum = 0.9F}`. Without parentheses and
// operators on addresses nothing is called by it.
bool is_known(std::string_view first, bool after_point) {
  constexpr std::string_view between = "<>,{}=.-+ \t\n";  // no colon: <: is a bracket
  if (is_digit(first[0]) || (first[0] == '.' && first.size() > 1)) return true;
  if (!is_of_word(first[0])) return between.find(first[0]) != std::string_view::npos;
  return after_point || std::find(std::begin(names), std::end(names), first) != std::end(names);
}

// A part of a program that is trusted or not.
struct Piece {
  const char* field;      // of config.json
  std::string code;       // what a compiler gets
  std::string directory;  // where it looks for headers, which are code as well
  std::string unknown;    // what in it is not known, for a sentence
};

std::string unknown_in(std::string_view code, bool names_in_quotes = false) {
  const std::string first = first_unknown(code, names_in_quotes);
  return first.empty() ? "" : "'" + first + "'";
}

std::array<Piece, 3> pieces_of(const NetworkProgram& program) {
  const std::string& network = program.network.code;
  const std::string& optimizer = program.optimizer.code;
  const std::string_view type = type_in(network);
  return {{{"network_source", network, program.network.directory,
            type.empty() ? "code that is no type" : unknown_in(type)},
           {"optimizer", optimizer, "", unknown_in(optimizer)},
           {"augment", program.augment, "", unknown_in(program.augment, true)}}};
}

// All of a piece: other code with the same fingerprint is easily made.
std::string text_of(const Piece& piece) {
  return std::string(piece.field) + '\0' + piece.directory + '\0' + piece.code;
}

fs::path directory_of_trusted() {
  return cache_directory() / "trusted";
}

fs::path place_of(const Piece& piece) {
  Fingerprint fingerprint;
  fingerprint.add(text_of(piece));
  return directory_of_trusted() / fingerprint.text();
}

bool is_remembered(const Piece& piece) {
  static_cast<void>(open_private_directory(cache_directory()));
  const fs::path path = place_of(piece);
  if (!open_private_file(open_private_directory(path.parent_path()), path).is_open()) return false;
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {}) == text_of(piece);
}

}  // namespace

std::string first_unknown(std::string_view code, bool names_in_quotes) {
  bool after_point = false;
  bool after_word = false;
  while (!code.empty()) {
    // Behind a word or a number, quotes are another thing: R"(...)", 1'000.
    const bool opens = names_in_quotes && !after_word && (code[0] == '"' || code[0] == '\'');
    if (const std::size_t length = opens ? quoted_length(code) : 0; length > 0) {
      code.remove_prefix(length);
      after_point = false;
      after_word = true;  // "cat"_s is another thing as well
      continue;
    }
    const std::string_view first = code.substr(0, length_of_first(code));
    if (!is_known(first, after_point)) return std::string(first);
    after_point = first == ".";
    after_word = is_of_word(first.back());
    code.remove_prefix(first.size());
  }
  return "";
}

NetworkProgram trusted(NetworkProgram program, const fs::path& run, bool trust) {
  for (const Piece& piece : pieces_of(program)) {
    if (trust || piece.unknown.empty() || is_remembered(piece)) continue;
    throw Error(detail::printable_path((run / "config.json").string()) + ": expected " +
                piece.field + " to be made of lamina's names and numbers, found " +
                detail::printable(piece.unknown) +
                "; other code of a run directory is compiled with --trust only: say it where you "
                "know whose code that is");
  }
  // A compiler looks there for its own headers, too: a type needs none.
  if (!type_in(program.network.code).empty()) program.network.directory.clear();
  return program;
}

void remember(const NetworkProgram& program) {
  const PrivateMode mode;
  for (const Piece& piece : pieces_of(program)) {
    if (piece.unknown.empty() || is_remembered(piece)) continue;
    io::write_text(place_of(piece), text_of(piece));
  }
}

}  // namespace lamina::program
