#include <algorithm>
#include <cmath>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/text/encode.hpp>

namespace lamina {

namespace {

std::size_t room_of(const Vocabulary& vocabulary, std::size_t length) {
  const std::size_t around =
      (vocabulary.begin_of_text() >= 0 ? 1u : 0u) + (vocabulary.end_of_text() >= 0 ? 1u : 0u);
  constexpr std::size_t most = Shape::most_values;
  if (length > around && length <= most) return length - around;
  throw Error("encode: expected a length in [" + std::to_string(around + 1) + ", " +
              std::to_string(most) + "], found " + std::to_string(length));
}

}  // namespace

std::vector<float> encode(std::string_view text, const Vocabulary& vocabulary,
                          const EncodeOptions& options) {
  using Side = EncodeOptions::Side;
  const std::size_t room = room_of(vocabulary, options.length);
  std::vector<float> numbers;
  for (const std::string& token : split(text, options.split)) {
    numbers.push_back(static_cast<float>(vocabulary.number(token)));
  }
  if (numbers.size() > room) {
    const auto extra = static_cast<std::ptrdiff_t>(numbers.size() - room);
    if (options.truncation == Side::Right) {
      numbers.resize(room);
    } else {
      numbers.erase(numbers.begin(), numbers.begin() + extra);
    }
  }
  if (vocabulary.begin_of_text() >= 0) {
    numbers.insert(numbers.begin(), static_cast<float>(vocabulary.begin_of_text()));
  }
  if (vocabulary.end_of_text() >= 0)
    numbers.push_back(static_cast<float>(vocabulary.end_of_text()));
  const std::size_t missing = options.length - numbers.size();
  numbers.insert(options.padding == Side::Right ? numbers.end() : numbers.begin(), missing,
                 static_cast<float>(vocabulary.padding()));
  return numbers;
}

Dataset encode(const Texts& texts, const Vocabulary& vocabulary, const EncodeOptions& options) {
  static_cast<void>(room_of(vocabulary, options.length));
  std::vector<float> inputs;
  inputs.reserve(texts.size() * options.length);
  for (const std::string& text : texts.texts) {
    const std::vector<float> row = encode(text, vocabulary, options);
    inputs.insert(inputs.end(), row.begin(), row.end());
  }
  const Shape shape{1, 1, static_cast<int>(options.length)};
  if (options.targets == EncodeOptions::Targets::Tokens) {
    std::vector<Label> labels(inputs.size());
    std::ranges::transform(inputs, labels.begin(), [](float x) { return static_cast<Label>(x); });
    return Dataset{shape, std::move(inputs), std::move(labels), shape}.named(
        {.features = {}, .classes = vocabulary.tokens(), .targets = {}});
  }
  if (texts.labels.empty()) return Dataset{shape, std::move(inputs)};
  return Dataset{shape, std::move(inputs), texts.labels}.named(
      {.features = {}, .classes = texts.class_names, .targets = {}});
}

std::string decode(std::span<const float> tokens, const Vocabulary& vocabulary,
                   std::string_view separator) {
  std::string text;
  bool first = true;
  for (const float x : tokens) {
    if (!(x >= 0 && x < static_cast<float>(vocabulary.size())) || x != std::floor(x)) {
      throw Error("decode: expected numbers of tokens, in [0, " +
                  std::to_string(vocabulary.size()) + "), found " + std::to_string(x));
    }
    const auto number = static_cast<Label>(x);
    if (number == vocabulary.padding() || number == vocabulary.begin_of_text() ||
        number == vocabulary.end_of_text()) {
      continue;
    }
    if (!std::exchange(first, false)) text += separator;
    text += vocabulary.token(number);
  }
  return text;
}

}  // namespace lamina
