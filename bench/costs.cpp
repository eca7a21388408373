#include "bench/costs.hpp"

#include <cstring>
#include <iomanip>
#include <iostream>

#include "bench/measure.hpp"

// Prints what every technique costs as a Markdown table: a training step of 784-512-256-10 with it
// over the same step without, one thread, in turns, the median of the rounds.

namespace {

using lamina::bench::CostGroup;
using lamina::bench::Turns;

void print(const std::vector<CostGroup>& groups, int rounds, double seconds) {
  for (const CostGroup& group : groups) {
    Turns turns(30);
    for (const auto& step : group.steps) turns.add(step);
    turns.run(rounds, seconds);
    std::cout << "\n" << group.title;
    if (group.bound > 0) std::cout << ", at most " << group.bound;
    std::cout << "\n\n| | microseconds | ratio | |\n|---|---|---|---|\n" << std::fixed;
    for (std::size_t i = 0; i < group.steps.size(); ++i) {
      const double ratio = turns.ratio(i, 0);
      std::cout << "| " << group.steps[i].name << " | " << std::setprecision(0)
                << turns.time(i) * 1e6 << " | " << std::setprecision(3) << ratio << " | "
                << (group.bound == 0       ? ""
                    : ratio <= group.bound ? "yes"
                                           : "no")
                << " |\n";
    }
    std::cout << std::defaultfloat << std::setprecision(6);
    if (turns.disturbed() > 0) std::cout << "\ndisturbed turns: " << turns.disturbed() << "\n";
    std::cout.flush();
  }
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 15;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") != 0) {
      std::cerr << "usage: lamina_costs [--quick]\n";
      return 2;
    }
    rounds = 5;
  }
  constexpr int batch = 128;
  constexpr double seconds = 0.1;
  std::cout << "training step of 784-512-256-10, batch " << batch << ", one thread\n";
  print(lamina::bench::norm_costs(batch), rounds, seconds);
  print(lamina::bench::weight_costs(batch), rounds, seconds);
  print(lamina::bench::noise_and_structure_costs(batch), rounds, seconds);
  print(lamina::bench::optimizer_costs(batch), rounds, seconds);
}
