#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/plot/images.hpp>

#include "plot/data_file.hpp"
#include "plot/mosaic.hpp"
#include "plot/range.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

using plot::Mosaic;
using plot::Range;

constexpr std::size_t most_groups = 64;  // gnuplot's PNG has 32767 lines at most
constexpr std::size_t colors = 3;
using Color = std::array<double, colors>;  // from 0 to 255

// What is drawn of a group.
struct Drawn {
  Mosaic mosaic;
  std::vector<double> values;  // (tiles, channels, height, width)
  std::size_t channels = 1;
  NamedImages::Scale scale{};

  [[nodiscard]] std::size_t plane() const {
    return static_cast<std::size_t>(mosaic.tile_width) *
           static_cast<std::size_t>(mosaic.tile_height);
  }
  [[nodiscard]] std::size_t at(std::size_t tile, std::size_t channel,
                               const Mosaic::Place& p) const {
    return (tile * channels + channel) * plane() +
           static_cast<std::size_t>(p.y * mosaic.tile_width + p.x);
  }
};

double finite(float value) {
  return std::isfinite(value) ? static_cast<double>(value) : 0;
}

std::size_t images_in(const NamedImages& group) {
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error("plot_images: expected " + expected + " in '" + group.title + "', found " + found);
  };
  if (group.height < 1 || group.width < 1) {
    fail("extents of 1 and more",
         std::to_string(group.height) + " x " + std::to_string(group.width));
  }
  const std::size_t values = static_cast<std::size_t>(group.height) *
                             static_cast<std::size_t>(group.width) * (group.color ? colors : 1);
  if (group.values.empty() || group.values.size() % values != 0) {
    fail("images of " + std::to_string(values) + " values",
         std::to_string(group.values.size()) + " values");
  }
  return group.values.size() / values;
}

// The mean over a rectangle of an image that begins at `from`.
double mean(const NamedImages& group, const float* from, int top, int left, int height, int width) {
  double sum = 0;
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) sum += finite(from[y * group.width + x]);
  }
  return sum / (height * width);
}

std::string rounded(double value) {
  constexpr int digits = 3;
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value,
                                     std::chars_format::general, digits)
                           .ptr};
}

Drawn drawn(const NamedImages& group) {
  const std::size_t images = images_in(group);
  const bool points = group.height == 1 && group.width == 1;
  const std::size_t most_tiles = points ? 256 : 32;
  const int most_pixels = images == 1 ? 360 : 64;
  const auto squeeze = [&](int extent) { return (extent + most_pixels - 1) / most_pixels; };
  const int by_y = squeeze(group.height);
  const int by_x = squeeze(group.width);
  Drawn made{.mosaic = {.title = group.title,
                        .tiles = static_cast<int>(std::min(images, most_tiles)),
                        .tile_width = (group.width + by_x - 1) / by_x,
                        .tile_height = (group.height + by_y - 1) / by_y},
             .values = {},
             .channels = group.color ? colors : 1,
             .scale = group.scale};
  const std::size_t planes = static_cast<std::size_t>(made.mosaic.tiles) * made.channels;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    const float* from = group.values.data() + plane * static_cast<std::size_t>(group.height) *
                                                  static_cast<std::size_t>(group.width);
    for (int y = 0; y < group.height; y += by_y) {
      for (int x = 0; x < group.width; x += by_x) {
        made.values.push_back(mean(group, from, y, x, std::min(by_y, group.height - y),
                                   std::min(by_x, group.width - x)));
      }
    }
  }
  if (images > most_tiles) {
    made.mosaic.title +=
        ", the first " + std::to_string(most_tiles) + " of " + std::to_string(images);
  }
  return made;
}

// From blue by white to red.
Color diverging(double share) {
  constexpr std::array<Color, 5> stops{
      {{5, 80, 174}, {108, 176, 245}, {238, 241, 244}, {245, 163, 123}, {188, 58, 27}}};
  const double place = 2 * std::clamp(share, -1.0, 1.0) + 2;
  const auto below = static_cast<std::size_t>(std::min(place, 3.0));
  const double part = place - static_cast<double>(below);
  Color color{};
  for (std::size_t c = 0; c < colors; ++c) {
    color[c] = (1 - part) * stops[below][c] + part * stops[below + 1][c];
  }
  return color;
}

// What the colors of each tile go up to.
std::vector<Range> ranges_of(const Drawn& group) {
  if (group.scale == NamedImages::Scale::Unit) {
    return std::vector<Range>(static_cast<std::size_t>(group.mosaic.tiles), Range{0, 1});
  }
  const bool shared = group.channels == 1 && group.scale != NamedImages::Scale::Own;
  const std::size_t per_range = shared ? group.values.size() : group.channels * group.plane();
  std::vector<Range> ranges(static_cast<std::size_t>(group.mosaic.tiles));
  for (std::size_t tile = 0; tile < ranges.size(); ++tile) {
    const std::size_t first = shared ? 0 : tile * per_range;
    if (shared && tile > 0) {
      ranges[tile] = ranges[0];
      continue;
    }
    for (std::size_t i = first; i < first + per_range; ++i) ranges[tile].add(group.values[i]);
  }
  return ranges;
}

double largest(const Range& range) {
  return std::max(range.high, -range.low);
}

Color color_of(const Drawn& group, const Range& range, const Mosaic::Place& place) {
  const auto tile = static_cast<std::size_t>(place.tile);
  const double value = group.values[group.at(tile, 0, place)];
  const bool gray =
      group.scale == NamedImages::Scale::Gray || group.scale == NamedImages::Scale::Unit;
  if (group.channels == 1 && !gray) {
    return diverging(largest(range) > 0 ? value / largest(range) : 0);
  }
  Color color{};
  const double length = range.high - range.low;
  for (std::size_t c = 0; c < colors; ++c) {
    const double of_channel = group.values[group.at(tile, group.channels == 1 ? 0 : c, place)];
    const double share = length > 0 ? (of_channel - range.low) / length : 0;
    color[c] = 255 * std::clamp(share, 0.0, 1.0);
  }
  return color;
}

void add_group(const Drawn& group, std::size_t number, plot::Table& data) {
  const std::vector<Range> ranges = ranges_of(group);
  const Mosaic& mosaic = group.mosaic;
  for (int y = 0; y < mosaic.height(); ++y) {
    for (int x = 0; x < mosaic.width(); ++x) {
      const Mosaic::Place place = mosaic.place(x, y);
      const bool between = place.tile == Mosaic::no_tile;
      const auto tile = static_cast<std::size_t>(between ? 0 : place.tile);
      const std::string image = between ? "" : std::to_string(tile);
      const bool one_value = !between && group.channels == 1;
      const double value = one_value ? group.values[group.at(tile, 0, place)] : NAN;
      data.add(number).add(image).add(x).add(y).add(value);
      const Color color = between ? Color{255, 255, 255} : color_of(group, ranges[tile], place);
      for (const double part : color) data.add(static_cast<int>(std::lround(part)));
      if (x == 0 && y == 0) data.add(mosaic.title);
      data.end_row();
    }
  }
  data.end_row().end_row();  // between gnuplot's indices
}

}  // namespace

Picture plot_images(const std::vector<NamedImages>& groups, const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_images");
  if (groups.empty()) throw Error("plot_images: expected 1 group of images or more, found none");
  std::vector<Drawn> all;
  for (const NamedImages& group : groups) all.push_back(drawn(group));
  all.resize(std::min(all.size(), most_groups));
  plot::Table data{"group", "image", "x", "y", "value", "red", "green", "blue", "title"};
  std::vector<Mosaic> mosaics;
  for (Drawn& group : all) {
    if (group.channels == 1 && group.scale == NamedImages::Scale::Shared) {
      group.mosaic.title += ", up to " + rounded(largest(ranges_of(group)[0]));
    }
    add_group(group, mosaics.size(), data);
    mosaics.push_back(group.mosaic);
  }
  return plot::make_picture(stem, data, plot::script_of(mosaics));
}

Picture plot::redraw_images(const std::filesystem::path& stem) {
  constexpr std::size_t most = 512;  // pixels of a side, and images of a group
  const DataFile data{stem.string() + ".csv",
                      {"group", "image", "x", "y", "value", "red", "green", "blue", "title"}};
  std::vector<Mosaic> mosaics;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const std::size_t group = data.count(row, 0, std::min(mosaics.size(), most_groups - 1));
    if (group == mosaics.size()) mosaics.push_back({.title = data.text(row, 8)});
    if (group + 1 != mosaics.size()) {
      data.fail(row, "groups in their order", "number " + std::to_string(group));
    }
    if (data.text(row, 1).empty()) continue;
    Mosaic& mosaic = mosaics.back();
    const auto image = static_cast<int>(data.count(row, 1, most));
    mosaic.tiles = std::max(mosaic.tiles, image + 1);
    if (image > 0) continue;
    mosaic.tile_width = std::max(mosaic.tile_width, static_cast<int>(data.count(row, 2, most)) + 1);
    mosaic.tile_height =
        std::max(mosaic.tile_height, static_cast<int>(data.count(row, 3, most)) + 1);
  }
  return redraw_picture(stem, script_of(mosaics));
}

}  // namespace lamina
