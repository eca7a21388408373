#pragma once

#include <memory>
#include <span>
#include <utility>

#include <lamina/train/trainer.hpp>

namespace lamina {

/// A model and its trainer as one value: for members of classes, containers, and whatever else is
/// copied or moved.
///
/// A copy is deep, of parameters and optimizer's state: both take the same further steps to the
/// bit, and neither sees the other's. A move takes all of it along; `model()` and `trainer()` stay
/// where they are in memory, so that references to them hold. A learner that was moved from holds
/// nothing until something is assigned to it: it may be copied, and all else throws `Error`.
///
/// Example:
///
///     class Arm {
///       Learner<ArmNet, Adam> learner_{Seed{1}, Adam{.learning_rate = 1e-3f}};
///      public:
///       void learn(std::span<const float> seen, std::span<const float> wanted) {
///         learner_.step(seen, wanted);
///       }
///     };
///     std::vector<Arm> arms(8);
template <class Net, class Optimizer>
class Learner {
 public:
  using Target = typename Trainer<Net, Optimizer>::Target;

  /// With a model's first parameters.
  explicit Learner(Seed seed = {}, Optimizer optimizer = {})
      : Learner(Model<Net>(seed), std::move(optimizer)) {}
  /// Takes a model, copied or moved.
  Learner(Model<Net> model, Optimizer optimizer);

  Learner(const Learner& other);
  Learner(Learner&& other) noexcept = default;
  Learner& operator=(Learner other) noexcept {
    state_.swap(other.state_);
    return *this;
  }
  ~Learner();

  [[nodiscard]] Model<Net>& model() { return state().model; }
  [[nodiscard]] const Model<Net>& model() const { return state().model; }
  [[nodiscard]] Trainer<Net, Optimizer>& trainer() { return state().trainer; }
  /// The optimizer; its numbers may be changed between steps.
  [[nodiscard]] Optimizer& optimizer() { return trainer().optimizer(); }
  /// Steps done.
  [[nodiscard]] std::int64_t steps() const { return state().trainer.steps(); }

  /// One training step, see `Trainer::step`.
  float step(std::span<const float> inputs, std::span<const Target> targets);
  template <class Inputs, class Targets>
    requires(FixedSize<const Inputs> || FixedSize<const Targets>)
  float step(const Inputs& inputs, const Targets& targets) {
    return trainer().step(inputs, targets);
  }

  /// Trains for some epochs, see `Trainer::fit`.
  template <class... Callbacks>
  History fit(const Dataset& train, const Dataset& validation, const FitOptions& options = {},
              Callbacks&&... callbacks) {
    return trainer().fit(train, validation, options, std::forward<Callbacks>(callbacks)...);
  }

  /// Inference on any number of rows, see `Model::predict`.
  void predict(std::span<const float> inputs, std::span<float> results) const;
  template <class Inputs, class Results>
    requires(FixedSize<const Inputs> || FixedSize<Results>)
  void predict(const Inputs& inputs, Results&& results) const {
    model().predict(inputs, std::forward<Results>(results));
  }

  /// The inference-only network with the present parameters.
  [[nodiscard]] Predictor<Net> freeze() const;

 private:
  struct State {
    State(Model<Net> from, Optimizer optimizer)
        : model(std::move(from)), trainer(model, std::move(optimizer)) {}
    State(const State& other) : model(other.model), trainer(model, other.trainer) {}

    Model<Net> model;
    Trainer<Net, Optimizer> trainer;
  };

  [[nodiscard]] State& state() const {
    if (state_ == nullptr) {
      throw Error("Learner: expected one with a model, found one that was moved from");
    }
    return *state_;
  }

  std::unique_ptr<State> state_;
};

template <class Net, class Optimizer>
Learner(Model<Net>, Optimizer) -> Learner<Net, Optimizer>;

// Outside of the class for the sake of explicit instantiations, as with `Model`.

template <class Net, class Optimizer>
Learner<Net, Optimizer>::Learner(Model<Net> model, Optimizer optimizer)
    : state_(std::make_unique<State>(std::move(model), std::move(optimizer))) {}

template <class Net, class Optimizer>
Learner<Net, Optimizer>::Learner(const Learner& other)
    : state_(other.state_ == nullptr ? nullptr : std::make_unique<State>(*other.state_)) {}

template <class Net, class Optimizer>
Learner<Net, Optimizer>::~Learner() = default;

template <class Net, class Optimizer>
float Learner<Net, Optimizer>::step(std::span<const float> inputs,
                                    std::span<const Target> targets) {
  return trainer().step(inputs, targets);
}

template <class Net, class Optimizer>
void Learner<Net, Optimizer>::predict(std::span<const float> inputs,
                                      std::span<float> results) const {
  model().predict(inputs, results);
}

template <class Net, class Optimizer>
Predictor<Net> Learner<Net, Optimizer>::freeze() const {
  return model().freeze();
}

/// What stands in for the learner of a network that is wrong or has no loss.
template <class Net, class Optimizer>
  requires(!TrainableNetwork<Net>)
class Learner<Net, Optimizer> : Diagnose<NetworkFault<Net>> {
 public:
  explicit Learner(Seed = {}, Optimizer = {}) {}
  Learner(Model<Net>, Optimizer) {}
  float step(std::span<const float>, std::span<const Label>) { return 0; }
  float step(const auto&, const auto&) { return 0; }
  History fit(const Dataset&, const Dataset&, const FitOptions& = {}, auto&&...) { return {}; }
  void predict(std::span<const float>, std::span<float>) const {}
  void predict(const auto&, auto&&) const {}
  [[nodiscard]] Predictor<Net> freeze() const { return model().freeze(); }
  [[nodiscard]] Optimizer& optimizer();
  [[nodiscard]] Model<Net>& model();
  [[nodiscard]] const Model<Net>& model() const;
  [[nodiscard]] Trainer<Net, Optimizer>& trainer();
  [[nodiscard]] std::int64_t steps() const { return 0; }
};

}  // namespace lamina
