#include "add_gradient.hpp"
#include "normed.hpp"

// Weights that are made of a magnitude and a direction.

namespace test_weight_norm {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;
using normed::adam;
using normed::Normed;
using normed::sgd;
using normed::Small;

namespace {

/// Of all taps and channels into an output, with and without.
template <class... OfLayer>
using Convolved =
    Network<Input<3, 9, 7>, Conv2d<33, Kernel<3>, Stride<2>, OfLayer...>, Tanh,
            Conv2d<65, Kernel<2>, OfLayer...>, Tanh, Flatten, Linear<3>, CrossEntropy<>, L2<0.1>>;
static_assert(runtime::is_narrow<Small<CrossEntropy<>>> || simd::lanes < kernel::dot_rows);
static_assert(plan_of<Small<CrossEntropy<>>>.parameters ==
              plan_of<Narrow<CrossEntropy<>>>.parameters + 17 + 5);

/// Magnitude and direction of one layer's weights in double, as the paper writes them.
struct Made {
  naive::Parameter<double> magnitude;
  naive::Parameter<double> direction;
  naive::Parameter<double>* weight;

  Made(const std::vector<Tensor>& tensors, naive::Parameter<double>& of) : weight(&of) {
    const auto read = [&](const char* end) {
      const std::string name = of.name + end;
      return naive::read_parameter<double>(tensors, name, floats(tensors, name).size());
    };
    magnitude = read("_g");
    magnitude.weight = true;
    direction = read("_v");
    compose();
  }
  [[nodiscard]] std::size_t inputs() const {
    return direction.value.size() / magnitude.value.size();
  }
  [[nodiscard]] double norm(std::size_t out) const {
    double squares = 0;
    for (std::size_t i = 0; i < inputs(); ++i) {
      squares += direction.value[out * inputs() + i] * direction.value[out * inputs() + i];
    }
    return std::sqrt(squares);
  }
  /// W = g v / ||v||
  void compose() {
    for (std::size_t out = 0; out < magnitude.value.size(); ++out) {
      const double scale = magnitude.value[out] / norm(out);
      for (std::size_t i = out * inputs(); i < (out + 1) * inputs(); ++i) {
        weight->value[i] = scale * direction.value[i];
      }
    }
  }
  /// dg = sum(dW v) / ||v||, dv = g / ||v|| (dW - dg v / ||v||)
  void pull() {
    for (std::size_t out = 0; out < magnitude.value.size(); ++out) {
      const double size = norm(out);
      double along = 0;
      for (std::size_t i = out * inputs(); i < (out + 1) * inputs(); ++i) {
        along += weight->gradient[i] * direction.value[i] / size;
      }
      magnitude.gradient[out] = along;
      for (std::size_t i = out * inputs(); i < (out + 1) * inputs(); ++i) {
        direction.gradient[i] =
            magnitude.value[out] / size * (weight->gradient[i] - along * direction.value[i] / size);
      }
    }
  }
};

/// The textbook of the plain network, whose weights are made of these.
template <class Plain>
struct NormedTextbook {
  naive::Textbook<Plain, double> plain;
  std::vector<Made> made;

  static std::vector<Tensor> plain_tensors(const std::vector<Tensor>& tensors) {
    auto plain = tensors;
    for (Tensor& tensor : plain) {
      if (tensor.name.ends_with("_v")) tensor.name.resize(tensor.name.size() - 2);
    }
    return plain;
  }

  NormedTextbook(const std::vector<Tensor>& tensors, Seed seed)
      : plain(plain_tensors(tensors), seed) {
    for (auto* parameter : plain.parameters()) {
      if (parameter->name == "0.weight" || parameter->name == "2.weight") {
        made.emplace_back(tensors, *parameter);
      }
    }
  }
  /// What is trained.
  Parameters parameters() {
    Parameters all;
    for (auto* parameter : plain.parameters()) {
      bool own = true;
      for (Made& one : made) own = own && one.weight != parameter;
      if (own) all.push_back(parameter);
    }
    for (Made& one : made) {
      all.push_back(&one.magnitude);
      all.push_back(&one.direction);
    }
    return all;
  }
};

template <class Net>
std::vector<Tensor> shifted_tensors(Model<Net>& model) {
  shift_biases(model);
  auto tensors = model.tensors();
  for (Tensor& tensor : tensors) {
    // Magnitudes off the norms that they start as.
    if (!tensor.name.ends_with("_g")) continue;
    auto& values = std::get<std::vector<float>>(tensor.values);
    values = uniform(values.size(), 5, 0.5, 1.5);
  }
  model.assign(tensors);
  return tensors;
}

/// As `follow`, for 20 steps; `update(parameters, step)` has the gradients of all that is trained.
template <class Net, class Plain, class Optimizer, class Update>
void follow_normed(const Optimizer& optimizer, const Update& update) {
  Model<Net> model{Seed{5}};
  NormedTextbook<Plain> textbook(shifted_tensors(model), model.seed());
  Trainer trainer{model, optimizer};
  Worst worst;
  for (unsigned step = 1; step <= 20; ++step) {
    const StepBatch<Net> batch(17, step);
    const double loss =
        textbook.plain.forward_backward(batch.inputs, batch.targets, {model.seed().value, step});
    worst.compare(double{trainer.step(batch.inputs, batch.targets)}, loss,
                  20 * step * epsilon * std::max(1.0, loss), "loss");
    for (Made& made : textbook.made) made.pull();
    update(textbook.parameters(), step);
    for (Made& made : textbook.made) made.compose();
    const auto tensors = model.tensors();
    for (const auto* parameter : textbook.parameters()) {
      const auto found = floats(tensors, parameter->name);
      double largest = 0;
      for (const double value : parameter->value) largest = std::max(largest, std::abs(value));
      for (std::size_t i = 0; i < found.size(); ++i) {
        worst.compare(double{found[i]}, parameter->value[i], 20 * step * epsilon * largest,
                      parameter->name + " after step " + std::to_string(step));
      }
    }
  }
  LAMINA_CHECK_WORST(worst);
}

template <class Optimizer>
auto plainly(const Optimizer& optimizer, double decay = 0) {
  return [=](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) {
      const double keep = 1 - double{optimizer.learning_rate} * decay;
      for (double& w : parameter->value) w *= parameter->weight ? keep : 1.0;
      naive::update(*parameter, optimizer, step);
    }
  };
}

/// A norm of all gradients that is too large is made smaller, as torch.nn.utils.clip_grad_norm_.
void clipped_by_norm(const Parameters& parameters, float limit) {
  double squares = 0;
  for (const auto* parameter : parameters) {
    for (const double g : parameter->gradient) squares += g * g;
  }
  const double factor = std::min(1.0, double{limit} / (std::sqrt(squares) + 1e-6));
  CHECK(factor < 1);
  for (auto* parameter : parameters) {
    for (double& g : parameter->gradient) g *= factor;
  }
}

}  // namespace

TEST_CASE("weight norm: twenty steps follow the textbook", "[weight_norm]") {
  using L = CrossEntropy<>;
  follow_normed<Normed<L>, Wide<L>>(sgd, plainly(sgd));
  follow_normed<Small<L>, Narrow<L>>(sgd, plainly(sgd));
  follow_normed<Normed<L>, Wide<L>>(adam, plainly(adam));
  // Penalties are of the weights, decay is of the magnitudes.
  follow_normed<Normed<L, L2<0.1>, WeightDecay<0.2>>, Wide<L, L2<0.1>>>(adam, plainly(adam, 0.2));
  follow_normed<Small<L, L2<0.1>, WeightDecay<0.2>>, Narrow<L, L2<0.1>>>(adam, plainly(adam, 0.2));
}

TEST_CASE("weight norm: of convolutions", "[weight_norm]") {
  follow_normed<Convolved<WeightNorm>, Convolved<>>(sgd, plainly(sgd));
  follow_normed<Convolved<WeightNorm>, Convolved<>>(adam, plainly(adam));
  for (const Tensor& tensor : Model<Convolved<WeightNorm>>{}.tensors()) {
    if (tensor.name == "0.weight_g") CHECK(tensor.shape == std::vector<std::int64_t>{33, 1, 1, 1});
    if (tensor.name == "0.weight_v") CHECK(tensor.shape == std::vector<std::int64_t>{33, 3, 3, 3});
  }
}

TEST_CASE("weight norm: clipped and accumulated", "[weight_norm]") {
  const auto clipped_then = [](const auto& update) {
    return [=](const Parameters& parameters, unsigned step) {
      clipped_by_norm(parameters, 0.3f);
      update(parameters, step);
    };
  };
  using L = CrossEntropy<>;
  const auto clipped = clipped_then(plainly(sgd));
  follow_normed<Normed<L, L2<0.1>>, Wide<L, L2<0.1>>>(ClipByNorm{sgd, 0.3f}, clipped);
  follow_normed<Small<L, L2<0.1>>, Narrow<L, L2<0.1>>>(ClipByNorm{sgd, 0.3f}, clipped);
  // Decay of the magnitudes, which nothing clips.
  follow_normed<Normed<L, WeightDecay<0.2>>, Wide<L>>(ClipByNorm{sgd, 0.3f},
                                                      clipped_then(plainly(sgd, 0.2)));
  const auto bits = [](const auto& optimizer) {
    return trained<Normed<L, L2<0.1>>>(optimizer, 1, 17);
  };
  CHECK(same_bits(bits(adam), bits(Accumulate{adam, 1})));
}

TEST_CASE("weight norm: values are clipped of magnitudes and directions", "[weight_norm]") {
  const auto clip_values = [](const Parameters& parameters) {
    int changed = 0;
    for (auto* parameter : parameters) {
      for (double& g : parameter->gradient) {
        const double within = std::clamp(g, -double{0.004f}, double{0.004f});
        changed += within != g ? 1 : 0;
        g = within;
      }
    }
    CHECK(changed > 0);
  };
  const auto clipped = [&](const Parameters& parameters, unsigned step) {
    clip_values(parameters);
    plainly(sgd)(parameters, step);
  };
  using L = CrossEntropy<>;
  follow_normed<Normed<L, L2<0.1>>, Wide<L, L2<0.1>>>(ClipByValue{sgd, 0.004f}, clipped);
  follow_normed<Small<L, L2<0.1>>, Narrow<L, L2<0.1>>>(ClipByValue{sgd, 0.004f}, clipped);
  // Before the norm of what they became is taken.
  follow_normed<Normed<L, L2<0.1>>, Wide<L, L2<0.1>>>(
      ClipByValue{ClipByNorm{sgd, 0.05f}, 0.004f},
      [&](const Parameters& parameters, unsigned step) {
        clip_values(parameters);
        clipped_by_norm(parameters, 0.05f);
        plainly(sgd)(parameters, step);
      });
}

TEST_CASE("weight norm: gradients are central differences of the loss", "[weight_norm]") {
  using Net = Small<CrossEntropy<>, L2<0.1>>;
  using Panels = Normed<CrossEntropy<>, L2<0.1>>;
  const auto check = []<class N, class Plain>(N*, Plain*, std::size_t stride) {
    Model<N> model{Seed{3}};
    const auto before = shifted_tensors(model);
    NormedTextbook<Plain> textbook(before, model.seed());
    const StepBatch<N> batch(6, 1);
    Trainer trainer{model, AddGradient{}};
    trainer.step(batch.inputs, batch.targets);
    const auto after = model.tensors();
    const auto loss = [&] {
      for (Made& made : textbook.made) made.compose();
      return textbook.plain.loss(batch.inputs, batch.targets, {});
    };
    Worst worst;
    for (auto* parameter : textbook.parameters()) {
      const auto found = floats(after, parameter->name);
      for (std::size_t i = 0; i < found.size(); i += stride) {
        const double kept = parameter->value[i];
        constexpr double h = 1e-5;
        parameter->value[i] = kept + h;
        const double above = loss();
        parameter->value[i] = kept - h;
        const double below = loss();
        parameter->value[i] = kept;
        // Parameters are of order 1, and so is what rounds when the gradient is added.
        worst.compare(double{found[i]} - kept, (above - below) / (2 * h), 20 * epsilon,
                      parameter->name);
      }
    }
    LAMINA_CHECK_WORST(worst);
  };
  check(static_cast<Net*>(nullptr), static_cast<Narrow<CrossEntropy<>, L2<0.1>>*>(nullptr), 1);
  check(static_cast<Panels*>(nullptr), static_cast<Wide<CrossEntropy<>, L2<0.1>>*>(nullptr), 499);
}

}  // namespace test_weight_norm
