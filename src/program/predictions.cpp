#include "program/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <utility>

#include <lamina/io/npy.hpp>
#include <lamina/metrics/row.hpp>

#include "io/text_file.hpp"

namespace lamina::program {

namespace {

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

bool are_probabilities(Outputs kind) {
  return kind == Outputs::Logits || kind == Outputs::BinaryLogit;
}

std::string header(const DataDescription& description, Outputs kind) {
  const std::vector<std::string> names = output_names(description);
  const bool classes = description.task == Task::Classification;
  const std::string of = are_probabilities(kind) ? "probability of " : "score of ";
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

namespace {

// Calls f(what was found at one position) for all positions of all samples, in order. Not inlined
// with f, where g++ 12 warns of arrays of size 0.
void for_each_judgement(const TargetKind& kind, std::span<const float> outputs,
                        const std::function<void(const EvaluatedRow&)>& f) {
  for (std::size_t at = 0; at < outputs.size(); at += kind.outputs) {
    EvaluatedRow row{outputs.subspan(at, kind.outputs), -1, {}};
    if (kind.maps()) row.shape = kind.shape;
    row.for_each_position(f);
  }
}

std::string class_text(const EvaluatedRow& found, const std::vector<std::string>& names) {
  const std::size_t chosen = found.predicted_class();
  return chosen == EvaluatedRow::no_class ? "nan" : io::csv_field(names.at(chosen));
}

// A line for each sample, the classes line by line of the image.
std::string maps_as_text(const DataDescription& description, const TargetKind& kind,
                         std::span<const float> outputs) {
  const std::vector<std::string> names = output_names(description);
  const int width = kind.shape.width;
  const int positions = kind.shape.positions();
  std::string text;
  for (int p = 0; p < positions; ++p) {
    text += p == 0 ? "class at " : ",class at ";
    if (kind.shape.dimensions == 2) text += std::to_string(p / width) + " ";
    text += std::to_string(p % width);
  }
  int p = 0;
  for_each_judgement(kind, outputs, [&](const EvaluatedRow& found) {
    text += (p == 0 ? "\n" : ",") + class_text(found, names);
    p = (p + 1) % positions;
  });
  return text + "\n";
}

std::string as_text(const DataDescription& description, const NetworkFacts& facts,
                    std::span<const float> outputs) {
  if (facts.targets.maps()) return maps_as_text(description, facts.targets, outputs);
  const std::vector<std::string> names = output_names(description);
  const std::size_t width = facts.targets.outputs;
  std::string text = header(description, facts.outputs);
  if (description.task == Task::Classification) {
    for_each_judgement(facts.targets, outputs, [&](const EvaluatedRow& found) {
      text += class_text(found, names);
      for (const float share : shares_of(found.outputs, facts.outputs, description.outputs)) {
        text += "," + io::text_of_number(share);
      }
      text += "\n";
    });
    return text;
  }
  const std::vector<float> values = in_units(outputs, description);
  for (std::size_t at = 0; at < values.size(); ++at) {
    text += io::text_of_number(values[at]) + ((at + 1) % width == 0 ? "\n" : ",");
  }
  return text;
}

// Classes and the shares of all classes, of class maps position by position; or values in units.
std::vector<Tensor> as_arrays(const DataDescription& description, const NetworkFacts& facts,
                              std::span<const float> outputs) {
  const TargetKind& kind = facts.targets;
  const auto samples = static_cast<std::int64_t>(outputs.size() / kind.outputs);
  if (description.task != Task::Classification) {
    return {{"values",
             {samples, static_cast<std::int64_t>(kind.outputs)},
             in_units(outputs, description)}};
  }
  const std::size_t positions = kind.maps() ? static_cast<std::size_t>(kind.shape.positions()) : 1;
  std::vector<std::int64_t> classes;
  std::vector<float> shares(outputs.size() / kind.outputs * description.outputs * positions);
  for_each_judgement(kind, outputs, [&](const EvaluatedRow& found) {
    const std::size_t sample = classes.size() / positions;
    const std::size_t position = classes.size() % positions;
    const std::size_t chosen = found.predicted_class();
    classes.push_back(chosen == EvaluatedRow::no_class ? -1 : static_cast<std::int64_t>(chosen));
    std::size_t at = sample * description.outputs * positions + position;
    for (const float share : shares_of(found.outputs, facts.outputs, description.outputs)) {
      shares[at] = share;
      at += positions;
    }
  });
  std::vector<std::int64_t> of_classes{samples};
  std::vector<std::int64_t> of_shares{samples, static_cast<std::int64_t>(description.outputs)};
  for (std::vector<std::int64_t>* shape : {&of_classes, &of_shares}) {
    if (kind.maps() && kind.shape.dimensions == 2) shape->push_back(kind.shape.height);
    if (kind.maps()) shape->push_back(kind.shape.width);
  }
  return {{"classes", std::move(of_classes), std::move(classes)},
          {are_probabilities(facts.outputs) ? "probabilities" : "scores", std::move(of_shares),
           std::move(shares)}};
}

}  // namespace

void write_predictions(const Job& job, const Inspection& inspection, const NetworkFacts& facts,
                       std::span<const float> outputs) {
  const DataDescription& description = inspection.configuration.description;
  const std::string ending = job.output.extension().string();
  if (ending == ".npz" || ending == ".NPZ") {
    write_npz(job.output, as_arrays(description, facts, outputs));
  } else {
    io::write_text(job.output, as_text(description, facts, outputs));
  }
  // What goes into a pipe or to standard output are the predictions alone.
  const bool is_file = std::filesystem::is_regular_file(job.output) &&
                       !std::filesystem::is_symlink(job.output);  // as /dev/stdout is
  std::ostream& said = is_file ? std::cout : std::cerr;
  said << outputs.size() / facts.targets.outputs << " predictions in " << job.output.string()
       << std::endl;
}

}  // namespace lamina::program
