#include "augment/stft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/whole.hpp"

namespace lamina::augment {

Stft::Stft(int size, int window, int hop)
    : fourier_(size), hop_(hop), window_(static_cast<std::size_t>(size)) {
  const int before = (size - window) / 2;
  for (int i = 0; i < window; ++i) {
    window_[static_cast<std::size_t>(before + i)] =
        static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / window));
  }
}

void Stft::pad(std::span<const float> sound, float* padded) const {
  const int around = size() / 2;
  const int length = static_cast<int>(sound.size());
  const auto mirrored = [&](int i) {
    return sound[static_cast<std::size_t>(reflected(i, length))];
  };
  for (int i = 0; i < around; ++i) padded[i] = mirrored(i - around);
  std::copy(sound.begin(), sound.end(), padded + around);
  float* behind = padded + around + length;
  for (int i = 0; i < around; ++i) behind[i] = mirrored(length + i);
}

void Stft::transform(const float* padded, int first, int frames, Planes& values,
                     Planes& other) const {
  const float* starts[lanes];
  for (int l = 0; l < lanes; ++l) {
    starts[l] = padded + std::ptrdiff_t{std::min(first + l, frames - 1)} * hop_;
  }
  for (int i = 0; i < size(); ++i) {
    const float weight = window_[static_cast<std::size_t>(i)];
    float* samples = fourier_.sample(values, i);
    for (int l = 0; l < lanes; ++l) samples[l] = weight * starts[l][i];
  }
  fourier_.transform(values, other);
}

}  // namespace lamina::augment
