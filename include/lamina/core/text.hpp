#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string_view>

namespace lamina {

/// A string of bounded length that compile-time code appends to. What does not fit is cut off.
class TextBuffer {
 public:
  static constexpr std::size_t capacity = 400;

  constexpr TextBuffer& operator<<(std::string_view text) {
    for (const char character : text) {
      if (size_ < capacity) characters_[size_++] = character;
    }
    return *this;
  }

  constexpr TextBuffer& operator<<(const TextBuffer& text) { return *this << text.view(); }

  constexpr TextBuffer& operator<<(long long number) {
    if (number < 0) {
      *this << "-";
      number = -number;
    }
    return append_digits(number, 1);
  }
  constexpr TextBuffer& operator<<(int number) { return *this << static_cast<long long>(number); }
  constexpr TextBuffer& operator<<(std::size_t number) {
    return *this << static_cast<long long>(number);
  }

  /// The shortest decimal that reads back as this number to 12 digits: 0.2, 0.0005, 1e-12.
  constexpr TextBuffer& operator<<(double number) {
    if (number < 0) {
      *this << "-";
      number = -number;
    }
    if (number != number) return *this << "nan";
    if (number > largest) return *this << "inf";
    int exponent = 0;
    if (number >= 1e9) {
      for (; number >= 10; number /= 10) ++exponent;
    } else if (number > 0 && number < 1e-6) {
      for (; number < 1 - 1e-12; number *= 10) --exponent;
    }
    append_decimal(number);
    return exponent == 0 ? *this : *this << "e" << exponent;
  }

  [[nodiscard]] constexpr std::string_view view() const { return {characters_.data(), size_}; }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

 private:
  static constexpr bool is_whole(double number) {
    const auto nearest = static_cast<double>(static_cast<long long>(number + 0.5));
    const double distance = number > nearest ? number - nearest : nearest - number;
    return distance <= 1e-12 * (number > 1 ? number : 1);
  }

  constexpr void append_decimal(double number) {
    double scale = 1;
    int decimals = 0;
    while (decimals < 12 && !is_whole(number * scale)) {
      scale *= 10;
      ++decimals;
    }
    const auto scaled = static_cast<long long>(number * scale + 0.5);
    const auto unit = static_cast<long long>(scale);
    append_digits(scaled / unit, 1);
    if (decimals == 0) return;
    *this << ".";
    append_digits(scaled % unit, decimals);
  }

  constexpr TextBuffer& append_digits(long long number, int least) {
    std::array<char, 24> digits{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    for (int missing = least - static_cast<int>(count); missing > 0; --missing) *this << "0";
    while (count > 0) *this << std::string_view(&digits[--count], 1);
    return *this;
  }

  static constexpr double largest = std::numeric_limits<double>::max();
  std::array<char, capacity> characters_{};
  std::size_t size_ = 0;
};

}  // namespace lamina
