#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/naming_file.hpp>
#include <lamina/io/safetensors.hpp>

#include "io/half.hpp"
#include "io/little_endian.hpp"
#include "io/safetensors_checksum.hpp"
#include "io/safetensors_header.hpp"
#include "io/safetensors_index.hpp"

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
template <class T = std::byte>
std::vector<T> read_values(std::ifstream& file, std::uint64_t count) {
  std::vector<T> values(static_cast<std::size_t>(count));
  const auto bytes = static_cast<std::streamsize>(count * sizeof(T));
  file.read(reinterpret_cast<char*>(values.data()), bytes);
  if (file.gcount() != bytes) {
    throw Error("expected " + std::to_string(bytes) + " more bytes, found " +
                std::to_string(file.gcount()));
  }
  return values;
}

// What a file holds, the file at the first byte behind the header.
struct Opened {
  std::ifstream file;
  io::Header header;
  std::optional<std::string> checksum;  // of the data
};

Opened open_file(const std::filesystem::path& path) {
  const std::uint64_t size = checked_size(path);
  Opened opened{.file = std::ifstream{path, std::ios::binary}, .header = {}, .checksum = {}};
  if (!opened.file) throw Error("cannot be opened");
  if (size < length_bytes) {
    throw Error("expected at least 8 bytes of a safetensors file, found " + std::to_string(size));
  }
  const auto length = from_little_endian<std::uint64_t>(read_values(opened.file, length_bytes));
  const std::uint64_t most = std::min(size - length_bytes, io::longest_header);
  if (length > most) {
    throw Error("expected a safetensors header of at most " + std::to_string(most) +
                " bytes, found a length of " + std::to_string(length));
  }
  const auto bytes = read_values(opened.file, length);
  const std::string_view json{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  opened.header = io::parse_header(json, size - length_bytes - length);
  opened.checksum = io::open_seal(json, opened.header.metadata);
  return opened;
}

template <class To, class Unsigned, class Convert>
std::vector<To> convert(std::span<const std::byte> bytes, Convert one) {
  std::vector<To> values(bytes.size() / sizeof(Unsigned));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = one(from_little_endian<Unsigned>(bytes.subspan(i * sizeof(Unsigned))));
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

// A signed or unsigned number of fewer bits as the same number.
template <class Integer>
std::vector<std::int64_t> widened(std::span<const std::byte> bytes) {
  using Unsigned = std::make_unsigned_t<Integer>;
  return convert<std::int64_t, Unsigned>(
      bytes, [](Unsigned bits) { return std::int64_t{static_cast<Integer>(bits)}; });
}

std::int64_t checked(std::uint64_t number) {
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error("expected numbers below 2^63, found " + std::to_string(number));
  }
  return static_cast<std::int64_t>(number);
}

std::int64_t truth(std::uint8_t byte) {
  if (byte > 1) throw Error("expected a BOOL of 0 or 1, found " + std::to_string(byte));
  return byte;
}

std::vector<std::int64_t> integers(ElementType type, std::span<const std::byte> bytes) {
  switch (type) {
    case ElementType::i32:
      return widened<std::int32_t>(bytes);
    case ElementType::i16:
      return widened<std::int16_t>(bytes);
    case ElementType::i8:
      return widened<std::int8_t>(bytes);
    case ElementType::u64:
      return convert<std::int64_t, std::uint64_t>(bytes, checked);
    case ElementType::u32:
      return widened<std::uint32_t>(bytes);
    case ElementType::u16:
      return widened<std::uint16_t>(bytes);
    case ElementType::u8:
      return widened<std::uint8_t>(bytes);
    case ElementType::boolean:
      return convert<std::int64_t, std::uint8_t>(bytes, truth);
    default:
      return widened<std::int64_t>(bytes);
  }
}

bool holds_floats(ElementType type) {
  return type == ElementType::f32 || type == ElementType::f64 || type == ElementType::f16 ||
         type == ElementType::bf16;
}

void convert_into(Tensor& tensor, ElementType type, std::span<const std::byte> bytes) {
  try {
    if (holds_floats(type)) {
      tensor.values = floats(type, bytes);
    } else {
      tensor.values = integers(type, bytes);
    }
  } catch (const Error& error) {
    throw Error("tensor " + detail::tensor_name(tensor.name) + ": " + error.what());
  }
}

// The next tensor of a file. Values that the machine has as the file has them are read to their
// place: 6.4 MB in 4 ms, 15 ms with a copy and its conversion.
Tensor read_tensor(std::ifstream& file, Entry entry, io::Checksum* checksum) {
  Tensor tensor{std::move(entry.name), std::move(entry.shape), {}};
  const std::uint64_t bytes = entry.end - entry.begin;
  const auto read = [&]<class T>(std::type_identity<T>) {
    std::vector<T> values = read_values<T>(file, bytes / sizeof(T));
    if (checksum != nullptr) checksum->add(std::as_bytes(std::span{values}));
    return values;
  };
  constexpr bool same = std::endian::native == std::endian::little;
  if (same && entry.type == ElementType::f32) {
    tensor.values = read(std::type_identity<float>{});
  } else if (same && entry.type == ElementType::i64) {
    tensor.values = read(std::type_identity<std::int64_t>{});
  } else {
    convert_into(tensor, entry.type, read(std::type_identity<std::byte>{}));
  }
  return tensor;
}

std::vector<Tensor> read_file(const std::filesystem::path& path) {
  Opened opened = open_file(path);
  std::vector<Tensor> tensors;
  tensors.reserve(opened.header.entries.size());
  io::Checksum checksum;
  for (Entry& entry : opened.header.entries) {
    tensors.push_back(
        read_tensor(opened.file, std::move(entry), opened.checksum ? &checksum : nullptr));
  }
  if (opened.checksum && checksum.text() != *opened.checksum) {
    throw Error("expected data of checksum " + detail::tensor_name(*opened.checksum) + ", found " +
                detail::tensor_name(checksum.text()) +
                ": the file is damaged, or was changed by a program that kept " +
                std::string{io::checksum_prefix} + "*");
  }
  return tensors;
}

bool is_index(const std::filesystem::path& path) {
  return path.extension() == ".json";
}

io::Index open_index(const std::filesystem::path& path) {
  const std::uint64_t size = checked_size(path);
  if (size > io::longest_header) {
    throw Error("expected an index of at most " + std::to_string(io::longest_header) +
                " bytes, found " + std::to_string(size));
  }
  std::ifstream file{path, std::ios::binary};
  if (!file) throw Error("cannot be opened");
  const auto bytes = read_values(file, size);
  return io::parse_index({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// The tensors of one file of an index are those that the index has for it.
std::vector<Tensor> read_part(const std::filesystem::path& path,
                              const std::set<std::string>& names) {
  std::vector<Tensor> tensors = detail::naming_file(path, [&] { return read_file(path); });
  std::set<std::string_view> found;
  for (const Tensor& tensor : tensors) {
    if (!names.contains(tensor.name)) {
      throw Error("expected an index that has all tensors of " +
                  detail::tensor_name(path.filename().string()) + ", found none of " +
                  detail::tensor_name(tensor.name));
    }
    found.insert(tensor.name);
  }
  for (const std::string& name : names) {
    if (found.contains(name)) continue;
    throw Error("expected tensor " + detail::tensor_name(name) + " in " +
                detail::tensor_name(path.filename().string()) + ", found none of that name");
  }
  return tensors;
}

std::vector<Tensor> read_parts(const std::filesystem::path& path) {
  std::vector<Tensor> all;
  for (const auto& [file, names] : open_index(path).files) {
    std::vector<Tensor> part = read_part(path.parent_path() / file, names);
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

std::vector<Tensor> read_safetensors(const std::filesystem::path& path) {
  return detail::naming_file(path,
                             [&] { return is_index(path) ? read_parts(path) : read_file(path); });
}

Metadata read_metadata(const std::filesystem::path& path) {
  return detail::naming_file(path, [&] {
    return is_index(path) ? open_index(path).metadata : open_file(path).header.metadata;
  });
}

}  // namespace lamina
