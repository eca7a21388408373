#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/data/order.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/train/finite.hpp>
#include <lamina/train/layout_of.hpp>
#include <lamina/train/metrics.hpp>
#include <lamina/train/transform.hpp>

namespace lamina::detail {

/// True where a callback chooses the samples of an epoch.
template <class Callback>
concept Sampler = requires(const Callback& callback, std::vector<std::uint32_t>& order) {
  callback.order(order, std::uint64_t{}, std::int64_t{});
};

/// True where a callback changes batches where they are.
template <class Callback, class Target>
concept TransformsInPlace = requires(const Callback& callback, const TrainingBatch<Target>& batch) {
  callback.transform(batch);
};

/// True where a callback makes one batch of another, whose samples may have another shape.
template <class Callback, class Target>
concept TransformsApart = requires(const Callback& callback, const TrainingBatch<Target>& batch) {
  callback.transform(batch, batch);
};

template <class Callback, class Target>
concept Transforms = TransformsInPlace<Callback, Target> || TransformsApart<Callback, Target>;

/// True where a callback looks at how samples lie before the first step, and says how they lie
/// behind it.
template <class Callback>
concept ChecksLayout = requires(const Callback& callback, const SampleLayout& layout) {
  { callback.layout_after(layout) } -> std::same_as<SampleLayout>;
};

/// The layouts of samples behind each of some callbacks.
/// Errors: what `layout_after` of a callback finds wrong with the layout it is given.
template <class... Callbacks>
std::array<SampleLayout, sizeof...(Callbacks)> layouts_after(SampleLayout layout,
                                                             const Callbacks&... callbacks) {
  [[maybe_unused]] const auto change = [&]<class Callback>(const Callback& callback) {
    if constexpr (ChecksLayout<Callback>) layout = callback.layout_after(layout);
    return layout;
  };
  return {change(callbacks)...};
}

/// The layout of a data set's samples as a network gets them.
template <class Net, class... Callbacks>
SampleLayout final_layout(const Dataset& data, const Callbacks&... callbacks) {
  if constexpr (sizeof...(Callbacks) > 0) {
    return layouts_after(layout_of<Net>(data), callbacks...).back();
  } else {
    return layout_of<Net>(data);
  }
}

/// The batches of an epoch, gathered from a data set and transformed: with transforms, or where
/// they are read, the next ones while those before are trained on.
template <class Net, class... Callbacks>
class BatchLoader {
 public:
  using Target = typename Plan<Net>::Loss::Target;

  /// `finite` says whose inputs must be that, where they are read with the batches; empty: they may
  /// be anything.
  BatchLoader(const Dataset& data, std::size_t batch, std::uint64_t seed,
              const std::tuple<Callbacks&...>& callbacks, std::string finite)
      : data_(&data),
        finite_(std::move(finite)),
        batch_(std::min(batch, data.size())),
        seed_(seed),
        callbacks_(callbacks),
        order_(data.size()),
        layout_(layout_of<Net>(data)),
        layouts_after_(
            std::apply([&](const auto&... callback) { return layouts_after(layout_, callback...); },
                       callbacks)),
        targets_a_sample_(data.has_labels() ? data.labels_a_sample() : data.outputs()),
        most_(std::clamp(floats_ahead / (batch_ * data.features()), std::size_t{1}, most_ahead)) {
    std::iota(order_.begin(), order_.end(), 0u);
  }

  /// Begins an epoch, after `step` steps of the trainer, with batch `first`.
  void start(bool shuffles, std::int64_t step, std::int64_t first, std::int64_t batches) {
    if (shuffles) shuffle(order_, seed_, step);
    std::apply([&](auto&... callback) { (sample(callback, step), ...); }, callbacks_);
    epoch_start_ = step;
    next_ = first;
    batches_ = batches;
    place_ = present_.size = 0;
  }

  /// The next batch, which stays until the one after it is asked for.
  void next() {
    if (++place_ < present_.size) return;
    if (std::exchange(prefetched_, false)) {
      background_.wait();
      std::swap(present_, ahead_);
    } else {
      plan(present_, 1);
      load(present_.places[0], present_.first);
    }
    place_ = 0;
    if (next_ < batches_ && prefetches()) prefetch();
  }

  [[nodiscard]] std::span<const float> inputs() const { return present().batch.inputs; }
  [[nodiscard]] std::span<const Target> targets() const { return present().batch.targets; }
  [[nodiscard]] std::size_t rows() const { return present().batch.rows; }

 private:
  /// Inputs and targets of a batch, and memory for them.
  struct Memory {
    std::vector<float> inputs;
    std::vector<Target> targets;

    void fit(TrainingBatch<Target>& batch, std::size_t features, std::size_t targets_a_sample) {
      inputs.resize(std::max(inputs.size(), batch.rows * features));
      targets.resize(std::max(targets.size(), batch.rows * targets_a_sample));
      batch.inputs = std::span(inputs).first(batch.rows * features);
      batch.targets = std::span(targets).first(batch.rows * targets_a_sample);
    }
  };
  struct Place {
    TrainingBatch<Target> batch{};
    Memory memory;
    Memory other;  ///< where a callback gives samples another shape
    std::vector<std::vector<augment::Box>> boxes;
    std::vector<std::vector<augment::KeyPoint>> points;
  };

  /// Batches that lie one after another in an epoch.
  struct Group {
    std::vector<Place> places;
    std::int64_t first = 0;
    std::size_t size = 0;
  };

  static constexpr bool has_transforms = (Transforms<Callbacks, Target> || ...);

  template <class Callback>
  void sample(const Callback& callback, std::int64_t step) {
    if constexpr (Sampler<Callback>) {
      callback.order(order_, seed_, step);
      check_order();
    }
  }

  void check_order() const {
    const auto most = std::max_element(order_.begin(), order_.end());
    if (order_.size() == data_->size() && *most < data_->size()) return;
    throw Error(std::string("fit: expected of a sampler ") + std::to_string(data_->size()) +
                " samples below that number, found " + std::to_string(order_.size()) +
                (order_.empty() ? "" : ", the greatest " + std::to_string(*most)));
  }

  /// A copy alone is made by all threads between two steps: beside the step it takes a thread from
  /// loops that wait for all of theirs (784-512-256-10, two threads: 1.02 to 1.04 of bare steps,
  /// and 1.05 to 1.06 beside the step). What reads files waits for them.
  [[nodiscard]] bool prefetches() const {
    return runtime::max_threads() > 1 && (has_transforms || !data_->in_memory());
  }

  [[nodiscard]] const Place& present() const { return present_.places[place_]; }

  /// A group of the next batches, at most `size`.
  void plan(Group& group, std::size_t size) {
    group.first = next_;
    group.size = std::min(size, static_cast<std::size_t>(batches_ - next_));
    if (group.places.size() < group.size) group.places.resize(group.size);
    next_ += static_cast<std::int64_t>(group.size);
  }

  /// Small batches go in groups, as waking a thread takes some 5 us. They grow from one batch on: a
  /// short epoch is to find its second batch ready. Each batch is a task, so that the caller takes
  /// of them what is not begun when it waits.
  void prefetch() {
    plan(ahead_, std::min(2 * present_.size, most_));
    for (std::size_t i = 0; i < ahead_.size; ++i) {
      background_.run(
          [this, i] { load(ahead_.places[i], ahead_.first + static_cast<std::int64_t>(i)); });
    }
    prefetched_ = true;
  }

  void load(Place& place, std::int64_t number) const {
    const std::size_t first = static_cast<std::size_t>(number) * batch_;
    TrainingBatch<Target>& batch = place.batch;
    batch = {.rows = std::min(batch_, data_->size() - first),
             .layout = layout_,
             .seed = seed_,
             .step = epoch_start_ + number};
    place.memory.fit(batch, data_->features(), targets_a_sample_);
    gather(batch, first);
    if (has_transforms) {
      batch.boxes = lists_of(data_->boxes(), place.boxes, batch.rows, first);
      batch.points = lists_of(data_->points(), place.points, batch.rows, first);
    }
    [[maybe_unused]] auto after = layouts_after_.begin();
    std::apply([&](auto&... callback) { (transform(callback, place, *after++), ...); }, callbacks_);
  }

  /// Copies of the lists of a batch's samples, in `memory`; none where the data set has none.
  template <class List>
  std::span<List> lists_of(std::span<const List> all, std::vector<List>& memory, std::size_t rows,
                           std::size_t first) const {
    if (all.empty()) return {};
    memory.resize(std::max(memory.size(), rows));
    for (std::size_t row = 0; row < rows; ++row) memory[row] = all[order_[first + row]];
    return std::span(memory).first(rows);
  }

  template <class Callback>
  static void transform(const Callback& callback, Place& place, const SampleLayout& after) {
    constexpr bool in_place = TransformsInPlace<Callback, Target>;
    constexpr bool apart = TransformsApart<Callback, Target>;
    const SampleLayout& before = place.batch.layout;
    const bool same = after.shape == before.shape && after.target_shape == before.target_shape;
    if constexpr (apart) {
      if (!in_place || !same) return transform_apart(callback, place, after);
    }
    if constexpr (in_place) {
      if (!same) throw Error("fit: expected transform(from, to) of a callback of other layouts");
      callback.transform(std::as_const(place.batch));
      place.batch.layout = after;
      ++place.batch.stream;
    }
  }

  template <class Callback>
  static void transform_apart(const Callback& callback, Place& place, const SampleLayout& after) {
    TrainingBatch<Target> made = place.batch;
    made.layout = after;
    place.other.fit(made, static_cast<std::size_t>(after.shape.features()),
                    static_cast<std::size_t>(after.target_shape.features()));
    callback.transform(std::as_const(place.batch), std::as_const(made));
    ++made.stream;
    place.batch = made;
    std::swap(place.memory, place.other);
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
  void gather(TrainingBatch<Target>& batch, std::size_t first) const {
    if (!data_->in_memory()) return read(batch, first);
    constexpr std::size_t group = 16;
    const std::size_t features = data_->features();
    const auto tasks = static_cast<int>((batch.rows + group - 1) / group);
    runtime::for_each_task(tasks, batch.rows * features >= large, [&](int task) {
      const std::size_t begin = static_cast<std::size_t>(task) * group;
      for (std::size_t row = begin; row < std::min(batch.rows, begin + group); ++row) {
        const std::size_t sample = order_[first + row];
        if (row + distance < batch.rows) fetch(order_[first + row + distance]);
        std::memcpy(batch.inputs.data() + row * features,
                    data_->inputs().data() + sample * features, features * sizeof(float));
        std::copy_n(targets_of<Net>(*data_, sample), targets_a_sample_,
                    batch.targets.data() + row * targets_a_sample_);
      }
    });
  }

  /// Reads samples in parallel, each a task: images take milliseconds.
  void read(TrainingBatch<Target>& batch, std::size_t first) const {
    runtime::for_each_task(static_cast<int>(batch.rows), true, [&](int task) {
      const auto row = static_cast<std::size_t>(task);
      const std::size_t sample = order_[first + row];
      data_->read_inputs(sample, batch.input(row));
      if (!finite_.empty()) {
        expect_finite(batch.input(row), data_->features(), sample, true, finite_);
      }
      std::copy_n(targets_of<Net>(*data_, sample), targets_a_sample_,
                  batch.targets.data() + row * targets_a_sample_);
    });
  }

  static constexpr std::size_t distance = 2;   // samples asked for before they are copied
  static constexpr std::size_t large = 32768;  // floats of a batch
  static constexpr std::size_t floats_ahead = 65536;
  static constexpr std::size_t most_ahead = 8;

  const Dataset* data_;
  std::string finite_;
  std::size_t batch_;
  std::uint64_t seed_;
  std::tuple<Callbacks&...> callbacks_;
  std::vector<std::uint32_t> order_;
  SampleLayout layout_;  ///< before the callbacks
  std::array<SampleLayout, sizeof...(Callbacks)> layouts_after_;
  std::size_t targets_a_sample_;
  std::size_t most_;  ///< batches of a group
  Group present_;     ///< trained on
  Group ahead_;       ///< loaded meanwhile, where batches are prefetched
  std::size_t place_ = 0;
  std::int64_t epoch_start_ = 0;
  std::int64_t next_ = 0;  ///< batch to be loaded by the next group
  std::int64_t batches_ = 0;
  bool prefetched_ = false;
  runtime::Background background_;  // last: what it runs uses all the others
};

}  // namespace lamina::detail
