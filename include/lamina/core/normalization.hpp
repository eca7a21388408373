#pragma once

namespace lamina {

/// The axes that a normalization takes its mean over, a set: they decide the loop of its stage. The
/// parallel loop runs over what is kept, the tile holds all that is reduced. Features without space
/// are channels of one position.
///
/// Example: `Axes::Batch | Axes::Space`
enum class Axes {
  None = 0,      ///< nothing is reduced, the numbers are given: any tile will do
  Batch = 1,     ///< over the samples: a task owns a block of channels and the whole batch
  Space = 2,     ///< over the positions of a sample
  Channels = 4,  ///< over the channels of a sample, or groups of them: a task owns whole samples
};
constexpr Axes operator|(Axes a, Axes b) {
  return static_cast<Axes>(static_cast<int>(a) | static_cast<int>(b));
}
/// True where `axes` has one of `others`.
constexpr bool reduces(Axes axes, Axes others) {
  return (static_cast<int>(axes) & static_cast<int>(others)) != 0;
}

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
  Axes axes = Axes::Batch | Axes::Space;
  Averages averages = Averages::None;
  int groups = 1;        ///< the channels of a sample are cut into this many (Axes::Channels)
  bool centered = true;  ///< the mean is subtracted; else the variance is taken around zero
  bool scaled = true;    ///< a scale is learned
  bool shifted = true;   ///< a shift is learned
  /// Over images and signals scale and shift are of every value of a sample, not of its channels.
  bool per_element = false;
  double epsilon = 1e-5;
  double momentum = 0.1;  ///< weight of the newest batch in the averages
};

}  // namespace lamina
