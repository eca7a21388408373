#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <lamina/runtime/space_tables.hpp>

/// Sweeps: loops over blocks of samples that take a few samples at a time through several stages,
/// so that what one leaves is in cache when the next reads it. Means over the batch end a sweep:
/// what follows needs those of all samples.
namespace lamina::runtime {

/// Weights and their gradients that the stages of a sweep go through for every few samples; where
/// there are more, each stage has a sweep of its own. 1 MiB, an L2 cache or half of one. They are
/// counted as `common_weight_floats`.
inline constexpr std::size_t sweep_floats = std::size_t{1} << 18;

/// Calls f(reader, its source or null where it adds the stage's outputs) for what reads a stage.
template <class F>
constexpr void for_each_reader(std::span<const Stage> stages, int index, const F& f) {
  for (int reader = index + 1; reader <= stages[static_cast<std::size_t>(index)].last_consumer;
       ++reader) {
    const Stage& next = stages[static_cast<std::size_t>(reader)];
    if (next.skip == index) f(next, static_cast<const Source*>(nullptr));
    for (const Source& source : next.reads_from()) {
      if (source.stage == index) f(next, &source);
    }
  }
}

/// Floats of the weights of a reader turned for the way back to a stage; 0 where it has none.
constexpr std::size_t turned_floats(const Stage& stage, const Stage& next, const Source* source) {
  if (source == nullptr || !next.convolves()) return 0;
  return static_cast<std::size_t>(stage.panels.count) *
         kernel::turned_floats(convolution_of(next), stage.panels.width);
}
constexpr std::size_t turned_floats(std::span<const Stage> stages, int index) {
  std::size_t floats = 0;
  for_each_reader(stages, index, [&](const Stage& next, const Source* source) {
    floats += turned_floats(stages[static_cast<std::size_t>(index)], next, source);
  });
  return floats;
}

/// What a sweep back through a stage counts for: weights of its readers, and its own gradient.
constexpr std::size_t floats_back(std::span<const Stage> stages, int index) {
  const Stage& stage = stages[static_cast<std::size_t>(index)];
  std::size_t floats = stage.common_weight_floats();
  for_each_reader(stages, index, [&](const Stage& next, const Source* source) {
    if (source == nullptr || !next.convolves()) return;
    floats += static_cast<std::size_t>(next.taps()) * common_floats(stage.outputs()) *
              static_cast<std::size_t>(next.outputs());
  });
  return floats;
}

/// The end of the sweep forward that begins with a stage. A product has a sweep of its own.
constexpr int forward_sweep(std::span<const Stage> stages, int first, int end) {
  const auto at = [&](int s) -> const Stage& { return stages[static_cast<std::size_t>(s)]; };
  const auto joins = [&](int s) {
    return at(s).loop() == Loop::Samples && at(s).operation.operation != Operation::Product;
  };
  std::size_t floats = at(first).common_weight_floats();
  int s = first;
  while (s + 1 < end && joins(s) && !at(s).means_of_batch() && joins(s + 1)) {
    floats += at(s + 1).common_weight_floats();
    if (floats > sweep_floats) break;
    ++s;
  }
  return s + 1;
}

/// A sweep back: through the norm of stage `head`, whose sums over the batch are known, and its
/// weights, if there is one; then through stages [end, first], the last of them first.
struct BackwardSweep {
  int head;
  int first;
  int end;

  [[nodiscard]] constexpr bool has_head() const { return head != Stage::absent; }
  /// Calls f(stage) for all but the head, in order.
  template <class F>
  constexpr void for_each(const F& f) const {
    for (int s = first; s >= end; --s) f(s);
  }
};

/// True where the way back goes through a stage sample by sample.
constexpr bool sweeps_back(const Stage& stage) {
  return stage.loop() == Loop::Samples && stage.trains;
}

/// The sweep that goes back from stage `first` on, `lowest` at most; with a head it may be empty.
constexpr BackwardSweep backward_sweep(std::span<const Stage> stages, int head, int first,
                                       int lowest) {
  const auto at = [&](int s) -> const Stage& { return stages[static_cast<std::size_t>(s)]; };
  std::size_t floats = head == Stage::absent ? 0 : at(head).common_weight_floats();
  bool alone = head == Stage::absent;  // the first stage of a sweep needs no room beside others
  int s = first;
  for (bool done = false; !done && s >= lowest && sweeps_back(at(s)); --s) {
    const Stage& stage = at(s);
    floats += floats_back(stages, s);
    if (!alone && (stage.feeds_product || floats > sweep_floats)) break;
    done = stage.means_of_batch() || stage.feeds_product;
    alone = false;
  }
  return {head, first, s + 1};
}

/// Calls f(sweep) for those from stage `first` back; returns the next stage, which is in none of
/// them.
template <class F>
constexpr int for_each_sweep_back(std::span<const Stage> stages, int first, int lowest,
                                  const F& f) {
  int head = Stage::absent;
  int next = first;
  while (head != Stage::absent ||
         (next >= lowest && sweeps_back(stages[static_cast<std::size_t>(next)]))) {
    const BackwardSweep sweep = backward_sweep(stages, head, next, lowest);
    f(sweep);
    const bool means =
        sweep.end <= sweep.first && stages[static_cast<std::size_t>(sweep.end)].means_of_batch();
    head = means ? sweep.end : Stage::absent;
    next = sweep.end - 1;
  }
  return next;
}

}  // namespace lamina::runtime
