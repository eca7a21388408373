// What augmentation does where images are few, a transform at a time and together; and a policy for
// each class, on digits that are turned.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

template <class Loss>
using Small = Network<Input<1, 28, 28>, Conv2d<16, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU,
                      MaxPool<2>, Conv2d<32, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU, MaxPool<2>,
                      Flatten, Linear<64>, BatchNorm<>, ReLU, Linear<10>, Loss>;
using Hard = Small<CrossEntropy<>>;
using Soft = Small<CrossEntropy<SoftTargets>>;

/// Any callback that changes batches, as one type: a fit is compiled once for all of them.
template <class Target>
struct AnyTransform {
  std::function<void(const TrainingBatch<Target>&)> function;

  void transform(const TrainingBatch<Target>& batch) const { function(batch); }
};

template <class Target, class... Callbacks>
AnyTransform<Target> any(const Callbacks&... callbacks) {
  return {[callbacks...](const TrainingBatch<Target>& batch) {
    TrainingBatch<Target> own = batch;
    ((callbacks.transform(own), ++own.stream), ...);
  }};
}

template <class Net, class Target>
Trained<Net> train_with(std::uint64_t seed, const Split& data, const AnyTransform<Target>& change,
                        int epochs = 30) {
  return train<Net>(seed, {data.train, {}}, AdamW{}, {.epochs = epochs, .batch_size = 64},
                    OneCycle{.max_learning_rate = 0.004f}, change);
}

/// The share of samples whose largest output is that of their label, in %.
template <class Net>
double accuracy_of(const Model<Net>& model, const Dataset& labelled) {
  std::vector<float> outputs(labelled.size() * 10);
  model.predict(labelled.inputs(), std::span<float>(outputs));
  std::size_t right = 0;
  for (std::size_t row = 0; row < labelled.size(); ++row) {
    const auto first = outputs.begin() + static_cast<std::ptrdiff_t>(10 * row);
    right += std::max_element(first, first + 10) - first == labelled.labels()[row] ? 1 : 0;
  }
  return 100 * static_cast<double>(right) / static_cast<double>(labelled.size());
}

/// Rows: what changes the samples; a column: accuracies on `labelled`.
template <class Net, class Target>
void sweep(const char* name, const Split& data, const Dataset& labelled,
           const AnyTransform<Target>& change, Results& table, int epochs = 30) {
  for (const std::uint64_t seed : seeds) {
    const auto trained = train_with<Net>(seed, data, change, epochs);
    table.add(name, "test accuracy in %", accuracy_of(trained.model, labelled));
  }
}

using Crop = RandomCrop<28, Padding<2>>;

/// Eight draws of a list for one image.
template <class... Items>
NamedImages drawn(const char* title, const Dataset& image, const Augment<Items...>& list) {
  const Dataset draws = augmented(image, list, {.copies = 8});
  NamedImages group{title, 28, 28, {draws.inputs().begin(), draws.inputs().end()}};
  group.scale = NamedImages::Scale::Gray;
  return group;
}

void draw_lists(const Dataset& image, const std::filesystem::path& stem) {
  plot_images(
      {drawn("as it is", image, Augment<>{}),
       drawn("RandomCrop<28, Padding<2>>", image, Augment<Crop>{}),
       drawn("Flip<Horizontal>", image, Augment<Flip<Horizontal>>{}),
       drawn("Rotate<10>", image, Augment<Rotate<10>>{}),
       drawn("Zoom<0.1>", image, Augment<Zoom<0.1>>{}),
       drawn("Elastic<20.0, 4.0>", image, Augment<Elastic<20.0, 4.0>>{}),
       drawn("Brightness<0.3>, Contrast<0.3>", image, Augment<Brightness<0.3>, Contrast<0.3>>{}),
       drawn("Noise<0.1>", image, Augment<Noise<0.1>>{}),
       drawn("Blur<1, Chance<1>>", image, Augment<Blur<Range{0.1, 1.0}, Chance<1.0>>>{}),
       drawn("Erase<Chance<1>>", image, Augment<Erase<Chance<1.0>>>{}),
       drawn("RandAugment<2, 9>", image, Augment<RandAugment<2, 9>>{})},
      stem);
}

using SixesAndNines = Classes<6, 9>;
using TurnedButThose = Augment<Except<SixesAndNines, Rotate<180>>>;

/// Accuracies in %: on all digits, on the 6 and 9 among them, and on all with those turned that may
/// be turned.
void add_digits(const char* name, const Split& data, const AnyTransform<Label>& change,
                Results& table) {
  std::vector<std::uint32_t> sixes_and_nines;
  for (std::size_t row = 0; row < data.test.size(); ++row) {
    const Label label = data.test.labels()[row];
    if (label == 6 || label == 9) sixes_and_nines.push_back(static_cast<std::uint32_t>(row));
  }
  const Dataset two = data.test.select(sixes_and_nines);
  const Dataset turned = augmented(data.test, TurnedButThose{});
  for (const std::uint64_t seed : seeds) {
    const auto trained = train_with<Hard>(seed, data, change);
    table.add(name, "upright", 100 * evaluate(trained.model, data.test).accuracy);
    table.add(name, "6 and 9, upright", 100 * evaluate(trained.model, two).accuracy);
    table.add(name, "turned, but for 6 and 9", 100 * evaluate(trained.model, turned).accuracy);
  }
}

}  // namespace

void augmentation(const Place& place) {
  const Split data = images(place, 2'000);
  const Split soft{one_hot(data.train, 10), one_hot(data.test, 10)};
  Results table("augmentation");
  const auto hard = [&](const char* name, const auto& list, int epochs = 30) {
    sweep<Hard>(name, data, data.test, any<Label>(list), table, epochs);
  };
  const auto mixed = [&](const char* name, const auto&... callbacks) {
    sweep<Soft>(name, soft, data.test, any<float>(callbacks...), table);
  };
  hard("none", Augment<>{});
  hard("RandomCrop<28, Padding<2>>", Augment<Crop>{});
  hard("Flip<Horizontal>", Augment<Flip<Horizontal>>{});
  hard("Rotate<10>", Augment<Rotate<10>>{});
  hard("Zoom<0.1>", Augment<Zoom<0.1>>{});
  hard("Elastic<20.0, 4.0>", Augment<Elastic<20.0, 4.0>>{});
  hard("Brightness<0.3>, Contrast<0.3>", Augment<Brightness<0.3>, Contrast<0.3>>{});
  hard("Noise<0.1>", Augment<Noise<0.1>>{});
  hard("Blur<Range{0.1, 1.0}>", Augment<Blur<Range{0.1, 1.0}>>{});
  hard("Erase<>", Augment<Erase<>>{});
  hard("RandAugment<2, 9>", Augment<RandAugment<2, 9>>{});
  mixed("Mixup", Mixup{});
  mixed("CutMix", CutMix{});
  mixed("crop, flip, CutMix", Augment<Crop, Flip<Horizontal>>{}, CutMix{});
  hard("crop, flip, erase", Augment<Crop, Flip<Horizontal>, Erase<>>{});
  using All = Augment<Crop, Flip<Horizontal>, Rotate<10>, Zoom<0.1>, Brightness<0.3>, Contrast<0.3>,
                      Noise<0.05>, Erase<>>;
  hard("all from crop to erase", All{});
  hard("none, 90 epochs", Augment<>{}, 90);
  hard("crop, flip, erase, 90 epochs", Augment<Crop, Flip<Horizontal>, Erase<>>{}, 90);
  hard("all from crop to erase, 90 epochs", All{}, 90);
  table.save_markdown(place.results / "augmentation.md", {.digits = 1});
  draw_lists(data.train.slice(0, 1), place.results / "augmentation_draws");
}

void digits(const Place& place) {
  const std::filesystem::path file = place.results / "digits.npz";
  if (!std::filesystem::exists(file)) {
    std::printf("digits: no digits, %s is made by docs/figures/digits.py\n", file.string().c_str());
    return;
  }
  const Dataset all = read_npz(file, "x", "y");
  const Split data{all.slice(0, 1'000), all.slice(1'000, all.size() - 1'000)};
  Results table("augmentation");
  const auto add = [&](const char* name, const auto& list) {
    add_digits(name, data, any<Label>(list), table);
  };
  add("none", Augment<>{});
  add("Rotate<15>", Augment<Rotate<15>>{});
  add("Rotate<180>", Augment<Rotate<180>>{});
  add("Except<Classes<6, 9>, Rotate<180>>", TurnedButThose{});
  add("Except<Classes<6, 9>, Rotate<180>>, Only<Classes<6, 9>, Rotate<15>>",
      Augment<Except<SixesAndNines, Rotate<180>>, Only<SixesAndNines, Rotate<15>>>{});
  add("Flip<Vertical>", Augment<Flip<Vertical>>{});
  add("Flip<Horizontal>", Augment<Flip<Horizontal>>{});
  table.save_markdown(place.results / "digits.md", {.digits = 1});
}

}  // namespace lamina::figures
