#include "io/image_values.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <lamina/core/error.hpp>

#include "io/resizer.hpp"

namespace lamina::io {

namespace {

// Weights of ITU-R BT.601 as Pillow has them, which sum to 2^16: gray stays what it is.
unsigned gray_of(unsigned red, unsigned green, unsigned blue) {
  const std::uint64_t sum =
      std::uint64_t{red} * 19595 + std::uint64_t{green} * 38470 + std::uint64_t{blue} * 7471;
  return static_cast<unsigned>((sum + 0x8000) >> 16);
}

// One line of an image as floats: (channels, width).
class Lines {
 public:
  Lines(const DecodedImage& image, int channels, std::optional<float> background)
      : image_{image}, channels_{channels}, background_{background} {}

  void write(int y, float* to, std::ptrdiff_t plane) const {
    const auto own = static_cast<std::size_t>(image_.channels);
    std::size_t place = static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) * own;
    const auto most = static_cast<float>(image_.most());
    for (int x = 0; x < image_.width; ++x, place += own) {
      for (int channel = 0; channel < channels_; ++channel) {
        const float value = static_cast<float>(colour(place, channel)) / most;
        to[channel * plane + x] = over_background(value, place + own - 1, most);
      }
    }
  }

 private:
  [[nodiscard]] unsigned colour(std::size_t place, int channel) const {
    if (!image_.colour()) return image_.value(place);
    if (channels_ == 3) return image_.value(place + static_cast<std::size_t>(channel));
    return gray_of(image_.value(place), image_.value(place + 1), image_.value(place + 2));
  }

  [[nodiscard]] float over_background(float value, std::size_t opacity_place, float most) const {
    if (!background_ || !image_.opacity()) return value;
    const float opacity = static_cast<float>(image_.value(opacity_place)) / most;
    return opacity * value + (1 - opacity) * *background_;
  }

  const DecodedImage& image_;
  int channels_;
  std::optional<float> background_;
};

}  // namespace

void check_image_options(const ImageOptions& options, const char* function) {
  const auto refuse = [&](const std::string& message) {
    throw Error(std::string(function) + ": expected " + message);
  };
  const auto [height, width] = options.size;
  const bool none = height == 0 && width == 0;
  if (!none && (height < 1 || width < 1 || height > std::numeric_limits<int>::max() / width / 3)) {
    refuse("a size of 1 x 1 or more, of less than 2^31 values, found " + text(options.size));
  }
  if (options.channels != 0 && options.channels != 1 && options.channels != 3) {
    refuse("channels of 1 or 3, or 0 for those of the files, found " +
           std::to_string(options.channels));
  }
  if (options.background && !(*options.background >= 0 && *options.background <= 1)) {
    refuse("a background from 0 to 1, found " + std::to_string(*options.background));
  }
}

ImageExtents extents_of(const DecodedImage& image, const ImageOptions& options) {
  const int channels = options.channels != 0 ? options.channels : image.colour() ? 3 : 1;
  const bool resized = options.size != ImageSize{};
  return {channels, resized ? options.size : ImageSize{image.height, image.width}};
}

void write_values(const DecodedImage& image, const ImageOptions& options, float* to) {
  const ImageExtents extents = extents_of(image, options);
  const Lines lines{image, extents.channels, options.background};
  const ImageSize size = extents.size;
  if (size == ImageSize{image.height, image.width}) {
    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(size.height) * size.width;
    for (int y = 0; y < size.height; ++y) {
      lines.write(y, to + static_cast<std::ptrdiff_t>(y) * size.width, plane);
    }
    return;
  }
  Resizer resizer{image.height, image.width, extents.channels, size.height, size.width, to};
  std::vector<float> line(static_cast<std::size_t>(extents.channels) *
                          static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    lines.write(y, line.data(), image.width);
    resizer.add(line.data());
  }
  // Weights sum to 1 but for rounding.
  std::for_each_n(to, extents.values(), [](float& value) { value = std::min(value, 1.0F); });
}

std::vector<Label> classes_of(const DecodedImage& map, ImageSize size,
                              const std::vector<int>& values) {
  if (size == ImageSize{}) size = {map.height, map.width};
  // The pixel under the middle of an output.
  const auto nearest = [](int output, int from, int to) {
    return static_cast<std::size_t>((2 * std::int64_t{output} + 1) * from / (2 * std::int64_t{to}));
  };
  std::vector<Label> classes;
  classes.reserve(static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.width));
  for (int y = 0; y < size.height; ++y) {
    const std::size_t line = nearest(y, map.height, size.height);
    for (int x = 0; x < size.width; ++x) {
      const std::size_t column = nearest(x, map.width, size.width);
      const auto value =
          static_cast<int>(map.value(line * static_cast<std::size_t>(map.width) + column));
      const auto found = std::ranges::find(values, value);
      if (!values.empty() && found == values.end()) {
        throw Error("expected one of the " + std::to_string(values.size()) +
                    " mask_values, found " + std::to_string(value) + " at line " +
                    std::to_string(line) + ", column " + std::to_string(column));
      }
      classes.push_back(values.empty() ? value : static_cast<Label>(found - values.begin()));
    }
  }
  return classes;
}

std::string text(ImageSize size) {
  return std::to_string(size.height) + " x " + std::to_string(size.width);
}

}  // namespace lamina::io
