#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/io/checkpoint.hpp>
#include <lamina/lamina.hpp>
#include <lamina/plot/decision_boundary.hpp>
#include <lamina/plot/feature_maps.hpp>
#include <lamina/plot/model_histograms.hpp>
#include <lamina/program/schedule.hpp>
#include <lamina/program/session.hpp>
#include <lamina/train/find_learning_rate.hpp>

/// What `lamina` compiles for a network: its commands that train and predict.
namespace lamina::program {

template <class Loss>
inline constexpr Outputs outputs_of_loss = Outputs::Values;
template <class... Attributes>
inline constexpr Outputs outputs_of_loss<CrossEntropy<Attributes...>> = Outputs::Logits;
template <class... Attributes>
inline constexpr Outputs outputs_of_loss<BinaryCrossEntropy<Attributes...>> = Outputs::BinaryLogit;
template <>
inline constexpr Outputs outputs_of_loss<Hinge> = Outputs::Scores;

template <class Net>
NetworkFacts facts_of() {
  using Loss = typename Plan<Net>::Loss;
  return {
      .input = Plan<Net>::input_shape,
      .targets = {.labels = std::is_same_v<typename Loss::Target, Label>,
                  .outputs = Model<Net>::outputs,
                  // A single output chooses the second class where it is above 0.
                  .signs = std::is_same_v<Loss, Hinge> ||
                           (Model<Net>::outputs == 1 && outputs_of_loss<Loss> == Outputs::Values),
                  .shape = Plan<Net>::output_shape,
                  .ignored = kernel::ignored_label<Loss>},
      .outputs = outputs_of_loss<Loss>,
      .parameters = Plan<Net>::parameters};
}

template <class Net>
std::vector<float> predict_all(const Model<Net>& model, const Dataset& data) {
  std::vector<float> outputs(data.size() * Model<Net>::outputs);
  model.predict(data.inputs(), std::span<float>(outputs));
  return outputs;
}

/// The schedule of a run for an optimizer, whose momentum it may move.
template <class Optimizer>
ChosenSchedule schedule_for(const Configuration& configuration, Optimizer& optimizer) {
  ChosenSchedule schedule =
      find_schedule(configuration.schedule, optimizer.learning_rate, configuration.epochs);
  lamina::detail::with_momentum(optimizer,
                                [&](float& momentum) { schedule.base_momentum = momentum; });
  return schedule;
}

/// What is measured after every epoch.
template <class Net>
auto metrics_for() {
  if constexpr (outputs_of_loss<typename Plan<Net>::Loss> == Outputs::Values) {
    return Metrics{metrics::R2{}};
  } else if constexpr (Plan<Net>::output_shape.positions() > 1) {
    return Metrics{metrics::IntersectionOverUnion{}};
  } else {
    return Metrics{metrics::F1{}};
  }
}

/// The pictures that need the model itself; a missing gnuplot is said elsewhere.
template <class Net>
void draw_model(const Model<Net>& model, const Dataset& data,
                const std::filesystem::path& directory) {
  make_directory(directory);
  const Dataset some = data.slice(0, std::min<std::size_t>(data.size(), 512));
  std::vector<Picture> drawn{
      plot_weight_histograms(model, directory / "weights"),
      plot_activation_histograms(model, some.inputs(), directory / "activations")};
  if constexpr (Model<Net>::features == 2 && Plan<Net>::output_shape.flat()) {
    drawn.push_back(plot_decision_boundary(model, data, directory / "decision_boundary"));
  }
  if constexpr (has_filters<Net>) {
    drawn.push_back(plot_filters(model, directory / "filters"));
    drawn.push_back(plot_feature_maps(model, data.inputs(0), directory / "feature_maps"));
  }
}

/// Callback: ends a run whose loss is not a number; its last checkpoint stays.
struct FiniteLoss {
  template <class State>
  void after_step(const State& state) const {
    if (std::isfinite(state.mean_loss)) return;
    throw Error(std::string("train: expected a finite loss, found ") +
                std::to_string(state.mean_loss) + " in epoch " + std::to_string(state.epoch + 1) +
                ", step " + std::to_string(state.step + 1) +
                "; try a lower --learning-rate (`lamina find-lr` suggests one)");
  }
};

/// The best model of a run, with standardized outputs, as it was trained and as all measures here
/// take it; its file has them in the units of the data.
template <class Net>
void load_best(Model<Net>& model, const std::filesystem::path& file,
               const DataDescription& description) {
  load(model, file);
  if (is_in_units(read_metadata(file))) model.scale_outputs(standardizing(description));
}

/// `augmentation`: an `Augment` list, or nothing.
template <class Net, class Optimizer, class... Augmentation>
void train(Job job, Optimizer optimizer, const Augmentation&... augmentation) {
  if constexpr (KeepsAverage<Optimizer>) {
    throw UsageError(
        "--optimizer: Average has no effect here: a run keeps the parameters "
        "themselves, not their average");
  }
  const NetworkFacts facts = facts_of<Net>();
  if (job.configuration.learning_rate == 0) {
    job.configuration.learning_rate = as_written(optimizer.learning_rate);
  }
  TrainingRun run = begin_training(job, facts);
  const Configuration& options = run.configuration;
  const ThreadLimit limit(options.threads);
  optimizer.learning_rate = static_cast<float>(options.learning_rate);
  Model<Net> model{Seed{options.seed}};
  Trainer trainer{model, optimizer};
  constexpr int never = std::numeric_limits<int>::max();
  const OutputScale scale = output_scale(options.description);
  const bool scaled = !scale.empty() && Model<Net>::scales_outputs;
  const Checkpoint checkpoint{.directory = run.directory,
                              .resume = job.resume,
                              .metadata = model_metadata(options.description, facts, scaled),
                              .scale = scaled ? scale : OutputScale{},
                              .run_metadata = run_metadata(options)};
  History history;
  try {
    if constexpr (sizeof...(augmentation) > 0) expect_to_augment(run.train, options.data);
    const auto expect_extents = [&](const auto& list) {
      const SampleLayout layout = lamina::detail::layout_of<Net>(run.train);
      expect_same_extents(layout.shape, list.layout_after(layout).shape);
    };
    (expect_extents(augmentation), ...);
    print_plan(run, facts);
    history = trainer.fit(
        run.train, run.validation, {.epochs = options.epochs, .batch_size = options.batch_size},
        schedule_for(options, optimizer),
        EarlyStopping{.patience = options.patience > 0 ? options.patience : never}, FiniteLoss{},
        metrics_for<Net>(), Checkpoint{checkpoint}, ProgressBar{}, augmentation...);
  } catch (...) {
    abandon_training(run);
    throw;
  }
  load_best(model, checkpoint.best(), options.description);
  const Dataset& seen = run.validation.empty() ? run.train : run.validation;
  draw_model(model, seen, run.directory / "pictures");
  finish_training(run, facts, history, predict_all(model, seen));
}

template <class Net, class Optimizer>
void find_rate(const Job& job, const Optimizer& optimizer) {
  const FindRun run = begin_find(job, facts_of<Net>());
  const ThreadLimit limit(run.configuration.threads);
  const Model<Net> model{Seed{run.configuration.seed}};
  const auto rows = static_cast<int>(run.train.size());
  finish_find(job,
              find_learning_rate(model, optimizer, run.train,
                                 {.batch_size = std::min(run.configuration.batch_size, rows)}));
}

template <class Net>
Model<Net> trained_model(const Job& job, const Inspection& inspection) {
  Model<Net> model;
  load_best(model, job.run / "best.safetensors", inspection.configuration.description);
  return model;
}

/// What the model says of data, of each sample alone or as the mean of draws of it.
template <class Net, class... Augmentation>
std::vector<float> predict_drawn(const Job& job, const Inspection& inspection,
                                 const Model<Net>& model, const Augmentation&... augmentation) {
  if constexpr (sizeof...(Augmentation) == 1) {
    if (job.draws > 0) {
      if constexpr (Plan<Net>::output_shape.flat()) {
        expect_to_augment(inspection.data, job.data);
        return predict_augmented(model, inspection.data, augmentation...,
                                 {.seed = Seed{inspection.configuration.seed}, .draws = job.draws});
      } else {
        throw UsageError(
            "--augment: expected a network with one output a sample, found one of class maps, "
            "which would have to be moved back");
      }
    }
  }
  if (sizeof...(Augmentation) == 0 && job.draws > 0)
    throw Error("draws: expected a list, found none");
  return predict_all(model, inspection.data);
}

template <class Net, class... Augmentation>
void evaluate_run(const Job& job, const Augmentation&... augmentation) {
  const NetworkFacts facts = facts_of<Net>();
  const Inspection inspection = begin_inspection(job, facts);
  const Model<Net> model = trained_model<Net>(job, inspection);
  std::optional<double> loss;  // is not that of the mean of draws
  if (job.draws == 0) loss = evaluate(model, inspection.adapted).loss;
  print_evaluation(inspection, facts, loss, predict_drawn(job, inspection, model, augmentation...));
}

template <class Net, class... Augmentation>
void predict_run(const Job& job, const Augmentation&... augmentation) {
  const NetworkFacts facts = facts_of<Net>();
  const Inspection inspection = begin_inspection(job, facts);
  const Model<Net> model = trained_model<Net>(job, inspection);
  write_predictions(job, inspection, facts, predict_drawn(job, inspection, model, augmentation...));
}

template <class Net>
void plot_sample(const Job& job) {
  const Inspection inspection = begin_inspection(job, facts_of<Net>());
  const std::span<const float> inputs = chosen_sample(job, inspection);
  print_picture(plot_feature_maps(trained_model<Net>(job, inspection), inputs, job.output));
}

/// The whole of a compiled network: does the job that it is started with.
/// `augmentation`: an `Augment` list to train or, where the job has draws, to predict with.
template <class Net, class Optimizer, class... Augmentation>
int run(int argc, char** argv, Optimizer optimizer, const Augmentation&... augmentation) {
  return guarded([&] {
    const Job job = job_from_arguments(argc, argv);
    if (job.command == "train") return train<Net>(job, optimizer, augmentation...);
    if (job.command == "evaluate") return evaluate_run<Net>(job, augmentation...);
    if (job.command == "predict") return predict_run<Net>(job, augmentation...);
    if (job.command == "plot") return plot_sample<Net>(job);
    if (job.command == "find-lr") return find_rate<Net>(job, optimizer);
    throw Error("expected a job of lamina, found '" + job.command + "'");
  });
}

}  // namespace lamina::program
