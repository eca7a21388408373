#include "program/measures.hpp"

#include <iomanip>
#include <sstream>

#include <lamina/metrics/mean.hpp>
#include <lamina/metrics/regression.hpp>

#include "program/predictions.hpp"

namespace lamina::program {

namespace {

// Shows metrics every row, the values in the units of the training data.
template <class... Metrics>
void show_rows(std::span<const float> outputs, const Dataset& data, const TargetKind& kind,
               const DataDescription& description, Metrics&... metrics) {
  const std::size_t width = kind.outputs;
  const std::vector<float> found = in_units(outputs, description);
  const std::vector<float> wanted = in_units(data.targets(), description);
  for (std::size_t row = 0; row < data.size(); ++row) {
    EvaluatedRow shown{std::span(found).subspan(row * width, width), -1, {}};
    if (data.has_labels()) {
      shown.labels = data.labels(row);
      shown.label = kind.maps() ? -1 : shown.labels[0];
      shown.ignored = kind.ignored;
      if (kind.maps()) shown.shape = kind.shape;
    } else {
      shown.targets = std::span(wanted).subspan(row * width, width);
    }
    (metrics.add(shown), ...);
  }
}

template <class... Metrics>
std::vector<Measure> values_of(const Metrics&... metrics) {
  return {{metrics.name(), metrics.value()}...};
}

}  // namespace

metrics::ConfusionMatrix count_confusions(std::span<const float> outputs, const Dataset& data,
                                          const NetworkFacts& facts,
                                          const DataDescription& description) {
  metrics::ConfusionMatrix confusion;
  show_rows(outputs, data, facts.targets, description, confusion);
  return confusion;
}

std::vector<Measure> measure(std::span<const float> outputs, const Dataset& data,
                             const NetworkFacts& facts, const DataDescription& description) {
  const TargetKind& kind = facts.targets;
  if (kind.maps()) {
    metrics::Accuracy accuracy;
    metrics::IntersectionOverUnion overlap;
    show_rows(outputs, data, kind, description, accuracy, overlap);
    return values_of(accuracy, overlap);
  }
  if (description.task == Task::Classification) {
    metrics::Accuracy accuracy;
    metrics::Precision precision;
    metrics::Recall recall;
    metrics::F1 f1;
    show_rows(outputs, data, kind, description, accuracy, precision, recall, f1);
    return values_of(accuracy, precision, recall, f1);
  }
  metrics::RootMeanSquaredError error;
  metrics::MeanAbsoluteError distance;
  metrics::R2 r2;
  show_rows(outputs, data, kind, description, error, distance, r2);
  return values_of(error, distance, r2);
}

std::string measures_text(std::span<const Measure> measures) {
  std::ostringstream text;
  for (const Measure& each : measures) {
    text << "  " << std::left << std::setw(24) << each.name << std::setprecision(6) << each.value
         << '\n';
  }
  return text.str();
}

}  // namespace lamina::program
