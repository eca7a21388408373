#pragma once

#include <span>
#include <type_traits>
#include <vector>

#include <lamina/augment/regions.hpp>
#include <lamina/augment/sample_views.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/train/beta.hpp>
#include <lamina/train/transform.hpp>

namespace lamina {

/// CutMix: a rectangle of every image of a batch becomes that of another image in it, and its
/// target the mean of both targets by their shares of the area. Class maps get the rectangle of the
/// other's.
///
/// The rectangle has the image's form and 1 - t of its area, t drawn from Beta(alpha, alpha), about
/// a drawn middle, and is cut off by the edges. Targets must be floats, or class maps: for classes
/// train a network with `CrossEntropy<SoftTargets>` on `one_hot(data, classes)`.
///
/// Errors: an alpha that is not finite and above 0, samples without positions, and one label a
/// sample throw `Error` before the first step.
/// Source: Yun et al. 2019, https://arxiv.org/abs/1905.04899; their alpha of 1.
/// Example: `trainer.fit(one_hot(train, 10), one_hot(validation, 10), {}, CutMix{});`
struct CutMix {
  double alpha = 1;

  template <class State>
  void before_fit(const State&) const {
    detail::expect_alpha(alpha, "CutMix");
  }

  [[nodiscard]] SampleLayout layout_after(const SampleLayout& layout) const {
    if (layout.shape.flat()) {
      throw Error("CutMix: expected images or signals, found " +
                  std::to_string(layout.shape.channels) +
                  " features without positions: give the Dataset their Shape");
    }
    const bool alike = layout.target_shape.height == layout.shape.height &&
                       layout.target_shape.width == layout.shape.width;
    if (layout.target_shape.flat() ? !layout.target_is_label : alike) return layout;
    throw Error(layout.target_is_label && layout.target_shape.flat()
                    ? "CutMix: expected float targets or class maps, found one label a sample: "
                      "give CrossEntropy<SoftTargets> and one_hot(data, classes)"
                    : "CutMix: expected targets at the image's positions, found others");
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    const std::vector<float> inputs(batch.inputs.begin(), batch.inputs.end());
    const std::vector<Target> targets(batch.targets.begin(), batch.targets.end());
    const std::size_t features = inputs.size() / batch.rows;
    const std::size_t targets_a_sample = targets.size() / batch.rows;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      Draws draws = batch.draws(row);
      const std::size_t other = draws.below(static_cast<std::uint32_t>(batch.rows));
      const augment::Region region = draw_region(batch.layout.shape, draws);
      augment::paste(
          augment::input_view(std::span(inputs).subspan(other * features, features), batch.layout),
          augment::input_view(batch.input(row), batch.layout), region);
      mix_targets(std::span(targets).subspan(other * targets_a_sample, targets_a_sample),
                  batch.target(row), batch.layout, region);
    }
  }

 private:
  [[nodiscard]] augment::Region draw_region(const Shape& shape, Draws& draws) const {
    const double share = 1 - detail::draw_beta(draws, alpha);
    const auto below = [&](int places) {
      return static_cast<int>(draws.below(static_cast<std::uint32_t>(places)));
    };
    const int y = below(shape.height);
    return augment::cut_mix_region({shape.height, shape.width}, share, y, below(shape.width));
  }

  template <class Target>
  static void mix_targets(std::span<const Target> from, std::span<Target> to,
                          const SampleLayout& layout, const augment::Region& region) {
    if (!layout.target_shape.flat()) {
      augment::paste(augment::target_view(from, layout), augment::target_view(to, layout), region);
    } else if constexpr (std::is_same_v<Target, float>) {
      const double area = static_cast<double>(region.height) * region.width;
      const auto share = static_cast<float>(area / layout.shape.positions());
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += rounded(share * (from[i] - to[i]));
    }
  }
};

}  // namespace lamina
