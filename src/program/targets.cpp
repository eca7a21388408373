#include <cmath>
#include <span>
#include <vector>

#include <lamina/program/data.hpp>

namespace lamina::program {

void standardize_targets(const Dataset& train, DataDescription& description) {
  description.target_means.clear();
  description.target_deviations.clear();
  if (description.task == Task::Classification) return;
  const auto values = description.task == Task::Reconstruction ? train.inputs() : train.targets();
  for (std::size_t column = 0; column < description.outputs; ++column) {
    double mean = 0;
    double squares = 0;
    double count = 0;
    for (std::size_t at = column; at < values.size(); at += description.outputs) {
      // Welford: one pass that does not cancel.
      const double distance = static_cast<double>(values[at]) - mean;
      mean += distance / ++count;
      squares += distance * (static_cast<double>(values[at]) - mean);
    }
    const double deviation = std::sqrt(squares / count);
    description.target_means.push_back(mean);
    description.target_deviations.push_back(
        deviation > 1e-7 * std::abs(mean) && std::isfinite(deviation) ? deviation : 1);
  }
}

namespace {

std::vector<float> standardized(std::span<const float> values, const DataDescription& by) {
  std::vector<float> scaled(values.begin(), values.end());
  const std::size_t columns = by.target_means.size();
  for (std::size_t at = 0; at < scaled.size() && columns > 0; ++at) {
    scaled[at] =
        static_cast<float>((static_cast<double>(values[at]) - by.target_means[at % columns]) /
                           by.target_deviations[at % columns]);
  }
  return scaled;
}

std::vector<float> classes_as_floats(const Dataset& data, const TargetKind& kind) {
  const float off = kind.signs ? -1.0F : 0.0F;
  if (kind.outputs == 1) {
    std::vector<float> targets;
    for (const Label label : data.labels()) targets.push_back(label == 1 ? 1.0F : off);
    return targets;
  }
  std::vector<float> targets(data.size() * kind.outputs, off);
  for (std::size_t row = 0; row < data.size(); ++row) {
    targets[row * kind.outputs + static_cast<std::size_t>(data.labels()[row])] = 1;
  }
  return targets;
}

}  // namespace

Dataset adapt(const Dataset& data, const DataDescription& description, const TargetKind& kind) {
  const std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  if (data.empty()) return {};
  if (description.task == Task::Reconstruction) {
    return {data.shape(), inputs, standardized(data.inputs(), description), data.features()};
  }
  if (!data.has_labels()) {
    return {data.shape(), inputs, standardized(data.targets(), description), data.outputs()};
  }
  const std::size_t needed = kind.outputs == 1 ? 2 : kind.outputs;
  // What does not fit stays as it is, and is refused as such.
  if (kind.labels || data.labels_a_sample() > 1 || data.classes() > needed) return data;
  return {data.shape(), inputs, classes_as_floats(data, kind), kind.outputs};
}

}  // namespace lamina::program
