#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <lamina/io/image_directory.hpp>
#include <lamina/io/npy.hpp>

#include "errors.hpp"
#include "io/files.hpp"

/// Files of images, and what Pillow makes of them (golden/make_images.py).
namespace lamina::testing {

inline std::filesystem::path golden_image(const std::string& name) {
  return std::filesystem::path{LAMINA_TEST_DIRECTORY} / "golden" / "images" / name;
}

inline const std::map<std::string, Tensor>& golden_values() {
  static const std::map<std::string, Tensor> values = [] {
    std::map<std::string, Tensor> made;
    for (Tensor& tensor : read_npz_arrays(golden_image("values.npz"))) {
      made.emplace(tensor.name, tensor);
    }
    return made;
  }();
  return values;
}

inline const std::vector<float>& floats(const Tensor& tensor) {
  return std::get<std::vector<float>>(tensor.values);
}

/// A directory of copies of golden images, or of other bytes.
struct ImageTree {
  TemporaryDirectory directory;

  std::filesystem::path put(const std::string& name, const Bytes& bytes) const {
    return put_file(directory, name, bytes);
  }
  std::filesystem::path put(const std::string& name, const std::string& golden) const {
    return put(name, read_file(golden_image(golden)));
  }
  Dataset read(const ImageDirectoryOptions& options = {}) const {
    return read_image_directory(directory.path(), options);
  }
  std::string error(const ImageDirectoryOptions& options = {}) const {
    return error_of([&] { (void)read(options); });
  }
};

}  // namespace lamina::testing
