#pragma once

#include <span>
#include <vector>

#include "description.hpp"

namespace lamina::naive {

/// The layers of a network, a tree that mirrors its lists as they nest; `items` are those behind
/// the `Input`.
///
/// `input` is the shape of a sample. Arrays are found by paths, each position counted in its own
/// list: `4.1.weight`. Random items are known by a number that counts all items but the structures,
/// so that a flat list's is the position.
template <class Scalar>
LayerPointer<Scalar> build_layers(std::span<const Description<Scalar>> items, const Shape& input,
                                  const std::vector<Tensor>& tensors);

extern template LayerPointer<float> build_layers(std::span<const Description<float>>, const Shape&,
                                                 const std::vector<Tensor>&);
extern template LayerPointer<double> build_layers(std::span<const Description<double>>,
                                                  const Shape&, const std::vector<Tensor>&);

}  // namespace lamina::naive
