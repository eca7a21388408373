#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/safetensors.hpp>

#include "io/half.hpp"
#include "io/little_endian.hpp"
#include "io/safetensors_header.hpp"

namespace lamina {

namespace {

using io::ElementType;
using io::Entry;
using io::from_little_endian;

constexpr std::uint64_t length_bytes = 8;

std::uint64_t checked_size(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) throw Error("expected a file, found nothing there");
  if (!std::filesystem::is_regular_file(path, code)) {
    throw Error("expected a file, found something else");
  }
  const std::uint64_t size = std::filesystem::file_size(path, code);
  if (code) throw Error("cannot be read: " + code.message());
  return size;
}

// `count` is checked against the file's size before this allocates; a short read is then a file
// that changed meanwhile.
std::vector<std::byte> read_bytes(std::ifstream& file, std::uint64_t count) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(count));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  if (static_cast<std::uint64_t>(file.gcount()) != count) {
    throw Error("expected " + std::to_string(count) + " more bytes, found " +
                std::to_string(file.gcount()));
  }
  return bytes;
}

std::vector<Entry> read_header(std::ifstream& file, std::uint64_t size) {
  if (size < length_bytes) {
    throw Error("expected at least 8 bytes of a safetensors file, found " + std::to_string(size));
  }
  const auto length = from_little_endian<std::uint64_t>(read_bytes(file, length_bytes));
  const std::uint64_t most = std::min(size - length_bytes, io::longest_header);
  if (length > most) {
    throw Error("expected a safetensors header of at most " + std::to_string(most) +
                " bytes, found a length of " + std::to_string(length));
  }
  const auto bytes = read_bytes(file, length);
  const std::string_view json{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return io::parse_header(json, size - length_bytes - length);
}

template <class To, class Unsigned, class Convert>
std::vector<To> convert(std::span<const std::byte> bytes, Convert one) {
  std::vector<To> values;
  values.reserve(bytes.size() / sizeof(Unsigned));
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(Unsigned)) {
    values.push_back(one(from_little_endian<Unsigned>(bytes.subspan(i))));
  }
  return values;
}

std::vector<float> floats(ElementType type, std::span<const std::byte> bytes) {
  switch (type) {
    case ElementType::f64:
      return convert<float, std::uint64_t>(bytes, [](std::uint64_t bits) {
        return static_cast<float>(std::bit_cast<double>(bits));
      });
    case ElementType::f16:
      return convert<float, std::uint16_t>(bytes, io::from_half);
    case ElementType::bf16:
      return convert<float, std::uint16_t>(bytes, io::from_bfloat);
    default:
      return convert<float, std::uint32_t>(
          bytes, [](std::uint32_t bits) { return std::bit_cast<float>(bits); });
  }
}

Tensor to_tensor(Entry entry, std::span<const std::byte> bytes) {
  Tensor tensor{std::move(entry.name), std::move(entry.shape), {}};
  if (entry.type == ElementType::i64) {
    tensor.values = convert<std::int64_t, std::uint64_t>(
        bytes, [](std::uint64_t bits) { return static_cast<std::int64_t>(bits); });
  } else {
    tensor.values = floats(entry.type, bytes);
  }
  return tensor;
}

std::vector<Tensor> read_checked(const std::filesystem::path& path) {
  const std::uint64_t size = checked_size(path);
  std::ifstream file{path, std::ios::binary};
  if (!file) throw Error("cannot be opened");
  std::vector<Tensor> tensors;
  for (Entry& entry : read_header(file, size)) {
    const auto bytes = read_bytes(file, entry.end - entry.begin);
    tensors.push_back(to_tensor(std::move(entry), bytes));
  }
  return tensors;
}

}  // namespace

std::vector<Tensor> read_safetensors(const std::filesystem::path& path) {
  try {
    return read_checked(path);
  } catch (const Error& error) {
    throw Error(detail::printable_path(path.string()) + ": " + error.what());
  }
}

}  // namespace lamina
