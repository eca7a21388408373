#include <lamina/core/aligned.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>

#include "numbers.hpp"

// Losses and their gradients over packed outputs.

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Rows of `count` values packed in panels: [panel][row][width].
AlignedFloats packed(const std::vector<float>& values, const Panels& panels, int rows) {
  AlignedFloats made(static_cast<std::size_t>(rows * panels.padded()));
  for (int r = 0; r < rows; ++r) {
    for (int f = 0; f < panels.features; ++f) {
      made.data()[(f / panels.width * rows + r) * panels.width + f % panels.width] =
          values[static_cast<std::size_t>(r * panels.features + f)];
    }
  }
  return made;
}

/// Loss and gradient of a batch against golden ones.
template <class Loss>
void check_loss(const Golden& golden, const std::string& prefix, const std::string& outputs_name,
                const std::vector<typename Loss::Target>& targets, int rows, double magnitude) {
  INFO(prefix);
  const auto& values = golden.floats(prefix + "." + outputs_name);
  const Panels panels = Panels::of(static_cast<int>(values.size()) / rows);
  AlignedFloats outputs = packed(values, panels, rows);
  // Padding of the outputs must not show, whatever it holds.
  for (int f = panels.features; f < panels.padded(); ++f) {
    for (int r = 0; r < rows; ++r) {
      outputs.data()[(f / panels.width * rows + r) * panels.width + f % panels.width] = 77;
    }
  }
  AlignedFloats gradient(outputs.size());
  const double found = kernel::apply_loss<Loss>(
      {outputs.data(), gradient.data(), static_cast<std::ptrdiff_t>(rows) * panels.width, &panels,
       rows, rows},
      targets.data());
  const auto loss = static_cast<double>(golden.floats(prefix + ".loss")[0]);
  // exp, log and tanh are good to 3 epsilon; sums of at most 17 terms add as many halves.
  CHECK(found / kernel::loss_count<Loss>(rows, panels.features) ==
        Approx(loss).epsilon(8 * epsilon));
  const AlignedFloats expected = packed(golden.floats(prefix + ".gradient"), panels, rows);
  Worst worst;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto wanted = static_cast<double>(expected.data()[i]);
    worst.compare(static_cast<double>(gradient.data()[i]), wanted,
                  epsilon * (8 * std::abs(wanted) + 3 * magnitude), static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("losses and their gradients agree with PyTorch", "[kernel]") {
  const Golden golden("losses");
  for (const std::string smoothing : {"0", "0.1"}) {
    for (const std::string size : {"7x10", "3x17"}) {
      const std::string prefix = "cross_entropy." + size + ".smoothing_" + smoothing;
      const int rows = size == "7x10" ? 7 : 3;
      const auto labels = golden.labels(prefix + ".labels");
      if (smoothing == "0") {
        check_loss<CrossEntropy<>>(golden, prefix, "logits", labels, rows, 1.0 / rows);
      } else {
        check_loss<CrossEntropy<LabelSmoothing<0.1>>>(golden, prefix, "logits", labels, rows,
                                                      1.0 / rows);
      }
    }
  }
  check_loss<MeanSquaredError>(golden, "mean_squared_error", "outputs",
                               golden.floats("mean_squared_error.targets"), 5, 0);
  for (const std::string kind : {"hard", "soft"}) {
    const std::string prefix = "binary_cross_entropy." + kind;
    check_loss<BinaryCrossEntropy>(golden, prefix, "logits", golden.floats(prefix + ".targets"), 5,
                                   1.0 / 15);
  }
}

TEST_CASE("cross entropy over many panels, and over one class", "[kernel]") {
  for (const int classes : {1, 2, 16, 17, 64, 65, 100, 200}) {
    CAPTURE(classes);
    const Panels panels = Panels::of(classes);
    const std::vector<float> logits = uniform(static_cast<std::size_t>(classes), 9, -20, 20);
    AlignedFloats outputs = packed(logits, panels, 1);
    AlignedFloats gradient(outputs.size());
    const Label label = classes - 1;
    const double found = kernel::apply_loss<CrossEntropy<>>(
        {outputs.data(), gradient.data(), panels.width, &panels, 1, 1}, &label);
    double total = 0;
    for (const float x : logits) total += std::exp(static_cast<double>(x));
    CHECK(found == Approx(std::log(total) - static_cast<double>(logits.back()))
                       .epsilon(8 * epsilon)
                       .margin(20 * epsilon));
    double sum = 0;
    for (std::size_t i = 0; i < gradient.size(); ++i) sum += double{gradient.data()[i]};
    CHECK(std::abs(sum) < 8 * epsilon);
  }
}
