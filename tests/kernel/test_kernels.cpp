#include <lamina/core/aligned.hpp>
#include <lamina/kernel/normalize.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/kernel/transpose.hpp>

#include "numbers.hpp"

// The loops over tiles against plain loops in double.

namespace test_kernels {

using namespace lamina;
using namespace lamina::testing;
using kernel::Register;
using simd::lanes;

namespace {

AlignedFloats aligned(const std::vector<float>& values) {
  AlignedFloats made(values.size());
  std::copy(values.begin(), values.end(), made.data());
  return made;
}

double at(const AlignedFloats& values, std::ptrdiff_t i) {
  return static_cast<double>(values.data()[i]);
}

/// out = bias + left right for `rows` rows, the left operand in blocks of `block` values of depth.
template <int Vectors>
void check_panel(int rows, int depth, int block, bool with_bias, Worst& worst) {
  const std::ptrdiff_t width = Vectors * lanes;
  const int blocks = (depth + block - 1) / block;
  const std::ptrdiff_t block_stride = static_cast<std::ptrdiff_t>(rows) * block;
  const auto seed = static_cast<unsigned>(rows * 1000 + depth * 10 + block);
  const AlignedFloats left =
      aligned(uniform(static_cast<std::size_t>(blocks * block_stride), seed));
  const AlignedFloats right = aligned(uniform(static_cast<std::size_t>(depth * width), seed + 1));
  const AlignedFloats bias = aligned(uniform(static_cast<std::size_t>(width), seed + 2));
  constexpr float untouched = 12345;
  AlignedFloats out =
      aligned(std::vector<float>(static_cast<std::size_t>((rows + 1) * width), untouched));
  kernel::multiply_panel<Vectors>({{left.data(), block, block, block_stride},
                                   right.data(),
                                   width,
                                   depth,
                                   out.data(),
                                   width,
                                   with_bias ? bias.data() : nullptr,
                                   0},
                                  rows);
  for (std::ptrdiff_t i = 0; i < rows; ++i) {
    for (std::ptrdiff_t n = 0; n < width; ++n) {
      double sum = with_bias ? at(bias, n) : 0;
      double magnitude = std::abs(sum);
      for (std::ptrdiff_t l = 0; l < depth; ++l) {
        const double term =
            at(left, l / block * block_stride + i * block + l % block) * at(right, l * width + n);
        sum += term;
        magnitude += std::abs(term);
      }
      // Half an epsilon of the running sum for every fused multiply-add.
      worst.compare(at(out, i * width + n), sum, 0.5 * epsilon * (depth + 1) * magnitude,
                    static_cast<double>(i));
    }
  }
  for (std::ptrdiff_t n = 0; n < width; ++n) {
    REQUIRE(at(out, rows * width + n) == static_cast<double>(untouched));
  }
}

}  // namespace

TEST_CASE("panels of products for all heights, widths, depths and blocks", "[kernel]") {
  Worst worst;
  for (int rows = 1; rows <= 13; ++rows) {
    for (const int depth : {1, 2, 3, 7, 16, 17, 33, 100}) {
      for (const int block : {1, 5, 16, 32, 100}) {
        check_panel<1>(rows, depth, block, rows % 2 == 0, worst);
        check_panel<2>(rows, depth, block, depth % 2 == 0, worst);
        if constexpr (tile_vectors >= 4) {
          check_panel<3>(rows, depth, block, block % 2 == 0, worst);
          check_panel<4>(rows, depth, block, true, worst);
        }
      }
    }
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("tiles cut any number of rows evenly and leave none out", "[kernel]") {
  for (int rows = 0; rows <= 100; ++rows) {
    int next = 0;
    int least = tile_rows;
    int most = 0;
    kernel::for_each_tile(rows, [&](int first, int count) {
      REQUIRE(first == next);
      REQUIRE(count >= 1);
      next = first + count;
      least = std::min(least, count);
      most = std::max(most, count);
    });
    REQUIRE(next == rows);
    if (rows > 0) REQUIRE((most <= tile_rows && most - least <= 1));
  }
}

TEST_CASE("panels cut any number of features evenly", "[kernel]") {
  for (int features = 1; features <= 600; ++features) {
    const Panels panels = Panels::of(features);
    int sum = 0;
    for (int p = 0; p < panels.count; ++p) {
      REQUIRE(panels.vectors_of(p) >= 1);
      REQUIRE(panels.vectors_of(p) <= tile_vectors);
      REQUIRE(panels.features_of(p) >= 1);
      REQUIRE(panels.features_of(p) <= panels.vectors_of(p) * lanes);
      REQUIRE(panels.features_of(p) > (panels.vectors_of(p) - 1) * lanes);
      sum += panels.features_of(p);
    }
    REQUIRE(sum == features);
    REQUIRE(panels.padded() >= features);
  }
}

TEST_CASE("weights are transposed whole, with zeros for padding", "[kernel]") {
  for (const int outputs : {1, 10, 16, 17, 100, 130}) {
    for (const int inputs : {1, 3, 15, 16, 17, 33, 70, 128}) {
      const Panels panels = Panels::of(outputs);
      const Panels columns = Panels::of(inputs);
      const AlignedFloats weights =
          aligned(uniform(static_cast<std::size_t>(inputs * panels.padded()), 3));
      for (int panel = 0; panel < columns.count; ++panel) {
        const int first = panel * columns.width;
        const int count = columns.features_of(panel);
        const int to_width = columns.vectors_of(panel) * lanes;
        AlignedFloats to =
            aligned(std::vector<float>(static_cast<std::size_t>(panels.padded() * to_width), 7.0f));
        kernel::transpose_inputs(weights.data(), panels, inputs, first, count, to.data(), to_width);
        for (int n = 0; n < outputs; ++n) {
          for (int k = 0; k < to_width; ++k) {
            const int from = (n / panels.width * inputs + first + k) * panels.width;
            const double expected = k < count ? at(weights, from + n % panels.width) : 0;
            REQUIRE(at(to, n * to_width + k) == expected);
          }
        }
      }
    }
  }
}

namespace {

/// Mean and variance in double.
std::pair<double, double> exact_moments(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  double variance = 0;
  for (const double value : values) mean += value / count;
  for (const double value : values) variance += std::pow(value - mean, 2) / count;
  return {mean, variance};
}

/// Differences of neighbours are exact; sums of `count` of them round a few times each.
template <int Width>
void check_moments(const kernel::Moments<Width>& found, int v, int lane, std::size_t count,
                   const std::pair<double, double>& exact) {
  alignas(64) float origin[lanes], delta[lanes], variance[lanes];
  found.origin[v].store(origin);
  found.delta[v].store(delta);
  found.variance[v].store(variance);
  const double sums = epsilon * (4 + static_cast<double>(count) / 4.0);
  REQUIRE(double{origin[lane]} + double{delta[lane]} ==
          Approx(exact.first).epsilon(0).margin(sums * 3.4));
  REQUIRE(double{variance[lane]} == Approx(exact.second).epsilon(sums * 2).margin(1e-9));
}

}  // namespace

TEST_CASE("statistics of a batch keep their precision far from zero", "[kernel]") {
  for (const float mean : {0.0f, 1.0f, -1e4f, 1e4f, 1e6f}) {
    for (const int rows : {2, 3, 4, 5, 17, 64, 1000}) {
      CAPTURE(mean, rows);
      AlignedFloats x =
          aligned(uniform(static_cast<std::size_t>(rows * lanes), 5, mean - 1.7f, mean + 1.7f));
      const auto found = kernel::find_moments(kernel::OverBatch<1>{lanes, rows}, x.data(), true);
      for (int f = 0; f < lanes; ++f) {
        std::vector<double> values;
        for (int r = 0; r < rows; ++r) values.push_back(at(x, r * lanes + f));
        check_moments(found, 0, f, values.size(), exact_moments(values));
      }
    }
  }
}

TEST_CASE("statistics of features keep to their group, and their precision", "[kernel]") {
  for (const float mean : {0.0f, -1e4f, 1e6f}) {
    for (const int features : {1, 3, 15, 16, 17, 33, 100, 200}) {
      const Panels panels = Panels::of(features);
      constexpr int rows = 4;
      // Padding and the features of other groups are far off: they must not count.
      AlignedFloats x =
          aligned(std::vector<float>(static_cast<std::size_t>(rows * panels.padded()), 1e9f));
      const auto place = [&](int row, int f) -> float& {
        return x.data()[(f / panels.width * rows + row) * panels.width + f % panels.width];
      };
      const int begin = features / 3;
      const int end = features - features / 4;
      const auto numbers = uniform(static_cast<std::size_t>(rows * features),
                                   static_cast<unsigned>(features), mean - 1.7f, mean + 1.7f);
      for (int row = 0; row < rows; ++row) {
        for (int f = begin; f < end; ++f) {
          place(row, f) = numbers[static_cast<std::size_t>(row * features + f)];
        }
      }
      const kernel::OverFeatures<rows> walk{rows * panels.width, panels.width, begin, end};
      const auto found = kernel::find_moments(walk, x.data(), true);
      for (int row = 0; row < rows; ++row) {
        CAPTURE(mean, features, row);
        std::vector<double> values;
        for (int f = begin; f < end; ++f) values.push_back(double{place(row, f)});
        check_moments(found, row, 0, values.size(), exact_moments(values));
      }
    }
  }
}

}  // namespace test_kernels
