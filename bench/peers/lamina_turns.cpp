#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <tbb/task_arena.h>

#include <lamina/core/error.hpp>

#include "bench/contenders.hpp"
#include "bench/contenders_space.hpp"
#include "bench/measure.hpp"

// lamina's side of the comparison with other frameworks, which run.py leads: reads `SECONDS NAME`
// lines, measures the case of the name for so long and answers with a JSON line, as the programs of
// the others do (measuring.py). The names are those of networks.py.

namespace {

using namespace lamina::bench;

/// `NETWORK step BATCH` or `NETWORK inference BATCH`.
Contender make(const std::string& name) {
  std::istringstream words(name);
  std::string network, kind;
  int batch = 0;
  words >> network >> kind >> batch;
  const bool training = kind == "step";
  if (words && network == "classifier")
    return training ? fused_step(batch) : fused_inference(batch);
  for (const SpaceNetwork& each : space_networks()) {
    if (!words || network != each.name) continue;
    if (training) return each.step(batch);
    if (batch == 1) return each.one_sample();
  }
  throw lamina::Error("expected the name of a case of networks.py, found '" + name + "'");
}

void serve(int threads) {
  tbb::task_arena arena(threads);
  std::map<std::string, Contender> made;
  std::cout << R"({"peer": "lamina"})" << std::endl;
  double seconds = 0;
  std::string name;
  while (std::cin >> seconds && std::getline(std::cin >> std::ws, name)) {
    if (!made.contains(name)) made.emplace(name, make(name));
    const double time = arena.execute([&] { return best_time(made.at(name), seconds); });
    const nlohmann::json answer{
        {"peer", "lamina"}, {"name", name}, {"threads", threads}, {"milliseconds", 1e3 * time}};
    std::cout << answer.dump() << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw lamina::Error("usage: lamina_turns THREADS");
    serve(std::stoi(argv[1]));
  } catch (const std::exception& error) {
    std::cerr << "lamina_turns: " << error.what() << '\n';
    return 1;
  }
}
