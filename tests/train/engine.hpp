#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include <lamina/lamina.hpp>

/// The engine behind interfaces that do not depend on the network: what drives it in a test of many
/// networks is compiled once.
namespace lamina::testing {

/// A model and its trainer.
template <class Target>
class Training {
 public:
  Training() = default;
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;
  virtual ~Training() = default;

  /// A new model, and at the first step a trainer of it.
  virtual void begin(Seed seed) = 0;
  [[nodiscard]] virtual std::vector<Tensor> tensors() const = 0;
  virtual void assign(const std::vector<Tensor>& tensors) = 0;
  virtual float step(std::span<const float> inputs, std::span<const Target> targets) = 0;
};

/// And its predictions.
template <class Target>
class Engine : public Training<Target> {
 public:
  virtual void predict(std::span<const float> inputs, std::span<float> outputs) const = 0;
  /// The model of now, frozen: the rows at once, and one by one.
  virtual void predict_frozen(std::span<const float> inputs, std::span<float> outputs,
                              std::span<float> outputs_of_single_rows) const = 0;
};

template <class Net, class Optimizer, template <class> class Interface = Training>
class TrainingOf : public Interface<typename Plan<Net>::Loss::Target> {
 public:
  using Target = typename Plan<Net>::Loss::Target;

  explicit TrainingOf(const Optimizer& optimizer) : optimizer_(optimizer) {}

  void begin(Seed seed) override {
    trainer_.reset();
    model_.emplace(seed);
  }
  [[nodiscard]] std::vector<Tensor> tensors() const override { return model_->tensors(); }
  void assign(const std::vector<Tensor>& tensors) override { model_->assign(tensors); }
  float step(std::span<const float> inputs, std::span<const Target> targets) override {
    if (!trainer_) trainer_.emplace(*model_, optimizer_);
    return trainer_->step(inputs, targets);
  }
  /// After the first step.
  [[nodiscard]] Trainer<Net, Optimizer>& trainer() { return *trainer_; }

 protected:
  [[nodiscard]] const Model<Net>& model() const { return *model_; }

 private:
  Optimizer optimizer_;
  std::optional<Model<Net>> model_;
  std::optional<Trainer<Net, Optimizer>> trainer_;
};

template <class Net, class Optimizer>
class EngineOf final : public TrainingOf<Net, Optimizer, Engine> {
 public:
  using EngineOf::TrainingOf::TrainingOf;

  void predict(std::span<const float> inputs, std::span<float> outputs) const override {
    this->model().predict(inputs, outputs);
  }
  void predict_frozen(std::span<const float> inputs, std::span<float> outputs,
                      std::span<float> outputs_of_single_rows) const override {
    constexpr auto features = static_cast<std::size_t>(Plan<Net>::features);
    const Predictor<Net> predictor = this->model().freeze();
    predictor(inputs, outputs);
    float* next = outputs_of_single_rows.data();
    for (std::size_t at = 0; at < inputs.size(); at += features) {
      const auto scores = predictor(inputs.subspan(at, features));
      next = std::copy(scores.begin(), scores.end(), next);
    }
  }
};

}  // namespace lamina::testing
