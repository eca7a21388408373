#include "build.hpp"

#include <string>
#include <utility>

#include "pools.hpp"
#include "running_batch_norm.hpp"
#include "sample_norms.hpp"
#include "space.hpp"

namespace lamina::naive {

namespace {

template <class Scalar>
class Builder {
 public:
  using Pointer = LayerPointer<Scalar>;
  using Items = std::span<const Description<Scalar>>;

  Builder(const std::vector<Tensor>& tensors, const Shape& input)
      : tensors_(tensors), shape_(input) {}

  /// All items of a list but its `Shortcut`, `times` times. `inside` is empty or ends with a dot,
  /// `behind` is what follows the list.
  Pointer sequence(Items items, const std::string& inside, Beginning behind, int times = 1) {
    auto made = std::make_unique<SequenceLayer<Scalar>>();
    const Beginning own = first_of(items, Beginning::Nothing);
    for (int i = 0; i < times; ++i) {
      const bool again = i < times - 1 && own != Beginning::Nothing;
      for (std::size_t at = 0; at < items.size(); ++at) {
        const Beginning next = first_of(items.subspan(at + 1), again ? own : behind);
        const auto position = static_cast<std::size_t>(i) * items.size() + at;
        Pointer layer = make(items[at], inside + std::to_string(position), next);
        if (layer) made->add(std::move(layer));
      }
    }
    return made;
  }

 private:
  /// What items begin with, or else what is behind them.
  static Beginning first_of(Items items, Beginning behind) {
    for (const auto& item : items) {
      if (item.begins != Beginning::Nothing) return item.begins;
    }
    return behind;
  }

  /// Null for the loss and what else holds for the whole network.
  Pointer make(const Description<Scalar>& item, const std::string& path, Beginning next) {
    if (item.role == Role::Structure) return structure(item, path + ".", next);
    const int number = count_++;
    if (item.role == Role::Contraction) return contraction(item, path, next);
    if (item.role == Role::Spatial) return spatial(item);
    if (item.role == Role::Normalization) return norm(path, item.norm);
    return item.make == nullptr ? nullptr : item.make(number, shape_);
  }

  /// The number of values of a sample of the shape at hand.
  [[nodiscard]] std::size_t features() const { return static_cast<std::size_t>(shape_.features()); }

  Pointer contraction(const Description<Scalar>& item, const std::string& path, Beginning next) {
    const Shape in = std::exchange(shape_, item.output(shape_));
    const bool bias = item.bias && next != Beginning::BatchMean;
    if (item.spatial != nullptr) {
      return std::make_unique<ConvolutionLayer<Scalar>>(tensors_, path, item.spatial(in), in,
                                                        shape_, bias, item.lambda, item.absolute);
    }
    return std::make_unique<LinearLayer<Scalar>>(tensors_, path,
                                                 static_cast<std::size_t>(in.features()),
                                                 features(), bias, item.lambda, item.absolute);
  }

  /// Null for what changes nothing.
  Pointer spatial(const Description<Scalar>& item) {
    const Shape in = std::exchange(shape_, item.output(shape_));
    const SpatialOperation operation = item.spatial(in);
    switch (operation.operation) {
      case Operation::MaxPool:
        return std::make_unique<MaxPoolLayer<Scalar>>(operation.window, in, shape_);
      case Operation::Resample:
        return std::make_unique<ResampleLayer<Scalar>>(operation, in, shape_);
      case Operation::Permute:
      case Operation::Flatten:
        return std::make_unique<PermuteLayer<Scalar>>(operation, in, shape_);
      default:
        return nullptr;
    }
  }

  Pointer norm(const std::string& path, const Normalization& norm) {
    if (norm.axes == Axes::None) {
      return std::make_unique<StandardizeLayer<Scalar>>(tensors_, path, shape_);
    }
    if (!reduces(norm.axes, Axes::Batch)) {
      return std::make_unique<SampleNormLayer<Scalar>>(tensors_, path, shape_, norm);
    }
    if (norm.averages == Averages::Running) {
      return std::make_unique<RunningBatchNormLayer<Scalar>>(tensors_, path, shape_, norm);
    }
    return std::make_unique<BatchNormLayer<Scalar>>(tensors_, path, shape_, norm);
  }

  /// Null for a `Shortcut`, which is made by its residual.
  Pointer structure(const Description<Scalar>& item, const std::string& inside, Beginning next) {
    if (item.structure == Structure::Sequence) {
      return sequence(item.items, inside, next, item.times);
    }
    if (item.structure == Structure::Residual) return residual(item.items, inside);
    if (item.structure == Structure::Concat) return concat(item.items, inside);
    return nullptr;
  }

  Pointer residual(Items items, const std::string& inside) {
    const Shape in = shape_;
    auto made = std::make_unique<SumLayer<Scalar>>();
    made->add(sequence(items, inside, Beginning::Other));
    shape_ = in;
    made->add(shortcut(items, inside));
    return made;
  }

  /// The way around a residual's items: nothing, or what its `Shortcut` holds.
  Pointer shortcut(Items items, const std::string& inside) {
    for (std::size_t at = 0; at < items.size(); ++at) {
      if (items[at].structure != Structure::Shortcut) continue;
      return sequence(items[at].items, inside + std::to_string(at) + ".", Beginning::Other);
    }
    return std::make_unique<SequenceLayer<Scalar>>();
  }

  Pointer concat(Items branches, const std::string& inside) {
    const Shape in = shape_;
    int channels = 0;
    auto made = std::make_unique<ConcatLayer<Scalar>>();
    for (std::size_t at = 0; at < branches.size(); ++at) {
      shape_ = in;
      made->add(sequence(branches[at].items, inside + std::to_string(at) + ".", Beginning::Other));
      channels += shape_.channels;
    }
    shape_ = shape_.with_channels(channels);
    return made;
  }

  const std::vector<Tensor>& tensors_;
  Shape shape_;    // of the values at hand
  int count_ = 0;  // items so far
};

}  // namespace

template <class Scalar>
LayerPointer<Scalar> build_layers(std::span<const Description<Scalar>> items, const Shape& input,
                                  const std::vector<Tensor>& tensors) {
  return Builder<Scalar>(tensors, input).sequence(items, "", Beginning::Nothing);
}

template LayerPointer<float> build_layers(std::span<const Description<float>>, const Shape&,
                                          const std::vector<Tensor>&);
template LayerPointer<double> build_layers(std::span<const Description<double>>, const Shape&,
                                           const std::vector<Tensor>&);

}  // namespace lamina::naive
