#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/normalization.hpp>
#include <lamina/core/operation.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/model/model.hpp>
#include <lamina/plan/stage.hpp>
#include <lamina/plot/images.hpp>
#include <lamina/plot/model_histograms.hpp>
#include <lamina/plot/picture.hpp>

namespace lamina {

namespace detail {

/// Values of a shape as images: of an image one for each channel, of a signal a line for each
/// channel, of features a point for each.
NamedImages images_of(const std::string& title, const Shape& shape, std::vector<float> values);

/// A sample: images in gray or, of three channels, in color.
NamedImages images_of_input(const Shape& shape, std::span<const float> inputs);

/// The filters of a convolution, (out, in, kernel...): one for each output channel. Those of three
/// input channels are in color, those of another number have the channels beside each other.
NamedImages filters_of(Tensor weights);

/// False for a stage whose outputs are its inputs, or those of a standardized sample.
constexpr bool has_maps(const Stage& stage) {
  const Operation operation = stage.operation.operation;
  const bool computes = operation != Operation::None && operation != Operation::Flatten;
  const bool normalizes = stage.normalized && stage.norm.averages != Averages::Fitted;
  return computes || normalizes || stage.adds_skip() || !stage.expressionless;
}

template <class Net>
constexpr int first_convolution() {
  for (int s = 0; s < Plan<Net>::stage_count; ++s) {
    const Stage& stage = Plan<Net>::stages[static_cast<std::size_t>(s)];
    if (stage.operation.operation == Operation::Convolution) return s;
  }
  return Stage::absent;
}

}  // namespace detail

/// True for a network with a convolution, whose filters can be drawn.
template <class Net>
inline constexpr bool has_filters = detail::first_convolution<Net>() != Stage::absent;

/// Draws the weights of a network's first convolution: a tile for each filter, in the colors of its
/// own largest weight (white is 0, red above, blue below); filters of three input channels as the
/// colors red, green and blue.
///
/// Errors: a network without a convolution does not compile; those of `plot_images`.
///
/// Example: `plot_filters(model, "run/filters");`
template <class Net>
Picture plot_filters(const Model<Net>& model, const std::filesystem::path& stem) {
  static_assert(has_filters<Net>, "plot_filters: expected a network with a convolution");
  constexpr auto& stages = Plan<Net>::stages;
  constexpr auto first = static_cast<std::size_t>(detail::first_convolution<Net>());
  const std::vector<detail::TensorView> views = detail::tensor_views(stages);
  std::vector<Tensor> tensors = model.tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (views[i].stage != &stages[first] || views[i].kind != detail::TensorView::Kind::Weight) {
      continue;
    }
    return plot_images({detail::filters_of(std::move(tensors[i]))}, stem);
  }
  throw Error("plot_filters: expected the weights of a convolution, found none");
}

/// Draws what every layer of a model makes of one sample, in inference: the sample itself, then a
/// tile for each channel of each layer, in the colors of the layer's largest output (white is 0,
/// red above, blue below). A layer is a stage that computes something, with its normalization and
/// activation. Signals have a line for each channel, features a point each.
///
/// `inputs`: of one sample, (features).
///
/// Errors: inputs that are not those of one sample throw `Error`, and those of `plot_images`.
///
/// Example: `plot_feature_maps(model, test.inputs(7), "run/feature_maps");`
template <class Net>
Picture plot_feature_maps(const Model<Net>& model, std::span<const float> inputs,
                          const std::filesystem::path& stem) {
  constexpr auto& stages = Plan<Net>::stages;
  if (inputs.size() != Model<Net>::features) {
    throw Error(std::string("plot_feature_maps: expected one sample of ") +
                std::to_string(Model<Net>::features) + " inputs, found " +
                std::to_string(inputs.size()));
  }
  std::vector<NamedImages> groups{detail::images_of_input(Plan<Net>::input_shape, inputs)};
  std::vector<NamedValues> activations = activations_of(model, inputs);
  for (std::size_t s = 0; s < activations.size(); ++s) {
    if (!detail::has_maps(stages[s])) continue;
    groups.push_back(
        detail::images_of(activations[s].title, stages[s].out, std::move(activations[s].values)));
  }
  return plot_images(groups, stem);
}

}  // namespace lamina
