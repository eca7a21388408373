#pragma once

#include <algorithm>

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

/// How `Upsample` makes values between positions: the value of the nearest, or a mean of the two
/// nearest along each axis.
enum class Interpolation { Nearest, Bilinear };
inline constexpr Interpolation Nearest = Interpolation::Nearest;
inline constexpr Interpolation Bilinear = Interpolation::Bilinear;

/// `Scale` times as many positions along each axis, as `torch.nn.Upsample(scale_factor=Scale)`,
/// mode "nearest", or "bilinear" with align_corners=False (of a signal "linear").
///
/// (batch, channels, height, width) -> (batch, channels, Scale height, Scale width). Output i of an
/// axis lies at (i + 1/2) / Scale - 1/2 of the input; beyond its ends the first and last value go
/// on.
///
/// Errors: a scale below 1 or flat features do not compile.
/// Example: `Upsample<2, Bilinear>, Conv2d<16, Kernel<3>, Same>`
template <int Scale, Interpolation How = Nearest>
struct Upsample {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() {
    if constexpr (How == Nearest) return item_name("Upsample", Scale);
    return item_name("Upsample", Scale, "Bilinear");
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Scale < 1) wrong << "needs a scale of at least 1, got " << Scale;
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape input) { return detail::needs_positions(input); }
  static constexpr Shape output(Shape input) {
    constexpr long long scale = Scale;
    if (input.dimensions == 2) input.height = bounded_extent(scale * input.height);
    input.width = bounded_extent(scale * input.width);
    return input;
  }
  static constexpr SpatialOperation spatial(Shape input) {
    return {.operation = Operation::Resample,
            .taps = {input.dimensions == 1 ? &detail::same_index : &taps, &taps}};
  }

 private:
  static constexpr AxisTaps taps(int extent, int i) {
    if constexpr (How == Nearest) return {i / Scale, 1};
    const double at = std::max(0.0, (i + 0.5) / Scale - 0.5);
    const int first = static_cast<int>(at);
    if (first + 1 >= extent) return {first, 1};
    const auto share = static_cast<float>(at - first);
    return {first, 2, 1 - share, share};
  }
};

}  // namespace lamina
