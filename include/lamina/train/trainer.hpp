#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <lamina/core/arguments.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/core/item.hpp>
#include <lamina/core/optimizer.hpp>
#include <lamina/core/serialize_same.hpp>
#include <lamina/model/model.hpp>
#include <lamina/runtime/narrow_step.hpp>
#include <lamina/train/check_step.hpp>
#include <lamina/train/fit.hpp>

namespace lamina {

/// Trains a model: owns the optimizer's state and the workspace of a step.
///
/// It refers to the model, which must outlive it and stay where it is; so a trainer, and a class
/// that holds one, is neither copied nor moved. A `Learner` owns both and may be; a class of your
/// own copies a trainer by `Trainer{its_model, other.trainer}`. A model that something is assigned
/// to is trained on from there; a step of one that was moved from throws `Error`.
///
/// All parallel work runs in the caller's TBB arena; any number of threads gives bit-identical
/// parameters.
///
/// Example: `Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};`
template <class Net, class Optimizer>
class Trainer {
 public:
  using P = Plan<Net>;
  using Target = typename P::Loss::Target;

  Trainer(Model<Net>& model, Optimizer optimizer);

  /// Goes on where another trainer stands: with a copy of its optimizer's state, and the same
  /// further steps to the bit where `model` is a copy of its model.
  Trainer(Model<Net>& model, const Trainer& other);

  // A line each: g++ shows it.
  // clang-format off
  Trainer(const Model<Net>&, Optimizer) LAMINA_DELETE("a Trainer changes its Model and refers to it: give it one that is no constant and has a name, or use a Learner");
  Trainer(const Trainer&) LAMINA_DELETE("a Trainer refers to its Model and is neither copied nor moved: use a Learner");
  Trainer& operator=(const Trainer&) LAMINA_DELETE("a Trainer refers to its Model and is neither copied nor moved: use a Learner");
  // clang-format on
  ~Trainer() = default;

  /// One training step on row-major (batch, features) inputs: forward, loss, backward, update.
  /// Targets: one `Label` a row for `CrossEntropy`, of images and signals one a position, (batch,
  /// height, width); else row-major (batch, outputs) floats, laid out as the outputs.
  /// Returns the mean loss with penalties, of the parameters before the update.
  ///
  /// Errors: sizes that do not fit, an empty batch, a label outside [0, classes), or one row where
  /// a batch normalization needs two throw `Error`, before anything is changed. So do numbers of
  /// the optimizer that make no sense. A loss that is NaN or infinite is returned as it is; `fit`
  /// throws.
  float step(std::span<const float> inputs, std::span<const Target> targets);

  /// The same where a type tells a size: one that does not fit does not compile.
  template <class Inputs, class Targets>
    requires(FixedSize<const Inputs> || FixedSize<const Targets>)
  float step(const Inputs& inputs, const Targets& targets) {
    static_cast<void>(Diagnose<CheckBatch<BatchUse::Step, const Inputs, Model<Net>::features,
                                          const Targets, targets_a_sample>>{});
    return step(std::span<const float>(inputs), std::span<const Target>(targets));
  }

  /// Where the values and gradients of the last step lie, until the next one; `inputs` are those of
  /// that step and still there, `parameters` those before it, as many as
  /// `runtime::floats_to_observe`. For the library's own callbacks; narrow networks keep nothing.
  [[nodiscard]] runtime::StepMemory kept(std::span<const float> inputs, float* parameters)
    requires(!runtime::is_narrow<Net>)
  {
    return step_.kept(inputs.data(), static_cast<int>(inputs.size() / Model<Net>::features),
                      parameters);
  }

  /// The optimizer; its numbers may be changed between steps.
  [[nodiscard]] Optimizer& optimizer() { return optimizer_; }
  [[nodiscard]] Model<Net>& model() { return *model_; }
  /// Steps done.
  [[nodiscard]] std::int64_t steps() const { return steps_; }

  /// Moves by the gradients that `Accumulate` holds of fewer steps than make an update, by their
  /// mean; false where it holds none. `fit` does so at the end of every epoch.
  bool finish_accumulation()
    requires Accumulates<Optimizer>;

  /// Forgets them; `fit` does so where it begins.
  void drop_accumulation()
    requires Accumulates<Optimizer>
  {
    step_.drop();
  }

  /// What the weights cost before the last step: the part of its loss that is penalties.
  [[nodiscard]] double penalty() const { return loss_.penalty; }

  /// A model with the averaged parameters of an optimizer in `Average` and the present running
  /// statistics; before the first update, the present model.
  ///
  /// Example: `trainer.average().predict(inputs, outputs);`
  [[nodiscard]] Model<Net> average() const
    requires KeepsAverage<Optimizer>;

  /// Shows an archive all that later steps depend on, beside the model: the optimizer's state, its
  /// learning rate and its momentum, the number of steps. See `Checkpoint`.
  template <class Archive>
  void serialize(Archive& archive) {
    serialize_optimizer_type(archive);
    archive("steps", steps_);
    archive("learning_rate", optimizer_.learning_rate);
    detail::with_momentum(optimizer_, [&](float& momentum) { archive("momentum", momentum); });
    step_.serialize(archive);
  }

  /// Trains for some epochs on shuffled batches, with validation and callbacks; see `FitOptions`.
  /// Returns what each epoch reached.
  ///
  /// Errors: a data set that does not fit the network, numbers in it that are NaN or infinite, and
  /// an optimizer whose numbers make no sense throw `Error` before the first step. A loss that is
  /// NaN or infinite ends the fit with an `Error` that names epoch and step and, with `Statistics`
  /// among the callbacks, the layer. The model is then what that step made of it, with
  /// `EarlyStopping` that of the best epoch; nothing of it goes into a `Checkpoint`.
  template <class... Callbacks>
  History fit(const Dataset& train, const Dataset& validation, const FitOptions& options = {},
              Callbacks&&... callbacks) {
    return in_float_mode(
        [&] { return detail::fit(*this, train, validation, options, callbacks...); });
  }

 private:
  // Other optimizers may keep numbers of the same names: Adam's mean is no momentum of Sgd.
  template <class Archive>
  static void serialize_optimizer_type(Archive& archive) {
    std::string name(type_name<Optimizer>());
    // Compilers differ in spaces and in whether they name the namespace they are in.
    std::erase(name, ' ');
    constexpr std::string_view own = "lamina::";
    for (auto at = name.find(own); at != name.npos; at = name.find(own)) name.erase(at, own.size());
    detail::serialize_same(archive, "optimizer", name);
  }

  static constexpr bool labelled = std::is_same_v<Target, Label>;
  static constexpr std::size_t targets_a_sample =
      kernel::targets_a_sample<typename P::Loss>(P::output_shape);

  Model<Net>* model_;
  Optimizer optimizer_;
  runtime::StepOf<Net, Optimizer> step_ = runtime::make_step<Net, Optimizer>();
  std::int64_t steps_ = 0;
  runtime::StepLoss loss_{};
};

template <class Net, class Optimizer>
Trainer(Model<Net>&, Optimizer) -> Trainer<Net, Optimizer>;

// Outside of the class for the sake of explicit instantiations, as with `Model`.

template <class Net, class Optimizer>
Trainer<Net, Optimizer>::Trainer(Model<Net>& model, Optimizer optimizer)
    : model_(&model), optimizer_(optimizer) {}

template <class Net, class Optimizer>
Trainer<Net, Optimizer>::Trainer(Model<Net>& model, const Trainer& other)
    : model_(&model),
      optimizer_(other.optimizer_),
      step_(other.step_),
      steps_(other.steps_),
      loss_(other.loss_) {}

template <class Net, class Optimizer>
float Trainer<Net, Optimizer>::step(std::span<const float> inputs,
                                    std::span<const Target> targets) {
  const std::size_t rows = rows_of(inputs.size(), Model<Net>::features, "step: inputs");
  expect_size(targets.size(), rows * targets_a_sample, "step: targets");
  detail::check_step_rows(rows, P::least_rows, P::most_positions);
  if constexpr (labelled) {
    detail::check_step_labels(targets, P::output_shape, kernel::ignored_label<typename P::Loss>);
  }
  check_numbers(optimizer_, {"step"});
  const std::int64_t number = steps_ + 1;
  ParameterBlock& block = model_->block();
  return in_float_mode([&] {
    loss_ = step_.run({inputs.data(),
                       targets.data(),
                       static_cast<int>(rows),
                       {model_->seed().value, static_cast<std::uint32_t>(number)},
                       model_->rates().data()},
                      optimizer_, number, block.trained.data(),
                      {block.running.data(), block.counters.data()});
    steps_ = number;
    return static_cast<float>(loss_.data + loss_.penalty);
  });
}

template <class Net, class Optimizer>
bool Trainer<Net, Optimizer>::finish_accumulation()
  requires Accumulates<Optimizer>
{
  check_numbers(optimizer_, {"finish_accumulation"});
  return in_float_mode([&] { return step_.finish(optimizer_, model_->block().trained.data()); });
}

template <class Net, class Optimizer>
Model<Net> Trainer<Net, Optimizer>::average() const
  requires KeepsAverage<Optimizer>
{
  Model<Net> averaged = *model_;
  float* trained = averaged.block().trained.data();
  if (const float* from = step_.average(); from != nullptr) {
    std::copy_n(from, P::parameter_floats, trained);
    in_float_mode([&] { detail::compose_weights(P::stages, trained); });
  }
  return averaged;
}

/// What stands in for the trainer of a network that is wrong or has no loss.
template <class Net, class Optimizer>
  requires(!TrainableNetwork<Net>)
class Trainer<Net, Optimizer> : Diagnose<NetworkFault<Net>> {
 public:
  Trainer(Model<Net>& model, Optimizer optimizer) : model_(&model), optimizer_(optimizer) {}
  Trainer(Model<Net>& model, const Trainer& other) : Trainer(model, other.optimizer_) {}
  float step(std::span<const float>, std::span<const Label>) { return 0; }
  float step(const auto&, const auto&) { return 0; }
  History fit(const Dataset&, const Dataset&, const FitOptions& = {}, auto&&...) { return {}; }
  [[nodiscard]] Optimizer& optimizer() { return optimizer_; }
  [[nodiscard]] Model<Net>& model() { return *model_; }
  [[nodiscard]] std::int64_t steps() const { return 0; }
  [[nodiscard]] double penalty() const { return 0; }
  [[nodiscard]] Model<Net> average() const { return *model_; }

 private:
  Model<Net>* model_;
  Optimizer optimizer_;
};

}  // namespace lamina
