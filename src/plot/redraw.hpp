#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/plot/picture.hpp>

/// Pictures drawn again from their data: the scripts are written anew, none that is found is run.
///
/// `stem`: of the picture's files, as those that drew it had it.
/// Errors: `Error` where there are no data, or others, or files cannot be written.
namespace lamina::plot {

[[nodiscard]] Picture redraw_history(const std::filesystem::path& stem);
[[nodiscard]] Picture redraw_confusion(const std::filesystem::path& stem);
[[nodiscard]] Picture redraw_histograms(const std::filesystem::path& stem);
[[nodiscard]] Picture redraw_images(const std::filesystem::path& stem);

/// What the data of a decision boundary do not say.
struct BoundaryNames {
  std::size_t classes = 0;  ///< where there are any
  std::vector<std::string> class_names;
  std::vector<std::string> feature_names;
};
[[nodiscard]] Picture redraw_decision_boundary(const std::filesystem::path& stem,
                                               const BoundaryNames& names);

}  // namespace lamina::plot
