#include <bit>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include <zip.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/npy.hpp>

#include "io/atomic_file.hpp"
#include "io/little_endian.hpp"

namespace lamina {

namespace {

using Bytes = std::vector<std::byte>;

template <class T>
constexpr const char* type_name = "<f4";
template <>
constexpr const char* type_name<std::int64_t> = "<i8";

// Format version 1: values begin at a multiple of 64 bytes.
std::string header(const char* type, const std::vector<std::int64_t>& shape) {
  std::string extents;
  for (const std::int64_t extent : shape) {
    extents += (extents.empty() ? "" : " ") + std::to_string(extent) + ",";
  }
  if (shape.size() > 1) extents.pop_back();
  std::string dictionary = "{'descr': '" + std::string(type) +
                           "', 'fortran_order': False, 'shape': (" + extents + "), }";
  constexpr std::size_t before = 10;
  dictionary.append(63 - (before + dictionary.size()) % 64, ' ');
  dictionary += '\n';
  const std::size_t size = dictionary.size();
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(size & 255U) +
         static_cast<char>(size >> 8U) + dictionary;
}

// True where extents are none below 0, and so many values all of them.
bool has_shape(std::size_t count, const std::vector<std::int64_t>& shape) {
  for (const std::int64_t extent : shape) {
    if (extent < 0) return false;
    if (extent == 0) return count == 0;
  }
  for (const std::int64_t extent : shape) {
    if (count % static_cast<std::size_t>(extent) != 0) return false;
    count /= static_cast<std::size_t>(extent);
  }
  return count == 1;
}

Bytes npy_bytes(const Tensor& tensor) {
  return std::visit(
      [&](const auto& values) {
        using Value = std::remove_cvref_t<decltype(values[0])>;
        using Bits = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;
        if (!has_shape(values.size(), tensor.shape)) {
          throw Error("expected as many values of array " + detail::in_quotes(tensor.name) +
                      " as its shape says, found " + std::to_string(values.size()));
        }
        const std::string head = header(type_name<Value>, tensor.shape);
        Bytes bytes(head.size() + values.size() * sizeof(Value));
        std::memcpy(bytes.data(), head.data(), head.size());
        std::span<std::byte> to = std::span(bytes).subspan(head.size());
        for (const Value value : values) {
          io::to_little_endian(std::bit_cast<Bits>(value), to);
          to = to.subspan(sizeof(Value));
        }
        return bytes;
      },
      tensor.values);
}

// A zip archive that is made in memory.
class Archive {
 public:
  Archive() {
    zip_error_init(&error_);
    source_ = zip_source_buffer_create(nullptr, 0, 0, &error_);
    if (source_ == nullptr) fail();
    archive_ = zip_open_from_source(source_, ZIP_TRUNCATE, &error_);
    if (archive_ == nullptr) {
      zip_source_free(source_);
      fail();
    }
    zip_source_keep(source_);
  }
  ~Archive() {
    if (archive_ != nullptr) zip_discard(archive_);
    zip_source_free(source_);
    zip_error_fini(&error_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// `bytes` must outlive the archive. The same bytes whenever it is made: no time is written.
  void add(const std::string& name, const Bytes& bytes) {
    zip_source_t* const entry = zip_source_buffer(archive_, bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        entry == nullptr ? -1 : zip_file_add(archive_, name.c_str(), entry, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(entry);
      throw Error(zip_strerror(archive_));
    }
    const auto place = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t first_of_1980 = 1U << 5U | 1U;
    if (zip_set_file_compression(archive_, place, ZIP_CM_DEFLATE, 0) != 0 ||
        zip_file_set_dostime(archive_, place, 0, first_of_1980, 0) != 0) {
      throw Error(zip_strerror(archive_));
    }
  }

  [[nodiscard]] Bytes bytes() {
    if (zip_close(archive_) != 0) throw Error(zip_strerror(archive_));
    archive_ = nullptr;
    zip_stat_t found;
    if (zip_source_stat(source_, &found) != 0 || zip_source_open(source_) != 0) fail_of_source();
    Bytes made(found.size);
    const zip_int64_t got = zip_source_read(source_, made.data(), made.size());
    zip_source_close(source_);
    if (got != static_cast<zip_int64_t>(made.size())) fail_of_source();
    return made;
  }

 private:
  [[noreturn]] void fail() {
    const std::string why = zip_error_strerror(&error_);
    zip_error_fini(&error_);
    throw Error(why);
  }
  [[noreturn]] void fail_of_source() const {
    throw Error(zip_error_strerror(zip_source_error(source_)));
  }

  zip_error_t error_{};
  zip_source_t* source_ = nullptr;
  zip_t* archive_ = nullptr;
};

// An archive without entries, which libzip takes for one to be removed.
Bytes nothing() {
  constexpr std::string_view end{"PK\x05\x06", 4};
  Bytes bytes(22);
  std::memcpy(bytes.data(), end.data(), end.size());
  return bytes;
}

}  // namespace

void write_npz(const std::filesystem::path& path, const std::vector<Tensor>& arrays) {
  Bytes bytes;
  try {
    std::vector<Bytes> entries;
    entries.reserve(arrays.size());
    Archive archive;
    for (const Tensor& tensor : arrays) {
      entries.push_back(npy_bytes(tensor));
      archive.add(tensor.name + ".npy", entries.back());
    }
    bytes = arrays.empty() ? nothing() : archive.bytes();
  } catch (const Error& error) {
    throw Error(detail::printable_path(path.string()) + ": cannot be written: " + error.what());
  }
  io::AtomicFile file{path};
  file.write(bytes);
  file.commit();
}

}  // namespace lamina
