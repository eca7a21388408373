#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <lamina/plot/plot.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "plot/image_data.hpp"

namespace test_images {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::pictures;

const Row white{"255", "255", "255"};

TEST_CASE("plot_images: tiles beside each other, in lines from above") {
  const TemporaryDirectory directory;
  const std::vector<float> values = sines(std::size_t{3} * 2 * 4);
  const Picture picture = plot_images(
      {{.title = "three", .height = 2, .width = 4, .values = values}}, directory / "images");
  const DrawnGroups groups(picture);
  CHECK(groups.values(0) == values);
  int last = -1;
  for (const Pixel& pixel : groups.pixels[0]) {
    CHECK(pixel.y * 14 + pixel.x == ++last);  // three tiles of 4, two gaps of a pixel
    const bool between = pixel.x % 5 == 4;
    CHECK(pixel.image == (between ? -1 : pixel.x / 5));
    CHECK((pixel.color == white) == between);
  }
  CHECK(last + 1 == 2 * 14);
}

TEST_CASE("plot_images: 0 has one color everywhere, and the largest values have the strongest") {
  const TemporaryDirectory directory;
  const std::vector<float> values{0, 1, -1, 0, 0.5F, 0, -4, 4};
  using Scale = NamedImages::Scale;
  const auto draw_with = [&](Scale scale) {
    NamedImages images{.title = "two", .height = 2, .width = 2, .values = values, .scale = scale};
    std::map<int, std::map<double, Row>> colors;
    const DrawnGroups groups(plot_images({images}, directory / "images"));
    for (const Pixel& pixel : groups.pixels[0]) {
      if (pixel.image >= 0) colors[pixel.image][pixel.value] = pixel.color;
    }
    return colors;
  };
  auto shared = draw_with(Scale::Shared);
  auto own = draw_with(Scale::Own);
  CHECK(shared[0][0] == own[1][0]);
  CHECK(shared[0][0] == shared[1][0]);
  CHECK(own[0][1] == own[1][4]);
  CHECK(own[0][-1] == own[1][-4]);
  CHECK(own[1][4] == shared[1][4]);
  CHECK(shared[0][1] != own[0][1]);
  CHECK(own[0][1] != own[0][-1]);
  auto gray = draw_with(Scale::Gray);
  CHECK(gray[1][-4] == Row{"0", "0", "0"});
  CHECK(gray[1][4] == white);
  CHECK(gray[0][0] == Row{"128", "128", "128"});
  auto unit = draw_with(Scale::Unit);
  CHECK(unit[1][-4] == Row{"0", "0", "0"});
  CHECK(unit[0][0] == unit[1][-4]);
  CHECK(unit[1][0.5] == Row{"128", "128", "128"});
  CHECK(unit[0][1] == white);
  CHECK(unit[1][4] == white);
}

TEST_CASE("plot_images: images of three channels are colors") {
  const TemporaryDirectory directory;
  const std::vector<float> values{0,  1, 0.2F, 0.4F, 1, 0,  // red, green, blue of two pixels
                                  -3, 1, 1,    1,    1, -3};
  const DrawnGroups groups(
      plot_images({{.title = "colors", .height = 1, .width = 2, .values = values, .color = true}},
                  directory / "images"));
  std::vector<Row> colors;
  for (const Pixel& pixel : groups.pixels[0]) {
    if (pixel.image >= 0) colors.push_back(pixel.color);
  }
  CHECK(colors ==
        std::vector<Row>{
            {"0", "51", "255"}, {"255", "102", "0"}, {"0", "255", "255"}, {"255", "255", "0"}});
}

TEST_CASE("plot_images: what is too many or too large") {
  const TemporaryDirectory directory;
  const float none_here = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values(std::size_t{40} * 128 * 100, 2.0F);
  values[0] = 6;
  values[1] = none_here;
  const DrawnGroups groups(plot_images(
      {{.title = "many", .height = 128, .width = 100, .values = values}}, directory / "images"));
  CHECK(has(groups.titles[0], "many", "the first 32 of 40"));
  const std::vector<float> drawn = groups.values(0);
  REQUIRE(drawn.size() == std::size_t{32} * 64 * 50);
  CHECK(drawn[0] == (6.0F + 0 + 2 + 2) / 4);
  CHECK(drawn[1] == 2);
}

TEST_CASE("plot_images: a single line is drawn, too") {
  if (!has_gnuplot()) return;
  const TemporaryDirectory directory;
  const Picture picture = plot_images(
      {{.title = "line", .height = 1, .width = 1, .values = {1, 0, -1}}}, directory / "line");
  const DrawnGroups groups(picture);
  for (const Pixel& pixel : groups.pixels.at(0)) {
    std::string color = "rgb(";
    for (const std::string& part : pixel.color) {
      color += std::string(3 - part.size(), ' ') + part + (color.size() < 12 ? ", " : ")");
    }
    CHECK(has(text_of(picture.svg), "<polygon fill = '" + color));
  }
}

TEST_CASE("plot_images: wrong groups are refused before anything is written") {
  const TemporaryDirectory directory;
  const auto refused = [&](const std::vector<NamedImages>& groups, const char* expected) {
    CHECK(has(error_of([&] { static_cast<void>(plot_images(groups, directory / "images")); }),
              expected));
  };
  refused({}, "expected 1 group of images or more, found none");
  refused({{.title = "a", .height = 0, .width = 2, .values = {1, 2}}},
          "extents of 1 and more in 'a', found 0 x 2");
  refused({{.title = "a", .height = 2, .width = 2, .values = {1, 2}}},
          "images of 4 values in 'a', found 2 values");
  refused({{.title = "a", .height = 1, .width = 1, .values = {}}}, "found 0 values");
  CHECK(names_in(directory / "").empty());
}

}  // namespace

}  // namespace test_images
