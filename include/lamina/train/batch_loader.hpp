#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/data/order.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/train/metrics.hpp>
#include <lamina/train/transform.hpp>

namespace lamina::detail {

/// True where a callback chooses the samples of an epoch.
template <class Callback>
concept Sampler = requires(const Callback& callback, std::vector<std::uint32_t>& order) {
  callback.order(order, std::uint64_t{}, std::int64_t{});
};

/// True where a callback changes batches.
template <class Callback, class Target>
concept Transforms = requires(const Callback& callback, const TrainingBatch<Target>& batch) {
  callback.transform(batch);
};

/// The batches of an epoch, gathered from a data set and transformed: with transforms the next one
/// while the one before is trained on.
template <class Net, class... Callbacks>
class BatchLoader {
 public:
  using Target = typename Plan<Net>::Loss::Target;

  BatchLoader(const Dataset& data, std::size_t batch, std::uint64_t seed,
              const std::tuple<Callbacks&...>& callbacks)
      : data_(&data),
        batch_(std::min(batch, data.size())),
        seed_(seed),
        callbacks_(callbacks),
        order_(data.size()),
        targets_a_row_(data.has_labels() ? 1 : data.outputs()) {
    std::iota(order_.begin(), order_.end(), 0u);
  }

  /// Begins an epoch, after `step` steps of the trainer, with batch `first`.
  void start(bool shuffles, std::int64_t step, std::int64_t first, std::int64_t batches) {
    if (shuffles) shuffle(order_, seed_, step);
    std::apply([&](auto&... callback) { (sample(callback, step), ...); }, callbacks_);
    epoch_start_ = step;
    next_ = first;
    batches_ = batches;
  }

  /// The next batch, which stays until the one after it is asked for.
  void next() {
    if (std::exchange(prefetched_, false)) {
      background_.wait();
      std::swap(present_, ahead_);
    } else {
      load(present_);
    }
    ++next_;
    if (next_ < batches_ && prefetches()) {
      background_.run([this] { load(ahead_); });
      prefetched_ = true;
    }
  }

  [[nodiscard]] std::span<const float> inputs() const {
    return std::span(present_.inputs).first(present_.rows * data_->features());
  }
  [[nodiscard]] std::span<const Target> targets() const {
    return std::span(present_.targets).first(present_.rows * targets_a_row_);
  }
  [[nodiscard]] std::size_t rows() const { return present_.rows; }

 private:
  struct Place {
    std::vector<float> inputs;
    std::vector<Target> targets;
    std::size_t rows = 0;
  };

  static constexpr bool has_transforms = (Transforms<Callbacks, Target> || ...);

  template <class Callback>
  void sample(const Callback& callback, std::int64_t step) {
    if constexpr (Sampler<Callback>) callback.order(order_, seed_, step);
  }

  /// A copy alone is made by all threads between two steps: beside the step it takes a thread from
  /// loops that wait for all of theirs (784-512-256-10, two threads: 1.02 to 1.04 of bare steps,
  /// and 1.05 to 1.06 beside the step).
  [[nodiscard]] bool prefetches() const { return runtime::max_threads() > 1 && has_transforms; }

  void load(Place& place) const {
    place.inputs.resize(batch_ * data_->features());
    place.targets.resize(batch_ * targets_a_row_);
    const std::size_t first = static_cast<std::size_t>(next_) * batch_;
    place.rows = std::min(batch_, data_->size() - first);
    gather(place, first);
    const TrainingBatch<Target> batch{std::span(place.inputs).first(place.rows * data_->features()),
                                      std::span(place.targets).first(place.rows * targets_a_row_),
                                      place.rows,
                                      data_->shape(),
                                      seed_,
                                      epoch_start_ + next_};
    std::apply([&](auto&... callback) { (transform(callback, batch), ...); }, callbacks_);
  }

  template <class Callback>
  static void transform(const Callback& callback, const TrainingBatch<Target>& batch) {
    if constexpr (Transforms<Callback, Target>) callback.transform(batch);
  }

  /// Asks for the inputs of a sample before they are copied: samples lie anywhere in memory, and
  /// the hardware's own prefetching begins anew with each.
  void fetch(std::size_t sample) const {
    constexpr std::size_t line = 64 / sizeof(float);
    const std::size_t features = data_->features();
    const float* from = data_->inputs().data() + sample * features;
    for (std::size_t i = 0; i < features; i += line) __builtin_prefetch(from + i);
  }

  /// Copies samples in parallel: a serial copy would let the other threads fall asleep.
  void gather(Place& place, std::size_t first) const {
    constexpr std::size_t group = 16;
    const std::size_t features = data_->features();
    const auto tasks = static_cast<int>((place.rows + group - 1) / group);
    runtime::for_each_task(tasks, place.rows * features >= large, [&](int task) {
      const std::size_t begin = static_cast<std::size_t>(task) * group;
      for (std::size_t row = begin; row < std::min(place.rows, begin + group); ++row) {
        const std::size_t sample = order_[first + row];
        if (row + distance < place.rows) fetch(order_[first + row + distance]);
        std::memcpy(place.inputs.data() + row * features,
                    data_->inputs().data() + sample * features, features * sizeof(float));
        std::copy_n(targets_of<Net>(*data_, sample), targets_a_row_,
                    place.targets.data() + row * targets_a_row_);
      }
    });
  }

  static constexpr std::size_t distance = 2;   // samples asked for before they are copied
  static constexpr std::size_t large = 32768;  // floats of a batch

  const Dataset* data_;
  std::size_t batch_;
  std::uint64_t seed_;
  std::tuple<Callbacks&...> callbacks_;
  std::vector<std::uint32_t> order_;
  std::size_t targets_a_row_;
  Place present_;  ///< trained on
  Place ahead_;    ///< loaded meanwhile, where batches are prefetched
  std::int64_t epoch_start_ = 0;
  std::int64_t next_ = 0;  ///< batch to be loaded
  std::int64_t batches_ = 0;
  bool prefetched_ = false;
  runtime::Background background_;  // last: what it runs uses all the others
};

}  // namespace lamina::detail
