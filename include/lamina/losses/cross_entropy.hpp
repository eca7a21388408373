#pragma once

#include <array>
#include <cmath>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>

namespace lamina {

/// Attribute of `CrossEntropy`: the share of the target spread evenly over all classes, in [0, 1).
/// l' = (1 - Share) l + Share / classes. Source: Szegedy et al. 2016; PyTorch's `label_smoothing`.
template <double Share>
struct LabelSmoothing {
  static constexpr AttributeKind attribute = AttributeKind::LabelSmoothing;
  static constexpr double value = Share;
  static constexpr TextBuffer name() { return item_name("LabelSmoothing", Share); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Share >= 0 && Share < 1)) {
      wrong << "needs a label smoothing in [0, 1), got " << Share;
    }
    return wrong;
  }
};

/// Attribute of `CrossEntropy`: what each class counts, one number >= 0 for every output; for data
/// with rare classes. PyTorch's `weight`.
template <auto... Weights>
  requires(std::is_arithmetic_v<decltype(Weights)> && ...)
struct ClassWeights {
  static constexpr AttributeKind attribute = AttributeKind::ClassWeights;
  static constexpr int size = sizeof...(Weights);
  static constexpr std::array<float, sizeof...(Weights)> values{static_cast<float>(Weights)...};
  static constexpr float sum = (0.0f + ... + static_cast<float>(Weights));
  static constexpr TextBuffer name() {
    return item_name("ClassWeights", static_cast<double>(Weights)...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (size == 0) wrong << "needs a class weight for every output, got none";
    ((!(static_cast<double>(Weights) >= 0) && wrong.empty()
          ? wrong << "needs class weights of at least 0, got " << static_cast<double>(Weights)
          : wrong),
     ...);
    return wrong;
  }
};

/// Attribute of `CrossEntropy`: targets are probabilities, a row of them a sample, in place of
/// labels: for mixup, distillation, votes of several people.
struct SoftTargets {
  static constexpr AttributeKind attribute = AttributeKind::SoftTargets;
  static constexpr TextBuffer name() { return item_name("SoftTargets"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Softmax and negative log-likelihood of class labels, the mean over the batch.
///
/// loss = -sum_i w_i l'_i log softmax(x)_i with the smoothed target l' and class weights w, all 1
/// unless given; the gradient by the logits is (q softmax(x) - w l') / batch with q = sum_i w_i
/// l'_i, which is 1 without weights. The network's last outputs are logits, and so is what
/// `predict` returns. As `torch.nn.CrossEntropyLoss`: with `ClassWeights` and labels the sum over
/// the batch is divided by the weights of its labels in place of their number, with `SoftTargets`
/// by the number. A batch of labels that all weigh 0 costs 0 and moves nothing (PyTorch: NaN).
/// Targets: one `Label` a sample; with `SoftTargets` row-major floats (batch, classes).
/// Attributes: `LabelSmoothing<s>`, `ClassWeights<w...>`, `SoftTargets`.
///
/// Errors: a label outside [0, classes) throws `Error` from `step` before anything is changed; a
/// wrong number of class weights, or an image or a signal as outputs, does not compile.
/// Example: `CrossEntropy<LabelSmoothing<0.1>>`
template <class... Attributes>
struct CrossEntropy {
 private:
  using Weights = find_attribute_t<AttributeKind::ClassWeights, void, Attributes...>;
  static constexpr bool weighted = !std::is_void_v<Weights>;
  static constexpr bool soft =
      !std::is_void_v<find_attribute_t<AttributeKind::SoftTargets, void, Attributes...>>;

 public:
  static constexpr Role role = Role::Loss;
  using Target = std::conditional_t<soft, float, Label>;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Attributes) == 0) return item_name("CrossEntropy<>");
    return item_name("CrossEntropy", name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::LabelSmoothing, AttributeKind::ClassWeights,
                 AttributeKind::SoftTargets>::template check<Attributes...>();
  }
  /// What this loss says against outputs of this shape; empty when it takes them.
  static constexpr TextBuffer check_input([[maybe_unused]] Shape outputs) {
    TextBuffer wrong;
    if constexpr (weighted) {
      if (Weights::size != outputs.features()) {
        wrong << "has " << Weights::size << " class weights for " << outputs.features()
              << " outputs: give one for each";
      }
    }
    return wrong;
  }

  static constexpr double smoothing =
      find_attribute_t<AttributeKind::LabelSmoothing, LabelSmoothing<0.0>, Attributes...>::value;

  /// What the loss of a batch is divided by: the weights of its labels.
  static double count(const Target* labels, std::size_t rows)
    requires(weighted && !soft)
  {
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      sum += static_cast<double>(Weights::values[static_cast<std::size_t>(labels[row])]);
    }
    return sum;
  }

  /// Loss of one sample, and its gradient by the logits times `weight`, over a row of registers.
  ///
  /// `Row` gives `max()`, `sum(f, others...)`, `assign(from, f, others...)` and `[]`; f takes a
  /// register of the row and one of each of the others, which are rows of floats. `target` points
  /// to what belongs to the sample.
  template <class Row>
  static float sample(const Row& logits, const Target* target, const Row& gradient, float weight) {
    using V = typename Row::Value;
    const float largest = logits.max();
    const float total = logits.sum([&](V x) { return exp(x - V(largest)); });
    const Softmax softmax{largest, std::log(total), weight, weight / total};
    if constexpr (soft) {
      return soft_sample(logits, target, gradient, softmax);
    } else {
      return label_sample(logits, *target, gradient, softmax);
    }
  }

 private:
  /// softmax(x) times `weight` is exp(x - largest) times `scale`.
  struct Softmax {
    float largest;
    float log_total;
    float weight;
    float scale;
  };

  /// What the label itself keeps of the target, and what every class gets.
  static constexpr auto on = static_cast<float>(1 - smoothing);
  static float off(int classes) {
    return static_cast<float>(smoothing) / static_cast<float>(classes);
  }

  /// Calls `call(class weights)`, or without them where there are none.
  template <class Call>
  static auto with_weights(const Call& call) {
    if constexpr (weighted) {
      return call(Weights::values.data());
    } else {
      return call();
    }
  }

  template <class Row>
  static float label_sample(const Row& logits, Label label, const Row& gradient,
                            const Softmax& softmax) {
    using V = typename Row::Value;
    const V shift(softmax.largest);
    float own = on;
    auto all = static_cast<float>(logits.size());
    if constexpr (weighted) {
      own *= Weights::values[static_cast<std::size_t>(label)];
      all = Weights::sum;
    }
    const float share = off(logits.size());
    float loss = rounded(own * (softmax.log_total - (logits[label] - softmax.largest)));
    if constexpr (smoothing > 0) {
      const auto distance = [&](V x, auto... weights) { return (weights * ... * (x - shift)); };
      const float distances =
          with_weights([&](auto... weights) { return logits.sum(distance, weights...); });
      loss += rounded(share * (rounded(all * softmax.log_total) - distances));
    }
    const V scale(weighted ? softmax.scale * (own + rounded(share * all)) : softmax.scale);
    const V even(softmax.weight * share);
    const auto slope = [&](V x, auto... weights) {
      return multiply_subtract(exp(x - shift), scale, (weights * ... * even));
    };
    with_weights([&](auto... weights) { gradient.assign(logits, slope, weights...); });
    gradient[label] -= rounded(softmax.weight * own);
    return loss;
  }

  template <class Row>
  static float soft_sample(const Row& logits, const float* targets, const Row& gradient,
                           const Softmax& softmax) {
    using V = typename Row::Value;
    const V shift(softmax.largest);
    const V share(off(logits.size()));
    const auto wanted = [&](V target, auto... weights) {
      return (weights * ... * multiply_add(V(on), target, share));
    };
    const float all = with_weights([&](auto... rows) {
      return logits.sum([&](V, auto... others) { return wanted(others...); }, targets, rows...);
    });
    const float distances = with_weights([&](auto... rows) {
      return logits.sum([&](V x, auto... others) { return wanted(others...) * (x - shift); },
                        targets, rows...);
    });
    const V scale(softmax.scale * all);
    const V weight(softmax.weight);
    with_weights([&](auto... rows) {
      gradient.assign(
          logits,
          [&](V x, auto... others) {
            return multiply_subtract(exp(x - shift), scale, weight * wanted(others...));
          },
          targets, rows...);
    });
    return rounded(all * softmax.log_total) - distances;
  }
};

}  // namespace lamina
