#pragma once

#include <cstddef>
#include <vector>

/// Fourier transforms of several frames at once.
///
/// Our own, since of the libraries with a permissive licence kissfft transforms one frame at a
/// time, allocates in the call for lengths with other factors than 2, 3 and 5, and has no odd ones
/// of real numbers; pocketfft is no package. Eight frames side by side make vectors of plain loops,
/// of the same bits on every machine.
namespace lamina::augment {

/// Frames that are transformed together.
inline constexpr int lanes = 8;

/// Complex numbers as two arrays, number i of frame l at i * lanes + l.
struct Planes {
  float* real = nullptr;
  float* imaginary = nullptr;
};

/// sum_j x_j e^(-2 pi i j k / size) of any size: quick for products of small primes, size * p for
/// its largest prime p.
class Fourier {
 public:
  explicit Fourier(int size);

  [[nodiscard]] int size() const { return size_; }
  /// `values` and `other` have size * lanes numbers each. The result is in `values`, which may have
  /// changed places with `other`.
  void transform(Planes& values, Planes& other) const;
  /// The sum with e^(+2 pi i j k / size), which `transform` and division by the size undo.
  void inverse(Planes& values, Planes& other) const;
  /// e^(-2 pi i k / size)
  [[nodiscard]] float root_real(std::size_t k) const { return real_[k % real_.size()]; }
  [[nodiscard]] float root_imaginary(std::size_t k) const { return imaginary_[k % real_.size()]; }

 private:
  int size_;
  std::vector<int> factors_;
  std::vector<float> real_, imaginary_;  // of all roots
};

/// Transforms of real frames: bins 0 to size / 2. An even size is a complex transform of half of
/// it, sample 2 i its real and 2 i + 1 its imaginary parts.
class RealFourier {
 public:
  explicit RealFourier(int size);

  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] int bins() const { return size_ / 2 + 1; }
  /// Floats of one of the four arrays of `values` and `other`.
  [[nodiscard]] std::size_t plane() const;
  /// Where sample i of the first frame is, of the others behind it.
  [[nodiscard]] float* sample(const Planes& values, int i) const {
    if (odd_) return values.real + std::ptrdiff_t{i} * lanes;
    return (i % 2 == 0 ? values.real : values.imaginary) + std::ptrdiff_t{i / 2} * lanes;
  }
  /// Samples to bins.
  void transform(Planes& values, Planes& other) const;
  /// Bins to samples; of even sizes.
  void inverse(Planes& values, Planes& other) const;

 private:
  int size_;
  bool odd_;
  Fourier complex_;
  Fourier roots_;  // of the whole size
};

}  // namespace lamina::augment
