#include <cstring>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include <lamina/core/error.hpp>

#include "bench/contenders_space.hpp"
#include "bench/measure.hpp"

// Prints what networks over images and signals reach of the machine's FMA peak as a Markdown table:
// training steps, also layer at a time on Eigen, and predictions of one sample, medians of the
// rounds.

namespace {

using namespace lamina::bench;

struct Options {
  int rounds = 7;
  std::string json;
};

constexpr const char* usage =
    "usage: lamina_convolutions [--json FILE] [--quick]\n"
    "  --json FILE  write the table as JSON too\n"
    "  --quick      3 rounds instead of 7\n";

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      options.rounds = 3;
    } else if (std::strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
      options.json = argv[++i];
    } else {
      throw lamina::Error(std::string(argv[i]) + ": expected one of the options below\n" + usage);
    }
  }
  return options;
}

nlohmann::json measure(const SpaceNetwork& network, int rounds) {
  Turns turns(30);
  const auto step = turns.add(network.step(network.batch));
  const auto two = turns.add(network.step(network.batch), 2);
  const auto one = turns.add(network.one_sample());
  const bool compared = network.eigen_step != nullptr;
  const auto eigen = compared ? turns.add(network.eigen_step(network.batch)) : step;
  turns.run(rounds, 0.5);
  nlohmann::json row{{"network", network.name},
                     {"batch", network.batch},
                     {"step_milliseconds", 1e3 * turns.time(step)},
                     {"step_share_of_peak", turns.share_of_peak(step)},
                     {"two_threads", turns.ratio(step, two)},
                     {"one_sample_microseconds", 1e6 * turns.time(one)},
                     {"one_sample_share_of_peak", turns.share_of_peak(one)},
                     {"disturbed_turns", turns.disturbed()}};
  if (compared) row["eigen_over_fused"] = turns.ratio(eigen, step);
  return row;
}

void print(const nlohmann::json& row) {
  const auto number = [&](const char* name) { return row.at(name).get<double>(); };
  std::cout << std::fixed << "| " << row.at("network").get<std::string>() << " | "
            << row.at("batch").get<int>() << " | " << std::setprecision(2)
            << number("step_milliseconds") << " | " << number("step_share_of_peak") << " | "
            << number("two_threads") << " | ";
  if (row.contains("eigen_over_fused")) std::cout << number("eigen_over_fused");
  std::cout << " | " << std::setprecision(1) << number("one_sample_microseconds") << " | "
            << std::setprecision(2) << number("one_sample_share_of_peak") << " |" << std::endl;
}

void run(const Options& options) {
  std::cout << "| | batch | step, ms | of peak | two threads, times | layer at a time on Eigen "
               "over fused | one sample, us | of peak |\n"
            << "|---|---|---|---|---|---|---|---|\n";
  nlohmann::json rows = nlohmann::json::array();
  int disturbed = 0;
  for (const SpaceNetwork& network : space_networks()) {
    rows.push_back(measure(network, options.rounds));
    print(rows.back());
    disturbed += rows.back().at("disturbed_turns").get<int>();
  }
  if (disturbed > 0) {
    std::cout << "\nSomething else was running: " << disturbed << " turns were disturbed\n";
  }
  if (options.json.empty()) return;
  std::ofstream file(options.json);
  file << nlohmann::json{{"rows", rows}}.dump(2) << '\n';
  if (!file) throw lamina::Error(options.json + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "lamina_convolutions: " << error.what() << '\n';
    return 1;
  }
}
