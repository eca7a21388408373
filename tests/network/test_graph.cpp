#include <lamina/lamina.hpp>

// A network as a graph: whose values each node takes, and how often its own are taken.

namespace test_graph {

using namespace lamina;

namespace {

template <class... Items>
struct Of {
  using Checked = Check<Network<Items...>>;
  static_assert(Checked::good);

  /// The node of the mark or item at a path: where a structure ends, if asked for.
  static constexpr int at(const Path& path, bool end = false) {
    for (std::size_t i = 0; i < Checked::nodes.size(); ++i) {
      const detail::Node& node = Checked::nodes[i];
      if (i > 0 && node.path == path && detail::is_end(node.role) == end)
        return static_cast<int>(i);
    }
    return -1;
  }
  static constexpr int end_of(const Path& path) { return at(path, true); }
  static constexpr const detail::Connection& connection(int node) {
    return Checked::graph.at(node);
  }
  /// The nodes that make the arrays which values lie in.
  template <int... Nodes>
  static constexpr bool arrays_are(int values) {
    constexpr std::array expected{Nodes...};
    std::size_t count = 0;
    bool same = true;
    Checked::graph.for_each_array(values, [&](int node) {
      same = same && count < expected.size() && expected[count] == node;
      ++count;
    });
    return same && count == expected.size();
  }
};

// One after the other; what disappears takes nothing, and is taken by nobody.
using Plain = Of<Input<4>, Linear<3>, Dropout<0.0>, ReLU, Linear<2>, CrossEntropy<>, L2<0.1>>;
static_assert(Plain::connection(1).source == 0 && Plain::connection(3).source == 1);
static_assert(Plain::connection(4).source == 3 && Plain::Checked::outputs == 4);
static_assert(Plain::connection(2).source < 0 && Plain::connection(2).readers == 0);
static_assert(Plain::connection(0).readers == 1 && Plain::connection(1).readers == 1);
static_assert(Plain::connection(4).readers == 0);  // a loss compares, it takes nothing
static_assert(Plain::connection(1).output == Shape{3} && Plain::connection(4).output == Shape{2});

// A residual's input is read by its items and by its sum; behind an Input it is gathered first.
using Added = Of<Input<4>, Residual<Linear<4>>, Residual<ReLU>, Linear<2>>;
constexpr int first = Added::at(Path{{0}});
constexpr int first_sum = Added::end_of(Path{{0}});
constexpr int second_sum = Added::end_of(Path{{1}});
static_assert(Added::connection(first).source == 0 && Added::connection(first).readers == 2);
static_assert(Added::connection(first_sum).added == first);
static_assert(Added::connection(Added::at(Path{{1}})).source < 0);  // a sum lies in one array
static_assert(Added::connection(second_sum).added == first_sum);
static_assert(Added::connection(first_sum).readers == 2);

// With a shortcut, what the items end with is added to what the shortcut ends with.
using Crossed = Of<Input<4>, Linear<8>, Residual<Linear<3>, Shortcut<Linear<3>>>, Linear<2>>;
constexpr int sum = Crossed::end_of(Path{{1}});
static_assert(Crossed::connection(sum).added == Crossed::at(Path{{1, 0}, 2}));
static_assert(Crossed::connection(sum).source == Crossed::at(Path{{1, 1, 0}, 3}));
static_assert(Crossed::connection(1).readers == 2);

// Branches lie where they are, in the order of the list, through branches of branches.
using Joined = Of<
    Input<4>, Linear<8>,
    Concat<Branch<Linear<1>>, Branch<Concat<Branch<>, Branch<Linear<2>, ReLU>>>, Branch<Linear<3>>>,
    Linear<5>>;
constexpr int joined = Joined::end_of(Path{{1}});
static_assert(
    Joined::arrays_are<Joined::at(Path{{1, 0, 0}, 3}), 1, Joined::at(Path{{1, 1, 0, 1, 1}, 5}),
                       Joined::at(Path{{1, 2, 0}, 3})>(joined));
static_assert(Joined::connection(joined).output == Shape{1 + 8 + 2 + 3});
static_assert(Joined::connection(1).readers == 4);  // three layers, and the one behind all
static_assert(Joined::connection(Joined::Checked::outputs).source == joined);

}  // namespace

}  // namespace test_graph
