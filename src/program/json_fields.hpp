#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::program {

/// What the texts of a configuration may have beside characters that are seen.
enum class TextKind {
  Any,   ///< whatever there is
  Line,  ///< nothing
  Name,  ///< tabs and line feeds, as the quoted fields of a CSV file
  Code   ///< the same, and form feeds
};

/// The members of a JSON object, each taken once by its name and checked.
///
/// Errors: `Error` that begins with the member's name, and that of the object it is in
/// (`description.samples: expected ..., found ...`), for a member that is missing, of another type
/// or out of its range.
class JsonFields {
 public:
  using Json = nlohmann::json;

  /// `path`: of the object, in front of its members' names; empty for the whole.
  explicit JsonFields(const Json& object, std::string path = "");

  [[nodiscard]] const Json& any(const char* name);
  [[nodiscard]] JsonFields object(const char* name);
  [[nodiscard]] bool boolean(const char* name);
  [[nodiscard]] std::string text(const char* name, TextKind kind = TextKind::Line);
  [[nodiscard]] std::vector<std::string> texts(const char* name);
  /// One of these texts.
  [[nodiscard]] std::string choice(const char* name, const std::vector<std::string>& choices);

  /// A whole number from `least` to `most`, without a point.
  template <std::integral T>
  [[nodiscard]] T whole(const char* name, T least, T most = std::numeric_limits<T>::max()) {
    const Json& value = any(name);
    const std::string expected =
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    if (!value.is_number_integer()) refuse(name, expected, value);
    const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
    const bool fits = negative ? std::cmp_less_equal(least, value.get<std::int64_t>())
                               : std::cmp_less_equal(least, value.get<std::uint64_t>()) &&
                                     std::cmp_less_equal(value.get<std::uint64_t>(), most);
    if (!fits) refuse(name, expected, value);
    return value.get<T>();
  }

  /// A finite number, with or without a point.
  [[nodiscard]] double number(const char* name);
  [[nodiscard]] std::vector<double> numbers(const char* name);

  /// `found`: what stands there, in the words of the message.
  [[noreturn]] void fail(const std::string& name, const std::string& expected,
                         const std::string& found) const;
  [[noreturn]] void refuse(const std::string& name, const std::string& expected,
                           const Json& found) const;

  /// Errors: `Error` naming a member that was not taken.
  void expect_all_taken() const;

 private:
  [[nodiscard]] std::string checked_text(const std::string& name, const Json& value,
                                         TextKind kind) const;

  const Json* object_;
  std::string path_;
  std::set<std::string, std::less<>> taken_;
};

/// Parses a text of JSON in which no object has two members of one name.
/// Errors: `Error`; `what` is what messages call the text.
[[nodiscard]] nlohmann::json parse_strictly(std::string_view text, const char* what);

}  // namespace lamina::program
