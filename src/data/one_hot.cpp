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
  if (data.size() > std::numeric_limits<std::size_t>::max() / sizeof(float) / classes) {
    throw Error(std::string("one_hot: expected targets that memory can hold, found ") +
                std::to_string(data.size()) + " samples of " + std::to_string(classes) +
                " classes");
  }
  const std::span<const Label> labels = data.labels();
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (static_cast<std::size_t>(labels[row]) < classes) continue;
    throw Error(std::string("one_hot: expected labels below ") + std::to_string(classes) +
                ", found " + std::to_string(labels[row]) + " in row " + std::to_string(row));
  }
  std::vector<float> targets(data.size() * classes);
  for (std::size_t row = 0; row < labels.size(); ++row) {
    targets[row * classes + static_cast<std::size_t>(labels[row])] = 1;
  }
  Names names{.features = data.feature_names()};
  if (data.class_names().size() == classes) names.targets = data.class_names();
  Dataset made{
      data.shape(), {data.inputs().begin(), data.inputs().end()}, std::move(targets), classes};
  return std::move(made).named(std::move(names));
}

}  // namespace lamina
