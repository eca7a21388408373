#pragma once

#include <filesystem>

#include <lamina/plot/picture.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/learning_rate_curve.hpp>

namespace lamina {

/// Draws what each epoch of a fit reached: training and validation loss, with the best epoch
/// marked; below them validation accuracy and metrics, and the learning rate. Metrics within
/// [0, 1] share a panel, each other has one of its own. Losses that span more than a factor of 30
/// are drawn on a logarithmic scale.
///
/// The data have a row an epoch and the columns epoch, loss, validation_loss, accuracy,
/// learning_rate, and one for each metric. A number that is none is an empty field.
///
/// Errors: no epochs, an epoch with other than a number for each metric, or a stem that names no
/// file throw `Error` before anything is written; so do files that cannot be written. A picture
/// that cannot be drawn is no error, see `Picture`.
///
/// Example: `plot_history(trainer.fit(train, validation), "run/history");`
Picture plot_history(const History& history, const std::filesystem::path& stem);

/// Draws the curve that `find_learning_rate` measures: loss against learning rate, raw and
/// smoothed, and the two suggestions. The range of the losses is that of the smoothed curve up to
/// a little above where it begins: how far the loss rises at the end says nothing.
///
/// The data have a row a step and the columns learning_rate, loss, smoothed.
///
/// Errors: no steps, columns of different lengths, learning rates that are not positive, or a stem
/// that names no file throw `Error` before anything is written.
///
/// Example: `plot_learning_rates(find_learning_rate(model, Adam{}, train), "run/learning_rates");`
Picture plot_learning_rates(const LearningRateCurve& curve, const std::filesystem::path& stem);

}  // namespace lamina
