#pragma once

#include <vector>

#include <lamina/augment/spectrogram.hpp>

namespace lamina::augment {

/// One band: weights of the bins from `first` on.
struct Band {
  int first = 0;
  std::vector<float> weights;
};

/// Triangles that overlap, evenly spread on the mel scale: librosa's `filters.mel`.
[[nodiscard]] std::vector<Band> mel_bands(const SpectrogramOptions& options);

/// Rows of the orthonormal cosine transform: (coefficients, mels), row-major.
[[nodiscard]] std::vector<float> cosine_transform(int coefficients, int mels);

}  // namespace lamina::augment
