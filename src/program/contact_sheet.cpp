#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <lamina/plot/images.hpp>
#include <lamina/program/contact_sheet.hpp>

#include "program/samples.hpp"

namespace lamina::program {

namespace {

// The first of each class, in the order in which they come, then the first of those that are left.
std::vector<std::uint32_t> choose(const Dataset& data, std::size_t count) {
  std::vector<std::uint32_t> chosen;
  std::vector<std::uint32_t> others;
  std::set<Label> seen;
  const bool classes = data.labels_a_sample() == 1;
  for (std::uint32_t row = 0; row < data.size() && chosen.size() < count; ++row) {
    const bool is_new = !classes || seen.insert(data.labels()[row]).second;
    if (is_new || others.size() < count) (is_new ? chosen : others).push_back(row);
  }
  for (const std::uint32_t row : others) {
    if (chosen.size() < count) chosen.push_back(row);
  }
  std::ranges::sort(chosen);
  return chosen;
}

std::string title_of(const Sheet& sheet, std::size_t at) {
  std::string title = "sample " + std::to_string(sheet.rows[at]);
  if (sheet.samples.labels_a_sample() != 1) return title;
  const auto label = static_cast<std::size_t>(sheet.samples.labels()[at]);
  const std::vector<std::string>& names = sheet.samples.class_names();
  return title + (label < names.size() ? ": " + names[label] : ": class " + std::to_string(label));
}

// In the middle of a white tile, which is as large as the largest image of a row.
void add_tile(NamedImages& row, std::span<const float> image, const Shape& shape) {
  const auto width = static_cast<std::size_t>(row.width);
  const std::size_t plane = width * static_cast<std::size_t>(row.height);
  std::vector<float> tile(plane * static_cast<std::size_t>(shape.channels), 1.0F);
  const int top = (row.height - shape.height) / 2;
  const int left = (row.width - shape.width) / 2;
  auto from = image.begin();
  for (int c = 0; c < shape.channels; ++c) {
    for (int y = 0; y < shape.height; ++y) {
      const std::size_t line = static_cast<std::size_t>(c) * plane +
                               static_cast<std::size_t>(top + y) * width +
                               static_cast<std::size_t>(left);
      std::copy_n(from, shape.width, tile.begin() + static_cast<std::ptrdiff_t>(line));
      from += shape.width;
    }
  }
  row.values.insert(row.values.end(), tile.begin(), tile.end());
}

}  // namespace

Sheet begin_sheet(const Job& job) {
  const std::string& name = job.configuration.data;
  const Dataset data = open_training_data(job.configuration);
  const Shape shape = data.shape();
  if (shape.height == 1 || (shape.channels != 1 && shape.channels != 3)) {
    throw Error(name + ": expected images in gray or of 3 channels, found samples of " +
                sample_text(shape));
  }
  expect_to_augment(data, name);
  std::vector<std::uint32_t> rows = choose(data, job.samples);
  return {data.select(rows), rows};
}

void finish_sheet(const Job& job, const Sheet& sheet, const Dataset& drawn) {
  const Shape before = sheet.samples.shape();
  const Shape after = drawn.shape();
  std::vector<NamedImages> rows;
  for (std::size_t at = 0; at < sheet.samples.size(); ++at) {
    NamedImages row{.title = title_of(sheet, at),
                    .height = std::max(before.height, after.height),
                    .width = std::max(before.width, after.width),
                    .values = {},
                    .scale = NamedImages::Scale::Unit,
                    .color = before.channels > 1};
    add_tile(row, sheet.samples.inputs(at), before);
    for (std::size_t copy = at; copy < drawn.size(); copy += sheet.samples.size()) {
      add_tile(row, drawn.inputs(copy), after);
    }
    rows.push_back(std::move(row));
  }
  print_picture(plot_images(rows, job.output));
}

}  // namespace lamina::program
