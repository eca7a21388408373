#pragma once

#include <span>

#include <lamina/augment/image.hpp>
#include <lamina/data/sample_layout.hpp>

namespace lamina::augment {

/// The input of a sample as an image; a signal is one of one row.
template <class Value>
Pixels<Value> input_view(std::span<Value> values, const SampleLayout& layout) {
  const Shape& shape = layout.shape;
  return layout.channels_last
             ? Pixels<Value>::channels_last(values, shape.channels, shape.height, shape.width)
             : Pixels<Value>::channels_first(values, shape.channels, shape.height, shape.width);
}

/// The target of a sample as an image or a class map.
template <class Value>
Pixels<Value> target_view(std::span<Value> values, const SampleLayout& layout) {
  const Shape& shape = layout.target_shape;
  return Pixels<Value>::channels_first(values, shape.channels, shape.height, shape.width);
}

}  // namespace lamina::augment
