#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/safetensors.hpp>

#include "io/atomic_file.hpp"
#include "io/little_endian.hpp"
#include "io/safetensors_header.hpp"

namespace lamina {

namespace {

using Json = nlohmann::json;  // keeps names sorted: the same tensors make the same header

bool holds_integers(const Tensor& tensor) {
  return std::holds_alternative<std::vector<std::int64_t>>(tensor.values);
}

std::uint64_t count_values(const Tensor& tensor) {
  return std::visit([](const auto& values) -> std::uint64_t { return values.size(); },
                    tensor.values);
}

std::uint64_t size_of(const Tensor& tensor) {
  return count_values(tensor) * (holds_integers(tensor) ? 8 : 4);
}

void check(std::span<const Tensor> tensors) {
  std::set<std::string_view> names;
  for (const Tensor& tensor : tensors) {
    if (tensor.name.empty()) throw Error("expected a name for every tensor, found an empty one");
    if (tensor.name == "__metadata__") {
      throw Error("expected names of tensors, found the reserved name '__metadata__'");
    }
    if (!names.insert(tensor.name).second) {
      throw Error("expected every name once, found '" + detail::printable(tensor.name) + "' twice");
    }
    const std::uint64_t expected = io::count_of(tensor.shape, tensor.name);
    if (count_values(tensor) != expected) {
      throw Error("tensor '" + detail::printable(tensor.name) + "': expected " +
                  std::to_string(expected) + " values for its shape, found " +
                  std::to_string(count_values(tensor)));
    }
  }
}

// Integers first: their 8 bytes then lie at multiples of 8, and floats behind them at multiples
// of 4. PyTorch refuses to view data that lie elsewhere.
std::vector<const Tensor*> in_file_order(std::span<const Tensor> tensors) {
  std::vector<const Tensor*> order;
  for (const bool integers : {true, false}) {
    for (const Tensor& tensor : tensors) {
      if (holds_integers(tensor) == integers) order.push_back(&tensor);
    }
  }
  return order;
}

std::string make_header(const std::vector<const Tensor*>& order) {
  Json header = Json::object();
  std::uint64_t begin = 0;
  for (const Tensor* tensor : order) {
    const std::uint64_t end = begin + size_of(*tensor);
    header[tensor->name] = {{"dtype", holds_integers(*tensor) ? "I64" : "F32"},
                            {"shape", tensor->shape},
                            {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception& error) {
    throw Error(std::string{"expected names in UTF-8, found: "} +
                detail::printable(error.what(), 200));
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > io::longest_header) {
    throw Error("expected a header of at most " + std::to_string(io::longest_header) +
                " bytes, found " + std::to_string(text.size()));
  }
  return text;
}

void write_number(io::AtomicFile& file, std::uint64_t number) {
  std::array<std::byte, 8> bytes{};
  io::to_little_endian(number, bytes);
  file.write(bytes);
}

template <class T>
void write_values(io::AtomicFile& file, const std::vector<T>& values) {
  using Unsigned = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    io::to_little_endian(std::bit_cast<Unsigned>(values[i]),
                         std::span{bytes}.subspan(i * sizeof(T)));
  }
  file.write(bytes);
}

std::string checked_header(const std::filesystem::path& path, std::span<const Tensor> tensors,
                           const std::vector<const Tensor*>& order) {
  try {
    check(tensors);
    return make_header(order);
  } catch (const Error& error) {
    throw Error(detail::printable_path(path.string()) + ": " + error.what());
  }
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors) {
  const auto order = in_file_order(tensors);
  const std::string header = checked_header(path, tensors, order);
  io::AtomicFile file{path};
  write_number(file, header.size());
  file.write(std::as_bytes(std::span{header}));
  for (const Tensor* tensor : order) {
    std::visit([&file](const auto& values) { write_values(file, values); }, tensor->values);
  }
  file.commit();
}

}  // namespace lamina
