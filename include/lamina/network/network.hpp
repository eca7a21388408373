#pragma once

namespace lamina {

/// A neural network as a type: a list of items, never an object.
///
/// `Input` first, then layers, norms, activations and dropout, then at most one loss and the
/// penalties of the whole network. Every shape and every attribute is checked where the type is
/// first used (`Model`, `plan_of`, `describe`); what is wrong is said in one sentence.
///
/// Example: `using Net = Network<Input<784>, Linear<128>, ReLU, Linear<10>, CrossEntropy<>>;`
template <class... Items>
struct Network {};

}  // namespace lamina
