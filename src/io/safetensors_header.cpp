#include "io/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

namespace {

using Json = nlohmann::json;

struct TypeName {
  const char* name;
  ElementType type;
  std::uint64_t size;
};

constexpr std::array type_names{
    TypeName{"F32", ElementType::f32, 4}, TypeName{"F64", ElementType::f64, 8},
    TypeName{"F16", ElementType::f16, 2}, TypeName{"BF16", ElementType::bf16, 2},
    TypeName{"I64", ElementType::i64, 8},
};

// nlohmann-json keeps the last of two values of the same name in silence, so names are checked
// while it parses. The depth is checked there too: a valid header is at most 3 levels deep.
class StrictParser {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (depth > 2) throw Error("expected a header of at most 3 levels, found more");
    }
    if (event == Event::object_start) names_.emplace_back();
    if (event == Event::object_end) names_.pop_back();
    if (event == Event::key && !names_.back().insert(parsed.get<std::string>()).second) {
      throw Error("expected every name once, found '" +
                  detail::printable(parsed.get<std::string>()) + "' twice");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> names_;
};

// Callbacks are copied by the library; the reference keeps one state.
Json parse_strictly(std::string_view text) {
  StrictParser strict;
  try {
    return Json::parse(text.begin(), text.end(),
                       [&strict](int depth, Json::parse_event_t event, const Json& parsed) {
                         return strict(depth, event, parsed);
                       });
  } catch (const Json::exception& error) {
    throw Error(std::string{"expected a header in JSON, found: "} +
                detail::printable(error.what(), 200));
  }
}

void check_metadata(const Json& metadata) {
  const bool good = metadata.is_object() &&
                    std::ranges::all_of(metadata, [](const Json& one) { return one.is_string(); });
  if (!good) throw Error("expected '__metadata__' to hold strings, found something else");
}

ElementType parse_type(const Json& tensor, const std::string& name) {
  const auto found = tensor.find("dtype");
  const bool given = found != tensor.end() && found->is_string();
  for (const TypeName& known : type_names) {
    if (given && *found == known.name) return known.type;
  }
  throw Error("tensor '" + detail::printable(name) +
              "': expected dtype F32, F64, F16, BF16 or I64, found " +
              (given ? detail::printable(found->get<std::string>()) : "none"));
}

std::vector<std::uint64_t> parse_numbers(const Json& tensor, const char* key,
                                         const std::string& name) {
  const auto found = tensor.find(key);
  const bool good =
      found != tensor.end() && found->is_array() &&
      std::ranges::all_of(*found, [](const Json& one) { return one.is_number_unsigned(); });
  if (!good) {
    throw Error("tensor '" + detail::printable(name) + "': expected " + key +
                " to be a list of integers of 0 and more, found something else");
  }
  return found->get<std::vector<std::uint64_t>>();
}

std::vector<std::int64_t> parse_shape(const Json& tensor, const std::string& name) {
  std::vector<std::int64_t> shape;
  for (const std::uint64_t extent : parse_numbers(tensor, "shape", name)) {
    if (extent > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      throw Error("tensor '" + detail::printable(name) + "': expected extents below 2^63, found " +
                  std::to_string(extent));
    }
    shape.push_back(static_cast<std::int64_t>(extent));
  }
  return shape;
}

Entry parse_entry(const std::string& name, const Json& tensor, std::uint64_t data_size) {
  if (!tensor.is_object() || tensor.size() != 3) {
    throw Error("tensor '" + detail::printable(name) +
                "': expected dtype, shape and data_offsets, found " +
                (tensor.is_object() ? "other members" : "no object"));
  }
  Entry entry{.name = name, .type = parse_type(tensor, name), .shape = parse_shape(tensor, name)};
  const auto offsets = parse_numbers(tensor, "data_offsets", name);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_size) {
    throw Error("tensor '" + detail::printable(name) +
                "': expected data_offsets to be a begin and an end within " +
                std::to_string(data_size) + " bytes, found others");
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  const std::uint64_t count = count_of(entry.shape, name);
  const std::uint64_t size = size_of(entry.type);
  const std::uint64_t bytes = entry.end - entry.begin;
  if (bytes % size != 0 || bytes / size != count) {
    throw Error("tensor '" + detail::printable(name) + "': expected " + std::to_string(count) +
                " elements of " + std::to_string(size) + " bytes for its shape, found " +
                std::to_string(bytes) + " bytes");
  }
  return entry;
}

void check_ranges(const std::vector<Entry>& entries, std::uint64_t data_size) {
  std::uint64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end) {
      throw Error("tensor '" + detail::printable(entry.name) +
                  "': expected its data to begin at byte " + std::to_string(end) + ", found byte " +
                  std::to_string(entry.begin));
    }
    end = entry.end;
  }
  if (end != data_size) {
    throw Error("expected " + std::to_string(end) + " bytes of data after the header, found " +
                std::to_string(data_size));
  }
}

}  // namespace

std::uint64_t size_of(ElementType type) {
  return std::ranges::find(type_names, type, &TypeName::type)->size;
}

std::uint64_t count_of(std::span<const std::int64_t> shape, const std::string& name) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  std::uint64_t count = empty ? 0 : 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0) {
      throw Error("tensor '" + detail::printable(name) +
                  "': expected extents of 0 and more, found " + std::to_string(extent));
    }
    if (empty) continue;
    if (count > most / static_cast<std::uint64_t>(extent)) {
      throw Error("tensor '" + detail::printable(name) +
                  "': expected a shape of fewer than 2^64 elements, found more");
    }
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

std::vector<Entry> parse_header(std::string_view json, std::uint64_t data_size) {
  if (!json.starts_with('{')) throw Error("expected the header to begin with '{', found another");
  const Json header = parse_strictly(json);
  std::vector<Entry> entries;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") {
      check_metadata(tensor);
    } else {
      entries.push_back(parse_entry(name, tensor, data_size));
    }
  }
  std::ranges::sort(
      entries, {}, [](const Entry& entry) { return std::tie(entry.begin, entry.end, entry.name); });
  check_ranges(entries, data_size);
  return entries;
}

}  // namespace lamina::io
