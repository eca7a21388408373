#pragma once

#include <string>
#include <vector>

#include "bench/contenders.hpp"

/// What every technique costs: a step of 784-512-256-10 with it over the same step without.
namespace lamina::bench {

/// Steps that are compared with the first of their group.
struct CostGroup {
  std::string title;
  double bound;  ///< what the ratio may be at most; 0 where it is only stated
  std::vector<Contender> steps;
};

std::vector<CostGroup> norm_costs(int batch);
std::vector<CostGroup> noise_and_structure_costs(int batch);
std::vector<CostGroup> weight_costs(int batch);
std::vector<CostGroup> optimizer_costs(int batch);

}  // namespace lamina::bench
