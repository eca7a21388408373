#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/kernel/convolution.hpp>

/// The kernels of convolutions that a network compiles, by kind and by the registers of a panel.
namespace lamina::kernel {

using AddConvolutionGradient = void (*)(const Convolution&, const Staged& in, const float* gradient,
                                        float* to);

/// What convolutions of a kind call, by the number of registers of a panel.
struct ConvolutionKernels {
  MultiplyPanels lines{};  ///< forward, and back to what they read
  std::array<AddConvolutionGradient, tile_vectors + 1> gradients{};
};

/// Heights of the tiles that occur, by the number of registers of a panel: only those are compiled.
struct ConvolutionRows {
  std::array<RowSet, tile_vectors + 1> lines{};
  std::array<RowSet, tile_vectors + 1> gradients{};

  friend constexpr bool operator==(const ConvolutionRows&, const ConvolutionRows&) = default;
};

/// Kinds of convolutions, each with kernels of its own.
inline constexpr std::size_t convolution_kinds = 4;
constexpr std::size_t convolution_kind(bool transposed, bool grouped) {
  return (transposed ? 2u : 0u) + (grouped ? 1u : 0u);
}

template <bool Transposed, bool Grouped, ConvolutionRows Rows>
constexpr ConvolutionKernels kernels_of_kind() {
  using Lines = std::conditional_t<Grouped, GroupedRows, PlainRows>;
  using Positions = std::conditional_t<Grouped, GroupedColumns, PlainColumns>;
  ConvolutionKernels kernels;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto set = [&]<std::size_t V>(std::integral_constant<std::size_t, V>) {
      constexpr int vectors = static_cast<int>(V);
      if constexpr (Rows.lines[V] != 0) {
        kernels.lines[V] = &multiply_line<Lines, vectors, Rows.lines[V]>;
      }
      if constexpr (Rows.gradients[V] == 0) {
      } else if constexpr (Transposed) {
        kernels.gradients[V] = &add_transposed_gradient<Positions, vectors, Rows.gradients[V]>;
      } else {
        kernels.gradients[V] = &add_convolution_gradient<Positions, vectors, Rows.gradients[V]>;
      }
    };
    (set(std::integral_constant<std::size_t, I + 1>{}), ...);
  }(std::make_index_sequence<tile_vectors>{});
  return kernels;
}

/// By `convolution_kind`.
template <std::array<ConvolutionRows, convolution_kinds> Rows>
inline constexpr std::array<ConvolutionKernels, convolution_kinds> convolution_kernels{
    kernels_of_kind<false, false, Rows[0]>(), kernels_of_kind<false, true, Rows[1]>(),
    kernels_of_kind<true, false, Rows[2]>(), kernels_of_kind<true, true, Rows[3]>()};

}  // namespace lamina::kernel
