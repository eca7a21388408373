#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lamina::augment {

/// Memory that functions work in. It grows to the largest image it has seen and is used again;
/// contents mean nothing between calls. One thread at a time may use it.
///
/// Functions that are given none use the one that the thread keeps.
class Scratch {
 public:
  std::span<float> floats(std::size_t count) { return enough(floats_, count); }
  std::span<std::int32_t> classes(std::size_t count) { return enough(classes_, count); }

  static Scratch& of_thread();

 private:
  template <class Value>
  static std::span<Value> enough(std::vector<Value>& values, std::size_t count) {
    if (values.size() < count) values.resize(count);
    return {values.data(), count};
  }

  std::vector<float> floats_;
  std::vector<std::int32_t> classes_;
};

}  // namespace lamina::augment
