#pragma once

#include <array>
#include <string_view>

#include <lamina/core/item.hpp>
#include <lamina/core/path.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/network/graph.hpp>

/// What the checks of a network remember of the items that they have seen.
namespace lamina {

/// Random items that one stage takes: the elementwise items between two layers or norms are one
/// loop.
inline constexpr int most_random_in_a_row = 4;
/// Arrays that may stand behind each other as the input of one layer.
inline constexpr int most_sources = 16;

namespace detail {

/// A structure whose items are being checked.
struct OpenStructure {
  Structure structure = Structure::None;
  std::string_view kind;
  Path path{};
  Shape input{};
  int input_values = 0;  // the node that makes them
  Shape main{};          // what a residual's items end with, once its shortcut begins
  int main_values = Connection::none;
  Shape joined{};  // of the branches that are done
  int first_branch = Connection::none;
  int last_branch = Connection::none;
  int sources = 0;
  int input_sources = 1;
};

/// What the checks have seen of the list so far.
struct CheckState {
  TextBuffer wrong;
  bool first = true;  // the Input, which has no position
  Path path{};
  Shape shape{};
  int values = 0;   // the node that makes the present ones
  int sources = 1;  // arrays that they lie in: branches are not copied together
  bool any_layer = false;
  int random = 0;  // since the last layer or norm
  std::array<OpenStructure, Path::most_levels> open{};
  int levels = 0;
  Path loss_path{};
  bool has_loss = false;
  TextBuffer loss;
  Path penalty_path{};
  bool has_penalty = false;  // or a decay or constraint of the whole network
  TextBuffer penalty;
  std::string_view penalty_word;
  TextBuffer penalty_kinds;  // of all of them: " L2 L2<0.1> at position 3;"

  bool has_reparameterized = false;
  Path reparameterized_path{};  // of the first layer whose weights are not trained themselves
  TextBuffer reparameterized;

  [[nodiscard]] constexpr OpenStructure& top() {
    return open[static_cast<std::size_t>(levels - 1)];
  }
  [[nodiscard]] constexpr Structure inside() const {
    return levels == 0 ? Structure::None : open[static_cast<std::size_t>(levels - 1)].structure;
  }
};

constexpr std::string_view structure_name(Structure structure) {
  constexpr std::array<std::string_view, 6> names{"",         "a sequence", "Residual",
                                                  "Shortcut", "Concat",     "Branch"};
  return names[static_cast<std::size_t>(structure)];
}

/// Says `name at position n`.
constexpr TextBuffer placed(const TextBuffer& name, const Path& path) {
  return TextBuffer{} << name << " at position " << text_of(path);
}

/// `L2` of `L2<0.1>`, between spaces.
constexpr TextBuffer kind_of(const TextBuffer& name) {
  return TextBuffer{} << " " << name.view().substr(0, name.view().find('<')) << " ";
}

/// What an item of the whole network says of all weights; empty for items that stand elsewhere.
constexpr std::string_view word_of(Role role) {
  switch (role) {
    case Role::Penalty:
      return "penalty";
    case Role::WeightDecay:
      return "decay";
    case Role::Constraint:
      return "constraint";
    default:
      return "";
  }
}

/// Where the item of this kind stands that the state has noted: the text behind its kind.
template <class T>
constexpr std::string_view place_of_kind(const CheckState& state) {
  const std::string_view kinds = state.penalty_kinds.view();
  const TextBuffer kind = kind_of(name_of<T>());
  const std::size_t begin = kinds.find(kind.view()) + kind.size();
  return kinds.substr(begin, kinds.find(';', begin) - begin);
}

}  // namespace detail

}  // namespace lamina
