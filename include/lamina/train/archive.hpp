#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/model/tensor_index.hpp>

/// What a training run must not forget, as tensors. Whatever has such numbers names them once, in a
/// member `serialize(archive)` that serves both ways: `archive("waited", waited_);`.
namespace lamina {

namespace detail {

/// A number as the 64 bits of an integer tensor: files know floats of 32 bits and integers, and a
/// run that goes on needs every bit of a double.
template <class T>
std::int64_t to_bits(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<std::int64_t>(static_cast<double>(value));
  } else {
    return static_cast<std::int64_t>(value);
  }
}

template <class T>
T from_bits(std::int64_t bits) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(std::bit_cast<double>(bits));
  } else {
    return static_cast<T>(bits);
  }
}

/// What trained arrays are made of: all that files hold, and the weights that are composed of a
/// magnitude and a direction, whose bits depend on the loop that composed them.
inline std::vector<TensorView> trained_views(std::span<const Stage> stages) {
  using Kind = TensorView::Kind;
  std::vector<TensorView> views;
  for (TensorView& view : tensor_views(stages)) {
    if (view.trained()) views.push_back(std::move(view));
  }
  for (const Stage& stage : stages) {
    if (!stage.reparameterized) continue;
    views.push_back(
        {name_at(stage.path, "weight"), weight_shape(stage), &stage, Kind::Weight, stage.weights});
  }
  return views;
}

/// The averages of normalizations.
inline std::vector<TensorView> running_views(std::span<const Stage> stages) {
  std::vector<TensorView> views = tensor_views(stages);
  std::erase_if(views,
                [](const TensorView& view) { return view.kind != TensorView::Kind::Running; });
  return views;
}

}  // namespace detail

/// Turns what it is shown into tensors.
class StateWriter {
 public:
  static constexpr bool reads = false;

  StateWriter(std::span<const Stage> stages, std::vector<Tensor>& tensors)
      : stages_(stages), tensors_(&tensors) {}

  /// The same with names below `name`.
  [[nodiscard]] StateWriter inside(std::string_view name) const {
    StateWriter below = *this;
    below.prefix_ += std::string(name) + ".";
    return below;
  }

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(std::string_view name, const T& value) {
    add(name, {}, {detail::to_bits(value)});
  }
  void operator()(std::string_view name, const std::string& text) { write_all(name, text); }
  template <class T, std::size_t N>
  void operator()(std::string_view name, const std::array<T, N>& values) {
    write_all(name, values);
  }
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& values) {
    write_all(name, values);
  }

  /// Parameters and running statistics.
  void operator()(std::string_view name, const ParameterBlock& block) {
    StateWriter below = inside(name);
    below("trained", block.trained.data());
    below.write_views("running", detail::running_views(stages_), block.running.data());
    below("counters", block.counters);
  }
  void operator()(std::string_view name, const std::optional<ParameterBlock>& block) {
    inside(name)("there", block.has_value());
    if (block) (*this)(name, *block);
  }

  /// An array that is laid out as the trained parameters, unpacked: machines pack differently.
  void operator()(std::string_view name, const float* packed) {
    write_views(name, detail::trained_views(stages_), packed);
  }

 private:
  void write_views(std::string_view name, const std::vector<detail::TensorView>& views,
                   const float* packed) {
    for (const detail::TensorView& view : views) {
      std::vector<float> values(view.size());
      detail::for_each_value(view, values, packed, [](float& to, float from) { to = from; });
      tensors_->push_back(
          {prefix_ + std::string(name) + "." + view.name, view.shape, std::move(values)});
    }
  }
  template <class Values>
  void write_all(std::string_view name, const Values& values) {
    std::vector<std::int64_t> bits;
    for (const auto value : values) bits.push_back(detail::to_bits(value));
    const auto count = static_cast<std::int64_t>(bits.size());
    add(name, {count}, std::move(bits));
  }
  void add(std::string_view name, std::vector<std::int64_t> shape, std::vector<std::int64_t> bits) {
    tensors_->push_back({prefix_ + std::string(name), std::move(shape), std::move(bits)});
  }

  std::span<const Stage> stages_;
  std::vector<Tensor>* tensors_;
  std::string prefix_;
};

/// Sets what it is shown from tensors.
/// Errors: `Error` naming a tensor that is missing or has another shape; what was shown before has
/// been set by then.
class StateReader {
 public:
  static constexpr bool reads = true;

  /// `like`: any parameters of the network, for their sizes.
  StateReader(std::span<const Stage> stages, std::span<const Tensor> tensors,
              const ParameterBlock& like)
      : stages_(stages),
        tensors_(std::make_shared<const detail::TensorIndex>(tensors)),
        like_(&like) {}

  /// The same with names below `name`.
  [[nodiscard]] StateReader inside(std::string_view name) const {
    StateReader below = *this;
    below.prefix_ += std::string(name) + ".";
    return below;
  }
  /// False where no tensor lies below the present names.
  [[nodiscard]] bool has_any() const { return tensors_->has_below(prefix_); }

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(std::string_view name, T& value) {
    value = detail::from_bits<T>(bits(name, std::vector<std::int64_t>{}).front());
  }
  void operator()(std::string_view name, std::string& text) {
    text.clear();
    for (const std::int64_t each : bits(name, {})) text += static_cast<char>(each);
  }
  template <class T, std::size_t N>
  void operator()(std::string_view name, std::array<T, N>& values) {
    const auto& found = bits(name, std::vector{static_cast<std::int64_t>(N)});
    for (std::size_t i = 0; i < N; ++i) values[i] = detail::from_bits<T>(found[i]);
  }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& values) {
    values.clear();
    for (const std::int64_t each : bits(name, {})) values.push_back(detail::from_bits<T>(each));
  }

  void operator()(std::string_view name, ParameterBlock& block) {
    StateReader below = inside(name);
    below("trained", block.trained.data());
    below.read_views("running", detail::running_views(stages_), block.running.data());
    std::vector<std::int64_t> counters;
    below("counters", counters);
    if (counters.size() != block.counters.size()) {
      throw Error(std::string("expected ") + std::to_string(block.counters.size()) +
                  " numbers in tensor '" + below.prefix_ + "counters', found " +
                  std::to_string(counters.size()));
    }
    block.counters = std::move(counters);
  }
  void operator()(std::string_view name, std::optional<ParameterBlock>& block) {
    bool there = false;
    inside(name)("there", there);
    block.reset();
    if (!there) return;
    block = *like_;
    (*this)(name, *block);
  }

  void operator()(std::string_view name, float* packed) {
    read_views(name, detail::trained_views(stages_), packed);
  }

 private:
  void read_views(std::string_view name, const std::vector<detail::TensorView>& views,
                  float* packed) {
    for (const detail::TensorView& view : views) {
      const Tensor& tensor = find(std::string(name) + "." + view.name, view.shape);
      const auto* values = std::get_if<std::vector<float>>(&tensor.values);
      if (values == nullptr) {
        throw Error(std::string("expected tensor '") + tensor.name + "' of floats, found integers");
      }
      detail::for_each_value(view, *values, packed, [](float from, float& to) { to = from; });
    }
  }

  /// Integers of a given shape, or of any where none is given.
  const std::vector<std::int64_t>& bits(std::string_view name,
                                        const std::optional<std::vector<std::int64_t>>& shape) {
    const Tensor& tensor = find(name, shape);
    if (const auto* found = std::get_if<std::vector<std::int64_t>>(&tensor.values)) return *found;
    throw Error(std::string("expected tensor '") + tensor.name + "' of integers, found floats");
  }

  const Tensor& find(std::string_view name, const std::optional<std::vector<std::int64_t>>& shape) {
    const std::string whole = prefix_ + std::string(name);
    const Tensor* found = tensors_->find(whole);
    if (found == nullptr) {
      throw Error(std::string("expected tensor '") + whole + "', found none of that name");
    }
    if (shape && found->shape != *shape) {
      throw Error(std::string("expected tensor '") + whole + "' of shape " +
                  detail::shape_text(*shape) + ", found shape " + detail::shape_text(found->shape));
    }
    return *found;
  }

  std::span<const Stage> stages_;
  std::shared_ptr<const detail::TensorIndex> tensors_;  // one for all names below
  const ParameterBlock* like_;
  std::string prefix_;
};

}  // namespace lamina
