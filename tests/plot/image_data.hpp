#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/plot/plot.hpp>

#include "catch.hpp"
#include "plot/pictures.hpp"

namespace lamina::testing::pictures {

/// A pixel of a picture's data.
struct Pixel {
  int image;  // -1 between tiles
  int x;
  int y;
  double value;
  Row color;
};

/// The groups of a picture, with their titles.
struct DrawnGroups {
  std::vector<std::vector<Pixel>> pixels;
  Row titles;

  explicit DrawnGroups(const Picture& picture) {
    const std::vector<Row> rows = rows_of(picture.data);
    REQUIRE(rows.at(0) ==
            Row{"group", "image", "x", "y", "value", "red", "green", "blue", "title"});
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const Row& row = rows[i];
      if (std::stoul(row[0]) == pixels.size()) {
        pixels.emplace_back();
        titles.emplace_back();
        for (std::size_t field = 8; field < row.size(); ++field) titles.back() += row[field] + ",";
      }
      REQUIRE(std::stoul(row[0]) + 1 == pixels.size());
      pixels.back().push_back({row[1].empty() ? -1 : std::stoi(row[1]),
                               std::stoi(row[2]),
                               std::stoi(row[3]),
                               number(row[4]),
                               {row[5], row[6], row[7]}});
    }
  }
  /// The values of a group, image by image.
  [[nodiscard]] std::vector<float> values(std::size_t group) const {
    std::map<int, std::vector<float>> images;
    for (const Pixel& pixel : pixels.at(group)) {
      if (pixel.image >= 0) images[pixel.image].push_back(static_cast<float>(pixel.value));
    }
    std::vector<float> all;
    for (const auto& [image, values] : images) all.insert(all.end(), values.begin(), values.end());
    return all;
  }
};

inline std::vector<float> sines(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(std::sin(static_cast<float>(i)));
  return values;
}

template <class Net>
std::vector<float> values_of(const Model<Net>& model, const std::string& name) {
  for (const Tensor& tensor : model.tensors()) {
    if (tensor.name == name) return std::get<std::vector<float>>(tensor.values);
  }
  return {};
}

}  // namespace lamina::testing::pictures
