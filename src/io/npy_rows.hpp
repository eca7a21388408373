#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include <lamina/data/input_rows.hpp>

#include "io/npy_array.hpp"

namespace lamina::io {

/// The rows of an NPY file, which stays open. They are read, not mapped into memory: a file that
/// shrinks is an `Error` then, and not the end of the process.
class NpyRows : public InputRows {
 public:
  /// Reads the header. Errors: `Error` naming the file.
  explicit NpyRows(const std::filesystem::path& path);
  ~NpyRows() override;

  [[nodiscard]] std::size_t size() const override { return rows_; }
  void read(std::size_t row, std::span<float> to) const override;

  /// The array without its bytes.
  [[nodiscard]] const NamedArray& named() const { return named_; }
  [[nodiscard]] Shape sample() const { return sample_; }

 private:
  void open(const std::filesystem::path& path);
  [[nodiscard]] std::size_t read_some(std::span<std::uint8_t> to, std::uint64_t from) const;
  void read_all(std::span<std::uint8_t> to, std::uint64_t from, std::size_t row) const;

  NamedArray named_;
  int file_ = -1;
  std::uint64_t begin_ = 0;  // of the values in the file
  std::size_t rows_ = 0;
  Shape sample_;
};

}  // namespace lamina::io
