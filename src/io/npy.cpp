#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/npy.hpp>

#include "io/byte_source.hpp"
#include "io/npy_array.hpp"

namespace lamina {

namespace {

io::NamedArray read_array(const std::filesystem::path& path) {
  io::ByteSource source{path};
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

Tensor read_npy(const std::filesystem::path& path) {
  const io::NamedArray named = read_array(path);
  try {
    return io::to_tensor(named.array, "");
  } catch (const Error& error) {
    throw Error(named.where + ": " + error.what());
  }
}

Dataset read_npy(const std::filesystem::path& inputs, const std::filesystem::path& targets) {
  const io::NamedArray read_targets = read_array(targets);
  return io::to_dataset(read_array(inputs), read_targets);
}

}  // namespace lamina
