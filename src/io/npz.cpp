#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/npy.hpp>

#include "io/npy_array.hpp"
#include "io/out_of_memory.hpp"
#include "io/unpacked_bytes.hpp"
#include "io/zip_archive.hpp"

namespace lamina {

namespace {

// Puts the array before the message.
template <class Action>
auto guarded(const std::string& where, Action action) {
  try {
    return action();
  } catch (const Error& error) {
    throw Error(where + ": " + error.what());
  }
}

class Arrays {
 public:
  explicit Arrays(const std::filesystem::path& path, const ReadOptions& options = {})
      : path_{detail::printable_path(path.string())},
        archive_{path},
        unpacked_{path, options.max_bytes} {
    constexpr std::string_view ending = ".npy";
    for (const std::string& name : archive_.names()) {
      if (!name.ends_with(ending))
        fail("expected arrays, found the entry " + detail::in_quotes(name));
      names_.push_back(name.substr(0, name.size() - ending.size()));
    }
    std::vector<std::string> sorted = names_;
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice != sorted.end()) {
      fail("expected each array once, found " + detail::in_quotes(*twice) + " twice");
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto place = std::ranges::find(names_, name);
    if (place == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(place - names_.begin());
  }

  [[nodiscard]] std::size_t named(const std::string& name) const {
    const auto place = find(name);
    if (!place) fail("expected an array " + detail::in_quotes(name) + ", found " + list());
    return *place;
  }

  [[nodiscard]] io::NamedArray read(std::size_t place) const {
    const std::string where = path_ + ", array " + detail::in_quotes(names_[place]);
    return guarded(where, [&]() -> io::NamedArray {
      auto entry = archive_.open(place);
      const auto read = [&](std::span<std::uint8_t> to) {
        const std::size_t got = entry.read(to);
        unpacked_.add(got);
        return got;
      };
      return {where, io::read_npy_array(read)};
    });
  }

  [[nodiscard]] Tensor tensor(std::size_t place) const {
    const io::NamedArray array = read(place);
    return guarded(array.where, [&] { return io::to_tensor(array.array, names_[place]); });
  }

  [[nodiscard]] std::string list() const {
    return names_.empty() ? "no arrays" : detail::in_quotes(names_);
  }

  [[noreturn]] void fail(const std::string& message) const { throw Error(path_ + ": " + message); }

 private:
  std::string path_;
  io::ZipArchive archive_;
  mutable io::UnpackedBytes unpacked_;  // of all arrays that were read
  std::vector<std::string> names_;
};

constexpr std::array<std::string_view, 8> input_names{"x",      "X",        "inputs",  "data",
                                                      "images", "features", "x_train", "X_train"};
constexpr std::array<std::string_view, 7> target_names{"y",      "Y",       "targets", "labels",
                                                       "target", "y_train", "Y_train"};

std::optional<std::size_t> first_of(const Arrays& arrays, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto place = arrays.find(name)) return place;
  }
  return std::nullopt;
}

// The places of inputs and targets; no targets where the file holds one array.
std::pair<std::size_t, std::optional<std::size_t>> choose(const Arrays& arrays,
                                                          const std::string& inputs,
                                                          const std::string& targets) {
  auto x = first_of(arrays, input_names);
  auto y = first_of(arrays, target_names);
  if (!inputs.empty()) x = arrays.named(inputs);
  if (!targets.empty()) y = arrays.named(targets);
  if (x == y && targets.empty()) y.reset();
  if (x == y && inputs.empty()) x.reset();
  const std::size_t count = arrays.names().size();
  if (count == 1 && targets.empty()) return {0, std::nullopt};
  if (count == 2) {
    if (!x && !y) return {0, 1};
    if (!x) return {1 - y.value(), y};
    if (!y) return {x.value(), 1 - x.value()};
  }
  if (!x && count == 1) {
    arrays.fail("expected inputs beside the targets " + detail::in_quotes(targets) +
                ", found no other array");
  }
  if (!x) arrays.fail("expected an array with the name given or \"x\", found " + arrays.list());
  if (!y) arrays.fail("expected an array with the name given or \"y\", found " + arrays.list());
  return {x.value(), y};
}

// The place of the inputs, where targets are not read.
std::size_t choose_inputs(const Arrays& arrays, const std::string& inputs,
                          const std::string& targets) {
  if (!inputs.empty()) return arrays.named(inputs);
  const auto y = targets.empty() ? first_of(arrays, target_names) : arrays.find(targets);
  if (const auto x = first_of(arrays, input_names); x && x != y) return *x;
  const std::size_t count = arrays.names().size();
  if (count == 1) return 0;
  if (count == 2) return y ? 1 - *y : 0;
  arrays.fail("expected an array with the name given or \"x\", found " + arrays.list());
}

}  // namespace

std::vector<std::string> npz_names(const std::filesystem::path& path) {
  return io::within_memory(path, [&] { return Arrays{path}.names(); });
}

std::vector<Tensor> read_npz_arrays(const std::filesystem::path& path, const ReadOptions& options) {
  return io::within_memory(path, [&] {
    const Arrays arrays{path, options};
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < arrays.names().size(); ++i) tensors.push_back(arrays.tensor(i));
    return tensors;
  });
}

Dataset read_npz(const std::filesystem::path& path, const std::string& inputs,
                 const std::string& targets, const ReadOptions& options) {
  return io::within_memory(path, [&] {
    const Arrays arrays{path, options};
    const auto [x, y] = choose(arrays, inputs, targets);
    const io::NamedArray read_inputs = arrays.read(x);
    if (!y) return io::to_dataset(read_inputs);
    return io::to_dataset(read_inputs, x == *y ? read_inputs : arrays.read(*y));
  });
}

Dataset read_npz_inputs(const std::filesystem::path& path, const std::string& inputs,
                        const std::string& targets, const ReadOptions& options) {
  return io::within_memory(path, [&] {
    const Arrays arrays{path, options};
    return io::to_dataset(arrays.read(choose_inputs(arrays, inputs, targets)));
  });
}

}  // namespace lamina
