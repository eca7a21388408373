#include "augment/fourier.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace lamina::augment {

namespace {

std::vector<int> factors_of(int size) {
  std::vector<int> factors;
  for (; size % 4 == 0; size /= 4) factors.push_back(4);
  for (int p = 2; size > 1; ++p) {
    if (p * p > size) p = size;
    for (; size % p == 0; size /= p) factors.push_back(p);
  }
  return factors;
}

Planes at(const Planes& values, std::size_t index) {
  return {values.real + index, values.imaginary + index};
}

struct Root {
  float real;
  float imaginary;
};

struct Complex {
  float real;
  float imaginary;
};

Complex operator+(Complex a, Complex b) {
  return {a.real + b.real, a.imaginary + b.imaginary};
}
Complex operator-(Complex a, Complex b) {
  return {a.real - b.real, a.imaginary - b.imaginary};
}
Complex operator*(Complex a, Complex b) {
  return {a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real};
}

/// Numbers that are written, and that nothing else reads or writes in the same loop.
struct Target {
  explicit Target(const Planes& planes) : real(planes.real), imaginary(planes.imaginary) {}
  void put(std::size_t i, Complex x) const {
    real[i] = x.real;
    imaginary[i] = x.imaginary;
  }
  float* __restrict real;
  float* __restrict imaginary;
};

Complex get(const Planes& planes, std::size_t i) {
  return {planes.real[i], planes.imaginary[i]};
}

/// a + b, and (a - b) * root
void radix_two(const Planes& a, const Planes& b, const Target sum, const Target rest, Complex root,
               std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Complex x = get(a, i);
    const Complex y = get(b, i);
    sum.put(i, x + y);
    rest.put(i, (x - y) * root);
  }
}

void radix_four(const Planes& x0, const Planes& x1, const Planes& x2, const Planes& x3,
                const Target y0, const Target y1, const Target y2, const Target y3,
                const Complex (&roots)[3], std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Complex even = get(x0, i) + get(x2, i);
    const Complex even_rest = get(x0, i) - get(x2, i);
    const Complex odd = get(x1, i) + get(x3, i);
    const Complex odd_rest = get(x1, i) - get(x3, i);
    const Complex turned{odd_rest.imaginary, -odd_rest.real};  // times -i
    y0.put(i, even + odd);
    y1.put(i, (even_rest + turned) * roots[0]);
    y2.put(i, (even - odd) * roots[1]);
    y3.put(i, (even_rest - turned) * roots[2]);
  }
}

/// to += from * root, or to = from * root
template <bool First>
void add(const Planes& from, const Target to, Complex root, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Complex made = get(from, i) * root;
    to.real[i] = First ? made.real : to.real[i] + made.real;
    to.imaginary[i] = First ? made.imaginary : to.imaginary[i] + made.imaginary;
  }
}

}  // namespace

Fourier::Fourier(int size) : size_(size), factors_(factors_of(size)) {
  for (int k = 0; k < size; ++k) {
    const double angle = 2 * std::numbers::pi * k / size;
    real_.push_back(static_cast<float>(std::cos(angle)));
    imaginary_.push_back(static_cast<float>(-std::sin(angle)));
  }
}

/// Stockham's order: each stage reads one memory and writes the other, and its innermost loop goes
/// over what has the same roots, `step` numbers of all lanes.
void Fourier::transform(Planes& values, Planes& other) const {
  std::size_t rest = static_cast<std::size_t>(size_);
  std::size_t step = 1;
  for (const int factor : factors_) {
    const auto p = static_cast<std::size_t>(factor);
    rest /= p;
    const std::size_t run = step * lanes;
    const auto root = [&](std::size_t k) { return Complex{root_real(k), root_imaginary(k)}; };
    for (std::size_t j = 0; j < rest; ++j) {
      const auto from = [&](std::size_t r) { return at(values, (j + r * rest) * run); };
      const auto to = [&](std::size_t k) { return Target(at(other, (p * j + k) * run)); };
      if (p == 4) {
        radix_four(from(0), from(1), from(2), from(3), to(0), to(1), to(2), to(3),
                   {root(j * step), root(2 * j * step), root(3 * j * step)}, run);
      } else if (p == 2) {
        radix_two(from(0), from(1), to(0), to(1), root(j * step), run);
      } else {
        const std::size_t turn = step * rest;  // of e^(-2 pi i / p)
        for (std::size_t k = 0; k < p; ++k) {
          add<true>(from(0), to(k), root(j * k * step), run);
          for (std::size_t r = 1; r < p; ++r) {
            add<false>(from(r), to(k), root(r * k % p * turn + j * k * step), run);
          }
        }
      }
    }
    step *= p;
    std::swap(values, other);
  }
}

void Fourier::inverse(Planes& values, Planes& other) const {
  std::swap(values.real, values.imaginary);
  std::swap(other.real, other.imaginary);
  transform(values, other);
  std::swap(values.real, values.imaginary);
  std::swap(other.real, other.imaginary);
}

RealFourier::RealFourier(int size)
    : size_(size), odd_(size % 2 == 1), complex_(odd_ ? size : size / 2), roots_(size) {}

std::size_t RealFourier::plane() const {
  return static_cast<std::size_t>(odd_ ? size_ : bins()) * lanes;
}

void RealFourier::transform(Planes& values, Planes& other) const {
  if (odd_) {
    std::fill_n(values.imaginary, plane(), 0.0f);
    complex_.transform(values, other);
    return;
  }
  complex_.transform(values, other);
  const auto half = static_cast<std::size_t>(size_ / 2);
  for (std::size_t k = 0; k <= half; ++k) {
    const Planes z = at(values, k % half * lanes);
    const Planes mirror = at(values, (half - k) % half * lanes);
    const Target to(at(other, k * lanes));
    const Complex root{roots_.root_real(k), roots_.root_imaginary(k)};
    for (std::size_t l = 0; l < lanes; ++l) {
      const Complex x = get(z, l);
      const Complex y{mirror.real[l], -mirror.imaginary[l]};
      const Complex rest = x - y;
      const Complex made = x + y + Complex{rest.imaginary, -rest.real} * root;
      to.put(l, {0.5f * made.real, 0.5f * made.imaginary});
    }
  }
  std::swap(values, other);
}

void RealFourier::inverse(Planes& values, Planes& other) const {
  const auto half = static_cast<std::size_t>(size_ / 2);
  const float scale = 1 / static_cast<float>(size_);
  for (std::size_t k = 0; k < half; ++k) {
    const Planes x = at(values, k * lanes);
    const Planes mirror = at(values, (half - k) * lanes);
    const Target to(at(other, k * lanes));
    const Complex root{roots_.root_real(k), -roots_.root_imaginary(k)};
    for (std::size_t l = 0; l < lanes; ++l) {
      const Complex z = get(x, l);
      const Complex y{mirror.real[l], -mirror.imaginary[l]};
      const Complex odd = (z - y) * root;
      const Complex made = z + y + Complex{-odd.imaginary, odd.real};
      to.put(l, {scale * made.real, scale * made.imaginary});
    }
  }
  std::swap(values, other);
  complex_.inverse(values, other);
}

}  // namespace lamina::augment
