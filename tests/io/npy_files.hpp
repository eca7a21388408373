#pragma once

#include <cstdint>
#include <string>

#include <lamina/io/npy.hpp>

#include "errors.hpp"
#include "io/files.hpp"

/// NPY files made for the tests.
namespace lamina::testing {

inline std::filesystem::path golden_npy(const std::string& name) {
  return std::filesystem::path{LAMINA_TEST_DIRECTORY} / "golden" / "npy" / name;
}

/// A file of version 1 with this header, as numpy pads it or not at all, and these values.
inline Bytes npy(const std::string& header, const Bytes& values) {
  Bytes bytes{0x93,
              'N',
              'U',
              'M',
              'P',
              'Y',
              1,
              0,
              static_cast<std::uint8_t>(header.size() & 255),
              static_cast<std::uint8_t>(header.size() >> 8)};
  bytes.insert(bytes.end(), header.begin(), header.end());
  return bytes + values;
}

inline std::string npy_header(const std::string& type, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

struct NpyFile {
  explicit NpyFile(const Bytes& bytes, const std::string& name = "array.npy")
      : path{directory / name} {
    write_file(path, bytes);
  }

  [[nodiscard]] std::string error() const {
    return error_of([this] { (void)read_npy(path); });
  }

  TemporaryDirectory directory;
  std::filesystem::path path;
};

}  // namespace lamina::testing
