#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>

#include <lamina/lamina.hpp>

#include "results.hpp"

namespace lamina::figures {

/// Where an experiment finds its data and leaves its results.
struct Place {
  std::filesystem::path data;
  std::filesystem::path results;
};

/// The experiments, one or more a page; each writes files of its own name.
void penalties(const Place& place);
void weight_decay(const Place& place);
void constraints(const Place& place);
void label_smoothing(const Place& place);
void dropout(const Place& place);
void input_noise(const Place& place);
void initialization(const Place& place);
void self_normalizing(const Place& place);
void standardize(const Place& place);
void learning_rates(const Place& place);
void batch_sizes(const Place& place);
void depth(const Place& place);
void optimizers(const Place& place);
void clipping(const Place& place);
void accumulation(const Place& place);
void averaging(const Place& place);
void outliers(const Place& place);
void rare_classes(const Place& place);
void mixup(const Place& place);
void fine_tuning(const Place& place);
void combinations(const Place& place);
void image_batches(const Place& place);
void contrast(const Place& place);
void smoothness(const Place& place);
void noise_behind_norm(const Place& place);
void drift(const Place& place);
void super_resolution(const Place& place);
void augmentation(const Place& place);
void digits(const Place& place);
void denoising(const Place& place);
void distillation(const Place& place);
void sound(const Place& place);

/// Those that train on all images, for minutes: only where they are named.
void lenet_accuracy(const Place& place);
void vgg_accuracy(const Place& place);

/// The first so many training images of Fashion-MNIST, and all test images.
inline Split images(const Place& place, std::size_t count) {
  Split split = read_idx_directory(place.data);
  split.train = split.train.slice(0, count);
  return split;
}

inline constexpr std::initializer_list<std::uint64_t> seeds{1, 2, 3};

/// A model trained from a seed, and what its epochs reached.
template <class Net>
struct Trained {
  Model<Net> model;
  History history;
};

template <class Net, class Optimizer, class... Callbacks>
Trained<Net> train(std::uint64_t seed, const Split& data, Optimizer optimizer,
                   const FitOptions& options, Callbacks... callbacks) {
  Trained<Net> trained{Model<Net>{Seed{seed}}, {}};
  Trainer trainer{trained.model, optimizer};
  FitOptions to_the_end = options;
  to_the_end.require_finite_loss = false;  // that a run diverges is a result
  trained.history = trainer.fit(data.train, data.test, to_the_end, callbacks...);
  return trained;
}

}  // namespace lamina::figures
