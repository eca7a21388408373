#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/core/arguments.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/model/model.hpp>
#include <lamina/plan/describe.hpp>
#include <lamina/plot/histograms.hpp>
#include <lamina/plot/picture.hpp>
#include <lamina/runtime/infer.hpp>

namespace lamina {

/// The outputs of every stage of a model for some samples, in inference: row-major (samples,
/// outputs of the stage), named after what the stage fuses: `0: Linear<512> + BatchNorm + ReLU`.
/// The values between the items of a stage are never in memory, so they are not here.
///
/// `inputs`: row-major (samples, features).
///
/// Errors: inputs that are no whole rows throw `Error`.
///
/// Example: `const auto activations = activations_of(model, test.inputs());`
template <class Net>
std::vector<NamedValues> activations_of(const Model<Net>& model, std::span<const float> inputs) {
  using P = Plan<Net>;
  constexpr std::size_t most = InferenceMemory<Net>::rows;
  constexpr std::size_t stride = most * static_cast<std::size_t>(P::widest);
  const std::size_t rows = rows_of(inputs.size(), Model<Net>::features, "activations_of: inputs");
  std::vector<NamedValues> activations;
  for (std::size_t s = 0; s < P::stages.size(); ++s) {
    activations.push_back(
        {std::to_string(s) + ": " + detail::fused_items<Net>(P::stages[s]),
         std::vector<float>(rows * static_cast<std::size_t>(P::stages[s].values_out()))});
  }

  const runtime::InferencePass pass = model.inference_pass();
  AlignedFloats scratch(InferenceMemory<Net>::block_floats);
  in_float_mode([&] {
    for (std::size_t first = 0; first < rows; first += most) {
      const std::size_t count = std::min(most, rows - first);
      pass.run_stages(inputs.data() + first * Model<Net>::features, static_cast<int>(count),
                      scratch.data(), stride, [&](std::size_t s) {
                        const auto outputs = static_cast<std::size_t>(P::stages[s].values_out());
                        return activations[s].values.data() + first * outputs;
                      });
    }
  });
  return activations;
}

/// Draws the distribution of every trained array of a model: weights, biases, scales and shifts.
///
/// Errors: those of `plot_histograms`.
///
/// Example: `plot_weight_histograms(model, "run/weights");`
template <class Net>
Picture plot_weight_histograms(const Model<Net>& model, const std::filesystem::path& stem) {
  std::vector<Tensor> tensors = model.tensors();
  const std::vector<detail::TensorView> views = detail::tensor_views(Model<Net>::P::stages);
  std::vector<NamedValues> histograms;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (!views[i].trained()) continue;
    histograms.push_back({tensors[i].name + " " + detail::shape_text(tensors[i].shape),
                          std::get<std::vector<float>>(std::move(tensors[i].values))});
  }
  return plot_histograms(histograms, stem);
}

/// Draws the distribution of the outputs of every stage of a model for some samples, in inference:
/// whether layers are dead, saturated, or of very different size. A stage is a layer with its
/// normalization and activation, as `describe` counts them.
///
/// `inputs`: row-major (samples, features). A few hundred samples say as much as all.
///
/// Errors: inputs that are no whole rows throw `Error`, and those of `plot_histograms`.
///
/// Example: `plot_activation_histograms(model, test.slice(0, 256).inputs(), "run/activations");`
template <class Net>
Picture plot_activation_histograms(const Model<Net>& model, std::span<const float> inputs,
                                   const std::filesystem::path& stem) {
  return plot_histograms(activations_of(model, inputs), stem);
}

}  // namespace lamina
