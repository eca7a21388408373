#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lamina/plot/feature_maps.hpp>

namespace lamina::detail {

NamedImages images_of(const std::string& title, const Shape& shape, std::vector<float> values) {
  NamedImages images{.title = title, .values = std::move(values)};
  images.height = shape.dimensions == 1 ? shape.channels : shape.height;
  images.width = shape.width;
  return images;
}

NamedImages images_of_input(const Shape& shape, std::span<const float> inputs) {
  NamedImages images = images_of("input: " + std::string(extents_of(shape).view()), shape,
                                 {inputs.begin(), inputs.end()});
  if (shape.dimensions < 2) return images;
  images.scale = NamedImages::Scale::Gray;
  images.color = shape.channels == 3;
  return images;
}

NamedImages filters_of(Tensor weights) {
  constexpr std::size_t axes_of_images = 4;
  const bool image = weights.shape.size() == axes_of_images;
  const auto channels = static_cast<std::size_t>(weights.shape[1]);
  const auto height = static_cast<std::size_t>(image ? weights.shape[2] : 1);
  const auto width = static_cast<std::size_t>(weights.shape.back());
  NamedImages filters{.title = weights.name + " " + shape_text(weights.shape),
                      .height = static_cast<int>(image ? height : channels),
                      .width = static_cast<int>(width),
                      .values = std::get<std::vector<float>>(std::move(weights.values)),
                      .scale = NamedImages::Scale::Own,
                      .color = image && channels == 3};
  if (!image || filters.color || channels == 1) return filters;
  // (out, in, height, width) to (out, height, in, width).
  std::vector<float> beside;
  beside.reserve(filters.values.size());
  for (std::size_t filter = 0; filter < filters.values.size();
       filter += channels * height * width) {
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const std::size_t line = filter + (channel * height + y) * width;
        for (std::size_t x = 0; x < width; ++x) beside.push_back(filters.values[line + x]);
      }
    }
  }
  filters.width = static_cast<int>(channels * width);
  filters.values = std::move(beside);
  return filters;
}

}  // namespace lamina::detail
