#pragma once

#include <cstddef>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/data/dataset.hpp>

/// Small data sets that need no file, for first steps and tests: as scikit-learn's functions of the
/// same names where it has them. The same seed gives the same bits on every machine. Samples come
/// in shuffled order. Compiled into the library.
///
/// Errors: `Error` for a noise or deviation outside [0, 1e36], for fewer samples than classes, and
/// for numbers of classes or features below 1.
namespace lamina {

/// Two half circles that interlock: 2 features `x`, `y` and 2 classes, as even in number as `size`
/// allows, which no straight line divides.
///
///     class 0: (cos t, sin t)    class 1: (1 - cos t, 1/2 - sin t)    t evenly over [0, pi]
///
/// and to each coordinate normal noise of deviation `noise`.
///
/// Example: `Dataset moons = make_moons(500, 0.1, Seed{1});`
[[nodiscard]] Dataset make_moons(std::size_t size, double noise = 0, Seed seed = {});

/// Spiral arms around the origin, one a class: 2 features `x`, `y`.
///
///     class c: t (cos a, sin a)    a = 2 pi (3/2 t + c / classes)    t = i / n, i = 1, ..., n
///
/// for a class of n samples: one and a half turns to the radius 1, the classes the same but for a
/// rotation. To each coordinate normal noise of deviation `noise` is added; arms are
/// 2 / (3 classes) apart.
///
/// Example: `Dataset spirals = make_spirals(600, 3, 0.02, Seed{1});`
///
/// Source: Lang, Witbrock 1988, "Learning to tell two spirals apart", for the idea.
[[nodiscard]] Dataset make_spirals(std::size_t size, int classes, double noise = 0, Seed seed = {});

/// A normal cloud for each class: its center uniform in [-10, 10) in every feature, its samples
/// around that with `deviation` in every feature. The centers depend on the seed, the class and the
/// feature alone.
///
/// Example: `Dataset blobs = make_blobs(300, 3, 2, 1.0, Seed{1});`
[[nodiscard]] Dataset make_blobs(std::size_t size, int classes, int features, double deviation = 1,
                                 Seed seed = {});

/// A linear truth with one float target:
///
///     y = w . x + noise * e,    x and e standard normal, w = `regression_coefficients`
///
/// Targets are large, of deviation sqrt(w . w + noise^2), about 58 sqrt(features).
///
/// Example: `Dataset lines = make_regression(200, 5, 1.0, Seed{1});`
[[nodiscard]] Dataset make_regression(std::size_t size, int features, double noise = 0,
                                      Seed seed = {});

/// The w of `make_regression` with the same seed: uniform in [0, 100), the i-th by the seed and i
/// alone.
[[nodiscard]] std::vector<double> regression_coefficients(int features, Seed seed = {});

}  // namespace lamina
