#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include <lamina/core/error.hpp>

#include "bench/table_rows.hpp"

// Prints every figure the project sets itself as a Markdown table: target and reached.

namespace {

using lamina::bench::Effort;
using lamina::bench::Row;

struct Options {
  std::string json;
  std::string data;
  std::string compile_time;
  Effort effort;
};

constexpr const char* usage =
    "usage: lamina_table [--json FILE] [--data DIR] [--compile-time FILE] [--quick]\n"
    "  --json FILE          write the table as JSON too\n"
    "  --data DIR           train on the IDX files of DIR (Fashion-MNIST) as well\n"
    "  --compile-time FILE  take up what compile_time.py --json FILE has written\n"
    "  --quick              a third of the rounds\n";

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&]() -> std::string {
      if (i + 1 >= argc) throw lamina::Error(argument + ": expected a value, found none");
      return argv[++i];
    };
    if (argument == "--json") {
      options.json = value();
    } else if (argument == "--data") {
      options.data = value();
    } else if (argument == "--compile-time") {
      options.compile_time = value();
    } else if (argument == "--quick") {
      options.effort = {3, 0.1, 10};
    } else if (argument == "--help") {
      std::cout << usage;
      std::exit(0);
    } else {
      throw lamina::Error(argument + ": expected one of the options below\n" + usage);
    }
  }
  return options;
}

std::string figure(double number, const Row& row) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(row.digits) << number;
  if (!row.unit.empty()) text << ' ' << row.unit;
  return text.str();
}

std::string target_of(const Row& row) {
  if (row.bound == Row::Bound::None) return "";
  return (row.bound == Row::Bound::AtLeast ? "at least " : "at most ") + figure(row.target, row);
}

nlohmann::json to_json(const Row& row) {
  nlohmann::json entry{{"what", row.what}, {"reached", row.reached}, {"unit", row.unit}};
  if (row.bound != Row::Bound::None) {
    entry["target"] = row.target;
    entry["bound"] = row.bound == Row::Bound::AtLeast ? "at least" : "at most";
    entry["ok"] = row.ok();
  }
  return entry;
}

void run(const Options& options) {
  nlohmann::json all = nlohmann::json::array();
  std::cout << "| what | target | reached | |\n|---|---|---|---|\n";
  const auto print = [&](const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      const char* mark = row.bound == Row::Bound::None ? "" : row.ok() ? "yes" : "no";
      std::cout << "| " << row.what << " | " << target_of(row) << " | " << figure(row.reached, row)
                << " | " << mark << " |\n";
      all.push_back(to_json(row));
    }
    std::cout.flush();
  };
  print(lamina::bench::machine_rows());
  print(lamina::bench::training_rows(options.effort));
  print(lamina::bench::inference_rows(options.effort));
  print(lamina::bench::denormal_rows(options.effort));
  print(lamina::bench::small_rows(options.effort));
  if (!options.compile_time.empty()) print(lamina::bench::compile_rows(options.compile_time));
  if (!options.data.empty()) print(lamina::bench::data_rows(options.data));
  if (!options.json.empty()) {
    std::ofstream file(options.json);
    file << nlohmann::json{{"rows", all}}.dump(2) << '\n';
    if (!file) throw lamina::Error(options.json + ": cannot be written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "lamina_table: " << error.what() << '\n';
    return 1;
  }
}
