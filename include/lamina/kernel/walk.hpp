#pragma once

#include <algorithm>

#include <lamina/core/tile.hpp>
#include <lamina/kernel/tile.hpp>

/// The ways through the values that share a mean. A normalization is written once over them: what
/// differs between its axes is where the next value lies, which lanes count, and whether a mean is
/// one for each lane or one for all.
///
/// A walk takes `Width` registers at a time, each with a mean of its own, in `steps` steps.
namespace lamina::kernel {

/// Over the batch, for the features of a panel: every lane has a mean of its own.
template <int Vectors>
struct OverBatch {
  static constexpr int width = Vectors;
  /// What one mean is summed in.
  struct Sum {
    Register part[1] = {Register(0.0f)};
    /// Values of several lanes to what all lanes of a mean share.
    [[nodiscard]] HWY_INLINE Register fold() const { return part[0]; }
  };
  std::ptrdiff_t stride;  ///< of a row
  int rows;

  [[nodiscard]] HWY_INLINE float count() const { return static_cast<float>(rows); }
  /// The first value of each mean.
  [[nodiscard]] HWY_INLINE Register first(const float* values, int v) const {
    return Register::load(values + v * lanes);
  }

  /// Calls f(v, part of its sum, offset of register v, its offset in vectors of features, kept) for
  /// all v, step by step; `kept(x)` is x with zeros where a lane does not count.
  template <class F>
  HWY_INLINE void for_each_step(const F& f) const {
    for (int row = 0; row < rows; ++row) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        f(v, 0, row * stride + v * lanes, v * lanes, [](Register x) { return x; });
      }
    }
  }
  HWY_INLINE void store(Register x, float* to, int /*feature*/) const { x.store(to); }
};

/// Over features [begin, end) of `Rows` neighbouring samples: every sample has one mean.
template <int Rows>
struct OverFeatures {
  static constexpr int width = Rows;
  struct Sum : simd::LaneSums {
    [[nodiscard]] HWY_INLINE Register fold() const { return Register(simd::sum(*this)); }
  };
  std::ptrdiff_t panel_stride;  ///< from a panel to the next
  int panel_width;              ///< features of a panel, and from a row to the next
  int begin;
  int end;

  [[nodiscard]] HWY_INLINE float count() const { return static_cast<float>(end - begin); }
  [[nodiscard]] HWY_INLINE std::ptrdiff_t offset(int feature) const {
    return feature / panel_width * panel_stride + feature % panel_width;
  }
  [[nodiscard]] HWY_INLINE Register first(const float* values, int v) const {
    return Register(values[offset(begin) + v * panel_width]);
  }
  template <class F>
  HWY_INLINE void for_each_step(const F& f) const {
    int feature = begin / simd::sum_lanes * simd::sum_lanes;
    int left = panel_width - feature % panel_width;  // of the panel
    std::ptrdiff_t at = offset(feature);
    while (feature < end) {
      LAMINA_UNROLL
      for (int part = 0; part < simd::sum_parts; ++part) {
        if (feature < end && feature + lanes > begin) step(at, feature, part, f);
        feature += lanes;
        at += lanes;
        left -= lanes;
        if (left == 0) {
          at += panel_stride - panel_width;
          left = panel_width;
        }
      }
    }
  }
  HWY_INLINE void store(Register x, float* to, int feature) const {
    if (feature >= begin && feature + lanes <= end) {
      x.store(to);
    } else {
      simd::select(inside(feature), x, Register::load(to)).store(to);
    }
  }

 private:
  [[nodiscard]] HWY_INLINE simd::Mask inside(int feature) const {
    namespace hn = simd::hn;
    const auto upto = [](int count) {
      return hn::FirstN(simd::Tag{}, static_cast<std::size_t>(std::clamp(count, 0, lanes)));
    };
    return hn::AndNot(upto(begin - feature), upto(end - feature));
  }
  template <class F>
  HWY_INLINE void step(std::ptrdiff_t at, int feature, int part, const F& f) const {
    const auto call = [&](const auto& kept) {
      LAMINA_UNROLL
      for (int v = 0; v < Rows; ++v) f(v, part, at + v * panel_width, feature, kept);
    };
    if (feature >= begin && feature + lanes <= end) {
      call([](Register x) { return x; });
    } else {
      const simd::Mask mask = inside(feature);
      call([mask](Register x) { return Register(simd::hn::IfThenElseZero(mask, x.v)); });
    }
  }
};

}  // namespace lamina::kernel
