#pragma once

#include <lamina/core/normalization.hpp>
#include <lamina/kernel/normalize_rows.hpp>

/// Normalization of single samples that have positions: over positions and the channels of a group,
/// or over the positions of each channel.
namespace lamina::kernel {

/// Over channels [begin, end) of all positions of a sample, which have one mean.
struct OverImage {
  static constexpr int width = 1;
  using Sum = OverFeatures<1>::Sum;

  OverFeatures<1> channels;
  int positions;

  [[nodiscard]] HWY_INLINE float count() const {
    return channels.count() * static_cast<float>(positions);
  }
  [[nodiscard]] HWY_INLINE Register first(const float* values, int v) const {
    return channels.first(values, v);
  }
  template <class F>
  HWY_INLINE void for_each_step(const F& f) const {
    for (int p = 0; p < positions; ++p) {
      channels.for_each_step(
          [&](int v, int part, std::ptrdiff_t at, int channel, const auto& kept) {
            f(v, part, at + static_cast<std::ptrdiff_t>(p) * channels.panel_width, channel, kept);
          });
    }
  }
  HWY_INLINE void store(Register x, float* to, int channel) const {
    channels.store(x, to, channel);
  }
};

/// Over the positions of a register of channels, of which each has a mean.
struct OverChannel : OverBatch<1> {
  int channel;  ///< of the first lane

  template <class F>
  HWY_INLINE void for_each_step(const F& f) const {
    OverBatch<1>::for_each_step([&](int v, int part, std::ptrdiff_t at, int, const auto& kept) {
      f(v, part, at, channel, kept);
    });
  }
};

namespace detail {

/// Calls f(walk, offset of its values, index of its first statistic, statistics) for the parts of
/// one sample that have means of their own. `image` is the sample: its rows are positions.
template <class F>
void for_each_part(const SampleRows& image, const Normalization& norm, const F& f) {
  if (reduces(norm.axes, Axes::Channels)) {
    const int size = image.features / norm.groups;
    for (int group = 0; group < norm.groups; ++group) {
      f(OverImage{{image.panel_stride, image.panel_width, group * size, (group + 1) * size},
                  image.rows},
        std::ptrdiff_t{0}, group, 1);
    }
    return;
  }
  for (int channel = 0; channel < image.features; channel += lanes) {
    const std::ptrdiff_t at =
        channel / image.panel_width * image.panel_stride + channel % image.panel_width;
    f(OverChannel{{image.panel_width, image.rows}, channel}, at, channel,
      std::min(lanes, image.features - channel));
  }
}

}  // namespace detail

/// Normalizes one sample in place; 1 / deviation of each part is kept for the way back where
/// `rsqrt` is not null.
inline void normalize_image(const SampleRows& image, const Normalization& norm, float* rsqrt) {
  detail::for_each_part(
      image, norm, [&](const auto& walk, std::ptrdiff_t at, int statistic, int statistics) {
        const auto moments = find_moments(walk, image.values + at, norm.centered);
        const Register factors[1] = {
            Register(1.0f) /
            sqrt(moments.variance[0] + Register(static_cast<float>(norm.epsilon)))};
        if (rsqrt != nullptr) factors[0].store_first(rsqrt + statistic, statistics);
        normalize(walk, image.values + at, moments, factors, image.values + at);
      });
}

/// From the gradient by the outputs of one sample to that by its values, in place on `gradient`.
inline void finish_image(const SampleRows& image, const Normalization& norm, const float* rsqrt,
                         const float* scale, float* gradient) {
  detail::for_each_part(
      image, norm, [&](const auto& walk, std::ptrdiff_t at, int statistic, int statistics) {
        using Walk = std::remove_cvref_t<decltype(walk)>;
        float* const slopes = gradient + at;
        const float* const values = image.values + at;
        typename Walk::Sum plain;
        typename Walk::Sum normalized;
        walk.for_each_step([&](int, int part, std::ptrdiff_t i, int channel, const auto& kept) {
          const Register g = kept(Register::load(slopes + i) * Register::load(scale + channel));
          plain.part[part] += g;
          normalized.part[part] =
              multiply_add(g, Register::load(values + i), normalized.part[part]);
        });
        const Register weight(1 / walk.count());
        const GradientSums<1> sums{{norm.centered ? plain.fold() * weight : Register(0.0f)},
                                   {normalized.fold() * weight}};
        // Of a group all lanes have one deviation, of single channels each its own.
        const Register factors[1] = {statistics == 1 && reduces(norm.axes, Axes::Channels)
                                         ? Register(rsqrt[statistic])
                                         : Register::load_first(rsqrt + statistic, statistics)};
        finish_gradient(walk, values, slopes, scale, factors, sums, slopes);
      });
}

}  // namespace lamina::kernel
