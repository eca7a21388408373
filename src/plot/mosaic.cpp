#include "plot/mosaic.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace lamina::plot {

namespace {

constexpr int margin = 20;
constexpr int line = 720;  // of tiles
constexpr int header = 24;
constexpr int below = 12;

// The places of lines of `count` tiles, in pixels.
int length(int count, int tile, int gap) {
  return count * (tile + gap) - gap;
}

// Viewers of SVG smooth images that they enlarge, which few pixels do not survive: those are drawn
// as rectangles. Of many these would be megabytes, and each of them is small.
bool needs_rectangles(const Mosaic& mosaic) {
  constexpr int most = 6000;
  return mosaic.scale() > 2 && mosaic.width() * mosaic.height() <= most;
}

std::string plot_text(const Mosaic& mosaic, std::size_t index) {
  const std::string plot = "plot data skip 1 index " + text_of_number(index) + " using 3:4:";
  if (mosaic.height() == 1 || mosaic.width() == 1) {  // of one line gnuplot makes no image
    return "  " + plot +
           "(0.5):(0.5):(65536 * $6 + 256 * $7 + $8) with boxxyerror fillstyle solid noborder "
           "linecolor rgb variable\n\n";
  }
  const std::string image = plot + "6:7:8 with rgbimage";
  if (!needs_rectangles(mosaic)) return "  " + image + "\n\n";
  return "  if (kind eq \"svg\") { " + image + " failsafe } else { " + image + " }\n\n";
}

}  // namespace

int Mosaic::scale() const {
  constexpr int most = 16;
  constexpr int side = 64;
  constexpr int side_of_one = 128;
  const int fitting = tiles == 1 ? std::min(line / tile_width, side_of_one / tile_height)
                                 : side / std::max(tile_width, tile_height);
  return std::clamp(fitting, 1, most);
}

int Mosaic::gap() const {
  constexpr int share = 8;
  return tile_width == 1 && tile_height == 1 ? 0 : std::max(1, tile_width / share);
}

int Mosaic::columns() const {
  const int fitting = (line / scale() + gap()) / (tile_width + gap());
  return std::clamp(fitting, 1, tiles);
}

int Mosaic::width() const {
  return length(columns(), tile_width, gap());
}

int Mosaic::height() const {
  return length((tiles + columns() - 1) / columns(), tile_height, gap());
}

Mosaic::Place Mosaic::place(int x, int y) const {
  const int column = x / (tile_width + gap());
  const int row = y / (tile_height + gap());
  Place found{row * columns() + column, x % (tile_width + gap()), y % (tile_height + gap())};
  if (found.x >= tile_width || found.y >= tile_height || found.tile >= tiles) found.tile = no_tile;
  return found;
}

Script script_of(const std::vector<Mosaic>& mosaics) {
  constexpr std::size_t most_letters = 100;
  Script script;
  script.width = line + 2 * margin;
  script.height = below;
  for (const Mosaic& mosaic : mosaics) {
    script.height += header + mosaic.height() * mosaic.scale() + below;
  }
  script.body = "  unset key\n  unset tics\n  unset grid\n  unset border\n  set multiplot\n\n";
  const auto x = [](int points) { return text_of_number(points) + ".0 / width"; };
  const auto y = [](int points) { return "1 - " + text_of_number(points) + ".0 / height"; };
  int top = below;
  for (std::size_t i = 0; i < mosaics.size(); ++i) {
    const Mosaic& mosaic = mosaics[i];
    const int first = top + header;
    const int last = first + mosaic.height() * mosaic.scale();
    script.body += "  set label 1 " + shown(shortened(mosaic.title, most_letters)) + " at screen " +
                   x(margin) + ", screen " + y(top + header / 2 - 2) +
                   " left textcolor rgb \"#24292f\"\n";
    script.body += "  set lmargin at screen " + x(margin) + "\n  set rmargin at screen " +
                   x(margin + mosaic.width() * mosaic.scale()) + "\n  set tmargin at screen " +
                   y(first) + "\n  set bmargin at screen " + y(last) + "\n";
    script.body += "  set xrange [-0.5:" + text_of_number(mosaic.width()) + " - 0.5]\n";
    script.body += "  set yrange [" + text_of_number(mosaic.height()) + " - 0.5:-0.5]\n";
    script.body += plot_text(mosaic, i);
    top = last + below;
  }
  script.body += "  unset multiplot\n";
  return script;
}

}  // namespace lamina::plot
