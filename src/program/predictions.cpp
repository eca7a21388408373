#include "program/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#include <lamina/metrics/row.hpp>

#include "io/text_file.hpp"

namespace lamina::program {

namespace {

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

std::string header(const DataDescription& description, Outputs kind) {
  const std::vector<std::string> names = output_names(description);
  const bool classes = description.task == Task::Classification;
  const bool shares = kind == Outputs::Logits || kind == Outputs::BinaryLogit;
  const std::string of = shares ? "probability of " : "score of ";
  std::string line = classes ? "class" : "";
  for (const std::string& name : names) {
    line += (line.empty() ? "" : ",") + io::csv_field(classes ? of + name : name);
  }
  return line + "\n";
}

}  // namespace

std::vector<float> shares_of(std::span<const float> outputs, Outputs kind, std::size_t classes) {
  std::vector<float> shares(outputs.begin(), outputs.end());
  if (kind == Outputs::Logits) {
    const float largest = *std::max_element(shares.begin(), shares.end());
    float sum = 0;
    for (float& share : shares) sum += share = std::exp(share - largest);
    for (float& share : shares) share /= sum;
  } else if (kind == Outputs::BinaryLogit) {
    for (float& share : shares) share = sigmoid(share);
  }
  if (shares.size() == 1 && classes == 2) {
    const float second = shares[0];
    shares = {kind == Outputs::BinaryLogit ? 1 - second : -second, second};
  }
  shares.resize(classes);
  return shares;
}

std::vector<float> in_units(std::span<const float> outputs, const DataDescription& description) {
  std::vector<float> values(outputs.begin(), outputs.end());
  const std::size_t columns = description.target_means.size();
  for (std::size_t at = 0; at < values.size() && columns > 0; ++at) {
    values[at] = static_cast<float>(description.target_means[at % columns] +
                                    description.target_deviations[at % columns] *
                                        static_cast<double>(outputs[at]));
  }
  return values;
}

std::vector<std::string> output_names(const DataDescription& description) {
  std::vector<std::string> names;
  const char* prefix = "";
  switch (description.task) {
    case Task::Classification:
      names = description.class_names;
      break;
    case Task::Regression:
      names = description.target_names;
      prefix = "target ";
      break;
    case Task::Reconstruction:
      names = description.feature_names;
      prefix = "feature ";
      break;
  }
  for (std::size_t i = names.size(); i < description.outputs; ++i) {
    names.push_back(prefix + std::to_string(i));
  }
  return names;
}

void write_predictions(const Job& job, const Inspection& inspection, const NetworkFacts& facts,
                       std::span<const float> outputs) {
  const DataDescription& description = inspection.configuration.description;
  const std::vector<std::string> names = output_names(description);
  const std::vector<float> values = in_units(outputs, description);
  const std::size_t width = facts.targets.outputs;
  std::string text = header(description, facts.outputs);
  for (std::size_t row = 0; row * width < outputs.size(); ++row) {
    const std::span<const float> of_row = outputs.subspan(row * width, width);
    if (description.task == Task::Classification) {
      const std::size_t chosen = EvaluatedRow{of_row, -1, {}}.predicted_class();
      text += chosen == EvaluatedRow::no_class ? "nan" : io::csv_field(names.at(chosen));
      for (const float share : shares_of(of_row, facts.outputs, description.outputs)) {
        text += "," + io::text_of_number(share);
      }
    } else {
      for (std::size_t column = 0; column < width; ++column) {
        text += (column == 0 ? "" : ",") + io::text_of_number(values[row * width + column]);
      }
    }
    text += "\n";
  }
  io::write_text(job.output, text);
  // What goes into a pipe or to standard output are the predictions alone.
  const bool is_file = std::filesystem::is_regular_file(job.output) &&
                       !std::filesystem::is_symlink(job.output);  // as /dev/stdout is
  std::ostream& said = is_file ? std::cout : std::cerr;
  said << outputs.size() / width << " predictions in " << job.output.string() << std::endl;
}

}  // namespace lamina::program
