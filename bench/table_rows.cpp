#include "bench/table_rows.hpp"

#include <algorithm>
#include <array>

#include "bench/measure.hpp"
#include "bench/peak.hpp"

namespace lamina::bench {

namespace {

constexpr auto at_least = Row::Bound::AtLeast;
constexpr auto at_most = Row::Bound::AtMost;
constexpr auto no_bound = Row::Bound::None;

/// A batch size with the figures to reach at it.
struct Goal {
  int batch;
  double share;
  double speedup;
};
constexpr std::array<Goal, 3> step_goals{{{32, 0.85, 1.85}, {128, 0.92, 1.92}, {512, 0.92, 1.95}}};

std::string at_batch(const std::string& what, int batch) {
  return what + ", batch " + std::to_string(batch);
}

/// Says so where the figures of `part` are not to be trusted.
void note_disturbance(const Turns& turns, std::vector<Row>& rows, const std::string& part) {
  if (turns.disturbed() > 0) {
    rows.push_back({"turns disturbed by something else running: " + part, no_bound, 0,
                    static_cast<double>(turns.disturbed()), "", 0});
  }
}

double read_bandwidth_of_weights() {
  double best = 0;
  for (int i = 0; i < 5; ++i) best = std::max(best, read_bandwidth(inference_bytes()));
  return best;
}

}  // namespace

std::vector<Row> machine_rows() {
  double one = 0;
  double two = 0;
  for (int i = 0; i < 10; ++i) {
    one = std::max(one, measure_peak(1).best);
    two = std::max(two, measure_peak(2).best);
  }
  return {{"FMA peak, 1 thread", no_bound, 0, one, "GFLOP/s", 1},
          {"FMA peak, 2 threads", no_bound, 0, two, "GFLOP/s", 1},
          {"reading the weights of the classifier, 2.1 MB", no_bound, 0,
           read_bandwidth_of_weights(), "GB/s", 1}};
}

std::vector<Row> training_rows(const Effort& effort) {
  std::vector<Row> shares, speedups, costs, naive;
  for (const Goal& goal : step_goals) {
    Turns turns(effort.patience);
    const std::size_t fused = turns.add(fused_step(goal.batch));
    const std::size_t two = turns.add(fused_step(goal.batch), 2);
    const std::size_t plain = turns.add(plain_step(goal.batch));
    const std::size_t eigen = turns.add(eigen_step(goal.batch));
    const bool compared = goal.batch == 128;
    const std::size_t textbook = compared ? turns.add(textbook_step(goal.batch)) : eigen;
    turns.run(effort.rounds, effort.seconds);

    shares.push_back({at_batch("training step over FMA peak, 1 thread", goal.batch), at_least,
                      goal.share, turns.share_of_peak(fused), "", 3});
    shares.push_back({at_batch("training step, 1 thread", goal.batch), no_bound, 0,
                      1e3 * turns.time(fused), "ms", 3});
    speedups.push_back({at_batch("training step, speed-up of 2 threads", goal.batch), at_least,
                        goal.speedup, turns.ratio(fused, two)});
    costs.push_back({at_batch("step with BatchNorm + Dropout over bias + ReLU alone", goal.batch),
                     compared ? at_most : no_bound, 1.05, turns.ratio(fused, plain), "", 3});
    naive.push_back({at_batch("layer at a time on Eigen over fused step", goal.batch),
                     compared ? at_least : no_bound, 1.3, turns.ratio(eigen, fused)});
    naive.push_back({at_batch("Eigen step over FMA peak", goal.batch), no_bound, 0,
                     turns.share_of_peak(eigen), "", 3});
    note_disturbance(turns, naive, at_batch("training", goal.batch));
    if (compared) {
      naive.push_back({at_batch("textbook loops over fused step", goal.batch), no_bound, 0,
                       turns.ratio(textbook, fused), "", 1});
    }
  }
  for (const auto* more : {&speedups, &costs, &naive}) {
    shares.insert(shares.end(), more->begin(), more->end());
  }
  return shares;
}

std::vector<Row> inference_rows(const Effort& effort) {
  Turns turns(effort.patience);
  std::vector<Row> rows;
  constexpr std::array batches{1, 32, 128, 512};
  std::vector<std::size_t> one, two, eigen;
  for (const int batch : batches) {
    one.push_back(turns.add(fused_inference(batch)));
    two.push_back(turns.add(fused_inference(batch), 2));
    eigen.push_back(turns.add(eigen_inference(batch)));
  }
  turns.run(effort.rounds, effort.seconds / 2);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const int batch = batches[i];
    if (batch == 1) {
      // 24 us where memory gives 100 GB/s: elsewhere in proportion.
      rows.push_back({"inference of 1 sample (24 us at 100 GB/s)", at_most,
                      24 * 100 / read_bandwidth_of_weights(), 1e6 * turns.time(one[i]), "us", 1});
    } else {
      rows.push_back({at_batch("inference over FMA peak, 1 thread", batch),
                      batch == 128 ? at_least : no_bound, 0.95, turns.share_of_peak(one[i]), "",
                      3});
    }
    rows.push_back({at_batch("inference, speed-up of 2 threads", batch),
                    batch == 1 ? at_least : no_bound, 0.98, turns.ratio(one[i], two[i])});
    rows.push_back({at_batch("Eigen over frozen inference", batch), no_bound, 0,
                    turns.ratio(eigen[i], one[i])});
  }
  note_disturbance(turns, rows, "inference");
  return rows;
}

std::vector<Row> denormal_rows(const Effort& effort) {
  Turns turns(effort.patience);
  constexpr int batch = 128;
  const std::size_t step = turns.add(plain_step(batch));
  const std::size_t denormal = turns.add(denormal_step(batch));
  const std::size_t inference = turns.add(fused_inference(batch));
  const std::size_t denormal_in_inference = turns.add(denormal_inference(batch));
  const std::size_t sample = turns.add(one_sample(16));
  const std::size_t denormal_in_sample = turns.add(denormal_sample());
  turns.run(effort.rounds, effort.seconds / 2);
  std::vector<Row> rows{{at_batch("step on denormals over ordinary numbers", batch), at_most, 1.1,
                         turns.ratio(denormal, step)},
                        {at_batch("inference on denormals over ordinary numbers", batch), at_most,
                         1.1, turns.ratio(denormal_in_inference, inference)},
                        {"one sample of denormals through 16-16-16-1 tanh over ordinary numbers",
                         at_most, 1.1, turns.ratio(denormal_in_sample, sample)}};
  note_disturbance(turns, rows, "denormals");
  return rows;
}

std::vector<Row> small_rows(const Effort& effort) {
  Turns turns(effort.patience);
  const std::size_t epoch = turns.add(small_step(10'000));
  const std::size_t epoch_on_two = turns.add(small_step(10'000), 2);
  struct Pair {
    std::string what;
    std::size_t one;
    std::size_t two;
  };
  std::vector<Pair> pairs;
  const auto pair = [&](const std::string& what, const Contender& first, const Contender& second) {
    pairs.push_back({what, turns.add(first), turns.add(second, 2)});
  };
  for (const int batch : {16, 128}) {
    pair(at_batch("4-32-16-4 tanh step", batch), small_step(batch), small_step(batch));
    pair(at_batch("4-32-16-4 tanh inference", batch), small_inference(batch),
         small_inference(batch));
  }
  constexpr std::array widths{4, 16, 32, 64};
  constexpr std::array goals{25, 45, 85, 220};
  std::vector<std::size_t> samples;
  for (const int n : widths) samples.push_back(turns.add(one_sample(n)));
  turns.run(effort.rounds, effort.seconds / 2);

  std::vector<Row> rows{
      {"4-32-16-4 tanh, Adam, 10,000 samples full batch, over FMA peak, 1 thread", at_least, 0.60,
       turns.share_of_peak(epoch), "", 3},
      {"the same, an epoch", no_bound, 0, 1e3 * turns.time(epoch), "ms", 3},
      {"the same, speed-up of 2 threads", at_least, 0.98, turns.ratio(epoch, epoch_on_two)}};
  for (std::size_t i = 0; i < widths.size(); ++i) {
    rows.push_back({turns.name(samples[i]), at_most, static_cast<double>(goals[i]),
                    1e9 * turns.time(samples[i]), "ns", 1});
  }
  for (const Pair& each : pairs) {
    rows.push_back(
        {each.what + ", 2 threads over 1", at_least, 0.98, turns.ratio(each.one, each.two)});
  }
  return rows;
}

}  // namespace lamina::bench
