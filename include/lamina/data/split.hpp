#pragma once

#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/data/dataset.hpp>

/// Divides samples into those to learn from and those to measure on. Every part is a copy in an
/// order that depends on the seed and the number of samples alone, the same on every machine; names
/// are kept. Compiled into the library.
namespace lamina {

/// A data set in two parts: as its makers divided it, or as `split` and `k_fold` do.
struct Split {
  Dataset train;
  Dataset test;
};

/// Shuffles the samples and puts `test_share` of them, to the nearest whole sample, into the test
/// part.
///
/// Errors: `Error` for a share outside (0, 1), and where a part would have no sample.
///
/// Example: `auto [train, test] = split(data, 0.2, Seed{1});`
[[nodiscard]] Split split(const Dataset& data, double test_share, Seed seed = {});

/// As `split`, and every class is in both parts and keeps its share: of a class with n samples, the
/// test part has `test_share * n` to within one sample. The part is as large as that of `split`;
/// the samples that whole numbers leave over go to the classes that lost the most by rounding down.
/// Where many classes are so small that their share is less than a sample, they have one in the
/// test all the same, and larger classes give more than one for them.
///
/// Errors: as `split`; also `Error` for float targets and class maps, for a class with a single
/// sample, and where a part has fewer samples than there are classes.
///
/// Example: `auto [train, test] = stratified_split(data, 0.2, Seed{1});`
[[nodiscard]] Split stratified_split(const Dataset& data, double test_share, Seed seed = {});

/// Shuffles the samples and deals them into `folds` parts whose sizes differ by one at most. The
/// i-th split tests on part i and trains on all others, so that every sample is tested on once. The
/// splits hold `folds` copies of the data in all.
///
/// Errors: `Error` for fewer than 2 folds, and for fewer samples than folds.
///
/// Example:
///
///     for (const auto& [train, test] : k_fold(data, 5, Seed{1})) { ... }
///
/// Source: Stone 1974, "Cross-validatory choice and assessment of statistical predictions".
[[nodiscard]] std::vector<Split> k_fold(const Dataset& data, int folds, Seed seed = {});

/// As `k_fold`, and every class is dealt evenly: its numbers of samples in two folds differ by one
/// at most, and so do the sizes of the folds.
///
/// Errors: as `k_fold`; also `Error` for float targets and class maps, and for a class with fewer
/// samples than folds, which some fold would be tested without (scikit-learn warns of one such
/// class).
///
/// Example: `const std::vector<Split> splits = stratified_k_fold(data, 10, Seed{1});`
///
/// Source: Kohavi 1995, "A study of cross-validation and bootstrap for accuracy estimation and
/// model selection".
[[nodiscard]] std::vector<Split> stratified_k_fold(const Dataset& data, int folds, Seed seed = {});

}  // namespace lamina
