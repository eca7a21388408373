#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <utility>
#include <zlib.h>

#include <lamina/data/made.hpp>
#include <lamina/io/idx.hpp>
#include <lamina/program/data.hpp>

#include "io/text_file.hpp"
#include "program/counted.hpp"
#include "program/folder.hpp"
#include "program/samples.hpp"
#include "program/table.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

// Of each set that has a name: so many samples to train on, and others to measure on.
constexpr std::size_t made_for_training = 1000;
constexpr std::size_t made_for_tests = 500;

struct EmbeddedSet {
  const char* name;
  Dataset (*make)(std::size_t size);
};

constexpr EmbeddedSet embedded[] = {
    {"moons", [](std::size_t size) { return make_moons(size, 0.1, Seed{1}); }},
    {"spirals", [](std::size_t size) { return make_spirals(size, 3, 0.02, Seed{1}); }},
    {"blobs", [](std::size_t size) { return make_blobs(size, 3, 2, 1.0, Seed{1}); }},
    {"regression", [](std::size_t size) { return make_regression(size, 8, 10.0, Seed{1}); }},
};

const EmbeddedSet* find_embedded(const std::string& data) {
  const auto* found = std::find_if(std::begin(embedded), std::end(embedded),
                                   [&](const EmbeddedSet& set) { return data == set.name; });
  return found == std::end(embedded) ? nullptr : found;
}

bool is_folder(const std::string& data) {
  return find_embedded(data) == nullptr && folder_kind(data) != FolderKind::None;
}

enum class Part { Training, Test };

Dataset open_part(const std::string& data, Part part) {
  if (const EmbeddedSet* set = find_embedded(data)) {
    const Dataset all = set->make(made_for_training + made_for_tests);
    return part == Part::Training ? all.slice(0, made_for_training)
                                  : all.slice(made_for_training, made_for_tests);
  }
  Split both = read_idx_directory(data);
  return part == Part::Training ? std::move(both.train) : std::move(both.test);
}

void expect_there(const std::string& data) {
  if (find_embedded(data) == nullptr && !fs::exists(data)) {
    throw Error(data +
                ": expected a CSV or NPZ file, a directory of IDX files, images or sounds, or one "
                "of " +
                embedded_names() + ", found none of that name");
  }
  if (is_table(data) && fs::path(data).extension() == ".npy") {
    throw Error(data +
                ": expected inputs and targets, found a single array; numpy.savez(\"data.npz\", "
                "x=..., y=...) writes both");
  }
}

// Labels as the numbers that they are.
Dataset with_numbers(Dataset data, const std::string& name) {
  if (!data.has_labels()) return data;
  if (data.labels_a_sample() > 1) {
    throw Error(name + ": expected numbers as targets of a regression, found class maps");
  }
  std::vector<float> targets;
  for (const Label label : data.labels()) targets.push_back(static_cast<float>(label));
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  return Dataset(data.shape(), std::move(inputs), std::move(targets), 1)
      .named({.features = data.feature_names(), .targets = data.target_names()});
}

// Whole numbers as the labels that they are: NPZ files have them as floats (scikit-learn's, those
// of numpy.loadtxt) and in columns of their own (CIFAR's of Keras).
Dataset with_labels(Dataset data, const std::string& name, const char* why) {
  if (data.has_labels()) return data;
  const auto fail = [&](const std::string& found) {
    throw Error(name + ": expected whole numbers from 0 as classes" + why + ", found " + found);
  };
  if (data.outputs() != 1) fail(counted(data.outputs(), "number") + " a sample");
  std::vector<Label> labels;
  for (const float target : data.targets()) {
    constexpr float most = 1 << 24;  // beyond, floats leave whole numbers out
    const bool whole = target >= 0 && target <= most && std::trunc(target) == target;
    if (!whole) {
      fail(io::text_of_number(target) + " as that of sample " + std::to_string(labels.size()));
    }
    labels.push_back(static_cast<Label>(target));
  }
  std::vector<float> inputs(data.inputs().begin(), data.inputs().end());
  return Dataset(data.shape(), std::move(inputs), std::move(labels))
      .named({.features = data.feature_names(), .targets = data.target_names()});
}

}  // namespace

bool is_table(const std::string& data) {
  return find_embedded(data) == nullptr && !fs::is_directory(data);
}

std::string embedded_names() {
  std::string names;
  for (const EmbeddedSet& set : embedded)
    names += (names.empty() ? "" : ", ") + std::string(set.name);
  return names;
}

bool is_csv(const std::string& data) {
  const std::string ending = fs::path(data).extension().string();
  return is_table(data) && ending != ".npz" && ending != ".NPZ";
}

std::string absolute_data(const std::string& data) {
  return find_embedded(data) == nullptr ? fs::absolute(data).lexically_normal().string() : data;
}

Dataset open_training_data(const Configuration& run) {
  expect_there(run.data);
  Dataset data = is_table(run.data)    ? read_table(run)
                 : is_folder(run.data) ? read_training_folder(run)
                                       : open_part(run.data, Part::Training);
  if (run.task == "regression") return with_numbers(std::move(data), run.data);
  return run.task == "classification"
             ? with_labels(std::move(data), run.data, " (--task classification)")
             : data;
}

Dataset open_new_data(const std::string& data, const Configuration& run, bool with_targets,
                      Label ignored) {
  expect_there(data);
  Dataset found = is_table(data)    ? read_table_like(data, run, with_targets)
                  : is_folder(data) ? read_new_folder(data, run, with_targets)
                                    : open_part(data, Part::Test);
  const DataDescription& like = run.description;
  if (!agree(found.shape(), like.shape)) {
    throw Error(data + ": expected " + sample_words(like.shape) + " as in training, found " +
                sample_text(found.shape()));
  }
  if (!with_targets || like.task == Task::Reconstruction) return found;
  if (like.task == Task::Regression) found = with_numbers(std::move(found), data);
  if (like.task == Task::Classification) {
    found = with_labels(std::move(found), data, ", as in training");
  }
  const bool fits = like.task == Task::Classification
                        ? found.has_labels() && classes_of(found, ignored) <= like.outputs
                        : !found.has_labels() && found.outputs() == like.outputs;
  if (!fits) {
    throw Error(data + ": expected " +
                (like.task == Task::Classification
                     ? counted(like.outputs, "class") + " at most"
                     : counted(like.outputs, "number") + " a sample") +
                " as in training, found " +
                (found.has_labels() ? counted(classes_of(found, ignored), "class")
                                    : counted(found.outputs(), "number") + " a sample"));
  }
  return found;
}

std::size_t classes_of(const Dataset& data, Label ignored) {
  if (ignored == -1) return data.classes();
  Label most = -1;
  for (const Label label : data.labels()) {
    if (label != ignored) most = std::max(most, label);
  }
  return static_cast<std::size_t>(most + 1);
}

void expect_to_augment(const Dataset& data, const std::string& name) {
  if (data.shape().height == 1) return;  // signals have any range
  for (const float value : data.inputs()) {
    if (value >= 0 && value <= 1) continue;
    throw Error(name + ": expected images of values from 0 to 1 to augment, found " +
                io::text_of_number(value) +
                "; divide bytes by 255: numpy.savez(\"data.npz\", x=x / 255, y=y)");
  }
}

std::uint32_t checksum_of(const Dataset& data) {
  std::uint32_t sum = 0;
  const auto add = [&](const auto& numbers) {
    if (numbers.empty()) return;  // crc32_z begins anew where it is given no address
    const auto bytes = std::as_bytes(std::span(numbers));
    sum = static_cast<std::uint32_t>(
        crc32_z(sum, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
  };
  add(data.inputs());
  add(data.labels());
  add(data.targets());
  return sum;
}

DataDescription describe_data(const Dataset& data, const Configuration& run) {
  DataDescription found;
  found.samples = data.size();
  found.features = data.features();
  found.shape = data.shape();
  found.feature_names = data.feature_names();
  found.class_names = data.class_names();
  found.target_names = data.target_names();
  if (run.network == "autoencoder") {
    found.task = Task::Reconstruction;
    found.outputs = data.features();
  } else if (data.has_labels()) {
    found.task = Task::Classification;
    found.outputs = std::max(data.classes(), data.class_names().size());
    found.label_shape = data.label_shape();
  } else {
    found.task = Task::Regression;
    found.outputs = data.outputs();
  }
  return found;
}

Split split_validation(const Dataset& data, double share, Seed seed) {
  if (share <= 0) return {data, {}};
  const double samples = share * static_cast<double>(data.size());
  if (samples < 0.5 || data.size() < 2) {
    throw UsageError("--validation: expected a share of the " + counted(data.size(), "sample") +
                     " that is one at least, or 0, found " + std::to_string(share));
  }
  if (data.has_labels() && data.labels_a_sample() == 1) {
    std::vector<std::size_t> counts(data.classes());
    for (const Label label : data.labels()) ++counts[static_cast<std::size_t>(label)];
    const bool enough =
        std::none_of(counts.begin(), counts.end(), [](std::size_t count) { return count == 1; });
    try {
      if (enough) return stratified_split(data, share, seed);
    } catch (const Error& error) {
      throw UsageError(std::string("--validation: ") + error.what());
    }
  }
  return split(data, share, seed);
}

}  // namespace lamina::program
