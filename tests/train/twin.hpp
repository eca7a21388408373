#pragma once

#include <lamina/lamina.hpp>
#include <lamina/runtime/narrow_step.hpp>

#include "bench/naive/textbook.hpp"
#include "numbers.hpp"

/// A network in the engine and in the textbook's loops, side by side.
namespace lamina::testing {

/// Tensors with biases, scales, shifts and running statistics off their start values, so that
/// mixing them up shows.
inline std::vector<Tensor> off_defaults(std::vector<Tensor> tensors, unsigned seed) {
  for (Tensor& tensor : tensors) {
    const auto ends = [&](const char* end) { return tensor.name.ends_with(end); };
    const auto set = [&](float low, float high) {
      auto& values = std::get<std::vector<float>>(tensor.values);
      values = uniform(values.size(), ++seed, low, high);
    };
    if (ends(".weight") && tensor.shape.size() == 1) set(0.6f, 1.4f);
    if (ends(".bias")) set(-0.3f, 0.3f);
    if (ends(".running_mean")) set(-0.5f, 0.5f);
    if (ends(".running_var")) set(0.5f, 2.0f);
    if (ends(".mean")) set(-0.5f, 0.5f);
    if (ends(".std")) set(0.5f, 2.0f);
    // Means of at most 0.4 and variances of at least 0.4.
    if (ends(".sums")) set(-2.0f, 2.0f);
    if (ends(".squares")) set(3.0f, 9.0f);
    if (ends(".count")) set(5.0f, 5.0f);
    if (ends(".samples")) tensor.values = std::vector<std::int64_t>{17};
  }
  return tensors;
}

/// Tensors whose floats are each off by at most two units in their last place.
inline std::vector<Tensor> shaken(std::vector<Tensor> tensors, unsigned seed) {
  for (Tensor& tensor : tensors) {
    auto* const values = std::get_if<std::vector<float>>(&tensor.values);
    if (values == nullptr) continue;
    const auto shakes = uniform(values->size(), ++seed, -2, 2);
    for (std::size_t i = 0; i < values->size(); ++i) {
      (*values)[i] *= 1 + static_cast<float>(epsilon) * std::round(shakes[i]);
    }
  }
  return tensors;
}

/// The textbook in double; three more in double whose parameters started as far off as float's
/// rounding; and one in float. How far those stray says how well posed the numbers are: a batch of
/// two rows that nearly agree is not, since its normalization divides by their difference, nor is a
/// sum of gradients that cancel.
template <class Net>
class Twins {
 public:
  using Twin = naive::Textbook<Net, double>;
  using Values = std::vector<double>;

  explicit Twins(const Model<Net>& model) : in_float_(model.tensors(), model.seed()) {
    twins_.emplace_back(model.tensors(), model.seed());
    for (unsigned i = 0; i < 3; ++i) {
      twins_.emplace_back(shaken(model.tensors(), 1000 * i), model.seed());
    }
  }

  /// Compares with what `get` gives for every twin. Tolerance of each array: 30 epsilon of its
  /// largest value, and ten times what the others stray.
  template <class Get>
  void compare(const std::string& what, const std::vector<float>& found, const Get& get) {
    std::vector<Values> all;
    for (Twin& twin : twins_) all.push_back(get(twin));
    const auto in_float = get(in_float_);
    all.emplace_back(in_float.begin(), in_float.end());
    const Values& expected = all[0];
    REQUIRE(found.size() == expected.size());
    double largest = 0;
    double strays = 0;
    for (const Values& values : all) {
      for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        strays = std::max(strays, std::abs(expected[i] - values[i]));
      }
    }
    const double tolerance = 30 * epsilon * largest + 10 * strays + 1e-30;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      worst.compare(double{found[i]}, expected[i], tolerance, what);
    }
  }

  /// One step of all twins; compares the loss.
  template <class Targets, class Optimizer>
  void step(const std::vector<float>& inputs, const Targets& targets, const Optimizer& optimizer,
            float loss) {
    compare("loss", {loss},
            [&](auto& twin) { return std::vector{twin.step(inputs, targets, optimizer)}; });
  }

  void compare_tensors(const std::vector<Tensor>& tensors) {
    std::size_t compared = 0;
    for (const Tensor& tensor : tensors) {
      if (tensor.name.ends_with("num_batches_tracked")) continue;
      compare(tensor.name, floats(tensor),
              [&](auto& twin) { return twin.values().at(tensor.name); });
      ++compared;
    }
    REQUIRE(compared == twins_[0].values().size());
  }

  Worst worst;

 private:
  /// Counters are whole numbers that floats hold.
  static std::vector<float> floats(const Tensor& tensor) {
    return std::visit(
        [](const auto& values) {
          std::vector<float> made;
          for (const auto value : values) made.push_back(static_cast<float>(value));
          return made;
        },
        tensor.values);
  }

  std::vector<Twin> twins_;
  naive::Textbook<Net, float> in_float_;
};

/// Where the numbers of a model begin.
enum class Start { OffDefaults, AsMade };

/// One batch size: loss, parameters and statistics after one and three steps at a rate so large
/// that a gradient's error shows, then inference, as it is and frozen, of the batch and of single
/// rows.
template <class Net, class Optimizer>
void check_twin(std::size_t rows, const Optimizer& optimizer, Start start) {
  using Target = typename Plan<Net>::Loss::Target;
  constexpr auto features = static_cast<std::size_t>(Plan<Net>::features);
  constexpr auto outputs = static_cast<std::size_t>(Plan<Net>::outputs);
  CAPTURE(rows);
  const auto seed = static_cast<unsigned>(rows);
  Model<Net> model{Seed{rows * 12345678901}};
  if (start == Start::OffDefaults) model.assign(off_defaults(model.tensors(), seed));
  Twins<Net> twins(model);
  Trainer trainer{model, optimizer};
  for (unsigned step = 1; step <= 3; ++step) {
    const auto inputs = uniform(rows * features, seed + 100 * step, -2, 2);
    const auto targets =
        some_targets<Target>(rows, static_cast<int>(outputs), seed + 100 * step + 1);
    twins.step(inputs, targets, optimizer, trainer.step(inputs, targets));
    if (step != 2) twins.compare_tensors(model.tensors());
  }
  const auto inputs = uniform(rows * features, seed + 7, -2, 2);
  const auto expected = [&](auto& twin) { return twin.predict(inputs, rows); };
  std::vector<float> found(rows * outputs, -1.0f);
  model.predict(inputs, found);
  twins.compare("predict", found, expected);
  found.assign(found.size(), -1.0f);
  const Predictor<Net> predictor = model.freeze();
  predictor(inputs, found);
  twins.compare("frozen", found, expected);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto scores = predictor(std::span(inputs).subspan(row * features, features));
    std::copy(scores.begin(), scores.end(), found.begin() + static_cast<long>(row * outputs));
  }
  twins.compare("single samples", found, expected);
  LAMINA_CHECK_WORST(twins.worst);
}

/// Batch sizes that straddle registers, tiles and the blocks of masks and rows, and for networks
/// that take many samples through all layers at once, their chunks.
template <class Net, class Optimizer = Sgd>
void check_twin(const char* name, const Optimizer& optimizer = {.learning_rate = 0.5f},
                Start start = Start::OffDefaults) {
  INFO(name);
  if (Plan<Net>::least_rows == 1) check_twin<Net>(1, optimizer, start);
  for (const std::size_t rows : {2u, 3u, 15u, 16u, 17u, 33u, 70u})
    check_twin<Net>(rows, optimizer, start);
  if (runtime::is_narrow<Net>) {
    for (const std::size_t rows : {64u, 65u, 130u, 513u, 1100u})
      check_twin<Net>(rows, optimizer, start);
  }
}

}  // namespace lamina::testing
