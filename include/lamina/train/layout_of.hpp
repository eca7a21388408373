#pragma once

#include <type_traits>

#include <lamina/data/dataset.hpp>
#include <lamina/data/sample_layout.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/layers/channels_last.hpp>
#include <lamina/plan/plan.hpp>

namespace lamina::detail {

template <class Net>
inline constexpr bool reads_channels_last = false;
template <class First, class... Rest>
inline constexpr bool reads_channels_last<Network<First, ChannelsLast, Rest...>> = true;

/// The layout of a data set's samples for a network: positions are those of the data set, or where
/// it has none, of the network. Float targets as many as the inputs are of their shape, those of an
/// autoencoder.
template <class Net>
SampleLayout layout_of(const Dataset& data) {
  using P = Plan<Net>;
  SampleLayout found{.shape = data.shape(),
                     .channels_last = reads_channels_last<Net>,
                     .class_names = data.class_names()};
  if (found.shape.flat() && data.features() == static_cast<std::size_t>(P::features)) {
    found.shape = P::input_shape;
  }
  if constexpr (std::is_same_v<typename P::Loss::Target, Label>) {
    constexpr Label ignored = kernel::ignored_label<typename P::Loss>;
    found.target_shape = data.label_shape();
    if (ignored != -1) found.ignored = ignored;
  } else {
    found.target_shape = P::output_shape;
    found.target_is_label = false;
    if (P::output_shape.flat() && data.outputs() == data.features()) {
      found.target_shape = found.shape;
    }
  }
  return found;
}

}  // namespace lamina::detail
