#pragma once

#include <string>
#include <tbb/task_arena.h>
#include <vector>

#include "bench/contenders.hpp"

/// Measuring by taking turns: on a shared machine the same loop is 20 % slower a second later, so
/// what is compared runs in turns, round after round, the FMA peak before and after every turn; a
/// figure is the median over the rounds of the ratio within a round. A turn is taken again when
/// something else was running on the cores.
namespace lamina::bench {

/// Seconds a call: the best of those within `seconds`, at least two runs after one to warm up.
double best_time(const Contender& contender, double seconds);

double median(std::vector<double> values);

/// Contenders that take turns.
class Turns {
 public:
  /// `patience`: seconds that may go by in turns that were disturbed and are taken again.
  explicit Turns(double patience) : patience_(patience) {}

  /// Enters a contender that runs on `threads` threads; returns its number.
  std::size_t add(Contender contender, int threads = 1);

  /// Runs everyone once a round, `seconds` each.
  void run(int rounds, double seconds);

  /// Median seconds a call.
  [[nodiscard]] double time(std::size_t entry) const;
  /// Median of useful operations a second over the FMA peak of as many threads.
  [[nodiscard]] double share_of_peak(std::size_t entry) const;
  /// Median of the time of `slow` over that of `quick`.
  [[nodiscard]] double ratio(std::size_t slow, std::size_t quick) const;
  /// Turns that something else disturbed, and that patience was not enough for.
  [[nodiscard]] int disturbed() const { return disturbed_; }
  /// Median FMA peak of one thread, GFLOP/s.
  [[nodiscard]] double peak() const;
  [[nodiscard]] const std::string& name(std::size_t entry) const {
    return entries_[entry].contender.name;
  }

 private:
  struct Entry {
    Contender contender;
    int threads;
    std::vector<double> times;  // a round each
    std::vector<double> shares;
  };

  void take_turn(Entry& entry, double seconds);

  double patience_;
  int disturbed_ = 0;
  std::vector<Entry> entries_;
  std::vector<double> peaks_;
};

}  // namespace lamina::bench
