#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

/// Shows nlohmann-json's events to a handler that needs fewer of them. No tree of values is made:
/// that would take ten times the text's memory, and keeps the last of two members of one name in
/// silence; the parser with a callback goes through all members of an object at the end of each
/// object in it, which takes hours for the longest header.
template <class Handler>
class JsonEvents {
 public:
  using Json = nlohmann::json;

  JsonEvents(const char* what, Handler& handler) : what_{what}, handler_{handler} {}

  bool null() { return handler_.other(), true; }
  bool boolean(bool /*value*/) { return handler_.other(), true; }
  bool number_integer(Json::number_integer_t /*value*/) { return handler_.other(), true; }
  bool number_unsigned(Json::number_unsigned_t value) { return handler_.number(value), true; }
  bool number_float(Json::number_float_t /*value*/, const std::string& /*text*/) {
    return handler_.other(), true;
  }
  bool string(std::string& text) { return handler_.text(std::move(text)), true; }
  bool binary(Json::binary_t& /*value*/) { return handler_.other(), true; }
  bool start_object(std::size_t /*size*/) { return handler_.begin(true), true; }
  bool end_object() { return handler_.end(), true; }
  bool start_array(std::size_t /*size*/) { return handler_.begin(false), true; }
  bool end_array() { return handler_.end(), true; }
  bool key(std::string& name) { return handler_.key(std::move(name)), true; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& error) {
    throw Error(std::string{"expected "} + what_ +
                " in JSON, found: " + detail::printable(error.what(), 200));
  }

 private:
  const char* what_;
  Handler& handler_;
};

/// Parses a text of JSON, which messages call `what`. The handler has `begin(bool object)`,
/// `end()`, `key(std::string)`, `text(std::string)`, `number(std::uint64_t)` for whole numbers of 0
/// and more, and `other()` for everything else.
///
/// Errors: `Error` for what is no JSON, or goes on behind a NUL, where the library would stop.
template <class Handler>
void parse_json(std::string_view text, const char* what, Handler& handler) {
  if (text.find('\0') != text.npos) {
    throw Error(std::string{"expected "} + what + " in JSON, found a byte of zero in it");
  }
  JsonEvents<Handler> events{what, handler};
  nlohmann::json::sax_parse(text.begin(), text.end(), &events);
}

}  // namespace lamina::io
