#pragma once

#include <cmath>
#include <cstddef>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>
#include <lamina/losses/label_attributes.hpp>

namespace lamina {

/// Softmax and negative log-likelihood of class labels, the mean over the batch; of images and
/// signals, whose channels are the classes, over all their positions.
///
/// loss = -sum_i w_i l'_i log softmax(x)_i with the smoothed target l' and class weights w, all 1
/// unless given; the gradient by the logits is (q softmax(x) - w l') / batch with q = sum_i w_i
/// l'_i, which is 1 without weights. The network's last outputs are logits, and so is what
/// `predict` returns. As `torch.nn.CrossEntropyLoss`: with `ClassWeights` and labels the sum over
/// the batch is divided by the weights of its labels in place of their number, with `SoftTargets`
/// by the number. Labels that are ignored count as none of both. A batch of labels that all weigh 0
/// or are ignored costs 0 and moves nothing (PyTorch: NaN).
/// Targets: one `Label` a sample, of images and signals a class map, one `Label` a position:
/// (batch, height, width); with `SoftTargets` row-major floats, (batch, classes) or (batch,
/// classes, height, width). Attributes: `LabelSmoothing<s>`, `ClassWeights<w...>`, `SoftTargets`,
/// `IgnoreLabel<l>`.
///
/// Errors: a label outside [0, classes) that is not the ignored one throws `Error` from `step`
/// before anything is changed; a wrong number of class weights, and `IgnoreLabel` beside
/// `SoftTargets`, do not compile.
/// Example: `CrossEntropy<LabelSmoothing<0.1>>`, or over an image of 21 channels
/// `CrossEntropy<IgnoreLabel<255>>`
template <class... Attributes>
struct CrossEntropy {
 private:
  using Weights = find_attribute_t<AttributeKind::ClassWeights, void, Attributes...>;
  static constexpr bool weighted = !std::is_void_v<Weights>;
  static constexpr bool soft =
      !std::is_void_v<find_attribute_t<AttributeKind::SoftTargets, void, Attributes...>>;
  using Ignoring = find_attribute_t<AttributeKind::IgnoreLabel, void, Attributes...>;
  static constexpr bool ignores = !std::is_void_v<Ignoring>;

 public:
  static constexpr Role role = Role::Loss;
  using Target = std::conditional_t<soft, float, Label>;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Attributes) == 0) return item_name("CrossEntropy<>");
    return item_name("CrossEntropy", name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong = allow<AttributeKind::LabelSmoothing, AttributeKind::ClassWeights,
                             AttributeKind::SoftTargets,
                             AttributeKind::IgnoreLabel>::template check<Attributes...>();
    if (wrong.empty() && soft && ignores) {
      wrong << "has both SoftTargets and " << name_of<Ignoring>()
            << ": probabilities have no label to ignore, give one";
    }
    return wrong;
  }
  /// What this loss says against outputs of this shape; empty when it takes them.
  static constexpr TextBuffer check_input([[maybe_unused]] Shape outputs) {
    TextBuffer wrong;
    if constexpr (weighted) {
      if (Weights::size != outputs.channels) {
        wrong << "has " << Weights::size << " class weights for " << outputs.channels
              << (outputs.dimensions == 0 ? " outputs" : " channels") << ": give one for each";
      }
    }
    return wrong;
  }

  static constexpr double smoothing =
      find_attribute_t<AttributeKind::LabelSmoothing, LabelSmoothing<0.0>, Attributes...>::value;

  /// The label that costs nothing; -1, which is none, without an `IgnoreLabel`.
  static constexpr Label ignored = [] {
    if constexpr (ignores) return Ignoring::value;
    return Label{-1};
  }();

  /// What the loss of a batch is divided by: the weights of its labels, the ignored ones left out.
  static double count(const Target* labels, std::size_t rows)
    requires((weighted || ignores) && !soft)
  {
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      if (labels[row] == ignored) continue;
      if constexpr (weighted) {
        sum += static_cast<double>(Weights::values[static_cast<std::size_t>(labels[row])]);
      } else {
        sum += 1;
      }
    }
    return sum;
  }

  /// Loss of one row, a sample or a position of it, and its gradient by the logits times `weight`,
  /// over a row of registers.
  ///
  /// `Row` gives `max()`, `sum(f, others...)`, `assign(from, f, others...)` and `[]`; f takes a
  /// register of the row and one of each of the others, which are rows of floats. `target` points
  /// to what belongs to the row.
  template <class Row>
  static float sample(const Row& logits, const Target* target, const Row& gradient, float weight) {
    using V = typename Row::Value;
    if constexpr (ignores && !soft) {
      if (*target == ignored) {
        gradient.assign(logits, [](V) { return V(0.0f); });
        return 0;
      }
    }
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
