// Photographs at twice their size, by an encoder-decoder that is trained with two pieces a step.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <int Channels, class... Attributes>
using Plain = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;
template <int Channels, class... Attributes>
using WeightNormed = Plain<Channels, WeightNorm, Attributes...>;

/// What is added to the bilinear image: half the extents and back, with a way past that, then twice
/// the extents.
template <int Extent, template <int, class...> class Conv, class... Norms>
using Enlarging =
    Network<Input<1, Extent, Extent>,
            Residual<Conv<32>, Norms..., ReLU,  //
                     Residual<Conv<32, Stride<2>>, Norms..., ReLU, Conv<64>, Norms..., ReLU,
                              Conv<128>, Norms..., PixelShuffle<2>, ReLU>,
                     Conv<4, Init<Normal<0.01>>>, PixelShuffle<2>, Shortcut<Upsample<2, Bilinear>>>,
            MeanSquaredError>;

constexpr int piece = 16;
constexpr int quarter = 128;
constexpr float curve_rate = 0.003f;

struct Photographs {
  Dataset train;
  Dataset test;
  std::vector<float> bicubic;  ///< of the test images
};

Photographs read_photographs(const std::filesystem::path& file) {
  const Dataset bicubic = read_npz(file, "test_small", "test_bicubic");
  return {read_npz(file, "train_small", "train_large"),
          read_npz(file, "test_small", "test_large"),
          {bicubic.targets().begin(), bicubic.targets().end()}};
}

/// Decibels, the mean over images.
double peak_signal_to_noise(const Dataset& test, std::span<const float> enlarged) {
  metrics::PeakSignalToNoise ratio;
  for (std::size_t image = 0; image < test.size(); ++image) {
    const std::size_t outputs = test.outputs();
    ratio.add({.outputs = enlarged.subspan(image * outputs, outputs),
               .label = -1,
               .targets = test.targets(image)});
  }
  return ratio.value();
}

/// Weights of convolutions do not know the extents that they were trained on.
template <template <int, class...> class Conv, class... Norms>
Model<Enlarging<quarter, Conv, Norms...>> for_quarters(
    const Model<Enlarging<piece, Conv, Norms...>>& trained) {
  Model<Enlarging<quarter, Conv, Norms...>> model{Seed{1}};
  model.assign(trained.tensors());
  return model;
}

/// Calls a function with the step and the model, after every so many steps.
template <class Function>
struct Every {
  std::int64_t steps;
  Function function;
  template <class State>
  void after_step(State& state) const {
    if (state.trainer.steps() % steps == 0) function(state.trainer.steps(), state.trainer.model());
  }
};
template <class Function>
Every(std::int64_t, Function) -> Every<Function>;

/// What three epochs gain over the bicubic images; on the way to the rate of the curves, too.
template <template <int, class...> class Conv, class... Norms>
Model<Enlarging<piece, Conv, Norms...>> enlarge(const char* name, const Photographs& photographs,
                                                std::uint64_t seed, float rate, Results& gains,
                                                Results& curves) {
  const double bicubic = peak_signal_to_noise(photographs.test, photographs.bicubic);
  const auto gain = [&](const auto& model) {
    metrics::PeakSignalToNoise ratio;
    evaluate(for_quarters<Conv, Norms...>(model), photographs.test, ratio);
    return ratio.value() - bicubic;
  };
  const Every measure{500, [&](std::int64_t step, const auto& model) {
                        if (rate == curve_rate) {
                          curves.add(static_cast<double>(step), name, gain(model));
                        }
                      }};
  auto trained = train<Enlarging<piece, Conv, Norms...>>(
      seed, {photographs.train, {}}, Adam{}, {.epochs = 3, .batch_size = 2},
      OneCycle{.max_learning_rate = rate}, measure);
  gains.add(static_cast<double>(rate), name, gain(trained.model));
  return std::move(trained.model);
}

template <template <int, class...> class Conv, class... Norms>
void sweep_enlarging(const char* name, const Photographs& photographs, Results& gains,
                     Results& curves) {
  for (const float rate : {0.001f, curve_rate, 0.01f, 0.03f}) {
    for (const std::uint64_t seed : seeds) {
      enlarge<Conv, Norms...>(name, photographs, seed, rate, gains, curves);
    }
  }
}

/// Squares of square images beside each other, on a white ground.
class Strip {
 public:
  static constexpr int size = 64;

  /// Adds a square out of an image, every value `times` x `times` times.
  void put(std::span<const float> image, int extent, int top, int left, int times) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const int from = (top + y) / times * extent + (left + x) / times;
        values_[static_cast<std::size_t>(y * width + next_ + x)] =
            image[static_cast<std::size_t>(from)];
      }
    }
    next_ += size + gap;
  }
  [[nodiscard]] NamedImages named(const char* title) const {
    NamedImages strip{.title = title, .height = size, .width = width, .values = values_};
    strip.scale = NamedImages::Scale::Gray;
    return strip;
  }

 private:
  static constexpr int gap = 4;
  static constexpr int width = 4 * (size + gap) - gap;
  int next_ = 0;
  std::vector<float> values_ = std::vector<float>(std::size_t{size} * width, 1.0f);
};

void draw_squares(const Photographs& photographs, std::span<const float> enlarged,
                  const std::filesystem::path& stem) {
  struct Square {
    const char* title;
    std::size_t image;
    int top;
    int left;
  };
  const Dataset& test = photographs.test;
  std::vector<NamedImages> strips;
  for (const auto& [title, image, top, left] :
       {Square{"at half size, bicubic, lamina, original", 0, 84, 188}, Square{"", 2, 92, 140},
        Square{"", 4, 104, 188}}) {
    Strip strip;
    strip.put(test.inputs(image), quarter, top, left, 2);
    for (const std::span<const float> images :
         {std::span<const float>(photographs.bicubic), enlarged, test.targets()}) {
      strip.put(images.subspan(image * test.outputs(), test.outputs()), 2 * quarter, top, left, 1);
    }
    strips.push_back(strip.named(title));
  }
  plot_images(strips, stem);
}

}  // namespace

void super_resolution(const Place& place) {
  const std::filesystem::path file = place.results / "photographs.npz";
  if (!std::filesystem::exists(file)) {
    std::printf("super_resolution: no photographs, %s is made by docs/figures/photographs.py\n",
                file.string().c_str());
    return;
  }
  const Photographs photographs = read_photographs(file);
  Results gains("learning rate");
  Results curves("step");
  sweep_enlarging<Plain>("no norm", photographs, gains, curves);
  sweep_enlarging<Plain, BatchNorm<>>("BatchNorm", photographs, gains, curves);
  sweep_enlarging<WeightNormed>("WeightNorm", photographs, gains, curves);
  gains.save_csv(place.results / "super_resolution.csv");
  gains.save_markdown(place.results / "super_resolution.md", {.digits = 2});
  curves.save_csv(place.results / "super_resolution_steps.csv");

  Results none("");
  const auto model =
      for_quarters<WeightNormed>(enlarge<WeightNormed>("", photographs, 1, curve_rate, none, none));
  std::vector<float> enlarged(photographs.bicubic.size());
  model.predict(photographs.test.inputs(), enlarged);
  draw_squares(photographs, enlarged, place.results / "super_resolution_squares");
}

}  // namespace lamina::figures
