#pragma once

#include <lamina/kernel/element_affine.hpp>
#include <lamina/kernel/normalize_images.hpp>
#include <lamina/plan/stage.hpp>

/// Normalizations of a stage with positions whose means are those of each sample, or of each
/// position of it.
namespace lamina::runtime::detail {

/// Calls f(one sample, its statistics) for all samples of some rows.
template <class F>
void for_each_image(const Stage& stage, const kernel::SampleRows& rows, float* rsqrt, const F& f) {
  const int positions = stage.positions();
  kernel::SampleRows image = rows;
  image.rows = positions;
  for (int row = 0; row < rows.rows; row += positions) {
    image.values = rows.values + static_cast<std::ptrdiff_t>(row) * rows.panel_width;
    f(image, rsqrt);
    if (rsqrt != nullptr) rsqrt += stage.row_statistics();
  }
}

/// True where each position has means of its own: its rows are then what dense samples are.
inline bool of_positions(const Stage& stage) {
  return !reduces(stage.norm.axes, Axes::Space);
}

/// Normalizes whole samples in place. `rsqrt`: the statistics of the first, or null.
inline void normalize_samples(const Stage& stage, const kernel::SampleRows& rows, float* rsqrt) {
  for_each_image(stage, rows, rsqrt, [&](const kernel::SampleRows& image, float* statistics) {
    if (of_positions(stage)) {
      kernel::normalize_rows(image, stage.norm, statistics);
    } else {
      kernel::normalize_image(image, stage.norm, statistics);
    }
  });
}

/// The way back, in place on `gradient`.
inline void finish_samples(const Stage& stage, const kernel::SampleRows& rows, float* rsqrt,
                           const float* scale, float* gradient) {
  for_each_image(stage, rows, rsqrt, [&](const kernel::SampleRows& image, float* statistics) {
    float* const of_image = gradient + (image.values - rows.values);
    if (of_positions(stage)) {
      kernel::finish_rows(image, stage.norm, statistics, scale, of_image);
    } else {
      kernel::finish_image(image, stage.norm, statistics, scale, of_image);
    }
  });
}

/// Calls f(panel, its rows, offset of its values, offset of the numbers of every value) for whole
/// samples.
template <class F>
void for_each_element_panel(const Stage& stage, const kernel::SampleRows& rows, const F& f) {
  const std::ptrdiff_t elements = static_cast<std::ptrdiff_t>(stage.positions()) * rows.panel_width;
  for (int panel = 0; panel < stage.panels.count; ++panel) {
    f(kernel::ElementRows{rows.panel_width, stage.panels.vectors_of(panel), 0, stage.positions(),
                          rows.rows},
      panel * rows.panel_stride, panel * elements);
  }
}

/// Whole samples times the scales of their values, and their shifts, to where `to` begins.
inline void scale_elements(const Stage& stage, const float* parameters,
                           const kernel::SampleRows& rows, float* to) {
  for_each_element_panel(
      stage, rows,
      [&](const kernel::ElementRows& panel, std::ptrdiff_t at, std::ptrdiff_t element) {
        kernel::scale_elements(panel, rows.values + at, parameters + stage.trained_scale + element,
                               parameters + stage.trained_shift + element, to + at);
      });
}

/// The way back through that, in place on `gradient`; adds to sums laid out as the parameters.
inline void scale_elements_back(const Stage& stage, const float* parameters,
                                const kernel::SampleRows& rows, float* gradient, float* sums) {
  for_each_element_panel(
      stage, rows,
      [&](const kernel::ElementRows& panel, std::ptrdiff_t at, std::ptrdiff_t element) {
        kernel::scale_elements_back(
            panel, rows.values + at, parameters + stage.trained_scale + element, gradient + at,
            sums + stage.trained_scale + element, sums + stage.trained_shift + element);
      });
}

}  // namespace lamina::runtime::detail
