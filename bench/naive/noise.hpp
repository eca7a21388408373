#pragma once

#include <cmath>

#include <lamina/core/draw.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/regularizers/alpha_dropout.hpp>
#include <lamina/regularizers/dropout.hpp>
#include <lamina/regularizers/gaussian_dropout.hpp>
#include <lamina/regularizers/gaussian_noise.hpp>
#include <lamina/regularizers/spatial_dropout.hpp>

#include "layer.hpp"

/// The random items as their papers write them: y = a x + b with a and b of one value. The random
/// bits and what normal number they make are the library's rule; all else is said here again.
namespace lamina::naive {

template <class Scalar>
struct Coefficients {
  Scalar a;
  Scalar b;
};

/// Any other random item: a user's own.
template <class Item, class Scalar>
Coefficients<Scalar> coefficients(Item, const ScalarDraw<Scalar>& bits, double rate) {
  const auto map = Item::draw(Item::numbers(rate), bits);
  Coefficients<Scalar> found{1, 0};
  if constexpr (map.scales) found.a = map.scale;
  if constexpr (map.shifts) found.b = map.shift;
  return found;
}

template <double Rate, class Scalar>
Coefficients<Scalar> coefficients(Dropout<Rate>, const ScalarDraw<Scalar>& bits, double rate) {
  const std::int32_t threshold = keep_threshold(1 - rate);
  const double q = threshold / 65536.0;  // the probability to keep that 16 bits allow
  return {bits.kept(threshold) ? static_cast<Scalar>(1 / q) : Scalar(0), 0};
}

/// x d + alpha' (1 - d), then the affine map that brings mean 0 and variance 1 back.
template <double Rate, class Scalar>
Coefficients<Scalar> coefficients(AlphaDropout<Rate>, const ScalarDraw<Scalar>& bits, double rate) {
  const std::int32_t threshold = keep_threshold(1 - rate);
  const double q = threshold / 65536.0;
  const double saturated = -1.6732632423543772848 * 1.0507009873554804934;
  const double a = std::pow(q + saturated * saturated * q * (1 - q), -0.5);
  const double b = -a * (1 - q) * saturated;
  if (bits.kept(threshold)) return {static_cast<Scalar>(a), static_cast<Scalar>(b)};
  return {0, static_cast<Scalar>(a * saturated + b)};
}

template <double Rate, class Scalar>
Coefficients<Scalar> coefficients(SpatialDropout<Rate>, const ScalarDraw<Scalar>& bits,
                                  double rate) {
  return coefficients(Dropout<Rate>{}, bits, rate);
}

template <double Sigma, class Scalar>
Coefficients<Scalar> coefficients(GaussianNoise<Sigma>, const ScalarDraw<Scalar>& bits,
                                  double sigma) {
  return {1, static_cast<Scalar>(sigma) * bits.normal()};
}

template <double Rate, class Scalar>
Coefficients<Scalar> coefficients(GaussianDropout<Rate>, const ScalarDraw<Scalar>& bits,
                                  double rate) {
  return {1 + static_cast<Scalar>(std::sqrt(rate / (1 - rate))) * bits.normal(), 0};
}

/// y = a x + b, both drawn for each value; nothing in inference. A row of the random numbers is a
/// position of a sample, a feature of theirs its channel.
template <class Item, class Scalar>
class NoiseLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  NoiseLayer(int position, const Shape& shape, double rate)
      : position_(position), shape_(shape), rate_(rate) {}

  Batch infer(const Batch& x, std::size_t) const override { return x; }
  Batch forward(const Batch& x, std::size_t, const NoiseSource& noise) override {
    slope_.resize(x.size());
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int at = static_cast<int>(i);
      const int positions = shape_.positions();
      const int sample = at / shape_.features();
      // A channel that is dropped as a whole is drawn for the sample.
      const int row = expr::DrawsChannels<Item> ? sample : sample * positions + at % positions;
      const int channel = at / positions % shape_.channels;
      const ScalarDraw<Scalar> bits{random_bits(noise, position_, row, channel)};
      const Coefficients<Scalar> drawn = coefficients(Item{}, bits, rate_);
      slope_[i] = drawn.a;
      y[i] = drawn.a * x[i] + drawn.b;
    }
    return y;
  }
  Batch backward(const Batch& dy, std::size_t) override {
    Batch dx(dy.size());
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] = dy[i] * slope_[i];
    return dx;
  }

 private:
  int position_;
  Shape shape_;
  double rate_;
  Batch slope_;
};

}  // namespace lamina::naive
