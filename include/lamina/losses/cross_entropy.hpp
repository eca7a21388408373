#pragma once

#include <cmath>

#include <lamina/core/attribute.hpp>
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

/// Softmax and negative log-likelihood of class labels, the mean over the batch.
///
/// loss = -sum_i l'_i log softmax(x)_i with the smoothed target l'; the gradient by the logits is
/// (softmax(x) - l') / batch. The network's last outputs are logits, and so is what `predict`
/// returns. As `torch.nn.CrossEntropyLoss`. Targets: one `Label` a sample.
///
/// Errors: a label outside [0, classes) throws `Error` from `step` before anything is changed.
/// Example: `CrossEntropy<LabelSmoothing<0.1>>`
template <class... Attributes>
struct CrossEntropy {
  static constexpr Role role = Role::Loss;
  using Target = Label;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Attributes) == 0) return item_name("CrossEntropy<>");
    return item_name("CrossEntropy", name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::LabelSmoothing>::template check<Attributes...>();
  }

  static constexpr double smoothing =
      find_attribute_t<AttributeKind::LabelSmoothing, LabelSmoothing<0.0>, Attributes...>::value;

  /// Loss of one sample, and its gradient by the logits times `weight`, over a row of registers.
  ///
  /// `Row` gives `max()`, `sum(f)`, `assign(from, f)` and `[]`; f takes a register.
  template <class Row>
  static float sample(const Row& logits, Label label, const Row& gradient, float weight) {
    using V = typename Row::Value;
    const float largest = logits.max();
    const V shift(largest);
    const float total = logits.sum([&](V x) { return exp(x - shift); });
    const auto classes = static_cast<float>(logits.size());
    const auto on = static_cast<float>(1 - smoothing);
    const float off = static_cast<float>(smoothing) / classes;

    const float log_total = std::log(total);
    const float target = logits[label] - largest;
    float loss = on * (log_total - target);
    if constexpr (smoothing > 0) {
      loss += off * (classes * log_total - logits.sum([&](V x) { return x - shift; }));
    }
    const V scale(weight / total);
    const V even(weight * off);
    gradient.assign(logits, [&](V x) { return exp(x - shift) * scale - even; });
    gradient[label] -= weight * on;
    return loss;
  }
};

}  // namespace lamina
