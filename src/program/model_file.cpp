#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <lamina/program/session.hpp>

#include "program/predictions.hpp"

namespace lamina::program {

namespace {

const char* name_of(Outputs outputs) {
  switch (outputs) {
    case Outputs::Logits:
      return "logits, of which softmax makes probabilities";
    case Outputs::BinaryLogit:
      return "logits, of which the sigmoid makes probabilities";
    case Outputs::Scores:
      return "scores, the largest or the sign tells the class";
    default:
      return "values";
  }
}

std::string list(const auto& values) {
  return nlohmann::json(values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

OutputScale output_scale(const DataDescription& description) {
  return {.factors = description.target_deviations, .offsets = description.target_means};
}

OutputScale standardizing(const DataDescription& description) {
  OutputScale scale;
  for (std::size_t i = 0; i < description.target_means.size(); ++i) {
    const double deviation = description.target_deviations[i];
    scale.factors.push_back(1 / deviation);
    scale.offsets.push_back(-description.target_means[i] / deviation);
  }
  return scale;
}

Metadata model_metadata(const DataDescription& description, const NetworkFacts& facts,
                        bool scaled) {
  Metadata texts{{"outputs", name_of(facts.outputs)}};
  if (!description.feature_names.empty()) texts["features"] = list(description.feature_names);
  if (description.task == Task::Classification) {
    texts["task"] = "classification";
    texts["classes"] = list(output_names(description));
    return texts;
  }
  texts["task"] = description.task == Task::Regression ? "regression" : "reconstruction";
  texts["targets"] = list(output_names(description));
  texts["units"] = scaled ? "data" : "standardized";
  texts["target_means"] = list(description.target_means);
  texts["target_deviations"] = list(description.target_deviations);
  return texts;
}

bool is_in_units(const Metadata& metadata) {
  const auto units = metadata.find("units");
  return units != metadata.end() && units->second == "data";
}

}  // namespace lamina::program
