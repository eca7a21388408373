#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/networks.hpp"
#include "bench/table_rows.hpp"

// The rows that are no ratios of loops: training on real data, and what the compilers take.

namespace lamina::bench {

std::vector<Row> data_rows(const std::string& directory) {
  const Split data = read_idx_directory(directory);
  Model<Classifier> model{seed};
  const auto start = std::chrono::steady_clock::now();
  Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  constexpr int epochs = 20;
  trainer.fit(data.train, data.test, {.epochs = epochs, .batch_size = 128},
              OneCycle{.max_learning_rate = 0.2f});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {{"Fashion-MNIST, 20 epochs, test accuracy", Row::Bound::AtLeast, 90.0,
           100 * static_cast<double>(accuracy(model, data.test)), "%", 2},
          {"Fashion-MNIST, 20 epochs with validation", Row::Bound::AtMost, 40.0, seconds.count(),
           "s", 1}};
}

std::vector<Row> compile_rows(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw Error(file + ": expected the output of compile_time.py, found no such file");
  std::vector<Row> rows;
  for (const auto& entry : nlohmann::json::parse(stream).at("programs")) {
    const auto program = entry.at("program").get<std::string>();
    const auto compiler = entry.at("compiler").get<std::string>();
    const bool gnu = compiler.starts_with("g++");
    const auto bound = program == "4 layers" ? Row::Bound::AtMost : Row::Bound::None;
    const std::string what = "program of " + program + ", -O3, " + compiler;
    rows.push_back({what, bound, gnu ? 8.0 : 6.0, entry.at("user_seconds").get<double>(), "s", 2});
    rows.push_back({what + ", memory", gnu ? bound : Row::Bound::None, 700,
                    entry.at("megabytes").get<double>(), "MB", 0});
  }
  return rows;
}

}  // namespace lamina::bench
