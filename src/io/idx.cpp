#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/idx.hpp>

#include "io/byte_source.hpp"
#include "io/out_of_memory.hpp"

namespace lamina {

namespace {

using io::ByteSource;

// An IDX file starts with two zeros, the type of its elements and the number of its extents.
constexpr std::uint32_t unsigned_byte = 0x08;

struct Bytes {
  std::vector<std::uint32_t> extents;
  std::vector<std::uint8_t> values;
};

std::uint32_t read_number(ByteSource& source, const std::string& what) {
  std::array<std::uint8_t, 4> bytes{};
  const std::size_t got = source.read(bytes);
  if (got < bytes.size()) {
    source.fail("expected 4 bytes with " + what + ", found " + std::to_string(got));
  }
  std::uint32_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

std::string text(const std::vector<std::uint32_t>& extents) {
  std::string joined;
  for (const std::uint32_t extent : extents) {
    joined += (joined.empty() ? "" : " x ") + std::to_string(extent);
  }
  return joined;
}

// The number of values as the header has it. 2^31 - 1 values an item and 2^32 items fit 64 bits.
std::uint64_t count_values(const ByteSource& source, const std::vector<std::uint32_t>& extents) {
  constexpr std::uint64_t most = std::numeric_limits<int>::max();
  std::uint64_t item = 1;
  for (std::size_t axis = 1; axis < extents.size(); ++axis) {
    item *= extents[axis];
    if (item > most) {
      source.fail("expected at most " + std::to_string(most) + " values an item, found " +
                  text(extents));
    }
  }
  if (item == 0 || extents[0] == 0) {
    source.fail("expected extents of 1 and more, found " + text(extents));
  }
  return item * extents[0];
}

Bytes read_bytes(const std::filesystem::path& path, const char* content, std::uint32_t axes,
                 const ReadOptions& options) {
  ByteSource source{path, options};
  const std::uint32_t expected = unsigned_byte << 8 | axes;
  const std::uint32_t magic = read_number(source, "the IDX magic number");
  if (magic != expected) {
    source.fail("expected IDX " + std::string{content} + " (magic number " +
                std::to_string(expected) + "), found magic number " + std::to_string(magic));
  }
  Bytes bytes;
  for (std::uint32_t axis = 0; axis < axes; ++axis) {
    bytes.extents.push_back(read_number(source, "extent " + std::to_string(axis)));
  }
  const std::uint64_t count = count_values(source, bytes.extents);
  bytes.values = source.read_up_to(count);
  const std::string where = source.gzip() ? " in the gzip data" : "";
  const std::string wanted = "expected " + std::to_string(count) + " bytes after the header for " +
                             text(bytes.extents) + " " + content;
  if (bytes.values.size() < count) {
    source.fail(wanted + ", found " + std::to_string(bytes.values.size()) + where);
  }
  std::array<std::uint8_t, 1> more{};
  if (source.read(more) != 0) source.fail(wanted + ", found more" + where);
  return bytes;
}

std::vector<float> scale(std::span<const std::uint8_t> bytes) {
  std::vector<float> pixels;
  pixels.reserve(bytes.size());
  for (const std::uint8_t byte : bytes) pixels.push_back(static_cast<float>(byte) / 255.0F);
  return pixels;
}

std::filesystem::path find(const std::filesystem::path& directory, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const auto path = directory / (name + ending);
    std::error_code code;
    if (std::filesystem::is_regular_file(path, code)) return path;
  }
  throw Error(detail::printable_path(directory.string()) + ": expected the file " + name + " or " +
              name + ".gz, found neither");
}

std::string text(Shape shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

}  // namespace

Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 const ReadOptions& options) {
  const Bytes marks =
      io::within_memory(labels, [&] { return read_bytes(labels, "labels", 1, options); });
  const Bytes pixels =
      io::within_memory(images, [&] { return read_bytes(images, "images", 3, options); });
  if (pixels.extents[0] != marks.extents[0]) {
    throw Error(detail::printable_path(labels.string()) + ": expected a label for each of " +
                std::to_string(pixels.extents[0]) + " images in " +
                detail::printable_path(images.string()) + ", found " +
                std::to_string(marks.extents[0]));
  }
  const Shape shape{1, static_cast<int>(pixels.extents[1]), static_cast<int>(pixels.extents[2])};
  return io::within_memory(images, [&]() -> Dataset {
    return {shape, scale(pixels.values),
            std::vector<Label>(marks.values.begin(), marks.values.end())};
  });
}

Split read_idx_directory(const std::filesystem::path& directory, const ReadOptions& options) {
  const auto train_images = find(directory, "train-images-idx3-ubyte");
  const auto train_labels = find(directory, "train-labels-idx1-ubyte");
  const auto test_images = find(directory, "t10k-images-idx3-ubyte");
  const auto test_labels = find(directory, "t10k-labels-idx1-ubyte");
  Split split{read_idx(train_images, train_labels, options),
              read_idx(test_images, test_labels, options)};
  if (split.train.shape() != split.test.shape()) {
    throw Error(detail::printable_path(test_images.string()) + ": expected images of " +
                text(split.train.shape()) + " as in " +
                detail::printable_path(train_images.string()) + ", found " +
                text(split.test.shape()));
  }
  return split;
}

}  // namespace lamina
