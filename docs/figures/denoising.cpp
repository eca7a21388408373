// Images without their noise: an autoencoder that is given noisy images and asked for the clean
// ones.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

constexpr int extent = 28;
constexpr std::size_t pixels = extent * extent;

template <int Channels, class... Attributes>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;
template <int Channels>
using Half = Conv<Channels, Stride<2>>;
template <int Channels>
using Twice = ConvTranspose2d<Channels, Kernel<4>, Stride<2>, Padding<1>>;

/// All that is known of an image goes through 32 channels of 7 x 7.
template <class... Noise>
using Autoencoder =
    Network<Input<1, extent, extent>, Noise..., Half<16>, ReLU, Half<32>, ReLU, Conv<32>, ReLU,
            Twice<16>, ReLU, Twice<16>, ReLU, Conv<1>, MeanSquaredError>;

/// The same with ways past the smaller extents, as a U-Net has them.
template <class... Noise>
using UNet =
    Network<Input<1, extent, extent>, Noise..., Conv<16>, ReLU,
            Concat<Branch<>,
                   Branch<Half<16>, ReLU, Concat<Branch<>, Branch<Half<32>, ReLU, Twice<16>, ReLU>>,
                          Conv<16>, ReLU, Twice<16>, ReLU>>,
            Conv<1>, MeanSquaredError>;

/// The images, whose targets are themselves.
Dataset to_restore(const Dataset& images) {
  const std::vector<float> values(images.inputs().begin(), images.inputs().end());
  return Dataset(images.shape(), values, values, pixels);
}

/// The same images with noise on the inputs, the same whenever it is asked for.
Dataset with_noise(const Dataset& clean, float sigma) {
  std::mt19937 engine(7);
  std::normal_distribution<float> normal;
  std::vector<float> inputs(clean.inputs().begin(), clean.inputs().end());
  for (float& input : inputs) input += sigma * normal(engine);
  return Dataset(clean.shape(), std::move(inputs),
                 std::vector<float>(clean.targets().begin(), clean.targets().end()), pixels);
}

/// The median of each pixel and its eight neighbours; beyond the edge its pixels go on.
std::vector<float> median_filtered(std::span<const float> images) {
  std::vector<float> filtered(images.size());
  for (std::size_t at = 0; at < images.size(); ++at) {
    const int y = static_cast<int>(at % pixels) / extent;
    const int x = static_cast<int>(at % pixels) % extent;
    const std::span<const float> image = images.subspan(at - at % pixels, pixels);
    std::array<float, 9> near{};
    for (int i = 0; i < 9; ++i) {
      const int from_y = std::clamp(y + i / 3 - 1, 0, extent - 1);
      const int from_x = std::clamp(x + i % 3 - 1, 0, extent - 1);
      near[static_cast<std::size_t>(i)] = image[static_cast<std::size_t>(from_y * extent + from_x)];
    }
    std::nth_element(near.begin(), near.begin() + 4, near.end());
    filtered[at] = near[4];
  }
  return filtered;
}

std::vector<float> blurred(std::span<const float> images, float deviation) {
  std::vector<float> filtered(images.begin(), images.end());
  for (std::size_t at = 0; at < images.size(); at += pixels) {
    augment::gaussian_blur(
        augment::Image::channels_first(std::span(filtered).subspan(at, pixels), 1, extent, extent),
        7, deviation);
  }
  return filtered;
}

template <class Net>
std::vector<float> restored(const Model<Net>& model, const Dataset& noisy) {
  std::vector<float> outputs(noisy.size() * pixels);
  model.predict(noisy.inputs(), outputs);
  return outputs;
}

struct Quality {
  double squared_error;
  double decibels;
};

/// Of what is shown: values below black are black, those above white white.
Quality quality(const Dataset& noisy, std::vector<float> made) {
  metrics::PeakSignalToNoise ratio;
  double squares = 0;
  for (float& value : made) value = std::clamp(value, 0.0f, 1.0f);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const double error = static_cast<double>(made[i]) - static_cast<double>(noisy.targets()[i]);
    squares += error * error;
  }
  for (std::size_t image = 0; image < noisy.size(); ++image) {
    ratio.add({.outputs = std::span<const float>(made).subspan(image * pixels, pixels),
               .label = -1,
               .targets = noisy.targets(image)});
  }
  return {squares / static_cast<double>(made.size()), ratio.value()};
}

/// The blur whose deviation suits these very images best.
Quality best_blur(const Dataset& noisy) {
  Quality best{std::numeric_limits<double>::infinity(), 0};
  for (const float deviation : {0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1.0f, 1.2f}) {
    const Quality tried = quality(noisy, blurred(noisy.inputs(), deviation));
    if (tried.squared_error < best.squared_error) best = tried;
  }
  return best;
}

/// What all experiments share: clean images to learn from, test images of several noises.
struct Task {
  Dataset train;
  std::vector<std::pair<float, Dataset>> tests;
  Results* decibels;
  Results* errors;

  void add(float sigma, const char* name, const Quality& found) const {
    decibels->add(static_cast<double>(sigma), name, found.decibels);
    errors->add(static_cast<double>(sigma), name, 1000 * found.squared_error);
  }
  [[nodiscard]] const Dataset& test(float sigma) const {
    for (const auto& [deviation, test] : tests) {
      if (deviation == sigma) return test;
    }
    throw Error("expected a deviation that is tested, found " + std::to_string(sigma));
  }
};

constexpr float middle = 0.3f;  // the deviation that is shown, and learned from where it is one

/// Noise on the inputs alone, other noise in every step.
struct Noise {
  double least;
  double most;
  template <class Sample>
  void operator()(Sample sample, Draws& draws) const {
    const double sigma = least + (most - least) * draws.uniform();
    for (float& value : sample.input) value += static_cast<float>(sigma * draws.normal());
  }
};

template <class Net, class... Callbacks>
Trained<Net> learn(std::uint64_t seed, const Task& task, Callbacks... callbacks) {
  return train<Net>(seed, {task.train, task.test(middle)}, Adam{}, {.epochs = 6, .batch_size = 16},
                    OneCycle{.max_learning_rate = 0.003f}, callbacks...);
}

template <class Net>
void measure(const char* name, const Trained<Net>& trained, const Task& task) {
  for (const auto& [sigma, noisy] : task.tests) {
    task.add(sigma, name, quality(noisy, restored(trained.model, noisy)));
  }
}

/// The first test image of each of eight classes, as rows of a picture.
void draw_images(const Dataset& noisy, const std::vector<std::vector<float>>& filtered,
                 std::span<const Label> labels, const std::filesystem::path& stem) {
  std::vector<std::size_t> chosen;
  for (Label label = 0; chosen.size() < 8; ++label) {
    if (label == 2 || label == 4) continue;  // pullovers and coats, which look like shirts
    const auto found = std::find(labels.begin(), labels.end(), label);
    chosen.push_back(static_cast<std::size_t>(found - labels.begin()));
  }
  std::vector<NamedImages> rows;
  const auto add = [&](const char* title, std::span<const float> images) {
    NamedImages row{.title = title, .height = extent, .width = extent, .values = {}};
    row.scale = NamedImages::Scale::Gray;
    for (const std::size_t image : chosen) {
      for (const float value : images.subspan(image * pixels, pixels)) {
        row.values.push_back(std::clamp(value, 0.0f, 1.0f));
      }
    }
    rows.push_back(row);
  };
  add("noisy", noisy.inputs());
  add("median of 3 x 3", filtered[0]);
  add("autoencoder", filtered[1]);
  add("U-Net", filtered[2]);
  add("clean", noisy.targets());
  plot_images(rows, stem);
}

}  // namespace

void denoising(const Place& place) {
  Split data = images(place, 5000);
  data.test = data.test.slice(0, 2000);
  Results decibels("noise");
  Results errors("noise");
  Task task{to_restore(data.train), {}, &decibels, &errors};
  for (const float sigma : {0.1f, 0.2f, middle, 0.4f, 0.5f}) {
    task.tests.emplace_back(sigma, with_noise(to_restore(data.test), sigma));
    const Dataset& noisy = task.tests.back().second;
    task.add(sigma, "noisy",
             quality(noisy, std::vector<float>(noisy.inputs().begin(), noisy.inputs().end())));
    task.add(sigma, "median of 3 x 3", quality(noisy, median_filtered(noisy.inputs())));
    task.add(sigma, "best Gaussian blur", best_blur(noisy));
  }
  const Transform fixed{Noise{middle, middle}};
  const Transform any{Noise{0, 0.6}};
  const Dataset& shown = task.test(middle);
  std::vector<std::vector<float>> filtered{median_filtered(shown.inputs())};
  for (const std::uint64_t seed : seeds) {
    const auto narrow = learn<Autoencoder<>>(seed, task, fixed);
    measure("autoencoder", narrow, task);
    const auto wide = learn<UNet<>>(seed, task, fixed);
    measure("U-Net", wide, task);
    measure("U-Net, any noise", learn<UNet<>>(seed, task, any), task);
    measure("U-Net, GaussianNoise<0.3>", learn<UNet<GaussianNoise<0.3>>>(seed, task), task);
    if (seed != 1) continue;
    filtered.push_back(restored(narrow.model, shown));
    filtered.push_back(restored(wide.model, shown));
  }
  decibels.save_csv(place.results / "denoising.csv");
  decibels.save_markdown(place.results / "denoising.md", {.digits = 2});
  errors.save_markdown(place.results / "denoising_errors.md", {.digits = 2});
  draw_images(shown, filtered, data.test.labels(), place.results / "denoising_images");
}

}  // namespace lamina::figures
