#include "twin.hpp"

namespace lamina::testing {

std::vector<Tensor> off_defaults(std::vector<Tensor> tensors, unsigned seed) {
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

namespace {

/// Tensors whose floats are each off by at most two units in their last place.
std::vector<Tensor> shaken(std::vector<Tensor> tensors, unsigned seed) {
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
template <class Target>
class Twins {
 public:
  using Twin = naive::AnyTextbook<Target, double>;
  using Values = std::vector<double>;

  Twins(const Case<Target>& network, const std::vector<Tensor>& tensors, Seed seed)
      : network_(network), in_float_(network.in_float, tensors, seed) {
    twins_.emplace_back(network.in_double, tensors, seed);
    for (unsigned i = 0; i < 3; ++i) {
      twins_.emplace_back(network.in_double, shaken(tensors, 1000 * i), seed);
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
  void step(const std::vector<float>& inputs, const std::vector<Target>& targets, float loss) {
    compare("loss", {loss}, [&]<class Scalar>(naive::AnyTextbook<Target, Scalar>& twin) {
      if constexpr (std::is_same_v<Scalar, double>) {
        return std::vector{network_.step_in_double(twin, inputs, targets)};
      } else {
        return std::vector{network_.step_in_float(twin, inputs, targets)};
      }
    });
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

  const Case<Target>& network_;
  std::vector<Twin> twins_;
  naive::AnyTextbook<Target, float> in_float_;
};

template <class Target>
void check_rows(std::size_t rows, Engine<Target>& engine, const Case<Target>& network,
                Start start) {
  const std::size_t features = network.in_double.features();
  CAPTURE(rows);
  const auto seed = static_cast<unsigned>(rows);
  const Seed model_seed{rows * 12345678901};
  engine.begin(model_seed);
  if (start == Start::OffDefaults) engine.assign(off_defaults(engine.tensors(), seed));
  Twins<Target> twins(network, engine.tensors(), model_seed);
  for (unsigned step = 1; step <= 3; ++step) {
    const auto inputs = uniform(rows * features, seed + 100 * step, -2, 2);
    const auto targets = some_targets<Target>(rows * network.positions,
                                              static_cast<int>(network.outputs / network.positions),
                                              seed + 100 * step + 1);
    twins.step(inputs, targets, engine.step(inputs, targets));
    if (step != 2) twins.compare_tensors(engine.tensors());
  }
  const auto inputs = uniform(rows * features, seed + 7, -2, 2);
  const auto expected = [&](auto& twin) { return twin.predict(inputs, rows); };
  std::vector<float> found(rows * network.outputs, -1.0f);
  engine.predict(inputs, found);
  twins.compare("predict", found, expected);
  found.assign(found.size(), -1.0f);
  std::vector<float> singly = found;
  engine.predict_frozen(inputs, found, singly);
  twins.compare("frozen", found, expected);
  twins.compare("single samples", singly, expected);
  LAMINA_CHECK_WORST(twins.worst);
}

}  // namespace

/// Batch sizes that straddle registers, tiles and the blocks of masks and rows, and for networks
/// that take many samples through all layers at once, their chunks. Where samples have positions,
/// a block is one of them or more.
template <class Target>
void check_twin(const char* name, Engine<Target>& engine, const Case<Target>& network,
                Start start) {
  INFO(name);
  std::vector<std::size_t> sizes{2, 3, 15, 16, 17, 33, 70};
  if (network.spatial) sizes = {2, 3, 9, 17};
  if (network.spatial && network.in_double.features() < 32) sizes.push_back(100);
  if (network.of_one_row) sizes.push_back(1);
  if (network.narrow) sizes.insert(sizes.end(), {64, 65, 130, 800});
  for (const std::size_t rows : sizes) check_rows(rows, engine, network, start);
}

template void check_twin(const char*, Engine<Label>&, const Case<Label>&, Start);
template void check_twin(const char*, Engine<float>&, const Case<float>&, Start);

}  // namespace lamina::testing
