#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/naming_file.hpp>
#include <lamina/io/safetensors.hpp>

#include "io/atomic_file.hpp"
#include "io/little_endian.hpp"
#include "io/safetensors_checksum.hpp"
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

void check(const Metadata& metadata) {
  for (const auto& [name, text] : metadata) {
    if (!name.starts_with(io::checksum_prefix)) continue;
    throw Error("expected metadata without the reserved names " + std::string{io::checksum_prefix} +
                "*, found " + detail::tensor_name(name));
  }
}

void check(std::span<const Tensor> tensors) {
  std::set<std::string_view> names;
  for (const Tensor& tensor : tensors) {
    if (tensor.name.empty()) throw Error("expected a name for every tensor, found an empty one");
    if (tensor.name == "__metadata__") {
      throw Error("expected names of tensors, found the reserved name '__metadata__'");
    }
    if (!names.insert(tensor.name).second) {
      throw Error("expected every name once, found " + detail::tensor_name(tensor.name) + " twice");
    }
    const std::uint64_t expected = io::count_of(tensor.shape, tensor.name);
    if (count_values(tensor) != expected) {
      throw Error("tensor " + detail::tensor_name(tensor.name) + ": expected " +
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

/// Shows the bytes of a tensor as the file has them; where the machine has the same, in place.
template <class Show>
void show_bytes(const Tensor& tensor, const Show& show) {
  std::visit(
      [&]<class T>(const std::vector<T>& values) {
        if constexpr (std::endian::native == std::endian::little) {
          show(std::as_bytes(std::span{values}));
        } else {
          using Unsigned = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
          std::vector<std::byte> bytes(values.size() * sizeof(T));
          for (std::size_t i = 0; i < values.size(); ++i) {
            io::to_little_endian(std::bit_cast<Unsigned>(values[i]),
                                 std::span{bytes}.subspan(i * sizeof(T)));
          }
          show(std::span<const std::byte>{bytes});
        }
      },
      tensor.values);
}

std::string checksum_of(const std::vector<const Tensor*>& order) {
  io::Checksum checksum;
  for (const Tensor* tensor : order) {
    show_bytes(*tensor, [&](std::span<const std::byte> bytes) { checksum.add(bytes); });
  }
  return checksum.text();
}

std::string make_header(const std::vector<const Tensor*>& order, const Metadata& metadata) {
  Json header = Json::object();
  header["__metadata__"] = metadata;
  header["__metadata__"][io::data_checksum_name] = checksum_of(order);
  header["__metadata__"][io::header_checksum_name] = "00000000";
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
    throw Error(std::string{"expected names and metadata in UTF-8, found: "} +
                detail::printable(error.what(), 200));
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > io::longest_header) {
    throw Error("expected a header of at most " + std::to_string(io::longest_header) +
                " bytes, found " + std::to_string(text.size()));
  }
  io::seal_header(text);
  return text;
}

void write_number(io::AtomicFile& file, std::uint64_t number) {
  std::array<std::byte, 8> bytes{};
  io::to_little_endian(number, bytes);
  file.write(bytes);
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors,
                       const Metadata& metadata) {
  const auto order = in_file_order(tensors);
  const std::string header = detail::naming_file(path, [&] {
    check(metadata);
    check(tensors);
    return make_header(order, metadata);
  });
  io::AtomicFile file{path};
  write_number(file, header.size());
  file.write(std::as_bytes(std::span{header}));
  for (const Tensor* tensor : order) {
    show_bytes(*tensor, [&](std::span<const std::byte> bytes) { file.write(bytes); });
  }
  file.commit();
}

}  // namespace lamina
