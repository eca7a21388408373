#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace lamina::program {

/// FNV-1a of 64 bits, for names of files: the same on every machine and in every version, unlike
/// std::hash. Other texts with the same fingerprint are easily made, so that it proves nothing.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char character : text) add(character);
    add('\0');
  }
  /// 16 hexadecimal digits.
  [[nodiscard]] std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(value_));
    return digits.data();
  }

 private:
  void add(char character) {
    value_ = (value_ ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
  }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace lamina::program
