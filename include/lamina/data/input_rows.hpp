#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/data/rows.hpp>

namespace lamina {

/// The inputs of samples that do not lie in memory: a row is read or made when it is asked for.
/// What `open_npy` and `open_image_directory` are made of, and the place for sources of your own.
///
/// `read` is called by several threads at once, in any order and more than once for a row, which
/// must be the same numbers each time. What it throws ends the fit or the evaluation that asked.
///
/// Example: samples that a function makes.
///
///     struct Sines : lamina::InputRows {
///       std::size_t size() const override { return 1'000'000; }
///       void read(std::size_t row, std::span<float> to) const override {
///         for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::sin(0.001f * float(row * i));
///       }
///     };
///     Dataset waves{Shape{64, 1, 1}, std::make_shared<Sines>(), labels};
class InputRows {
 public:
  InputRows() = default;
  InputRows(const InputRows&) = delete;
  InputRows& operator=(const InputRows&) = delete;
  virtual ~InputRows() = default;

  /// Number of rows.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Writes all features of a row, which is below `size()`. Errors: `Error` naming the row, and the
  /// file that it should come from.
  virtual void read(std::size_t row, std::span<float> to) const = 0;
};

namespace detail {

/// The inputs of a data set: in memory, or rows of a source that copies share.
class SampleInputs {
 public:
  SampleInputs() = default;
  explicit SampleInputs(std::vector<float> values) : values_{std::move(values)} {}
  explicit SampleInputs(std::shared_ptr<const InputRows> source) : source_{std::move(source)} {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    if (source_ == nullptr) throw Error("Dataset: expected InputRows, found a null pointer");
    rows_ = source_->size();
    if (rows_ > most) {
      throw Error("Dataset: expected InputRows of at most " + std::to_string(most) +
                  " rows, found " + std::to_string(rows_));
    }
  }

  [[nodiscard]] bool in_memory() const { return source_ == nullptr; }
  /// Those in memory.
  [[nodiscard]] std::span<const float> values() const { return values_; }
  /// Rows of the source.
  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// A source of files reads in the mode in which files are read into memory, for the same bits.
  void read(std::size_t row, std::span<float> to) const {
    if (in_memory()) {
      std::copy_n(values_.data() + row * to.size(), to.size(), to.data());
    } else {
      in_standard_float_mode([&] { source_->read(chosen_ ? (*chosen_)[row] : row, to); });
    }
  }

  /// Some of the rows: of those in memory a copy, of others their numbers alone.
  [[nodiscard]] SampleInputs select(std::span<const std::uint32_t> rows,
                                    std::size_t features) const {
    if (in_memory()) return SampleInputs(gather(values(), rows, features));
    std::vector<std::uint32_t> chosen(rows.begin(), rows.end());
    if (chosen_) {
      for (std::uint32_t& row : chosen) row = (*chosen_)[row];
    }
    return of_source(std::move(chosen));
  }
  [[nodiscard]] SampleInputs slice(std::size_t first, std::size_t count,
                                   std::size_t features) const {
    if (in_memory()) return SampleInputs(cut(values(), first * features, count * features));
    std::vector<std::uint32_t> chosen(count);
    for (std::size_t i = 0; i < count; ++i) {
      chosen[i] = chosen_ ? (*chosen_)[first + i] : static_cast<std::uint32_t>(first + i);
    }
    return of_source(std::move(chosen));
  }

 private:
  [[nodiscard]] SampleInputs of_source(std::vector<std::uint32_t> chosen) const {
    SampleInputs made;
    made.source_ = source_;
    made.rows_ = chosen.size();
    made.chosen_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(chosen));
    return made;
  }

  std::vector<float> values_;
  std::shared_ptr<const InputRows> source_;
  std::shared_ptr<const std::vector<std::uint32_t>> chosen_;  ///< null: all rows of the source
  std::size_t rows_ = 0;
};

}  // namespace detail

}  // namespace lamina
