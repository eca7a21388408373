#include <cmath>
#include <limits>
#include <utility>

#include <lamina/core/error.hpp>

#include "io/npy_array.hpp"
#include "io/npy_values.hpp"

namespace lamina::io {

namespace {

[[noreturn]] void fail(const NamedArray& named, const std::string& message) {
  throw Error(named.where + ": " + message);
}

// The index of a value as numpy writes it: [2, 0].
std::string place(const NpyHeader& header, std::size_t value) {
  std::string joined;
  for (std::size_t axis = header.shape.size(); axis-- > 0;) {
    const auto extent = static_cast<std::size_t>(header.shape[axis]);
    joined = std::to_string(value % extent) + (joined.empty() ? "" : ", ") + joined;
    value /= extent;
  }
  return "[" + joined + "]";
}

std::vector<float> finite_floats(const NamedArray& named) {
  std::size_t at = 0;
  return npy_values<float>(named.array, [&](auto number) {
    return finite_float(number, named.where, named.array.header, at++);
  });
}

std::vector<Label> labels(const NamedArray& named) {
  constexpr std::int64_t most = std::numeric_limits<Label>::max();
  const Tensor tensor = to_tensor(named.array, "");
  const auto& numbers = std::get<std::vector<std::int64_t>>(tensor.values);
  std::vector<Label> made;
  made.reserve(numbers.size());
  for (const std::int64_t number : numbers) {
    if (number < 0 || number > most) {
      fail(named, std::string("expected labels from 0 to ") + std::to_string(most) + ", found " +
                      std::to_string(number) + " at " + place(named.array.header, made.size()));
    }
    made.push_back(static_cast<Label>(number));
  }
  return made;
}

// Extents of a class map.
Shape map_shape(const NamedArray& named) {
  const auto& shape = named.array.header.shape;
  if (!named.array.integers()) {
    fail(named, "expected integers as class maps (n, height, width), found floats of the shape " +
                    text(shape));
  }
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  if (shape[1] == 0 || shape[2] == 0 || shape[1] > most || shape[2] > most / shape[1]) {
    fail(named, "expected class maps of 1 to 2^31 - 1 positions, found the shape " + text(shape));
  }
  return {1, static_cast<int>(shape[1]), static_cast<int>(shape[2]), 2};
}

// Samples with targets; `inputs_of` gives their inputs once all is known to fit.
template <class InputsOf>
Dataset with_targets(const NamedArray& inputs, const NamedArray& targets, InputsOf inputs_of) {
  const Shape sample = sample_shape(inputs);
  const auto& shape = targets.array.header.shape;
  if (shape.empty() || shape.size() > 3 || (shape.size() == 2 && shape[1] == 0)) {
    fail(
        targets,
        "expected targets (n) or (n, outputs), or class maps (n, height, width), found the shape " +
            text(shape));
  }
  const std::int64_t rows = inputs.array.header.shape[0];
  if (shape[0] != rows) {
    fail(targets, std::string("expected targets for the ") + std::to_string(rows) + " samples of " +
                      inputs.where + ", found the shape " + text(shape));
  }
  if (shape.size() == 1 && targets.array.integers()) {
    auto made = labels(targets);
    return {sample, inputs_of(), std::move(made)};
  }
  if (shape.size() == 3) {
    const Shape map = map_shape(targets);
    auto made = labels(targets);
    return {sample, inputs_of(), std::move(made), map};
  }
  auto floats = finite_floats(targets);
  const std::size_t outputs = shape.size() == 1 ? 1 : static_cast<std::size_t>(shape[1]);
  return {sample, inputs_of(), std::move(floats), outputs};
}

}  // namespace

void fail_finite(double number, const std::string& where, const NpyHeader& header,
                 std::size_t value) {
  throw Error(where + ": expected finite numbers within a float, found " + std::to_string(number) +
              " at " + place(header, value));
}

Shape sample_shape(const NamedArray& named) {
  const auto& shape = named.array.header.shape;
  if (shape.empty() || shape.size() > 4) {
    fail(named, std::string("expected inputs (n), (n, features), (n, height, width) or ") +
                    "(n, channels, height, width), found the shape " + text(shape));
  }
  for (const std::int64_t extent : shape) {
    if (extent == 0) fail(named, "expected extents of 1 and more, found " + text(shape));
  }
  std::int64_t product = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    product = shape[axis] > std::numeric_limits<int>::max() ? shape[axis] : product * shape[axis];
    if (product > std::numeric_limits<int>::max()) {
      fail(named, "expected at most 2^31 - 1 features a sample, found " + text(shape));
    }
  }
  const auto at = [&](std::size_t axis) { return static_cast<int>(shape[axis]); };
  if (shape.size() == 4) return {at(1), at(2), at(3)};
  if (shape.size() == 3) return {1, at(1), at(2)};
  return {shape.size() == 2 ? at(1) : 1, 1, 1};
}

Dataset to_dataset(const NamedArray& inputs) {
  return {sample_shape(inputs), finite_floats(inputs)};
}

Dataset to_dataset(const NamedArray& inputs, const NamedArray& targets) {
  return with_targets(inputs, targets, [&] { return finite_floats(inputs); });
}

Dataset to_dataset(const NamedArray& inputs, std::shared_ptr<const InputRows> rows,
                   const NamedArray& targets) {
  return with_targets(inputs, targets, [&] { return std::move(rows); });
}

}  // namespace lamina::io
