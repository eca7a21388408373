#include "io/npy_array.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <lamina/core/error.hpp>

#include "io/npy_values.hpp"
#include "io/read_up_to.hpp"

namespace lamina::io {

namespace {

constexpr std::uint64_t longest_header = 1 << 20;
constexpr std::string_view magic = "\x93NUMPY";

std::string_view letters(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | bytes[i];
  return number;
}

std::int64_t to_integer(std::uint64_t number) {
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(std::string("expected integers of at most 2^63 - 1, found ") +
                std::to_string(number));
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace

void fail_length(const NpyHeader& header, const std::string& found) {
  throw Error(std::string("expected ") + std::to_string(header.count() * header.size) +
              " bytes of values for " + header.kind + std::to_string(header.size) +
              " of the shape " + text(header.shape) + ", found " + found);
}

NpyHeader read_npy_header(const ReadBytes& read) {
  const auto begin = read_up_to(magic.size() + 2, read);
  if (begin.size() < magic.size() + 2 || !letters(begin).starts_with(magic)) {
    throw Error("expected an array of numpy, which begins with \\x93NUMPY, found something else");
  }
  const int version = begin[magic.size()];
  if (version < 1 || version > 3) {
    throw Error(std::string("expected an NPY version of 1 to 3, found ") + std::to_string(version));
  }
  const auto digits = read_up_to(version == 1 ? 2 : 4, read);
  const std::uint64_t length = little_endian(digits);
  if (digits.size() < (version == 1 ? 2U : 4U) || length > longest_header) {
    throw Error(std::string("expected an NPY header of at most ") + std::to_string(longest_header) +
                " bytes, found " +
                (digits.size() < 2 ? "the end" : "a length of " + std::to_string(length)));
  }
  const auto bytes = read_up_to(length, read);
  if (bytes.size() < length) {
    throw Error(std::string("expected an NPY header of ") + std::to_string(length) +
                " bytes, found " + std::to_string(bytes.size()));
  }
  return parse_npy_header(letters(bytes));
}

NpyArray read_npy_array(const ReadBytes& read) {
  NpyArray array{read_npy_header(read), {}};
  const std::uint64_t wanted = array.header.count() * array.header.size;
  array.bytes = read_up_to(wanted, read);
  std::array<std::uint8_t, 1> more{};
  const bool longer = array.bytes.size() == wanted && read(more) != 0;
  if (longer || array.bytes.size() < wanted) {
    fail_length(array.header, longer ? "more" : std::to_string(array.bytes.size()));
  }
  return array;
}

Tensor to_tensor(const NpyArray& array, std::string name) {
  Tensor tensor{std::move(name), array.header.shape, {}};
  if (array.header.kind == 'b') {
    tensor.values = npy_values<std::int64_t>(
        array, [](auto number) { return std::int64_t{number != 0 ? 1 : 0}; });
  } else if (array.header.kind == 'f') {
    tensor.values =
        npy_values<float>(array, [](auto number) { return static_cast<float>(number); });
  } else {
    tensor.values = npy_values<std::int64_t>(array, [](auto number) {
      if constexpr (std::is_same_v<decltype(number), std::uint64_t>)
        return to_integer(number);
      else
        return static_cast<std::int64_t>(number);
    });
  }
  return tensor;
}

}  // namespace lamina::io
