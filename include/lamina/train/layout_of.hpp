#pragma once

#include <type_traits>

#include <lamina/data/dataset.hpp>
#include <lamina/data/sample_layout.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/layers/channels_last.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/plan/plan.hpp>

namespace lamina::detail {

template <class Net>
inline constexpr bool reads_channels_last = false;
template <class First, class... Rest>
inline constexpr bool reads_channels_last<Network<First, ChannelsLast, Rest...>> = true;

template <class Loss>
inline constexpr bool is_cross_entropy = false;
template <class... Attributes>
inline constexpr bool is_cross_entropy<CrossEntropy<Attributes...>> = true;

/// The shape of a data set's float targets for a network: of outputs at positions, those of the
/// samples where they are as many. As many as the inputs are an image too, that of an autoencoder,
/// unless they are shares of classes.
template <class Net>
Shape shape_of_targets(const Dataset& data, const Shape& sample) {
  using P = Plan<Net>;
  const auto outputs = static_cast<int>(data.outputs());
  const Shape at_samples = sample.with_channels(P::output_shape.channels);
  if (!P::output_shape.flat() && outputs == at_samples.features()) return at_samples;
  if (!P::output_shape.flat() && outputs == P::outputs) return P::output_shape;
  if (!is_cross_entropy<typename P::Loss> && outputs == sample.features()) return sample;
  return Shape{outputs};
}

/// The layout of a data set's samples for a network: positions are those of the data set, or where
/// it has none, of the network.
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
    found.target_is_label = false;
    found.target_shape = shape_of_targets<Net>(data, found.shape);
    found.target_channels_last = found.channels_last && P::output_shape.flat();
    if (found.target_shape.flat() && found.class_names.empty()) {
      found.class_names = data.target_names();  // of `one_hot`
    }
  }
  return found;
}

}  // namespace lamina::detail
