#include "io/safetensors_index.hpp"

#include <cstdint>
#include <filesystem>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/strict_json.hpp"

namespace lamina::io {

namespace {

void check_file(const std::string& file) {
  const std::filesystem::path path{file};
  if (!file.empty() && path.filename() == path && file != "." && file != "..") return;
  throw Error("expected files beside the index, found " + detail::tensor_name(file));
}

/// Makes an index of its events. Members of other names may come with later versions.
class IndexReader {
 public:
  void begin(bool /*object*/) { ++depth_; }
  void end() { --depth_; }
  void key(std::string name) {
    if (depth_ == 1) member_ = std::move(name);
    if (depth_ == 2) name_ = std::move(name);
  }
  void text(std::string text) {
    if (depth_ != 2) return;
    if (member_ == "metadata") index_.metadata[name_] = std::move(text);
    if (member_ != "weight_map") return;
    if (!names_.insert(name_).second) {
      throw Error("expected every name once, found " + detail::tensor_name(name_) + " twice");
    }
    check_file(text);
    index_.files[std::move(text)].insert(name_);
  }
  void number(std::uint64_t number) {
    if (depth_ == 2 && member_ == "metadata") index_.metadata[name_] = std::to_string(number);
  }
  void other() {}

  Index take() {
    if (index_.files.empty()) throw Error("expected a 'weight_map' of names to files, found none");
    return std::move(index_);
  }

 private:
  Index index_;
  std::set<std::string> names_;
  int depth_ = 0;
  std::string member_;
  std::string name_;
};

}  // namespace

Index parse_index(std::string_view json) {
  IndexReader reader;
  parse_json(json, "an index", reader);
  return reader.take();
}

}  // namespace lamina::io
