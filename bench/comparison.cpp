#include "bench/comparison.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

#include "bench/measure.hpp"

namespace lamina {

namespace {

std::string fixed(double number, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << number;
  return text.str();
}

void print_row(std::ostream& out, const std::string& name, const std::string& time,
               const std::string& share, const std::string& ratio) {
  out << "  " << std::left << std::setw(44) << name << std::right << std::setw(10) << time
      << std::setw(14) << share << std::setw(16) << ratio << '\n';
}

}  // namespace

void print_comparison(std::ostream& out) {
  constexpr int batch = 128;
  bench::Turns turns(8);
  const std::size_t fused = turns.add(bench::fused_step(batch));
  const std::size_t fused_on_two = turns.add(bench::fused_step(batch), 2);
  const std::size_t eigen = turns.add(bench::eigen_step(batch));
  const std::size_t textbook = turns.add(bench::textbook_step(batch));
  out << "A training step of 784-512-256-10 at batch " << batch
      << ", fused and naive:" << std::endl;
  turns.run(9, 0.25);

  print_row(out, "", "ms", "of FMA peak", "fused is");
  const auto print = [&](std::size_t entry, const std::string& name, bool compared) {
    print_row(out, name, fixed(1e3 * turns.time(entry), 2),
              fixed(100 * turns.share_of_peak(entry), 1) + " %",
              compared ? fixed(turns.ratio(entry, fused), 2) + " x as fast" : "");
  };
  print(fused, "fused, 1 thread", false);
  print(fused_on_two, "fused, 2 threads", false);
  print(eigen, "layer at a time on Eigen, 1 thread", true);
  print(textbook, "textbook loops, 1 thread", true);
  out << "FMA peak of one core " << fixed(turns.peak(), 1)
      << " GFLOP/s; taking turns, best of each turn, median of 9 rounds\n";
  if (turns.disturbed() > 0) {
    out << "Something else was running: " << turns.disturbed() << " of 36 turns were disturbed\n";
  }
}

}  // namespace lamina
