#include "bench/measure.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bench/peak.hpp"

namespace lamina::bench {

namespace {
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
}  // namespace

double best_time(const Contender& contender, double seconds) {
  volatile float used = contender.run();
  double best = 1e30;
  const Clock::time_point begin = Clock::now();
  for (int runs = 0; runs < 2 || seconds_since(begin) < seconds; ++runs) {
    const Clock::time_point start = Clock::now();
    used = contender.run();
    best = std::min(best, seconds_since(start));
  }
  static_cast<void>(used);
  return best / contender.calls;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::size_t Turns::add(Contender contender, int threads) {
  entries_.push_back({std::move(contender), threads, {}, {}});
  return entries_.size() - 1;
}

void Turns::run(int rounds, double seconds) {
  for (int round = 0; round < rounds; ++round) {
    for (Entry& entry : entries_) take_turn(entry, seconds);
  }
}

void Turns::take_turn(Entry& entry, double seconds) {
  tbb::task_arena arena(entry.threads);
  while (true) {
    const Clock::time_point start = Clock::now();
    const Peak before = measure_peak(entry.threads);
    const double time = arena.execute([&] { return best_time(entry.contender, seconds); });
    const Peak after = measure_peak(entry.threads);
    const bool calm = before.calm() && after.calm();
    if (!calm && patience_ > 0) {
      patience_ -= seconds_since(start);
      continue;
    }
    if (!calm) ++disturbed_;
    const double peak = std::max(before.best, after.best);
    peaks_.push_back(peak / entry.threads);
    entry.times.push_back(time);
    entry.shares.push_back(entry.contender.flops / time * 1e-9 / peak);
    return;
  }
}

double Turns::time(std::size_t entry) const {
  return median(entries_[entry].times);
}

double Turns::share_of_peak(std::size_t entry) const {
  return median(entries_[entry].shares);
}

double Turns::ratio(std::size_t slow, std::size_t quick) const {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < entries_[slow].times.size(); ++round) {
    ratios.push_back(entries_[slow].times[round] / entries_[quick].times[round]);
  }
  return median(ratios);
}

double Turns::peak() const {
  return median(peaks_);
}

}  // namespace lamina::bench
