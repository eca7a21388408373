#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/plot/plot.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "plot/image_data.hpp"

namespace test_feature_maps {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::pictures;

using Images = Network<Input<2, 5, 6>, Standardize, Conv2d<3, Kernel<3, 2>, Padding<1>>, ReLU,
                       MaxPool<2>, Flatten, Linear<4>>;

TEST_CASE("plot_filters: the weights of the first convolution, channels beside each other") {
  const TemporaryDirectory directory;
  const Model<Images> model{Seed{3}};
  const DrawnGroups groups(plot_filters(model, directory / "filters"));
  REQUIRE(groups.pixels.size() == 1);
  CHECK(has(groups.titles[0], "1.weight (3, 2, 3, 2)"));
  const std::vector<float> weight = values_of(model, "1.weight");
  const std::vector<float> drawn = groups.values(0);
  REQUIRE(drawn.size() == weight.size());
  for (std::size_t filter = 0; filter < 3; ++filter) {
    for (std::size_t channel = 0; channel < 2; ++channel) {
      for (std::size_t y = 0; y < 3; ++y) {
        for (std::size_t x = 0; x < 2; ++x) {
          CHECK(drawn[(filter * 3 + y) * 4 + channel * 2 + x] ==
                weight[((filter * 2 + channel) * 3 + y) * 2 + x]);
        }
      }
    }
  }
}

TEST_CASE("plot_filters: in color, of a signal, of groups") {
  const TemporaryDirectory directory;
  using Color = Network<Input<3, 4, 4>, Conv2d<2, Kernel<2>>, Flatten, Linear<2>>;
  const DrawnGroups color(plot_filters(Model<Color>{Seed{3}}, directory / "color"));
  CHECK(color.pixels[0].size() == 2 * (2 + 1 + 2));
  CHECK(std::isnan(color.pixels[0][0].value));

  using Signal = Network<Input<3, 9>, Conv1d<2, Kernel<4>>, Flatten, Linear<2>>;
  const Model<Signal> model{Seed{3}};
  const DrawnGroups signal(plot_filters(model, directory / "signal"));
  CHECK(signal.values(0) == values_of(model, "0.weight"));
  CHECK(signal.pixels[0].back().y == 2);
  static_assert(!has_filters<Classifier> && has_filters<Signal>);

  using Depthwise = Network<Input<2, 4, 4>, Conv2d<4, Kernel<3>, Groups<2>>, Flatten, Linear<2>>;
  const Model<Depthwise> grouped{Seed{3}};
  const DrawnGroups own(plot_filters(grouped, directory / "grouped"));
  CHECK(own.values(0) == values_of(grouped, "0.weight"));
}

TEST_CASE("plot_feature_maps: the sample, and what every layer that computes makes of it") {
  const TemporaryDirectory directory;
  const Model<Images> model{Seed{3}};
  const std::vector<float> inputs = sines(60);
  const DrawnGroups groups(plot_feature_maps(model, inputs, directory / "maps"));
  REQUIRE(groups.pixels.size() == 4);
  CHECK(groups.values(0) == inputs);
  const std::vector<NamedValues> activations = activations_of(model, inputs);
  for (const auto& [group, title] : {std::pair{1, "Conv2d"}, {2, "MaxPool"}, {3, "Linear"}}) {
    const auto at = static_cast<std::size_t>(group);
    CHECK(has(groups.titles[at], title));
    const auto same = std::find_if(activations.begin(), activations.end(), [&](const auto& each) {
      return each.title.find(title) != std::string::npos;
    });
    REQUIRE(same != activations.end());
    CHECK(groups.values(at) == same->values);
  }
  CHECK(groups.pixels[1].back().y == 4);
  CHECK(groups.pixels[3].back().x == 3);  // features are points
}

TEST_CASE("plot_feature_maps: signals, residuals and wrong samples") {
  const TemporaryDirectory directory;
  using Signal = Network<Input<2, 9>, Conv1d<3, Kernel<3>, Same>,
                         Residual<Conv1d<3, Kernel<3>, Same>>, GlobalAvgPool, Linear<2>>;
  const Model<Signal> model{Seed{3}};
  const std::vector<float> inputs = sines(18);
  const DrawnGroups groups(plot_feature_maps(model, inputs, directory / "signal"));
  REQUIRE(groups.pixels.size() == 5);
  CHECK(groups.values(0) == inputs);
  CHECK(groups.pixels[1].size() == 3 * 9);  // a line for each channel
  CHECK(has(groups.titles[2], "residual"));
  CHECK(has(
      error_of([&] { static_cast<void>(plot_feature_maps(model, sines(36), directory / "two")); }),
      "plot_feature_maps: expected one sample of 18 inputs, found 36"));
}

TEST_CASE("pictures of images are drawn") {
  if (!has_gnuplot()) return;
  const TemporaryDirectory directory;
  const Model<Images> model{Seed{3}};
  for (const Picture& picture : {plot_filters(model, directory / "filters"),
                                 plot_feature_maps(model, sines(60), directory / "maps")}) {
    CHECK(picture.missing.empty());
    // Small images as rectangles, which viewers do not smooth.
    CHECK(has(text_of(picture.svg), "<polygon"));
    CHECK(text_of(picture.png).size() > 1000);
  }
}

}  // namespace

}  // namespace test_feature_maps
