#pragma once

namespace lamina {

/// The axes that a normalization takes its mean over: they decide the loop of its stage. The
/// parallel loop runs over what is kept, the tile holds all that is reduced.
enum class Axes {
  None,      ///< nothing is reduced, the numbers are given: any tile will do
  Batch,     ///< over the samples: a task owns a block of features and the whole batch
  Features,  ///< over the features of a sample, or groups of them: a task owns whole samples
};

/// What a normalization keeps from step to step.
enum class Averages {
  None,     ///< nothing: training and inference are the same
  Moving,   ///< moving averages of mean and variance, for inference
  Running,  ///< moving averages of sums and squares, de-biased, used in training too
  Fitted,   ///< mean and deviation of a data set, found once
};

/// A normalization as data: y = scale (x - mean) / sqrt(variance + epsilon) + shift. Kernels and
/// planner know nothing else of a norm, so that a user's own has the same standing.
struct Normalization {
  Axes axes = Axes::Batch;
  Averages averages = Averages::None;
  int groups = 1;        ///< the features of a sample are cut into this many (Axes::Features)
  bool centered = true;  ///< the mean is subtracted; else the variance is taken around zero
  bool scaled = true;    ///< a scale is learned
  bool shifted = true;   ///< a shift is learned
  double epsilon = 1e-5;
  double momentum = 0.1;  ///< weight of the newest batch in the averages
};

}  // namespace lamina
