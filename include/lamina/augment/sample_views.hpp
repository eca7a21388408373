#pragma once

#include <span>

#include <lamina/augment/image.hpp>
#include <lamina/data/sample_layout.hpp>

namespace lamina::augment {

template <class Value>
Pixels<Value> view_of(std::span<Value> values, const Shape& shape, bool channels_last) {
  return channels_last
             ? Pixels<Value>::channels_last(values, shape.channels, shape.height, shape.width)
             : Pixels<Value>::channels_first(values, shape.channels, shape.height, shape.width);
}

/// The input of a sample as an image; a signal is one of one row.
template <class Value>
Pixels<Value> input_view(std::span<Value> values, const SampleLayout& layout) {
  return view_of(values, layout.shape, layout.channels_last);
}

/// The target of a sample as an image or a class map.
template <class Value>
Pixels<Value> target_view(std::span<Value> values, const SampleLayout& layout) {
  return view_of(values, layout.target_shape, layout.target_channels_last);
}

}  // namespace lamina::augment
