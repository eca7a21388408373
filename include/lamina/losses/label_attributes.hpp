#pragma once

#include <array>
#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/core/types.hpp>

/// What `CrossEntropy` takes in its own list.
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

/// Attribute of `CrossEntropy`: targets are probabilities of all classes in place of labels, laid
/// out as the outputs: for mixup, distillation, votes of several people.
struct SoftTargets {
  static constexpr AttributeKind attribute = AttributeKind::SoftTargets;
  static constexpr TextBuffer name() { return item_name("SoftTargets"); }
  static constexpr TextBuffer check() { return {}; }
};

/// Attribute of `CrossEntropy`: what has this label costs nothing, moves nothing and does not count
/// in the mean: borders and what nobody labelled, in class maps. PyTorch's `ignore_index`. Below 0,
/// as PyTorch's -100, it is for labels that a callback writes: a `Dataset` takes none.
/// -1 does not compile: it stands for no label.
template <Label Ignored>
struct IgnoreLabel {
  static constexpr AttributeKind attribute = AttributeKind::IgnoreLabel;
  static constexpr Label value = Ignored;
  static constexpr TextBuffer name() { return item_name("IgnoreLabel", Ignored); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Ignored == -1) wrong << "needs a label other than -1 to ignore, which stands for none";
    return wrong;
  }
};

}  // namespace lamina
