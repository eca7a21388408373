#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "figures.hpp"

namespace {

using namespace lamina::figures;

using Experiment = void (*)(const Place&);

const std::map<std::string, Experiment> experiments{
    {"penalties", penalties},
    {"weight_decay", weight_decay},
    {"constraints", constraints},
    {"label_smoothing", label_smoothing},
    {"dropout", dropout},
    {"input_noise", input_noise},
    {"initialization", initialization},
    {"self_normalizing", self_normalizing},
    {"standardize", standardize},
    {"learning_rates", learning_rates},
    {"batch_sizes", batch_sizes},
    {"depth", depth},
    {"optimizers", optimizers},
    {"clipping", clipping},
    {"accumulation", accumulation},
    {"averaging", averaging},
    {"outliers", outliers},
    {"rare_classes", rare_classes},
    {"mixup", mixup},
    {"fine_tuning", fine_tuning},
    {"combinations", combinations},
    {"image_batches", image_batches},
    {"contrast", contrast},
    {"smoothness", smoothness},
    {"noise_behind_norm", noise_behind_norm},
    {"drift", drift},
    {"super_resolution", super_resolution},
    {"augmentation", augmentation},
    {"digits", digits},
    {"denoising", denoising},
    {"distillation", distillation},
    {"sound", sound},
};
const std::map<std::string, Experiment> only_where_named{
    {"lenet_accuracy", lenet_accuracy},
    {"vgg_accuracy", vgg_accuracy},
};

/// Null where there is none of this name.
Experiment find(const std::string& name) {
  for (const auto* some : {&experiments, &only_where_named}) {
    if (const auto found = some->find(name); found != some->end()) return found->second;
  }
  return nullptr;
}

int complain(const std::string& sentence) {
  std::fprintf(stderr, "lamina_figures: %s\n", sentence.c_str());
  std::fprintf(stderr,
               "usage: lamina_figures DATA RESULTS [EXPERIMENT...], all where none is named:\n");
  for (const auto& [name, run] : experiments) std::fprintf(stderr, "  %s\n", name.c_str());
  std::fprintf(stderr, "and only where they are named:\n");
  for (const auto& [name, run] : only_where_named) std::fprintf(stderr, "  %s\n", name.c_str());
  return 2;
}

void run(const std::string& name, const Place& place) {
  const auto start = std::chrono::steady_clock::now();
  find(name)(place);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%-18s %6.1f s\n", name.c_str(), seconds.count());
  std::fflush(stdout);
}

int run_all(int argc, char** argv) {
  if (argc < 3) return complain("expected a directory of data and one for results");
  const Place place{argv[1], argv[2]};
  std::vector<std::string> names(argv + 3, argv + argc);
  for (const std::string& name : names) {
    if (find(name) == nullptr) return complain("expected an experiment, found " + name);
  }
  if (names.empty()) {
    for (const auto& experiment : experiments) names.push_back(experiment.first);
  }
  std::filesystem::create_directories(place.results);
  for (const std::string& name : names) run(name, place);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_all(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamina_figures: %s\n", error.what());
    return 1;
  }
}
