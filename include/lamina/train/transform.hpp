#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <lamina/data/boxes.hpp>
#include <lamina/data/draws.hpp>
#include <lamina/data/sample_layout.hpp>
#include <lamina/runtime/parallel.hpp>

namespace lamina {

/// A batch that has been gathered for a step, a copy to be changed as one likes.
template <class Target>
struct TrainingBatch {
  std::span<float> inputs{};    ///< (rows, features), row-major
  std::span<Target> targets{};  ///< a `Label` or a class map a row, or (rows, outputs) floats
  std::size_t rows = 0;
  SampleLayout layout{};
  std::uint64_t seed = 0;    ///< the model's
  std::int64_t step = 0;     ///< of the trainer before the step that the batch is for
  std::uint32_t stream = 0;  ///< the transform's place among those of the fit
  /// A list for each row, copies to be changed; empty where the data set has none.
  std::span<std::vector<augment::Box>> boxes{};
  std::span<std::vector<augment::KeyPoint>> points{};

  [[nodiscard]] std::span<float> input(std::size_t row) const {
    const std::size_t features = inputs.size() / rows;
    return inputs.subspan(row * features, features);
  }
  [[nodiscard]] std::span<Target> target(std::size_t row) const {
    const std::size_t count = targets.size() / rows;
    return targets.subspan(row * count, count);
  }
  /// The random numbers of a row, each transform's own.
  [[nodiscard]] Draws draws(std::size_t row) const { return {seed, step, row, stream}; }
};

/// One sample of a batch. What moves its image must move its class map, boxes and points alike.
template <class Target>
struct TrainingSample {
  std::span<float> input;
  std::span<Target> target;
  Shape shape;
  /// Its lists, which may become longer or shorter; null where the data set has none.
  std::vector<augment::Box>* boxes = nullptr;
  std::vector<augment::KeyPoint>* points = nullptr;
};

/// Changes every sample of every batch before it is trained on: the place of augmentation. Samples
/// are changed in parallel, and while steps before theirs run: the function must not write to
/// anything but its sample.
///
/// Example:
///
///     trainer.fit(train, validation, {}, Transform{[](auto sample, Draws& draws) {
///       for (float& x : sample.input) x += 0.1f * static_cast<float>(draws.normal());
///     }});
template <class Function>
struct Transform {
  Function function;

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    constexpr std::size_t group = 8;
    const auto tasks = static_cast<int>((batch.rows + group - 1) / group);
    runtime::for_each_task(tasks, true, [&](int task) {
      const std::size_t first = static_cast<std::size_t>(task) * group;
      for (std::size_t row = first; row < std::min(batch.rows, first + group); ++row) {
        Draws draws = batch.draws(row);
        function(TrainingSample<Target>{batch.input(row), batch.target(row), batch.layout.shape,
                                        batch.boxes.empty() ? nullptr : &batch.boxes[row],
                                        batch.points.empty() ? nullptr : &batch.points[row]},
                 draws);
      }
    });
  }
};

template <class Function>
Transform(Function) -> Transform<Function>;

/// Changes every batch as a whole, while steps before it run, several batches at once: the function
/// must not write to anything but its batch.
///
/// Example: `BatchTransform{[](const auto& batch) { for (float& x : batch.inputs) x /= 255; }}`
template <class Function>
struct BatchTransform {
  Function function;

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    function(batch);
  }
};

template <class Function>
BatchTransform(Function) -> BatchTransform<Function>;

}  // namespace lamina
