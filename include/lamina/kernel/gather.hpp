#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/kernel/tile.hpp>

/// Features copied from one layout into another: from a user's rows into panels, and between panels
/// that start at other features.
namespace lamina::kernel {

/// Where features of several rows go: feature f of row i is at
/// data[f / width * panel_stride + i * width + f % width].
struct FeaturePanels {
  float* data;
  int width;
  std::ptrdiff_t panel_stride;
};

namespace detail {

/// Calls f(from, to, count) for the runs of `features` features of one row that lie together on
/// both sides.
template <class F>
void for_each_run(const Rows& from, int from_first, const FeaturePanels& to, int to_first,
                  int features, int row, const F& f) {
  for (int done = 0; done < features;) {
    const int source = from_first + done;
    const int target = to_first + done;
    const int in_source = source % from.block_depth;
    const int in_target = target % to.width;
    const int count =
        std::min({features - done, from.block_depth - in_source, to.width - in_target});
    f(from.data + source / from.block_depth * from.block_stride + row * from.row_stride + in_source,
      to.data + target / to.width * to.panel_stride + static_cast<std::ptrdiff_t>(row) * to.width +
          in_target,
      count);
    done += count;
  }
}

}  // namespace detail

inline void copy_features(const Rows& from, int from_first, const FeaturePanels& to, int to_first,
                          int features, int rows) {
  for (int row = 0; row < rows; ++row) {
    detail::for_each_run(
        from, from_first, to, to_first, features, row,
        [](const float* source, float* target, int count) { std::copy_n(source, count, target); });
  }
}

inline void add_features(const Rows& from, int from_first, const FeaturePanels& to, int to_first,
                         int features, int rows) {
  for (int row = 0; row < rows; ++row) {
    detail::for_each_run(from, from_first, to, to_first, features, row,
                         [](const float* source, float* target, int count) {
                           for (int i = 0; i < count; ++i) target[i] += source[i];
                         });
  }
}

}  // namespace lamina::kernel
