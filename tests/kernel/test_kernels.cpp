#include <lamina/core/aligned.hpp>
#include <lamina/kernel/normalize.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/kernel/transpose.hpp>

#include "numbers.hpp"

// The loops over tiles against plain loops in double.

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
                                   with_bias ? bias.data() : nullptr},
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

TEST_CASE("batch statistics keep their precision far from zero", "[kernel]") {
  for (const double mean : {0.0, 1.0, -1e4, 1e4, 1e6}) {
    for (const int rows : {2, 3, 4, 5, 17, 64, 1000}) {
      CAPTURE(mean, rows);
      AlignedFloats x =
          aligned(uniform(static_cast<std::size_t>(rows * lanes), 5, static_cast<float>(mean - 1.7),
                          static_cast<float>(mean + 1.7)));
      alignas(64) float origin[lanes], delta[lanes], variance[lanes], rsqrt[lanes];
      kernel::find_statistics<1>({x.data(), lanes, rows}, 1e-5f, {origin, delta, rsqrt, variance});
      for (int f = 0; f < lanes; ++f) {
        double exact_mean = 0;
        double exact_variance = 0;
        for (int r = 0; r < rows; ++r) exact_mean += at(x, r * lanes + f) / rows;
        for (int r = 0; r < rows; ++r) {
          exact_variance += std::pow(at(x, r * lanes + f) - exact_mean, 2) / rows;
        }
        // Differences of neighbours are exact; sums of `rows` of them round a few times each.
        const double sums = epsilon * (4 + rows / 4.0);
        REQUIRE(static_cast<double>(origin[f]) + static_cast<double>(delta[f]) ==
                Approx(exact_mean).epsilon(0).margin(sums * 3.4));
        REQUIRE(static_cast<double>(variance[f]) ==
                Approx(exact_variance).epsilon(sums * 2).margin(1e-9));
        REQUIRE(static_cast<double>(rsqrt[f]) ==
                Approx(1 / std::sqrt(static_cast<double>(variance[f]) + 1e-5)).epsilon(1e-6));
      }
    }
  }
}
