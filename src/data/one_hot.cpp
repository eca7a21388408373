#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/data/one_hot.hpp>

namespace lamina {

Dataset one_hot(const Dataset& data, std::size_t classes) {
  if (!data.has_labels()) throw Error("one_hot: expected class labels, found float targets");
  if (classes == 0) throw Error("one_hot: expected 1 or more classes, found 0");
  const std::span<const Label> labels = data.labels();
  const std::size_t positions = data.labels_a_sample();
  if (labels.size() > std::numeric_limits<std::size_t>::max() / sizeof(float) / classes) {
    throw Error(std::string("one_hot: expected targets that memory can hold, found ") +
                std::to_string(data.size()) + " samples of " + std::to_string(classes) +
                " classes");
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (static_cast<std::size_t>(labels[i]) < classes) continue;
    throw Error(std::string("one_hot: expected labels below ") + std::to_string(classes) +
                ", found " + std::to_string(labels[i]) + " in row " +
                std::to_string(i / positions));
  }
  std::vector<float> targets(labels.size() * classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t channel = i / positions * classes + static_cast<std::size_t>(labels[i]);
    targets[channel * positions + i % positions] = 1;
  }
  const std::size_t outputs = classes * positions;
  Names names{.features = data.feature_names()};
  if (data.class_names().size() == outputs) names.targets = data.class_names();
  return data.with_targets(std::move(targets), outputs).named(std::move(names));
}

}  // namespace lamina
