#pragma once

#include <lamina/core/operation.hpp>
#include <lamina/regularizers/dropout.hpp>

namespace lamina {

/// Dropout of whole channels: y[c, i, j] = x[c, i, j] mask[c], each channel of a sample dropped
/// with probability Rate in [0, 1), as `torch.nn.Dropout2d`, over signals `Dropout1d`, and Keras's
/// `SpatialDropout2D`.
///
/// Neighbouring positions of a channel say nearly the same, so that what `Dropout` hides of one
/// shows at the next. The mask of (seed, step, position in the list, sample, channel) is drawn
/// again where it is needed; all else is as for `Dropout`.
///
/// Errors: flat features, or a rate outside the range, do not compile.
/// Example: `Conv2d<64, Kernel<3>, Same>, BatchNorm<>, ReLU, SpatialDropout<0.1>`
/// Source: Tompson et al. 2015, https://arxiv.org/abs/1411.4280
template <double Rate>
struct SpatialDropout : Dropout<Rate> {
  static constexpr bool whole_channels = true;
  static constexpr TextBuffer name() { return item_name("SpatialDropout", Rate); }
  static constexpr TextBuffer check_input(Shape input) { return detail::needs_positions(input); }
};

}  // namespace lamina
