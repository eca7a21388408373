#pragma once

#include <algorithm>

#include <lamina/core/tile.hpp>
#include <lamina/kernel/dot.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/kernel/transpose.hpp>

/// Narrow layers: lanes are samples, and the weights are the broadcast operand. Every pass is the
/// same register tile as for wide layers with the operands exchanged. A group is the samples of a
/// panel: `group` of them, values stored [feature][group].
namespace lamina::kernel {

/// Samples, `stride` floats from each other, into [feature][group]. Where a group has no sample the
/// last one stands again: a value that occurs, since an activation may be infinite at a zero that
/// does not.
inline void to_feature_major(const float* from, std::ptrdiff_t stride, int features, int rows,
                             float* to, int group) {
  const int whole = features / 4 * 4;
  for (int row = 0; row < group; row += lanes) {
    if (row + lanes <= rows) {
      for (int f = 0; f < whole; f += 4) {
        detail::transpose_strip(from + row * stride + f, stride,
                                to + static_cast<std::ptrdiff_t>(f) * group + row, group);
      }
    }
    for (int f = row + lanes <= rows ? whole : 0; f < features; ++f) {
      for (int i = row; i < row + lanes; ++i) {
        to[f * group + i] = from[std::min(i, rows - 1) * stride + f];
      }
    }
  }
}

/// The way back: [feature][lane] of one register of samples as rows of features, `width` floats
/// from each other, with zeros behind the last feature up to a whole register.
inline void to_rows(const float* from, int features, int rows, float* to, std::ptrdiff_t width) {
  constexpr int strip_rows = 4;
  const int whole_features = features / lanes * lanes;
  const int whole_rows = lanes >= strip_rows ? rows / strip_rows * strip_rows : 0;
  for (int f = 0; f < whole_features; f += lanes) {
    for (int row = 0; row < whole_rows; row += strip_rows) {
      detail::transpose_strip(from + static_cast<std::ptrdiff_t>(f) * lanes + row, lanes,
                              to + row * width + f, width);
    }
  }
  const int padded = (features + lanes - 1) / lanes * lanes;
  for (int row = 0; row < rows; ++row) {
    for (int f = row < whole_rows ? whole_features : 0; f < padded; ++f) {
      to[row * width + f] =
          f < features ? from[static_cast<std::ptrdiff_t>(f) * lanes + row] : 0.0f;
    }
  }
}

/// x <- (x - mean) / deviation, for registers of one feature that lie together.
inline void standardize_registers(float* values, int registers, float mean, float deviation) {
  const Register center(mean);
  const Register factor(1 / deviation);
  for (int i = 0; i < registers; ++i, values += lanes) {
    ((Register::load(values) - center) * factor).store(values);
  }
}
/// The same for every feature of a group.
inline void standardize_features(float* values, int features, int group, const float* mean,
                                 const float* deviation) {
  for (int f = 0; f < features; ++f) {
    standardize_registers(values + static_cast<std::ptrdiff_t>(f) * group, group / lanes, mean[f],
                          deviation[f]);
  }
}

/// Starts a tile of features by samples from the biases of its features.
template <int Vectors>
struct StoreFeatures {
  float* out;
  const float* bias;  // of the first feature; null: from zero

  template <int RowCount>
  HWY_INLINE void begin(Accumulators<RowCount, Vectors>& sums) const {
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      const Register start(bias ? bias[i] : 0.0f);
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) sums.at[i][v] = start;
    }
  }
  template <int RowCount>
  HWY_INLINE void fetch(int) const {}
  template <int RowCount>
  HWY_INLINE void end(const Accumulators<RowCount, Vectors>& sums) const {
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        sums.at[i][v].store(out + (i * Vectors + v) * lanes);
      }
    }
  }
};

/// Packed weights of a narrow layer, [panel][input][width].
struct NarrowWeights {
  const float* weights;
  const float* bias;  // null where there is none
  int inputs;
  Panels panels;
};

/// out[n][group] = bias[n] + sum over k of weights(k, n) in[k][group].
template <int Vectors, RowSet Set>
HWY_INLINE void forward_features(const NarrowWeights& layer, const float* in, float* out) {
  constexpr int group = Vectors * lanes;
  for (int panel = 0; panel < layer.panels.count; ++panel) {
    const int first = panel * layer.panels.width;
    const float* weights = layer.weights + static_cast<std::ptrdiff_t>(first) * layer.inputs;
    for_each_tile(layer.panels.features_of(panel), [&](int row, int count) {
      multiply_rows<Vectors, Set>(
          count, Columns{weights + row, layer.panels.width}, in, group, layer.inputs,
          StoreFeatures<Vectors>{out + (first + row) * group,
                                 layer.bias ? layer.bias + first + row : nullptr});
    });
  }
}

/// out[k][group] = sum over n of weights(k, n) gradient[n][group].
template <int Vectors, RowSet Set>
HWY_INLINE void pull_features(const NarrowWeights& layer, const float* gradient, float* out) {
  constexpr int group = Vectors * lanes;
  const std::ptrdiff_t width = layer.panels.width;
  for_each_tile(layer.inputs, [&](int row, int count) {
    multiply_rows<Vectors, Set>(
        count, Rows{layer.weights + row * width, width, layer.panels.width, layer.inputs * width},
        gradient, group, layer.panels.features, StoreFeatures<Vectors>{out + row * group, nullptr});
  });
}

/// Heights of the tiles of the two products above.
constexpr RowSet feature_row_set(int inputs, const Panels& panels) {
  RowSet set = tile_row_set(inputs);
  for (int panel = 0; panel < panels.count; ++panel) set |= tile_row_set(panels.features_of(panel));
  return set;
}

/// Adds the gradient by the weights of a narrow layer over `groups` groups to packed `out`.
template <int Vectors>
void add_weight_gradient(FeatureMajor inputs, FeatureMajor gradient, const Panels& panels,
                         int groups, float* out) {
  for (int k = 0; k < inputs.features; k += dot_rows) {
    for (int n = 0; n < gradient.features; n += dot_rows) {
      const std::ptrdiff_t panel = static_cast<std::ptrdiff_t>(n / panels.width) * inputs.features;
      add_dot_tile<Vectors>(inputs, k, gradient, n, groups,
                            out + (panel + k) * panels.width + n % panels.width, panels.width);
    }
  }
}

/// Adds the sums over all samples of every feature's gradient to `out`, 16 samples and the next 16
/// in chains of their own.
template <int Vectors>
void add_bias_gradient(FeatureMajor gradient, int groups, float* out) {
  constexpr int group = Vectors * lanes;
  constexpr int parts = simd::sum_parts;
  constexpr int together = std::max(1, 2 * parts / Vectors);  // groups until chains come again
  for (int n = 0; n < gradient.features; ++n) {
    simd::LaneSums sums[2];
    for (int first = 0; first < groups; first += together) {
      LAMINA_UNROLL
      for (int g = 0; g < together; ++g) {
        if (first + g >= groups) continue;
        const float* at = gradient.data +
                          (static_cast<std::ptrdiff_t>(first + g) * gradient.features + n) * group;
        LAMINA_UNROLL
        for (int v = 0; v < Vectors; ++v) {
          const int index = g * Vectors + v;
          sums[index / parts % 2].part[index % parts] += Register::load(at + v * lanes);
        }
      }
    }
    LAMINA_UNROLL
    for (int part = 0; part < parts; ++part) sums[0].part[part] += sums[1].part[part];
    out[n] += simd::sum(sums[0]);
  }
}

/// What a loss over a group of samples needs.
template <class Target>
struct LossGroup {
  const float* outputs;   ///< [feature][group]
  float* gradient;        ///< [feature][group]; zero for samples that are not there
  const Target* targets;  ///< of the first sample
  int features;
  int rows;
  double count;  ///< the `loss_count` of the batch
};

/// A loss of one value at a time, lanes over samples: adds the sum over outputs of every 16 samples
/// to `total`.
template <class Loss>
void apply_loss_to_values(const LossGroup<float>& in, int group, float* targets, double& total) {
  to_feature_major(in.targets, in.features, in.features, in.rows, targets, group);
  const Register weight(static_cast<float>(1 / in.count));
  for (int first = 0; first < group; first += simd::sum_lanes) {
    simd::LaneSums sums;
    LAMINA_UNROLL
    for (int part = 0; part < simd::sum_parts; ++part) {
      const int lane = first + part * lanes;
      if (lane >= group) continue;  // a group of one register
      const int used = std::clamp(in.rows - lane, 0, lanes);
      for (int n = 0; n < in.features; ++n) {
        const Register x = Register::load(in.outputs + n * group + lane);
        const Register t = Register::load(targets + n * group + lane);
        const auto number = [&](const auto& all) {
          return Register(all[static_cast<std::size_t>(n)]);
        };
        with_output_number<Loss>(number, [&](auto... own) {
          sums.part[part] += simd::first(Loss::value(x, t, own...), used);
          simd::first(Loss::slope(x, t, own...) * weight, used)
              .store(in.gradient + n * group + lane);
        });
      }
    }
    total += static_cast<double>(simd::sum(sums));
  }
}

/// A loss of whole rows: every sample is turned into a row and back, and added to `total`.
template <class Loss, int Widest>
void apply_loss_to_rows(const LossGroup<typename Loss::Target>& in, int group, const Panels& panels,
                        double& total) {
  alignas(64) float row[Widest] = {};
  alignas(64) float gradient[Widest];
  const auto weight = static_cast<float>(1 / in.count);
  const OutputRow outputs(row, panels.width, panels);
  const OutputRow slopes(gradient, panels.width, panels);
  for (int sample = 0; sample < group; ++sample) {
    if (sample < in.rows) {
      for (int n = 0; n < in.features; ++n) outputs[n] = in.outputs[n * group + sample];
      const auto* target = in.targets + sample * targets_a_row<Loss>(in.features);
      total += static_cast<double>(Loss::sample(outputs, target, slopes, weight));
    }
    for (int n = 0; n < in.features; ++n) {
      in.gradient[n * group + sample] = sample < in.rows ? slopes[n] : 0.0f;
    }
  }
}

}  // namespace lamina::kernel
