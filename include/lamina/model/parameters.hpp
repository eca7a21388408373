#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/core/types.hpp>
#include <lamina/model/reparameterize.hpp>
#include <lamina/plan/plan.hpp>

namespace lamina {

/// The numbers of a network: trained parameters, packed as the kernels read them, and the running
/// statistics of its normalizations.
struct ParameterBlock {
  AlignedFloats trained;
  AlignedFloats running;
  std::vector<std::int64_t> counters;  ///< batches or samples, one a normalization with averages
};

namespace detail {

/// One array of a network as files see it: where its values lie in the packed block.
struct TensorView {
  std::string name;
  std::vector<std::int64_t> shape;
  const Stage* stage;
  /// `Elements` are of every value of a sample. `Absorbed` lies nowhere: a bias that the network
  /// does without.
  enum class Kind { Weight, Vector, Elements, Running, Counter, Absorbed } kind;
  std::size_t offset;

  [[nodiscard]] bool trained() const {
    return kind == Kind::Weight || kind == Kind::Vector || kind == Kind::Elements;
  }

  [[nodiscard]] std::size_t size() const {
    std::size_t size = 1;
    for (const std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
    return size;
  }
};

/// What files call the averages of a normalization and their counter.
struct AverageNames {
  const char* first;
  const char* second;
  const char* counter;
};

inline AverageNames average_names(Averages averages) {
  switch (averages) {
    case Averages::Moving:
      return {"running_mean", "running_var", "num_batches_tracked"};
    case Averages::Running:
      return {"sums", "squares", "samples"};
    default:
      return {"mean", "std", "samples"};
  }
}

/// Which arrays of a network.
enum class Arrays {
  Kept,     ///< those that it has
  InFiles,  ///< those of the same `torch.nn.Sequential`: a bias before a batch normalization, too
};

/// The shape of a stage's weights in files: (out, in), of convolutions (out, in of a group,
/// kernel...), of transposed ones (in, out of a group, kernel...).
inline std::vector<std::int64_t> weight_shape(const Stage& stage) {
  std::vector<std::int64_t> shape{stage.outputs(), stage.group_inputs()};
  if (!stage.convolves()) return shape;
  if (stage.transposed()) shape = {stage.inputs, stage.group_outputs()};
  if (stage.in.dimensions == 2) shape.push_back(stage.operation.window.y.kernel);
  shape.push_back(stage.operation.window.x.kernel);
  return shape;
}

/// The same of the scale of its normalization: (channels), or (channels, height, width).
inline std::vector<std::int64_t> scale_shape(const Stage& stage) {
  std::vector<std::int64_t> shape{stage.outputs()};
  if (!stage.per_element()) return shape;
  if (stage.out.dimensions == 2) shape.push_back(stage.out.height);
  shape.push_back(stage.out.width);
  return shape;
}

/// Appends the arrays of a stage.
inline void add_views(const Stage& stage, Arrays arrays, std::vector<TensorView>& views) {
  using Kind = TensorView::Kind;
  const std::int64_t out = stage.outputs();
  const auto add = [&](const Path& path, const char* name, std::vector<std::int64_t> shape,
                       Kind kind, std::size_t offset) {
    views.push_back({name_at(path, name), std::move(shape), &stage, kind, offset});
  };
  if (stage.contraction) {
    const std::vector<std::int64_t> shape = weight_shape(stage);
    if (stage.reparameterized) {
      std::vector<std::int64_t> magnitudes(shape.size(), 1);
      magnitudes[stage.transposed() ? 1 : 0] = out;
      add(stage.path, "weight_g", std::move(magnitudes), Kind::Vector, stage.magnitude);
      add(stage.path, "weight_v", shape, Kind::Weight, stage.direction);
    } else {
      add(stage.path, "weight", shape, Kind::Weight, stage.weights);
    }
    if (stage.bias) add(stage.path, "bias", {out}, Kind::Vector, stage.bias_vector);
    if (stage.absorbs_bias && arrays == Arrays::InFiles) {
      add(stage.path, "bias", {out}, Kind::Absorbed, 0);
    }
  }
  if (!stage.normalized) return;
  const Path& path = stage.norm_path;
  const Kind kind = stage.per_element() ? Kind::Elements : Kind::Vector;
  const std::vector<std::int64_t> shape = scale_shape(stage);
  if (stage.norm.scaled) add(path, "weight", shape, kind, stage.trained_scale);
  if (stage.norm.shifted) add(path, "bias", shape, kind, stage.trained_shift);
  if (!stage.has_averages()) return;
  const AverageNames names = average_names(stage.norm.averages);
  const auto padded = static_cast<std::size_t>(stage.panels.padded());
  add(path, names.first, {out}, Kind::Running, stage.running);
  add(path, names.second, {out}, Kind::Running, stage.running + padded);
  if (stage.norm.averages == Averages::Running) {
    add(path, "count", {}, Kind::Running, stage.count_of_sums());
  }
  add(path, names.counter, {}, Kind::Counter, static_cast<std::size_t>(stage.norm_index));
}

/// All arrays of a network, named as `torch.nn.Sequential` names them.
inline std::vector<TensorView> tensor_views(std::span<const Stage> stages,
                                            Arrays arrays = Arrays::Kept) {
  std::vector<TensorView> views;
  for (const Stage& stage : stages) add_views(stage, arrays, views);
  return views;
}

/// Place of weight (out, i) in the packed block [panel][tap][input][width]; for initializers, and
/// in files but for transposed convolutions, the weights of an output are [input][tap].
inline std::size_t packed_index(const Stage& stage, std::size_t out, std::size_t i) {
  const auto width = static_cast<std::size_t>(stage.panels.width);
  const auto taps = static_cast<std::size_t>(stage.taps());
  std::size_t tap = i % taps;
  if (stage.transposed()) {
    tap = static_cast<std::size_t>(place_back(stage.operation.window, static_cast<int>(tap)));
  }
  const std::size_t row = tap * static_cast<std::size_t>(stage.group_inputs()) + i / taps;
  return (out / width * static_cast<std::size_t>(stage.depth()) + row) * width + out % width;
}

/// Place of the i-th weight of a file in the packed block.
inline std::size_t packed_index(const Stage& stage, std::size_t i) {
  const auto depth = static_cast<std::size_t>(stage.depth());
  if (!stage.transposed()) return packed_index(stage, i / depth, i % depth);
  const auto taps = static_cast<std::size_t>(stage.taps());
  const auto inputs = static_cast<std::size_t>(stage.group_inputs());
  const auto outputs = static_cast<std::size_t>(stage.group_outputs());
  const std::size_t input = i / (outputs * taps);
  const std::size_t output = input / inputs * outputs + i / taps % outputs;
  return packed_index(stage, output, input % inputs * taps + i % taps);
}

/// Place of the i-th value of a sample, [channel][position], in [panel][position][width].
inline std::size_t packed_element(const Stage& stage, std::size_t i) {
  const auto width = static_cast<std::size_t>(stage.panels.width);
  const auto positions = static_cast<std::size_t>(stage.positions());
  const std::size_t channel = i / positions;
  return (channel / width * positions + i % positions) * width + channel % width;
}

/// Calls f(value, packed value) for the values of a float tensor in row-major order.
template <class Values, class Packed, class F>
void for_each_value(const TensorView& view, Values& values, Packed* packed, const F& f) {
  using Kind = TensorView::Kind;
  const auto place = [&](std::size_t i) {
    if (view.kind == Kind::Weight) return packed_index(*view.stage, i);
    return view.kind == Kind::Elements ? packed_element(*view.stage, i) : i;
  };
  for (std::size_t i = 0; i < view.size(); ++i) f(values[i], packed[view.offset + place(i)]);
}

inline std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += i > 0 ? ", " : "";
    text += std::to_string(shape[i]);
  }
  return text + ")";
}

}  // namespace detail

/// The arrays of a network, unpacked, in the order of the network.
inline std::vector<Tensor> to_tensors(std::span<const Stage> stages, const ParameterBlock& block,
                                      detail::Arrays arrays = detail::Arrays::Kept) {
  using Kind = detail::TensorView::Kind;
  std::vector<Tensor> tensors;
  for (const detail::TensorView& view : detail::tensor_views(stages, arrays)) {
    Tensor tensor{view.name, view.shape, {}};
    if (view.kind == Kind::Counter) {
      tensor.values = std::vector<std::int64_t>{block.counters[view.offset]};
    } else if (view.kind == Kind::Absorbed) {
      tensor.values = std::vector<float>(view.size());
    } else {
      std::vector<float> values(view.size());
      const float* packed =
          view.kind == Kind::Running ? block.running.data() : block.trained.data();
      detail::for_each_value(view, values, packed, [](float& to, float from) { to = from; });
      tensor.values = std::move(values);
    }
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace lamina
