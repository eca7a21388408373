#include <lamina/runtime/schedule.hpp>

#include "following.hpp"

// The rows of a stage are cut into blocks; a mask counter serves eight rows of one.

namespace test_row_blocks {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;

TEST_CASE("row blocks are of a multiple of 8 rows and leave none out", "[training]") {
  for (int rows = 1; rows < 2000; ++rows) {
    for (const int wanted : {1, 2, 3, 5, 8, 16}) {
      const auto blocks = runtime::RowBlocks::of(rows, wanted);
      REQUIRE(blocks.size % 8 == 0);
      REQUIRE(blocks.first(0) == 0);
      REQUIRE(blocks.first(blocks.count - 1) < rows);
      REQUIRE(blocks.first(blocks.count - 1) + blocks.rows_of(blocks.count - 1) == rows);
    }
  }
}

TEST_CASE("row blocks draw the masks of their rows", "[training]") {
  // 300 rows in up to 16 blocks are no multiple of 8 each: 19 and 38.
  const Sgd sgd{.learning_rate = 0.2f};
  const auto update = [&](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) naive::update(*parameter, sgd, step);
  };
  using Dropping = Network<Input<20>, Linear<70>, Tanh, Dropout<0.5>, Linear<33>, LayerNorm<>, Tanh,
                           Dropout<0.2>, Linear<3>, CrossEntropy<>>;
  static_assert(!runtime::is_narrow<Dropping>);
  follow<Dropping, Dropping>(sgd, update, 3, 300);
}

}  // namespace test_row_blocks
