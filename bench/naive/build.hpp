#pragma once

#include <lamina/network/nodes.hpp>
#include <lamina/structures/concat.hpp>
#include <lamina/structures/residual.hpp>

#include "items.hpp"
#include "layers.hpp"
#include "noise.hpp"
#include "running_batch_norm.hpp"
#include "sample_norms.hpp"
#include "structures.hpp"

namespace lamina::naive {

/// Makes the layers of a network's list, a tree that mirrors its types: goes through the lists as
/// they nest and knows nothing of plans.
///
/// Arrays are found by paths, each position counted in its own list: `4.1.weight`. Random items are
/// known by a number that counts all items but the structures, so that a flat list's is the
/// position.
template <class Net, class Scalar>
class Builder {
 public:
  explicit Builder(const std::vector<Tensor>& tensors) : tensors_(tensors) {}

  LayerPointer<Scalar> build() {
    features_ = Items<Net>::features;
    return sequence(typename Items<Net>::List{}, "", Beginning::Nothing);
  }

 private:
  using Pointer = LayerPointer<Scalar>;

  /// All items of a list but its `Shortcut`, `times` times. `inside` is empty or ends with a dot.
  template <class... Content>
  Pointer sequence(ItemList<Content...> list, const std::string& inside, Beginning behind,
                   int times = 1) {
    auto made = std::make_unique<SequenceLayer<Scalar>>();
    const auto add = [&]<class Item>(Placed<Item> item) {
      const std::string path = inside + std::to_string(item.position);
      const Beginning next = item.normalized ? Beginning::BatchMean : Beginning::Other;
      if (Pointer layer = make<Item>(path, next)) made->add(std::move(layer));
    };
    const Beginning own = beginning_of(list);
    for (int i = 0; i < times; ++i) {
      const bool again = i < times - 1 && own != Beginning::Nothing;
      visit_items(list, again ? own : behind, add, i * static_cast<int>(sizeof...(Content)));
    }
    return made;
  }

  template <class Item>
  Pointer make(const std::string& path, Beginning next) {
    if constexpr (Item::role == Role::Structure) {
      return structure<Item>(path + ".", next);
    } else {
      const int number = count_++;
      if constexpr (Item::role == Role::Contraction) {
        return linear<Item>(path, next);
      } else if constexpr (Item::role == Role::Normalization) {
        return norm(path, Item::normalization);
      } else if constexpr (requires { Item::rate; }) {
        return std::make_unique<NoiseLayer<Item, Scalar>>(number, features_, Item::rate);
      } else if constexpr (Item::role == Role::Elementwise) {
        return std::make_unique<ActivationLayer<Item, Scalar>>();
      } else {
        return nullptr;  // the loss and what else holds for the whole network
      }
    }
  }

  template <class Item>
  Pointer linear(const std::string& path, Beginning next) {
    const std::size_t in = features_;
    features_ = static_cast<std::size_t>(Item::output(Shape{}).features());
    return std::make_unique<LinearLayer<Scalar>>(
        tensors_, path, in, features_, Item::bias && next != Beginning::BatchMean,
        Items<Net>::template lambda_of<Item>(), Items<Net>::template absolute_of<Item>());
  }

  Pointer norm(const std::string& path, const Normalization& norm) {
    if (norm.axes == Axes::None) {
      return std::make_unique<StandardizeLayer<Scalar>>(tensors_, path, features_, norm);
    }
    if (reduces(norm.axes, Axes::Channels)) {
      return std::make_unique<GroupNormLayer<Scalar>>(tensors_, path, features_, norm);
    }
    if (norm.averages == Averages::Running) {
      return std::make_unique<RunningBatchNormLayer<Scalar>>(tensors_, path, features_, norm);
    }
    return std::make_unique<BatchNormLayer<Scalar>>(tensors_, path, features_, norm);
  }

  template <class Item>
  Pointer structure(const std::string& inside, Beginning next) {
    using List = typename Item::Items;
    if constexpr (Item::structure == Structure::Sequence) {
      return sequence(List{}, inside, next, detail::times_of<Item>);
    } else if constexpr (Item::structure == Structure::Residual) {
      const std::size_t in = features_;
      auto made = std::make_unique<SumLayer<Scalar>>();
      made->add(sequence(List{}, inside, Beginning::Other));
      features_ = in;
      made->add(shortcut(List{}, inside));
      return made;
    } else if constexpr (Item::structure == Structure::Concat) {
      return concat(List{}, inside);
    } else {
      return nullptr;  // a Shortcut: made by its residual
    }
  }

  /// The way around a residual's items: nothing, or what its `Shortcut` holds.
  template <class List>
  Pointer shortcut(List list, const std::string& inside) {
    Pointer made = std::make_unique<SequenceLayer<Scalar>>();
    visit_items(list, Beginning::Other, [&]<class Item>(Placed<Item> item) {
      if constexpr (detail::is_shortcut<Item>) {
        made = sequence(typename Item::Items{}, inside + std::to_string(item.position) + ".",
                        Beginning::Other);
      }
    });
    return made;
  }

  template <class List>
  Pointer concat(List list, const std::string& inside) {
    const std::size_t in = features_;
    std::size_t all = 0;
    auto made = std::make_unique<ConcatLayer<Scalar>>();
    visit_items(list, Beginning::Other, [&]<class Branch>(Placed<Branch> branch) {
      features_ = in;
      made->add(sequence(typename Branch::Items{}, inside + std::to_string(branch.position) + ".",
                         Beginning::Other));
      all += features_;
    });
    features_ = all;
    return made;
  }

  const std::vector<Tensor>& tensors_;
  std::size_t features_ = 0;  // of the values at hand
  int count_ = 0;             // items so far
};

}  // namespace lamina::naive
