#pragma once

#include <cstdint>

#include <lamina/runtime/narrow_loops.hpp>
#include <lamina/runtime/training_step.hpp>

namespace lamina::runtime {

/// The training step of a narrow network: the gradients of its loops' tasks are added in their
/// order, and what happens to them then is the same as on panels: they lie in memory anyway, so
/// that nothing an optimizer, decay, constraint or reparameterization asks for keeps a network from
/// being narrow.
template <class Net, class Optimizer>
class NarrowStep {
 public:
  using Batch = typename NarrowLoops<Net>::Batch;

  StepLoss run(const Batch& batch, const Optimizer& optimizer, std::int64_t step, float* parameters,
               const AverageMemory& averages) {
    const double loss = loops_.run(batch, parameters, averages);
    return {loss, update_.run(loops_.gradients(), optimizer, step, parameters)};
  }

  /// Updates with what is held of fewer steps than make an update; false where there is nothing.
  bool finish(const Optimizer& optimizer, float* parameters)
    requires Accumulates<Optimizer>
  {
    return update_.finish(optimizer, parameters, false);
  }
  /// Forgets it.
  void drop() { update_.drop(); }

  /// The moving average of the parameters, if the optimizer keeps one; null before an update.
  [[nodiscard]] const float* average() const { return update_.average(); }

  /// Shows an archive all that later steps depend on.
  template <class Archive>
  void serialize(Archive& archive) {
    update_.serialize(archive);
  }

 private:
  NarrowLoops<Net> loops_;
  UpdatePass<Optimizer> update_{update_tables<Net, Optimizer, Gradients::Given>};
};

/// The training step of a network: narrow, or on panels.
template <class Net, class Optimizer>
auto make_step() {
  if constexpr (is_narrow<Net>) {
    return NarrowStep<Net, Optimizer>();
  } else {
    return TrainingStep<typename Plan<Net>::Loss, Optimizer>(step_tables<Net, Optimizer>);
  }
}
template <class Net, class Optimizer>
using StepOf = decltype(make_step<Net, Optimizer>());

}  // namespace lamina::runtime
