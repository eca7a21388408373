#include "program/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/strict_json.hpp"

namespace lamina::program {

namespace {

using Json = nlohmann::json;

// C0 controls, DEL and, in UTF-8, C1 controls.
bool has_control(const std::string& text, std::string_view allowed) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto code = static_cast<unsigned char>(text[at]);
    const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : '\0');
    const bool low = code < 0x20 && allowed.find(text[at]) == allowed.npos;
    if (low || code == 0x7f || (code == 0xc2 && next >= 0x80 && next < 0xa0)) return true;
  }
  return false;
}

std::string_view allowed_in(TextKind kind) {
  switch (kind) {
    case TextKind::Name:
      return "\t\n\r";
    case TextKind::Code:
      return "\t\n\r\f\v";
    default:
      return "";
  }
}

std::string shown(const Json& value) {
  if (value.is_array()) return "a list of " + std::to_string(value.size());
  if (value.is_object()) return "an object";
  if (value.is_string()) return "'" + detail::printable(value.get_ref<const std::string&>()) + "'";
  return detail::printable(value.dump());
}

// A handler of io::parse_json: members of one name.
class Repetitions {
 public:
  void begin(bool /*object*/) { names_.emplace_back(); }
  void end() { names_.pop_back(); }
  void key(const std::string& name) {
    if (names_.back().insert(name).second) return;
    throw Error(detail::printable(name) + ": expected one field of that name, found two");
  }
  void text(const std::string& /*text*/) {}
  void number(std::uint64_t /*number*/) {}
  void other() {}

 private:
  std::vector<std::set<std::string>> names_;
};

}  // namespace

JsonFields::JsonFields(const Json& object, std::string path)
    : object_{&object}, path_{std::move(path)} {
  if (object.is_object()) return;
  const std::string name = path_.empty() ? "" : path_.substr(0, path_.size() - 1) + ": ";
  throw Error(name + "expected an object with named fields, found " + shown(object));
}

void JsonFields::fail(const std::string& name, const std::string& expected,
                      const std::string& found) const {
  throw Error(path_ + name + ": expected " + expected + ", found " + found);
}

void JsonFields::refuse(const std::string& name, const std::string& expected,
                        const Json& found) const {
  fail(name, expected, shown(found));
}

const Json& JsonFields::any(const char* name) {
  const auto found = object_->find(name);
  if (found == object_->end()) fail(name, "this field", "none of that name");
  taken_.insert(name);
  return *found;
}

JsonFields JsonFields::object(const char* name) {
  return JsonFields{any(name), path_ + name + "."};
}

bool JsonFields::boolean(const char* name) {
  const Json& value = any(name);
  if (!value.is_boolean()) refuse(name, "true or false", value);
  return value.get<bool>();
}

std::string JsonFields::checked_text(const std::string& name, const Json& value,
                                     TextKind kind) const {
  if (!value.is_string()) refuse(name, "a text", value);
  auto text = value.get<std::string>();
  if (kind != TextKind::Any && has_control(text, allowed_in(kind)))
    refuse(name, "a text without control characters", value);
  return text;
}

std::string JsonFields::text(const char* name, TextKind kind) {
  return checked_text(name, any(name), kind);
}

std::vector<std::string> JsonFields::texts(const char* name) {
  const Json& list = any(name);
  if (!list.is_array()) refuse(name, "a list of texts", list);
  std::vector<std::string> texts;
  for (const Json& each : list) {
    const std::string place = std::string(name) + "[" + std::to_string(texts.size()) + "]";
    texts.push_back(checked_text(place, each, TextKind::Name));
  }
  return texts;
}

std::string JsonFields::choice(const char* name, const std::vector<std::string>& choices) {
  const Json& value = any(name);
  if (value.is_string() &&
      std::ranges::find(choices, value.get_ref<const std::string&>()) != choices.end()) {
    return value.get<std::string>();
  }
  std::string expected;
  for (const std::string& each : choices) expected += (expected.empty() ? "" : ", ") + each;
  refuse(name, "one of " + expected, value);
}

double JsonFields::number(const char* name) {
  const Json& value = any(name);
  const double number = value.is_number() ? value.get<double>() : NAN;
  if (!std::isfinite(number)) refuse(name, "a finite number", value);
  return number;
}

std::vector<double> JsonFields::numbers(const char* name) {
  const Json& list = any(name);
  if (!list.is_array()) refuse(name, "a list of finite numbers", list);
  std::vector<double> numbers;
  for (const Json& each : list) {
    const double number = each.is_number() ? each.get<double>() : NAN;
    if (!std::isfinite(number)) {
      refuse(std::string(name) + "[" + std::to_string(numbers.size()) + "]", "a finite number",
             each);
    }
    numbers.push_back(number);
  }
  return numbers;
}

void JsonFields::expect_all_taken() const {
  for (const auto& member : object_->items()) {
    if (taken_.contains(member.key())) continue;
    fail(detail::printable(member.key()), "no field of that name", shown(member.value()));
  }
}

Json parse_strictly(std::string_view text, const char* what) {
  Repetitions once;
  io::parse_json(text, what, once);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error(std::string("expected ") + what +
                " in JSON, found: " + detail::printable(error.what(), 200));
  }
}

}  // namespace lamina::program
