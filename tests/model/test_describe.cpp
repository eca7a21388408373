#include <fstream>
#include <iterator>
#include <string>

#include <lamina/lamina.hpp>

#include "catch.hpp"

// What the description of a plan says. Pages show it whole; they are read here.

namespace test_describe {

using namespace lamina;

namespace {

using Dense = Network<Input<784>, Standardize,                        //
                      Linear<256>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                      Linear<128>, BatchNorm<>, ReLU, Dropout<0.05>,  //
                      Residual<Linear<128>, BatchNorm<>, ReLU>,       //
                      Linear<10, MaxNorm<2.0>, Init<Orthogonal<>>>,   //
                      CrossEntropy<LabelSmoothing<0.1>>, WeightDecay<5e-4>>;

using Images = Network<Input<1, 28, 28>,                                      //
                       Conv2d<16, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU,  //
                       MaxPool<2>,                                            //
                       Conv2d<32, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU,  //
                       MaxPool<2>,                                            //
                       Flatten, Linear<10>, CrossEntropy<>>;

std::string page(const std::string& name) {
  std::ifstream file(std::string(LAMINA_TEST_DIRECTORY) + "/../docs/techniques/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Lines of a stage, its name's included.
template <class Net>
std::string stage(int index) {
  const std::string text = describe<Net>();
  const auto begin = text.find("stage " + std::to_string(index) + ": ");
  REQUIRE(begin != std::string::npos);
  return text.substr(begin, text.find("\nstage ", begin) - begin);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A network with one item over images.
template <class Item, int Height = 9, int Width = 9>
using Over = Network<Input<4, Height, Width>, Item, Flatten, Linear<2>, CrossEntropy<>>;
/// The same over signals.
template <class Item, int Length>
using Along = Network<Input<4, Length>, Item, Flatten, Linear<2>, CrossEntropy<>>;

}  // namespace

TEST_CASE("pages show what describe says", "[model]") {
  if (simd::lanes != 16) return;  // panels are cut as registers are wide
  CHECK(has(page("combinations.md"), "```text\n" + describe<Dense>() + "```"));
  CHECK(has(page("convolution.md"), "```text\n" + describe<Images>() + "```"));
}

TEST_CASE("the first line says what comes in and what goes out", "[model]") {
  CHECK(describe<Images>().starts_with("an image of 1 x 28 x 28 -> 10 outputs in "));
  CHECK(describe<Along<MaxPool<2>, 12>>().starts_with("a signal of 4 x 12 -> 2 outputs in "));
  using Enlarging =
      Network<Input<2, 3, 5>, Conv2d<12, Kernel<3>, Same>, PixelShuffle<2>, MeanSquaredError>;
  CHECK(describe<Enlarging>().starts_with("an image of 2 x 3 x 5 -> an image of 3 x 6 x 10 in "));
  CHECK(describe<Dense>().starts_with("784 features -> 10 outputs in "));
}

TEST_CASE("stages say what they do to positions", "[model]") {
  CHECK(has(stage<Over<Conv2d<6, Kernel<3, 5>>>>(0),
            "Conv2d<6, Kernel<3, 5>>\n  4 x 9 x 9 -> 6 x 7 x 5, "));
  CHECK(has(stage<Over<Upsample<2>>>(0), "Upsample<2>\n  4 x 9 x 9 -> 4 x 18 x 18, "));
  CHECK(has(stage<Over<GlobalAvgPool>>(0), "GlobalAvgPool\n  4 x 9 x 9 -> 4, "));
  CHECK(has(stage<Over<MaxPool<3>>>(1), "Flatten\n  4 x 3 x 3 -> 36, "));
  CHECK(has(stage<Along<AvgPool<3>, 12>>(0), "AvgPool<3>\n  4 x 12 -> 4 x 4, "));
  CHECK(detail::layer_name<Over<MaxPool<3>>>(0) == "0 MaxPool<3>");
  CHECK(detail::layer_name<Images>(0) == "0 Conv2d<16, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU");
}

TEST_CASE("a task over positions owns samples, and says where its means come from", "[model]") {
  const std::string task = "a task owns a block of samples with all positions and channels";
  using Plain = Over<Conv2d<20, Kernel<3>>>;
  CHECK(has(stage<Plain>(0), task + "\n"));
  CHECK(has(stage<Plain>(2), "a task owns any block of rows and features\n"));
  using Front = Over<Conv2d<6, Kernel<3>>>;
  const std::string lanes = "a task owns a block of samples, which lie in the lanes";
  CHECK(has(stage<Front>(0), lanes));
  CHECK(has(stage<Front>(1), lanes));
  CHECK(has(stage<Front>(2), "a task owns any block of rows and features\n"));
  const auto means_of = [&]<class Norm>(Norm) {
    using Net =
        Network<Input<4, 9, 9>, Conv2d<6, Kernel<3>>, Norm, Flatten, Linear<2>, CrossEntropy<>>;
    const std::string text = stage<Net>(0);
    const auto begin = text.find(task + " (means over ");
    REQUIRE(begin != std::string::npos);
    const auto first = begin + task.size() + std::string(" (means over ").size();
    return text.substr(first, text.find(")\n", first) - first);
  };
  CHECK(means_of(BatchNorm<>{}) == "the batch, merged from those of the blocks");
  CHECK(means_of(RunningBatchNorm<>{}) == means_of(BatchNorm<>{}));
  CHECK(means_of(LayerNorm<>{}) == "the positions and channels of a sample");
  CHECK(means_of(GroupNorm<3>{}) == "the positions and 3 groups of channels of a sample");
  CHECK(means_of(RMSNorm<PerPosition>{}) == "the channels of a position");
  CHECK(means_of(LayerNorm<PerElement>{}) ==
        "the positions and channels of a sample, scales of every value");
  CHECK(means_of(LayerNorm<PerElement, NoAffine>{}) == means_of(LayerNorm<>{}));
  CHECK(means_of(InstanceNorm<>{}) == "the positions of a channel");
}

TEST_CASE("positions that no window reaches are said to be left out", "[model]") {
  const std::string word = "left out, as PyTorch does: ";
  CHECK(has(stage<Over<MaxPool<2>, 9, 8>>(0), word + "the last row, which no window reaches\n"));
  CHECK(has(stage<Over<AvgPool<2>, 8, 9>>(0), word + "the last column, which no window reaches\n"));
  CHECK(has(stage<Over<MaxPool<3>, 8, 10>>(0), word + "the last 2 rows and the last column, "));
  CHECK(has(stage<Along<AvgPool<4>, 11>>(0), word + "the last 3 positions, "));
  CHECK(has(stage<Along<Conv1d<2, Kernel<3>, Stride<2>>, 12>>(0), word + "the last position, "));
  // Padding fills the window, or all of it lies there.
  CHECK(!has(describe<Over<MaxPool<3, Stride<2>, Padding<1>>, 8, 9>>(), word));
  CHECK(!has(describe<Along<Conv1d<2, Kernel<3>, Stride<2>, Padding<1>>, 12>>(), word));
  CHECK(!has(describe<Over<AvgPool<3>>>(), word));
  CHECK(!has(describe<Over<AdaptiveAvgPool<2, 4>>>(), word));
  CHECK(!has(describe<Over<Upsample<2, Bilinear>>>(), word));
  // A crop is asked for.
  CHECK(!has(describe<Over<Crop<1>>>(), word));
}

}  // namespace test_describe
