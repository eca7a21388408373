#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/npy.hpp>

#include "io/byte_source.hpp"
#include "io/npy_array.hpp"
#include "io/npy_rows.hpp"
#include "io/out_of_memory.hpp"

namespace lamina {

namespace {

io::NamedArray read_array(const std::filesystem::path& path, const ReadOptions& options) {
  io::ByteSource source{path, options};
  const auto read = [&](std::span<std::uint8_t> to) { return source.read(to); };
  try {
    return {detail::printable_path(path.string()), io::read_npy_array(read)};
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.starts_with(detail::printable_path(path.string()) + ": "))
      throw;  // the source's own
    source.fail(message);
  }
}

}  // namespace

Tensor read_npy(const std::filesystem::path& path, const ReadOptions& options) {
  return io::within_memory(path, [&] {
    const io::NamedArray named = read_array(path, options);
    try {
      return io::to_tensor(named.array, "");
    } catch (const Error& error) {
      throw Error(named.where + ": " + error.what());
    }
  });
}

Dataset read_npy(const std::filesystem::path& inputs, const std::filesystem::path& targets,
                 const ReadOptions& options) {
  const io::NamedArray read_targets =
      io::within_memory(targets, [&] { return read_array(targets, options); });
  return io::within_memory(
      inputs, [&] { return io::to_dataset(read_array(inputs, options), read_targets); });
}

Dataset open_npy(const std::filesystem::path& inputs) {
  auto rows = std::make_shared<const io::NpyRows>(inputs);
  const Shape sample = rows->sample();
  return {sample, std::move(rows)};
}

Dataset open_npy(const std::filesystem::path& inputs, const std::filesystem::path& targets,
                 const ReadOptions& options) {
  const io::NamedArray read_targets =
      io::within_memory(targets, [&] { return read_array(targets, options); });
  const auto rows = std::make_shared<const io::NpyRows>(inputs);
  return io::within_memory(targets,
                           [&] { return io::to_dataset(rows->named(), rows, read_targets); });
}

}  // namespace lamina
