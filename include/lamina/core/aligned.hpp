#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include <lamina/core/huge_pages.hpp>

namespace lamina {

/// A block of floats aligned for any register, zeroed. Copies are deep.
class AlignedFloats {
 public:
  static constexpr std::size_t alignment = 64;

  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t size) : data_(allocate(size)), size_(size) {
    std::fill_n(data_.get(), size, 0.0f);
  }
  /// A block of any values, for what is written before it is read.
  static AlignedFloats unset(std::size_t size) {
    AlignedFloats made;
    made.data_ = allocate(size);
    made.size_ = size;
    return made;
  }
  AlignedFloats(const AlignedFloats& other) : data_(allocate(other.size_)), size_(other.size_) {
    std::copy_n(other.data(), size_, data_.get());
  }
  AlignedFloats(AlignedFloats&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  AlignedFloats& operator=(AlignedFloats other) noexcept {
    data_.swap(other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~AlignedFloats() = default;

  [[nodiscard]] float* data() { return data_.get(); }
  [[nodiscard]] const float* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Release {
    std::size_t aligned = alignment;
    void operator()(float* floats) const { ::operator delete[](floats, std::align_val_t{aligned}); }
  };
  using Block = std::unique_ptr<float[], Release>;

  static Block allocate(std::size_t size) {
    const std::size_t bytes = std::max<std::size_t>(size, 1) * sizeof(float);
    const std::size_t aligned = detail::alignment_of(bytes, alignment);
    Block made(static_cast<float*>(::operator new[](bytes, std::align_val_t{aligned})),
               Release{aligned});
    detail::want_huge_pages(made.get(), bytes);
    return made;
  }

  Block data_ = allocate(0);
  std::size_t size_ = 0;
};

/// The same block for several owners, who only read it.
inline std::shared_ptr<const float> shared_floats(AlignedFloats&& floats) {
  const auto owned = std::make_shared<const AlignedFloats>(std::move(floats));
  return {owned, owned->data()};
}

}  // namespace lamina
