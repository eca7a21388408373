#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include <lamina/core/normalization.hpp>
#include <lamina/core/operation.hpp>
#include <lamina/network/nodes.hpp>

#include "items.hpp"
#include "layers.hpp"
#include "losses.hpp"
#include "noise.hpp"
#include "structures.hpp"

/// A network's type as constants, from which the layers are made when the program runs: nothing but
/// data is compiled for each network. As templates of the network, what made the layers took half
/// of the time that g++ -O3 needed for a test of many networks.
namespace lamina::naive {

template <class Scalar>
using MakeLayer = LayerPointer<Scalar>(int number, const Shape& shape);

/// An item of a list.
template <class Scalar>
struct Description {
  Role role;
  Beginning begins;
  Structure structure{};
  int times = 1;                         ///< that a sequence's items are run
  std::span<const Description> items{};  ///< of a structure
  Normalization norm{};
  Shape (*output)(Shape) = nullptr;              ///< of what changes shapes
  SpatialOperation (*spatial)(Shape) = nullptr;  ///< of what reads positions
  bool bias = false;                             ///< of a contraction, as are the next two
  double lambda = 0;
  double absolute = 0;
  MakeLayer<Scalar>* make = nullptr;  ///< of an elementwise item
};

template <class Item, class Scalar>
LayerPointer<Scalar> make_elementwise([[maybe_unused]] int number,
                                      [[maybe_unused]] const Shape& shape) {
  if constexpr (requires { Item::rate; }) {
    return std::make_unique<NoiseLayer<Item, Scalar>>(number, shape, Item::rate);
  } else {
    return std::make_unique<ActivationLayer<Item, Scalar>>();
  }
}

template <class Net, class Scalar, class List>
struct Descriptions;

template <class Net, class Scalar, class Item>
constexpr Description<Scalar> describe_item() {
  Description<Scalar> made{Item::role, beginning_of<Item>()};
  if constexpr (requires { Item::spatial(Shape{}); }) made.spatial = &Item::spatial;
  if constexpr (requires { Item::output(Shape{}); }) made.output = &Item::output;
  if constexpr (Item::role == Role::Structure) {
    made.structure = Item::structure;
    if constexpr (Item::structure == Structure::Sequence) {
      made.times = lamina::detail::times_of<Item>;
    }
    made.items = Descriptions<Net, Scalar, typename Item::Items>::all;
  } else if constexpr (Item::role == Role::Contraction) {
    made.bias = Item::bias;
    made.lambda = Items<Net>::template lambda_of<Item>();
    made.absolute = Items<Net>::template absolute_of<Item>();
  } else if constexpr (Item::role == Role::Normalization) {
    made.norm = Item::normalization;
  } else if constexpr (Item::role == Role::Elementwise) {
    made.make = make_elementwise<Item, Scalar>;
  }
  return made;
}

/// The items of a list, in order.
template <class Net, class Scalar, class... Content>
struct Descriptions<Net, Scalar, ItemList<Content...>> {
  static constexpr std::array<Description<Scalar>, sizeof...(Content)> all{
      describe_item<Net, Scalar, Content>()...};
};

template <class Target, class Scalar>
using Judge = Judgement<Scalar>(const std::vector<Scalar>& outputs, std::span<const Target> targets,
                                std::size_t rows);

template <class Loss, class Scalar>
Judgement<Scalar> judge_by(const std::vector<Scalar>& outputs,
                           std::span<const typename Loss::Target> targets, std::size_t rows) {
  return judge(Loss{}, outputs, targets, rows);
}

/// A whole network: what the textbook knows of its type.
template <class Target, class Scalar>
struct NetworkDescription {
  Shape input;
  std::span<const Description<Scalar>> items;
  Judge<Target, Scalar>* judge;  ///< null for a network without a loss, which can only predict

  /// Values of a sample.
  [[nodiscard]] std::size_t features() const { return static_cast<std::size_t>(input.features()); }
};

template <class Net, class Scalar>
constexpr auto describe_network() {
  using Loss = typename Items<Net>::Loss;
  NetworkDescription<typename Loss::Target, Scalar> made{
      Items<Net>::input, Descriptions<Net, Scalar, typename Items<Net>::List>::all, nullptr};
  if constexpr (!std::is_same_v<Loss, NoLoss>) made.judge = judge_by<Loss, Scalar>;
  return made;
}

}  // namespace lamina::naive
