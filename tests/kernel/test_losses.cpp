#include <lamina/core/aligned.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/hinge.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/loss.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/losses/mean_squared_error.hpp>

#include "bench/naive/losses.hpp"
#include "numbers.hpp"

// Losses and their gradients over packed outputs.

namespace test_losses {

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

/// Loss and gradient of a batch, row-major.
template <class Loss>
naive::Judgement<float> judged(const std::vector<float>& values,
                               const std::vector<typename Loss::Target>& targets, int rows) {
  const int features = static_cast<int>(values.size()) / rows;
  const Panels panels = Panels::of(features);
  AlignedFloats outputs = packed(values, panels, rows);
  AlignedFloats gradient(outputs.size());
  const double count =
      kernel::loss_count<Loss>(targets.data(), static_cast<std::size_t>(rows), features);
  const double sum = kernel::apply_loss<Loss>(
      {outputs.data(), gradient.data(), static_cast<std::ptrdiff_t>(rows) * panels.width, &panels,
       rows, count},
      targets.data());
  naive::Judgement<float> made{static_cast<float>(sum / count), {}};
  for (int r = 0; r < rows; ++r) {
    for (int f = 0; f < features; ++f) {
      made.gradient.push_back(
          gradient.data()[(f / panels.width * rows + r) * panels.width + f % panels.width]);
    }
  }
  return made;
}

/// Loss and gradient against the textbook in double, and its gradient against central differences.
template <class Loss>
void check_against_textbook(const char* name, int features,
                            const std::vector<typename Loss::Target>& targets, int rows) {
  INFO(name);
  CAPTURE(features);
  const auto count = static_cast<std::size_t>(rows);
  const auto values = uniform(count * static_cast<std::size_t>(features), 7, -3, 3);
  const std::vector<double> exact(values.begin(), values.end());
  const auto loss_of = [&](const std::vector<double>& outputs) {
    return naive::judge(Loss{}, outputs, std::span(targets), count);
  };
  const auto expected = loss_of(exact);
  const auto found = judged<Loss>(values, targets, rows);
  // exp, log and tanh are good to 3 epsilon; terms of order 1 are summed.
  CHECK(double{found.loss} == Approx(expected.loss).epsilon(10 * epsilon));
  Worst worst;
  // Curvature, and the rounding of a few sums of doubles as large as the loss.
  constexpr double h = 1e-5;
  const double rounding = 20 * std::numeric_limits<double>::epsilon() * expected.loss / h;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double wanted = expected.gradient[i];
    worst.compare(double{found.gradient[i]}, wanted, epsilon * (8 * std::abs(wanted) + 3.0 / rows),
                  "gradient");
    std::vector<double> moved = exact;
    moved[i] = exact[i] + h;
    const double above = loss_of(moved).loss;
    moved[i] = exact[i] - h;
    worst.compare(wanted, (above - loss_of(moved).loss) / (2 * h), 1e-9 + rounding,
                  "central difference");
  }
  LAMINA_CHECK_WORST(worst);
}

/// The slope of a loss of single values against central differences of its value, in double.
template <class Loss>
void check_slope(const char* name) {
  INFO(name);
  constexpr double h = 1e-6;
  Worst worst;
  for (double x = -3.01; x < 3; x += 0.1) {
    for (const double target : {-1.0, 0.3, 1.0}) {
      const double above = Loss::value(x + h, target);
      const double below = Loss::value(x - h, target);
      worst.compare(Loss::slope(x, target), (above - below) / (2 * h), 1e-8, x);
    }
  }
  LAMINA_CHECK_WORST(worst);
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
  const double count =
      kernel::loss_count<Loss>(targets.data(), static_cast<std::size_t>(rows), panels.features);
  const double found = kernel::apply_loss<Loss>(
      {outputs.data(), gradient.data(), static_cast<std::ptrdiff_t>(rows) * panels.width, &panels,
       rows, count},
      targets.data());
  const auto loss = static_cast<double>(golden.floats(prefix + ".loss")[0]);
  // exp, log and tanh are good to 3 epsilon; sums of at most 17 terms add as many halves.
  CHECK(found / count == Approx(loss).epsilon(8 * epsilon));
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
    check_loss<BinaryCrossEntropy<>>(golden, prefix, "logits", golden.floats(prefix + ".targets"),
                                     5, 1.0 / 15);
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

TEST_CASE("losses of single values: slopes are central differences", "[kernel]") {
  check_slope<MeanSquaredError>("squared");
  check_slope<MeanAbsoluteError>("absolute");
  check_slope<BinaryCrossEntropy<>>("binary");
  check_slope<BinaryCrossEntropy<PositiveWeight<3>>>("weighted");
  check_slope<Huber<0.5>>("huber");
  check_slope<Huber<>>("huber");
  check_slope<Hinge>("hinge");
  check_slope<Loss<[](auto x, auto t) { return log(1 + abs(x - t)) * exp(t); }>>("own");
  check_slope<Loss<[](auto x, auto t) { return max(0.9 * (t - x), 0.1 * (x - t)); }>>("quantile");
}

TEST_CASE("losses of single values at their kinks", "[kernel]") {
  CHECK(MeanAbsoluteError::slope(1.0, 1.0) == 0);
  CHECK(Huber<2.0>::value(3.0, 1.0) == 2);
  CHECK(Huber<2.0>::slope(3.0, 1.0) == 2);
  CHECK(Hinge::value(1.0, 1.0) == 0);
  CHECK(Hinge::slope(1.0, 1.0) == 0);
}

TEST_CASE("losses of a user's expression are those that the library has", "[kernel]") {
  const auto outputs = uniform(3 * 17, 1, -3, 3);
  const auto targets = uniform(3 * 17, 2, -3, 3);
  const auto check = [&]<class Own, class Built>(Own*, Built*) {
    const auto own = judged<Own>(outputs, targets, 3);
    const auto built = judged<Built>(outputs, targets, 3);
    CHECK(own.loss == built.loss);
    CHECK(own.gradient == built.gradient);
  };
  using Squared = Loss<[](auto x, auto t) { return (x - t) * (x - t); }>;
  using Absolute = Loss<[](auto x, auto t) { return abs(x - t); }>;
  using Margin = Loss<[](auto x, auto t) { return relu(1 - t * x); }>;
  check(static_cast<Squared*>(nullptr), static_cast<MeanSquaredError*>(nullptr));
  check(static_cast<Absolute*>(nullptr), static_cast<MeanAbsoluteError*>(nullptr));
  check(static_cast<Margin*>(nullptr), static_cast<Hinge*>(nullptr));
}

TEST_CASE("losses agree with the textbook", "[kernel]") {
  for (const int features : {1, 3, 16, 17, 65}) {
    const auto targets = uniform(3 * static_cast<std::size_t>(features), 8, -1, 1);
    check_against_textbook<MeanAbsoluteError>("absolute", features, targets, 3);
    check_against_textbook<Huber<0.7>>("huber", features, targets, 3);
    check_against_textbook<Hinge>("hinge", features, targets, 3);
    const auto shares = uniform(3 * static_cast<std::size_t>(features), 8, 0, 1);
    check_against_textbook<CrossEntropy<SoftTargets>>("soft", features, shares, 3);
    check_against_textbook<CrossEntropy<SoftTargets, LabelSmoothing<0.1>>>("soft, smooth", features,
                                                                           shares, 3);
  }
}

TEST_CASE("positive weights agree with the textbook", "[kernel]") {
  using Three = PositiveWeight<0.5, 2, 3.5>;
  using Seventeen = PositiveWeight<1, 2, 3, 4, 5, 0, 0.1, 0.2, 0.3, 0.4, 1, 1, 1, 1, 2, 2, 2>;
  const auto targets = uniform(5 * 17, 3, 0, 1);
  check_against_textbook<BinaryCrossEntropy<>>("none", 17, targets, 5);
  check_against_textbook<BinaryCrossEntropy<PositiveWeight<2.5>>>("one", 17, targets, 5);
  check_against_textbook<BinaryCrossEntropy<Seventeen>>("each", 17, targets, 5);
  check_against_textbook<BinaryCrossEntropy<Three>>("each", 3, uniform(5 * 3, 3, 0, 1), 5);
}

TEST_CASE("binary cross entropy has all its digits at both tails", "[kernel]") {
  const auto check = []<class Loss>(Loss, double weight) {
    for (const float x : {0.5f, 3.0f, 15.0f, 20.0f, 40.0f, 80.0f}) {
      CAPTURE(x);
      for (const bool yes : {false, true}) {
        // Right by x, where next to nothing is left to pay, and wrong by x.
        const double sign = yes ? 1 : -1;
        const double p = yes ? weight : 1;
        const double e = std::exp(-double{x});
        const auto right = judged<Loss>({static_cast<float>(sign) * x}, {yes ? 1.0f : 0.0f}, 1);
        const auto wrong = judged<Loss>({static_cast<float>(-sign) * x}, {yes ? 1.0f : 0.0f}, 1);
        CHECK(double{right.loss} == Approx(p * std::log1p(e)).epsilon(8 * epsilon));
        CHECK(double{right.gradient[0]} == Approx(-sign * p * e / (1 + e)).epsilon(8 * epsilon));
        CHECK(double{wrong.loss} == Approx(p * (double{x} + std::log1p(e))).epsilon(8 * epsilon));
        CHECK(double{wrong.gradient[0]} == Approx(sign * -p / (1 + e)).epsilon(8 * epsilon));
      }
    }
  };
  check(BinaryCrossEntropy<>{}, 1);
  check(BinaryCrossEntropy<PositiveWeight<2.5>>{}, 2.5);
}

TEST_CASE("class weights agree with the textbook", "[kernel]") {
  using Three = ClassWeights<0.5, 2, 3.5>;
  using Seventeen = ClassWeights<1, 2, 3, 4, 5, 0, 0.1, 0.2, 0.3, 0.4, 1, 1, 1, 1, 2, 2, 2>;
  const std::vector<Label> labels{2, 0, 1, 2, 2};
  check_against_textbook<CrossEntropy<Three>>("weights", 3, labels, 5);
  check_against_textbook<CrossEntropy<Seventeen>>("weights", 17, labels, 5);
  check_against_textbook<CrossEntropy<Three, LabelSmoothing<0.2>>>("smooth", 3, labels, 5);
  check_against_textbook<CrossEntropy<LabelSmoothing<0.2>, Seventeen>>("smooth", 17, labels, 5);
  const auto shares = uniform(5 * 17, 3, 0, 1);
  check_against_textbook<CrossEntropy<SoftTargets, Seventeen>>("soft", 17, shares, 5);
  check_against_textbook<CrossEntropy<Seventeen, LabelSmoothing<0.2>, SoftTargets>>("all", 17,
                                                                                    shares, 5);
}

TEST_CASE("class weights that are all the same do nothing", "[kernel]") {
  const auto outputs = uniform(5 * 3, 1, -3, 3);
  const std::vector<Label> labels{2, 0, 1, 2, 2};
  const auto plain = judged<CrossEntropy<>>(outputs, labels, 5);
  const auto weighted = judged<CrossEntropy<ClassWeights<4, 4, 4>>>(outputs, labels, 5);
  CHECK(double{weighted.loss} == Approx(double{plain.loss}).epsilon(4 * epsilon));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CHECK(double{weighted.gradient[i]} ==
          Approx(double{plain.gradient[i]}).epsilon(4 * epsilon).margin(epsilon));
  }
}

TEST_CASE("a batch whose labels weigh nothing costs nothing and moves nothing", "[kernel]") {
  using Nothing = CrossEntropy<ClassWeights<1, 0, 1>, LabelSmoothing<0.1>>;
  const auto found = judged<Nothing>(uniform(2 * 3, 1), {1, 1}, 2);
  CHECK(found.loss == 0);
  for (const float slope : found.gradient) CHECK(slope == 0);
}

TEST_CASE("ignored labels agree with the textbook", "[kernel]") {
  using Three = ClassWeights<0.5, 2, 3.5>;
  const std::vector<Label> labels{2, 255, 1, 255, 0};
  check_against_textbook<CrossEntropy<IgnoreLabel<255>>>("ignored", 17, labels, 5);
  check_against_textbook<CrossEntropy<IgnoreLabel<255>, Three, LabelSmoothing<0.2>>>("all", 3,
                                                                                     labels, 5);
  check_against_textbook<CrossEntropy<IgnoreLabel<-100>>>("below 0", 3, {-100, 0, 1, -100, 2}, 5);
  check_against_textbook<CrossEntropy<IgnoreLabel<2>>>("a class", 3, {2, 0, 1, 2, 2}, 5);
}

TEST_CASE("what an ignored row holds does not show", "[kernel]") {
  const auto found = judged<CrossEntropy<IgnoreLabel<9>>>({1, 2, NAN, HUGE_VALF}, {1, 9}, 2);
  const auto alone = judged<CrossEntropy<>>({1, 2}, {1}, 1);
  CHECK(found.loss == alone.loss);
  CHECK(found.gradient == std::vector<float>{alone.gradient[0], alone.gradient[1], 0, 0});
  const auto nothing = judged<CrossEntropy<IgnoreLabel<9>>>(uniform(2 * 3, 1), {9, 9}, 2);
  CHECK(nothing.loss == 0);
  CHECK(nothing.gradient == std::vector<float>(6));
}

TEST_CASE("labels as probabilities are labels", "[kernel]") {
  const auto outputs = uniform(4 * 5, 1, -3, 3);
  const std::vector<Label> labels{4, 0, 1, 4};
  std::vector<float> shares(4 * 5);
  for (std::size_t r = 0; r < 4; ++r) shares[r * 5 + static_cast<std::size_t>(labels[r])] = 1;
  const auto hard = judged<CrossEntropy<LabelSmoothing<0.1>>>(outputs, labels, 4);
  const auto soft = judged<CrossEntropy<LabelSmoothing<0.1>, SoftTargets>>(outputs, shares, 4);
  CHECK(double{soft.loss} == Approx(double{hard.loss}).epsilon(8 * epsilon));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CHECK(double{soft.gradient[i]} == Approx(double{hard.gradient[i]}).margin(epsilon));
  }
}

}  // namespace test_losses
