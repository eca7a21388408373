#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/load_options.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/model/tensor_index.hpp>

namespace lamina {

namespace detail {

/// The prefix under which most of the network's names are found, out of those that all names of the
/// file have in common: `module.` of `module.0.weight`; none where that finds as many.
inline std::string find_prefix(const std::vector<TensorView>& views, const TensorIndex& tensors) {
  const auto matches = [&](std::string_view prefix) {
    return std::count_if(views.begin(), views.end(), [&](const TensorView& view) {
      return tensors.find(std::string(prefix) + view.name) != nullptr;
    });
  };
  std::string_view best{};
  auto most = matches(best);
  std::string_view prefix = tensors.common();
  constexpr std::size_t longest = 400;  // a stranger's name may have 100 MB, to be looked at often
  // Names of a network have as many parts as it has levels, and one more.
  for (int parts = 0; parts <= Path::most_levels; ++parts) {
    const std::size_t dot = prefix.rfind('.');
    if (dot == prefix.npos) break;
    prefix = prefix.substr(0, dot + 1);
    if (prefix.size() > longest) break;
    if (const auto count = matches(prefix); count > most) {
      most = count;
      best = prefix;
    }
    prefix.remove_suffix(1);
  }
  return std::string(best);
}

/// `'a' of shape (2, 3), 'b' of shape () and 7 more`: bounded, whatever a file holds.
class NameList {
 public:
  void add(std::string_view name, const std::vector<std::int64_t>& shape) {
    constexpr std::size_t most_extents = 8;
    if (++count_ > shown) return;
    text_ += (count_ > 1 ? ", " : "") + tensor_name(name) + " of shape ";
    text_ +=
        shape.size() > most_extents ? std::to_string(shape.size()) + " extents" : shape_text(shape);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string text() const {
    if (count_ == 0) return "none";
    return count_ > shown ? text_ + " and " + std::to_string(count_ - shown) + " more" : text_;
  }

 private:
  static constexpr std::size_t shown = 20;
  std::string text_;
  std::size_t count_ = 0;
};

[[noreturn]] inline void fail_on(std::string_view name, const std::string& expected,
                                 const std::string& found) {
  throw Error("load: expected tensor " + tensor_name(name) + " of " + expected + ", found " +
              found);
}

/// Sets one array of a block. Counters may be numbers of any type: what has counted them elsewhere
/// may have no others.
inline void set_array(const TensorView& view, const Tensor& tensor, ParameterBlock& block) {
  const std::size_t size = std::visit([](const auto& v) { return v.size(); }, tensor.values);
  const bool counter = view.kind == TensorView::Kind::Counter;
  const bool one = counter && tensor.shape == std::vector<std::int64_t>{1};
  if ((tensor.shape != view.shape && !one) || size != view.size()) {
    fail_on(tensor.name, "shape " + shape_text(view.shape),
            "shape " + shape_text(tensor.shape) + " with " + std::to_string(size) + " values");
  }
  const auto* floats = std::get_if<std::vector<float>>(&tensor.values);
  if (counter && floats != nullptr) {
    const double value = static_cast<double>(floats->front());
    if (!(std::abs(value) < 0x1p63) || value != std::floor(value)) {
      fail_on(tensor.name, "a whole number", std::to_string(value));
    }
    block.counters[view.offset] = static_cast<std::int64_t>(value);
  } else if (counter) {
    block.counters[view.offset] = std::get<1>(tensor.values)[0];
  } else if (floats == nullptr) {
    fail_on(tensor.name, "floats", "integers");
  } else {
    float* packed =
        view.kind == TensorView::Kind::Running ? block.running.data() : block.trained.data();
    for_each_value(view, *floats, packed, [](float from, float& to) { to = from; });
  }
}

/// Takes a bias before a batch normalization out of its averages: of W x + b they become those of
/// W x, which is what the network computes. Exact but for a rounding of the averages.
inline void absorb_bias(const TensorView& view, const Tensor& tensor, ParameterBlock& block) {
  const auto* bias = std::get_if<std::vector<float>>(&tensor.values);
  if (tensor.shape != view.shape || bias == nullptr || bias->size() != view.size()) {
    fail_on(tensor.name, "floats of shape " + shape_text(view.shape),
            (bias == nullptr ? "integers of shape " : "shape ") + shape_text(tensor.shape));
  }
  const Stage& stage = *view.stage;
  if (!stage.has_averages()) return;
  float* means = block.running.data() + stage.running;
  float* squares = means + stage.panels.padded();
  const bool sums = stage.norm.averages == Averages::Running;
  const double count = sums ? static_cast<double>(block.running.data()[stage.count_of_sums()]) : 1;
  for (std::size_t i = 0; i < bias->size(); ++i) {
    const auto b = static_cast<double>((*bias)[i]);
    if (sums && count == 0 && b != 0) {
      throw Error("load: expected a bias of 0 in tensor " + tensor_name(tensor.name) +
                  " before a RunningBatchNorm that has seen no batch, found " + std::to_string(b));
    }
    const auto mean = static_cast<double>(means[i]);
    // sum (x - b)^2 = sum x^2 - 2 b sum x + b^2 count
    if (sums) {
      squares[i] = static_cast<float>(static_cast<double>(squares[i]) - b * (2 * mean - b * count));
    }
    means[i] = static_cast<float>(mean - b * count);
  }
}

/// The array of a file; weight normalization has two sets of names in PyTorch, `weight_g` of
/// `torch.nn.utils.weight_norm` and the longer one of `torch.nn.utils.parametrizations`.
inline const Tensor* find_array(const TensorIndex& index, const std::string& prefix,
                                const TensorView& view) {
  if (const Tensor* tensor = index.find(prefix + view.name)) return tensor;
  if (view.name.ends_with(".weight_g")) {
    return index.find(prefix + name_at(view.stage->path, "parametrizations.weight.original0"));
  }
  if (view.name.ends_with(".weight_v")) {
    return index.find(prefix + name_at(view.stage->path, "parametrizations.weight.original1"));
  }
  return nullptr;
}

/// What a file may lack: the bias that a normalization takes away anyway, and a count of batches,
/// which nothing computes with and which PyTorch can do without, too.
inline bool may_be_missing(const TensorView& view) {
  return view.kind == TensorView::Kind::Absorbed ||
         (view.kind == TensorView::Kind::Counter && view.stage->norm.averages == Averages::Moving);
}

}  // namespace detail

/// Sets `block` from arrays of any order; see `load`.
/// Errors: `Error` naming the tensors, what was expected and what was found; nothing is changed
/// then.
inline LoadReport from_tensors(std::span<const Stage> stages, std::span<const Tensor> tensors,
                               ParameterBlock& block, const LoadOptions& options = {}) {
  using Kind = detail::TensorView::Kind;
  const std::vector<detail::TensorView> views =
      detail::tensor_views(stages, detail::Arrays::InFiles);
  const detail::TensorIndex index(tensors);
  const std::string prefix =
      options.prefix.empty() ? detail::find_prefix(views, index) : options.prefix;
  LoadReport report;
  detail::NameList missing;
  detail::NameList left_over;
  std::vector<std::pair<const detail::TensorView*, const Tensor*>> pairs;
  std::vector<bool> used(tensors.size());
  for (const detail::TensorView& view : views) {
    const Tensor* tensor = detail::find_array(index, prefix, view);
    if (tensor == nullptr && !detail::may_be_missing(view)) {
      missing.add(prefix + view.name, view.shape);
      report.missing.push_back(prefix + view.name);
      continue;
    }
    pairs.emplace_back(&view, tensor);
    if (tensor == nullptr) continue;
    used[static_cast<std::size_t>(tensor - tensors.data())] = true;
    report.loaded.push_back(tensor->name);
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (used[i] || !tensors[i].name.starts_with(options.prefix)) continue;
    left_over.add(tensors[i].name, tensors[i].shape);
    report.left_over.push_back(tensors[i].name);
  }
  if (!options.partial && !(missing.empty() && left_over.empty())) {
    throw Error("load: expected the tensors of this network, missing: " + missing.text() +
                "; left over: " + left_over.text());
  }
  ParameterBlock next = block;
  for (const auto& [view, tensor] : pairs) {
    if (tensor != nullptr && view->kind != Kind::Absorbed) {
      detail::set_array(*view, *tensor, next);
    } else if (view->kind == Kind::Counter && !options.partial) {
      next.counters[view->offset] = 0;
    }
  }
  // Behind the averages that it is taken out of, those of the file or those that stay.
  for (const auto& [view, tensor] : pairs) {
    if (tensor != nullptr && view->kind == Kind::Absorbed) {
      detail::absorb_bias(*view, *tensor, next);
    }
  }
  detail::compose_weights(stages, next.trained.data());
  block = std::move(next);
  return report;
}

}  // namespace lamina
