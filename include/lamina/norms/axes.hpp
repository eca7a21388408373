#pragma once

namespace lamina {

/// The axes that a normalization takes its mean over: they decide the loop of its stage. The
/// parallel loop runs over what is kept, the tile holds all that is reduced.
enum class Axes {
  None,   ///< nothing is reduced: any tile will do
  Batch,  ///< over the samples: a task owns a block of features and the whole batch
};

}  // namespace lamina
