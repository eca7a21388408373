#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/float_mode.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/metrics/row.hpp>
#include <lamina/model/model.hpp>

namespace lamina {

/// How a network does on a data set.
struct Evaluation {
  double loss = std::numeric_limits<double>::quiet_NaN();      ///< mean data loss, no penalties
  double accuracy = std::numeric_limits<double>::quiet_NaN();  ///< in [0, 1], for class labels
};

namespace detail {

/// The data loss of one row of outputs, before the mean is taken.
template <class Net>
class LossOfRow {
  using P = Plan<Net>;
  using Loss = typename P::Loss;

 public:
  double operator()(const float* outputs, const typename Loss::Target* target) {
    std::copy_n(outputs, P::outputs, row_.data());
    return kernel::apply_loss<Loss>({row_.data(), gradient_.data(), panels.width, &panels, 1, 1},
                                    target);
  }

 private:
  // Values of an image are compared one by one, as flat features are.
  static constexpr Panels panels = Panels::of(P::outputs);
  AlignedFloats row_{static_cast<std::size_t>(panels.padded())};
  AlignedFloats gradient_{static_cast<std::size_t>(panels.padded())};
};

/// Errors: `Error` where the features, targets or labels of a data set do not fit the network.
template <class Net>
void expect_fitting(const Dataset& data, const std::string& which) {
  using P = Plan<Net>;
  using Target = typename P::Loss::Target;
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error(which + ": expected " + expected + ", found " + found);
  };
  if (data.features() != static_cast<std::size_t>(P::features)) {
    fail(std::string("samples of ") + std::to_string(P::features) + " features",
         std::to_string(data.features()));
  }
  if constexpr (std::is_same_v<Target, Label>) {
    if (!data.has_labels()) fail("class labels", "float targets");
    if (data.classes() > static_cast<std::size_t>(P::outputs)) {
      fail(std::string("labels below ") + std::to_string(P::outputs),
           std::to_string(data.classes() - 1));
    }
  } else if (data.has_labels() || data.outputs() != static_cast<std::size_t>(P::outputs)) {
    fail(std::to_string(P::outputs) + " float targets a row",
         data.has_labels() ? "class labels" : std::to_string(data.outputs()));
  }
}

/// The targets of a data set from row `first` on, as the network's loss takes them.
template <class Net>
auto targets_of(const Dataset& data, std::size_t first) {
  if constexpr (std::is_same_v<typename Plan<Net>::Loss::Target, Label>) {
    return data.labels().data() + first;
  } else {
    return data.targets().data() + first * data.outputs();
  }
}

/// A row of a data set and the outputs for it.
template <class Net>
EvaluatedRow evaluated_row(const Dataset& data, std::size_t row, const float* outputs) {
  EvaluatedRow found{.outputs = {outputs, Model<Net>::outputs}, .label = -1, .targets = {}};
  if (data.has_labels()) {
    found.label = data.labels()[row];
  } else {
    found.targets = data.targets(row);
  }
  return found;
}

/// The evaluation, whose rows are shown to all of `observers`.
template <class Net, class... Observers>
Evaluation evaluate_for(const Model<Net>& model, const Dataset& data, Observers&... observers) {
  constexpr std::size_t outputs = Model<Net>::outputs;
  constexpr std::size_t chunk = 1024;
  if (!data.empty()) expect_fitting<Net>(data, "evaluate");
  (observers.reset(), ...);
  if (data.empty()) return {};
  LossOfRow<Net> loss_of_row;
  std::vector<float> results(std::min(chunk, data.size()) * outputs);
  double loss = 0;
  std::size_t right = 0;
  for (std::size_t first = 0; first < data.size(); first += chunk) {
    const std::size_t rows = std::min(chunk, data.size() - first);
    model.predict(data.inputs().subspan(first * data.features(), rows * data.features()),
                  std::span(results).first(rows * outputs));
    for (std::size_t row = 0; row < rows; ++row) {
      const float* at = results.data() + row * outputs;
      loss += loss_of_row(at, targets_of<Net>(data, first + row));
      const auto is_nan = [](float output) { return std::isnan(output); };
      if (data.has_labels() && std::none_of(at, at + outputs, is_nan)) {  // NaN chooses no class
        const auto best = std::max_element(at, at + outputs) - at;
        right += best == data.labels()[first + row] ? 1u : 0u;
      }
      if constexpr (sizeof...(Observers) > 0) {
        const EvaluatedRow evaluated = evaluated_row<Net>(data, first + row, at);
        (observers.add(evaluated), ...);
      }
    }
  }
  Evaluation result{.loss = loss / kernel::loss_count<typename Plan<Net>::Loss>(
                                       targets_of<Net>(data, 0), data.size(), Plan<Net>::outputs)};
  if (data.has_labels()) {
    result.accuracy = static_cast<double>(right) / static_cast<double>(data.size());
  }
  return result;
}

}  // namespace detail

/// Mean loss and accuracy of a model on a data set, in inference, and any metrics: they are reset,
/// and then hold what they found.
///
/// Errors: a data set that does not fit the network throws `Error`.
/// Example: `metrics::F1 f1; std::cout << evaluate(model, test, f1).accuracy << f1.value();`
template <class Net, Metric... Metrics>
  requires TrainableNetwork<Net>
Evaluation evaluate(const Model<Net>& model, const Dataset& data, Metrics&... metrics) {
  return in_float_mode([&] { return detail::evaluate_for(model, data, metrics...); });
}

/// What stands in for the evaluation of a network that is wrong or has no loss.
template <class Net>
  requires(!TrainableNetwork<Net>)
Evaluation evaluate(const Model<Net>&, const Dataset&, auto&...) {
  static_cast<void>(Diagnose<NetworkFault<Net>>{});
  return {};
}

/// Share of samples whose largest output is the labelled one, in [0, 1].
template <class Net>
double accuracy(const Model<Net>& model, const Dataset& data) {
  return evaluate(model, data).accuracy;
}

}  // namespace lamina
