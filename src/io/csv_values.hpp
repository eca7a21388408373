#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace lamina::io {

/// True for what stands for a value that nobody knows.
[[nodiscard]] inline bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 6> words{"", "NA", "NaN", "nan", "?", "null"};
  return std::ranges::find(words, text) != words.end();
}

/// True where a number beyond a double's range is too small for one, not too large.
[[nodiscard]] inline bool is_below_range(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("eE"), text.size());
  const std::size_t digit = text.substr(0, end).find_first_of("123456789");
  if (digit == text.npos) return true;
  const std::size_t point = std::min(text.substr(0, end).find('.'), end);
  // The power of ten of the first digit: 12.5 has 1, 0.05 has -2.
  const auto place =
      static_cast<double>(point) - static_cast<double>(digit) - (digit < point ? 1.0 : 0.0);
  const double exponent =
      end < text.size() ? std::strtod(std::string(text.substr(end + 1)).c_str(), nullptr) : 0.0;
  return place + exponent < 0;
}

/// The number that a text is as a whole: decimal, with or without an exponent; infinite where it is
/// beyond a double, 0 where it is too small for one.
[[nodiscard]] inline std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (stop != end || code == std::errc::invalid_argument) return std::nullopt;
  if (code == std::errc::result_out_of_range) {
    return is_below_range(text) ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return number;
}

/// The whole number that a text is, "7" as well as "7.0", where it is one within a label's range.
[[nodiscard]] inline std::optional<std::int64_t> to_whole(std::string_view text) {
  const auto number = to_number(text);
  if (!number || std::abs(*number) > std::numeric_limits<std::int32_t>::max() ||
      std::trunc(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

/// True where a number fits a float; not for NaN.
[[nodiscard]] inline bool fits_float(double number) {
  return std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max());
}

}  // namespace lamina::io
