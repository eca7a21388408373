#include "program/fitting.hpp"

#include <lamina/core/printable.hpp>
#include <lamina/data/labels.hpp>

#include "program/counted.hpp"
#include "program/samples.hpp"

namespace lamina::program {

void expect_fitting_maps(const Dataset& data, const NetworkFacts& facts, const std::string& name) {
  const Shape& expected = facts.targets.shape;
  const Shape found = data.label_shape();
  if (found.height == expected.height && found.width == expected.width) return;
  throw Error(name + ": the network expects for each sample " +
              lamina::detail::words_of_labels(expected) + ", found " +
              lamina::detail::words_of_labels(found));
}

void expect_fitting(const Dataset& data, const NetworkFacts& facts, const std::string& name) {
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error(name + ": the network expects " + expected + ", found " + found);
  };
  if (!agree(data.shape(), facts.input)) {
    fail(sample_words(facts.input), sample_text(data.shape()));
  }
  const std::size_t outputs = facts.targets.outputs;
  if (facts.targets.labels) {
    if (!data.has_labels()) fail("classes", "numbers as targets; its loss is for classes");
    expect_fitting_maps(data, facts, name);
    const std::size_t classes = classes_of(data, facts.targets.ignored);
    if (classes > facts.targets.classes()) {
      fail(counted(facts.targets.classes(), "class") + " at most", std::to_string(classes));
    }
  } else if (data.has_labels() && data.labels_a_sample() > 1) {
    fail(counted(outputs, "output"), "class maps, which are for CrossEntropy");
  } else if (data.has_labels()) {
    fail(counted(outputs, "output"), counted(data.classes(), "class"));
  } else if (data.outputs() != outputs) {
    fail(counted(outputs, "number") + " a sample as targets", std::to_string(data.outputs()));
  }
}

void expect_network(const DataDescription& data, const NetworkFacts& facts,
                    const std::filesystem::path& run) {
  const auto expect = [&](const char* field, std::size_t expected, std::size_t found) {
    if (expected == found) return;
    throw Error(detail::printable_path((run / "config.json").string()) + ": description." + field +
                ": expected " + std::to_string(expected) + " as the network has, found " +
                std::to_string(found));
  };
  const std::size_t outputs = facts.targets.classes();
  const bool chooses = data.task == Task::Classification && outputs == 1;  // between two classes
  expect("features", static_cast<std::size_t>(facts.input.features()), data.features);
  expect("outputs", chooses ? 2 : outputs, data.outputs);
}

}  // namespace lamina::program
