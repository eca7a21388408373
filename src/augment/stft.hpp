#pragma once

#include <span>
#include <vector>

#include "augment/fourier.hpp"

namespace lamina::augment {

/// Short-time Fourier transforms: frames of a sound about every hop'th sample, under a periodic
/// Hann window. Before its start and behind its end the sound is its mirror.
class Stft {
 public:
  /// The window, of at most `size` samples, is in the middle of the frame.
  Stft(int size, int window, int hop);

  [[nodiscard]] int size() const { return fourier_.size(); }
  [[nodiscard]] int bins() const { return fourier_.bins(); }
  [[nodiscard]] int hop() const { return hop_; }
  [[nodiscard]] int frames(int length) const { return 1 + (length - size() % 2) / hop_; }
  [[nodiscard]] const RealFourier& fourier() const { return fourier_; }
  /// (size), with zeros around a shorter one.
  [[nodiscard]] std::span<const float> window() const { return window_; }

  /// Floats of a sound of `length` samples with its mirrors.
  [[nodiscard]] std::size_t padded(int length) const {
    return static_cast<std::size_t>(length) + 2 * static_cast<std::size_t>(size() / 2);
  }
  void pad(std::span<const float> sound, float* padded) const;
  /// Bins of the frames from `first` on, of `frames` in all: those beyond are the last one.
  void transform(const float* padded, int first, int frames, Planes& values, Planes& other) const;

 private:
  RealFourier fourier_;
  int hop_;
  std::vector<float> window_;
};

}  // namespace lamina::augment
