#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/operation.hpp>
#include <lamina/layers/adaptive_pool.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/network/nodes.hpp>

#include "eigen_layers.hpp"
#include "eigen_space.hpp"
#include "items.hpp"

namespace lamina::naive {

/// The layers of a network on Eigen, one after the other: lists may have a `Repeat`, but no other
/// structure.
template <class Net>
class EigenBuilder {
 public:
  explicit EigenBuilder(const std::vector<Tensor>& tensors) : tensors_(tensors) {
    if (!shape_.flat() && shape_.channels > 1) {
      add<EigenTurn>(shape_.channels, shape_.positions(), shape_.channels);
    }
    list(typename Items<Net>::List{}, "", Beginning::Nothing);
  }

  std::vector<std::unique_ptr<EigenLayer>> layers;
  std::vector<const EigenLayer*> dropouts;

 private:
  template <class Layer, class... Arguments>
  void add(Arguments&&... arguments) {
    layers.push_back(std::make_unique<Layer>(std::forward<Arguments>(arguments)...));
  }

  /// `inside` is empty or ends with a dot, `behind` is what follows the list.
  template <class... Content>
  void list(ItemList<Content...> items, const std::string& inside, Beginning behind,
            int position = 0) {
    visit_items(
        items, behind,
        [&]<class Item>(Placed<Item> item) {
          const std::string path = inside + std::to_string(item.position);
          if constexpr (Item::role == Role::Structure) {
            repeat<Item>(path + ".", item.normalized ? Beginning::BatchMean : Beginning::Other);
          } else {
            make(item, path, count_++);
          }
        },
        position);
  }

  template <class Item>
  void repeat(const std::string& inside, Beginning behind) {
    static_assert(Item::structure == Structure::Sequence, "here are no sums and branches");
    using List = typename Item::Items;
    constexpr Beginning own = beginning_of(List{});
    constexpr int times = lamina::detail::times_of<Item>;
    for (int i = 0; i < times; ++i) {
      const bool again = i < times - 1 && own != Beginning::Nothing;
      list(List{}, inside, again ? own : behind, i * static_cast<int>(size_of(List{})));
    }
  }
  template <class... Content>
  static constexpr std::size_t size_of(ItemList<Content...>) {
    return sizeof...(Content);
  }

  template <class Item>
  void make(Placed<Item> item, const std::string& path, [[maybe_unused]] int number) {
    if constexpr (Item::role == Role::Contraction) {
      contraction<Item>(path, Item::bias && !item.normalized);
    } else if constexpr (Item::role == Role::Spatial) {
      spatial<Item>();
    } else if constexpr (Item::role == Role::Normalization) {
      add<EigenBatchNorm>(tensors_, path, shape_.channels, Item::normalization.epsilon,
                          Item::normalization.momentum);
    } else if constexpr (requires { Item::rate; }) {
      static_assert(expr::Dropping<Item>, "of the random items there is dropout alone here");
      if (Item::rate == 0) return;
      if (!shape_.flat()) throw Error("naive: expected dropout of flat features");
      add<EigenDropout>(number, Item::rate);
      dropouts.push_back(layers.back().get());
    } else if constexpr (Item::role == Role::Elementwise) {
      add<EigenActivation<Item>>();
    }
  }

  template <class Item>
  void contraction(const std::string& path, bool bias) {
    const Shape in = std::exchange(shape_, Item::output(shape_));
    constexpr double lambda = Items<Net>::template lambda_of<Item>();
    if constexpr (requires { Item::spatial(Shape{}); }) {
      const SpatialOperation operation = Item::spatial(in);
      if (operation.operation != Operation::Convolution || operation.groups != 1) {
        throw Error("naive: expected a convolution that is not transposed and has one group");
      }
      add<EigenConvolution>(tensors_, path, operation.window, in, shape_, bias, lambda);
    } else {
      add<EigenLinear>(tensors_, path, static_cast<std::size_t>(in.features()),
                       static_cast<std::size_t>(shape_.features()), bias, lambda);
    }
  }

  template <class Item>
  void spatial() {
    const Shape in = std::exchange(shape_, Item::output(shape_));
    const SpatialOperation operation = Item::spatial(in);
    if constexpr (std::is_same_v<Item, GlobalAvgPool>) {
      add<EigenGlobalAvgPool>(in);
    } else if (operation.operation == Operation::MaxPool) {
      add<EigenMaxPool>(operation.window, in, shape_);
    } else if (std::is_same_v<Item, Flatten> && !in.flat()) {
      add<EigenTurn>(in.positions(), in.channels, shape_.features());
    } else if (operation.operation != Operation::None) {
      throw Error("naive: expected a max pool, a global average or Flatten");
    }
  }

  const std::vector<Tensor>& tensors_;
  Shape shape_ = Items<Net>::input;
  int count_ = 0;
};

}  // namespace lamina::naive
