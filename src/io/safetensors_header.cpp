#include "io/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/strict_json.hpp"

namespace lamina::io {

namespace {

struct TypeName {
  const char* name;
  ElementType type;
  std::uint64_t size;
};

constexpr std::array type_names{
    TypeName{"F32", ElementType::f32, 4},      TypeName{"F64", ElementType::f64, 8},
    TypeName{"F16", ElementType::f16, 2},      TypeName{"BF16", ElementType::bf16, 2},
    TypeName{"I64", ElementType::i64, 8},      TypeName{"I32", ElementType::i32, 4},
    TypeName{"I16", ElementType::i16, 2},      TypeName{"I8", ElementType::i8, 1},
    TypeName{"U64", ElementType::u64, 8},      TypeName{"U32", ElementType::u32, 4},
    TypeName{"U16", ElementType::u16, 2},      TypeName{"U8", ElementType::u8, 1},
    TypeName{"BOOL", ElementType::boolean, 1},
};

[[noreturn]] void fail(const std::string& tensor, const std::string& message) {
  throw Error("tensor " + detail::tensor_name(tensor) + ": " + message);
}

[[noreturn]] void fail_twice(const std::string& name) {
  throw Error("expected every name once, found " + detail::tensor_name(name) + " twice");
}

/// A member of a tensor as the header has it.
struct Member {
  bool given = false;
  bool good = false;  ///< a text, or a list of whole numbers of 0 and more
  std::string text{};
  std::vector<std::uint64_t> numbers{};
};

/// What the header says of one tensor, not yet checked.
struct Draft {
  std::string name{};
  bool object = false;
  std::size_t members = 0;
  Member type{};
  Member shape{};
  Member offsets{};
};

ElementType type_of(const Draft& draft) {
  std::string known;
  for (const TypeName& each : type_names) {
    if (draft.type.good && draft.type.text == each.name) return each.type;
    known += (known.empty() ? "" : ", ") + std::string{each.name};
  }
  fail(draft.name, "expected a dtype of " + known + ", found " +
                       (draft.type.good ? detail::printable(draft.type.text) : "none"));
}

void check_list(const Draft& draft, const Member& list, const char* name) {
  if (list.good) return;
  fail(draft.name, std::string{"expected "} + name +
                       " to be a list of integers of 0 and more, found something else");
}

std::vector<std::int64_t> shape_of(const Draft& draft) {
  check_list(draft, draft.shape, "shape");
  std::vector<std::int64_t> shape;
  for (const std::uint64_t extent : draft.shape.numbers) {
    if (extent > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      fail(draft.name, "expected extents below 2^63, found " + std::to_string(extent));
    }
    shape.push_back(static_cast<std::int64_t>(extent));
  }
  return shape;
}

Entry entry_of(const Draft& draft, std::uint64_t data_size) {
  if (!draft.object || draft.members != 3) {
    fail(draft.name, std::string{"expected dtype, shape and data_offsets, found "} +
                         (draft.object ? "other members" : "no object"));
  }
  Entry entry{.name = draft.name, .type = type_of(draft), .shape = shape_of(draft)};
  check_list(draft, draft.offsets, "data_offsets");
  const std::vector<std::uint64_t>& offsets = draft.offsets.numbers;
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_size) {
    fail(draft.name, "expected data_offsets to be a begin and an end within " +
                         std::to_string(data_size) + " bytes, found others");
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  const std::uint64_t count = count_of(entry.shape, entry.name);
  const std::uint64_t size = size_of(entry.type);
  const std::uint64_t bytes = entry.end - entry.begin;
  if (bytes % size != 0 || bytes / size != count) {
    fail(draft.name, "expected " + std::to_string(count) + " elements of " + std::to_string(size) +
                         " bytes for its shape, found " + std::to_string(bytes) + " bytes");
  }
  return entry;
}

/// Makes entries and metadata of a header's events.
class HeaderReader {
 public:
  explicit HeaderReader(std::uint64_t data_size) : data_size_{data_size} {}

  void begin(bool object) {
    if (depth_ == 3) throw Error("expected a header of at most 3 levels, found more");
    if (++depth_ == 2) {
      draft_.object = object;
      if (metadata_ && !object) fail_metadata();
    } else if (depth_ == 3) {
      if (metadata_) fail_metadata();
      member_->good = !object && member_ != &draft_.type;
    }
  }
  void end() {
    if (--depth_ == 1) finish();
  }
  void key(std::string&& name) {
    if (depth_ == 1) {
      metadata_ = name == "__metadata__";
      if (metadata_ && std::exchange(has_metadata_, true)) fail_twice(name);
      draft_ = {.name = std::move(name)};
    } else if (depth_ == 2 && metadata_) {
      name_ = std::move(name);
    } else if (depth_ == 2) {
      begin_member(name);
    }
  }
  void text(std::string text) {
    if (depth_ == 2 && metadata_) {
      if (!header_.metadata.emplace(name_, std::move(text)).second) fail_twice(name_);
      return;
    }
    other();
    if (depth_ != 2 || member_ != &draft_.type) return;
    member_->good = true;
    member_->text = std::move(text);
  }
  void number(std::uint64_t number) {
    if (depth_ == 3) {
      member_->numbers.push_back(number);
    } else {
      other();
    }
  }
  void other() {
    if (depth_ > 0 && metadata_) fail_metadata();
    if (depth_ == 1) finish();
    if (depth_ == 3) member_->good = false;
  }

  Header take() { return std::move(header_); }

 private:
  [[noreturn]] static void fail_metadata() {
    throw Error("expected '__metadata__' to hold strings, found something else");
  }
  void begin_member(const std::string& name) {
    ++draft_.members;
    member_ = name == "dtype"          ? &draft_.type
              : name == "shape"        ? &draft_.shape
              : name == "data_offsets" ? &draft_.offsets
                                       : &unknown_;
    if (std::exchange(member_->given, true) && member_ != &unknown_) fail_twice(name);
  }
  void finish() {
    if (!metadata_) header_.entries.push_back(entry_of(draft_, data_size_));
  }

  std::uint64_t data_size_;
  Header header_;
  int depth_ = 0;
  bool metadata_ = false;  // inside of it
  bool has_metadata_ = false;
  std::string name_;  // of a text of the metadata
  Draft draft_;
  Member unknown_;
  Member* member_ = &unknown_;
};

// Sorted and not hashed: names that a stranger has chosen may all have the same hash.
void check_names(const std::vector<Entry>& entries) {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) fail_twice(std::string{*twice});
}

void check_ranges(const std::vector<Entry>& entries, std::uint64_t data_size) {
  std::uint64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end) {
      fail(entry.name, "expected its data to begin at byte " + std::to_string(end) +
                           ", found byte " + std::to_string(entry.begin));
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
    if (extent < 0) fail(name, "expected extents of 0 and more, found " + std::to_string(extent));
    if (empty) continue;
    if (count > most / static_cast<std::uint64_t>(extent)) {
      fail(name, "expected a shape of fewer than 2^64 elements, found more");
    }
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

Header parse_header(std::string_view json, std::uint64_t data_size) {
  if (!json.starts_with('{')) throw Error("expected the header to begin with '{', found another");
  HeaderReader reader{data_size};
  parse_json(json, "a header", reader);
  Header header = reader.take();
  check_names(header.entries);
  std::ranges::sort(header.entries, {}, [](const Entry& entry) {
    return std::tie(entry.begin, entry.end, entry.name);
  });
  check_ranges(header.entries, data_size);
  return header;
}

}  // namespace lamina::io
