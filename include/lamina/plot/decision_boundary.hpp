#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/hinge.hpp>
#include <lamina/model/model.hpp>
#include <lamina/plot/picture.hpp>

namespace lamina {

namespace detail {

/// What the outputs of a network say of a point.
enum class Decision {
  Scores,  ///< a logit for each class
  Logit,   ///< one output: the logit of class 1 against class 0
  Sign,    ///< one output: class 1 where it is positive
  Value,   ///< one output: a number
};

/// Points on a grid over the samples of a data set and somewhat around them.
struct DecisionGrid {
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::vector<float> points;  ///< (rows * columns, 2), row-major
};

/// Errors: `Error` for no samples, other than two features, inputs that are not finite, or targets
/// that do not fit `outputs`.
DecisionGrid decision_grid(const Dataset& data, std::size_t outputs);

/// `outputs`: of the network at the points, row-major.
Picture plot_decisions(const DecisionGrid& grid, const std::vector<float>& outputs,
                       Decision decision, const Dataset& data, const std::filesystem::path& stem);

void expect_stem_of_boundary(const std::filesystem::path& stem);

template <class Loss>
inline constexpr bool is_binary = false;
template <class... Attributes>
inline constexpr bool is_binary<BinaryCrossEntropy<Attributes...>> = true;

template <class Net>
constexpr Decision decision_of(bool labelled) {
  using Loss = typename Plan<Net>::Loss;
  if (Model<Net>::outputs > 1) return Decision::Scores;
  if (std::is_same_v<Loss, Hinge>) return Decision::Sign;
  return is_binary<Loss> || labelled ? Decision::Logit : Decision::Value;
}

}  // namespace detail

/// Draws what a network of two features says everywhere around the samples of a data set, and the
/// samples as points: for classes, regions in the colors of the classes, paler where the network is
/// less sure (by the softmax of its outputs), and lines between them; for one output without a
/// classifier's loss, its value with contour lines, and the samples in the color of their target.
///
/// Two or more outputs are classes, and so is one output with `BinaryCrossEntropy<>` or `Hinge`.
/// Rows of float targets count as the class of the largest. At most 2000 samples are drawn, evenly
/// from all.
///
/// The data have the columns part, x, y, value, confidence, x_end, y_end, with part "grid" (value:
/// class or output, confidence: of the class), "sample" (value: class or target), and "line" (a
/// piece of a boundary or contour line from (x, y) to (x_end, y_end); value: its level). Blank
/// lines stand between the parts, and between the rows of the grid.
///
/// Errors: a network or samples of other than two features, no samples, inputs that are not finite,
/// targets that do not fit the network, or a stem that names no file throw `Error` before anything
/// is written.
///
/// Example: `plot_decision_boundary(model, moons, "run/boundary");`
template <class Net>
Picture plot_decision_boundary(const Model<Net>& model, const Dataset& data,
                               const std::filesystem::path& stem) {
  detail::expect_stem_of_boundary(stem);
  if constexpr (Model<Net>::features != 2) {
    throw Error(std::string("plot_decision_boundary: expected a network of 2 features, found ") +
                std::to_string(Model<Net>::features));
  } else {
    const detail::DecisionGrid grid = detail::decision_grid(data, Model<Net>::outputs);
    std::vector<float> outputs(grid.columns * grid.rows * Model<Net>::outputs);
    model.predict(grid.points, outputs);
    return detail::plot_decisions(grid, outputs, detail::decision_of<Net>(data.has_labels()), data,
                                  stem);
  }
}

}  // namespace lamina
