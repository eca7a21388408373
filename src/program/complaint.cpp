#include "program/complaint.hpp"

#include <fstream>
#include <string_view>

namespace lamina::program {

namespace {

// All that stands in quotation marks, as one text with single spaces. No regular expression: those
// of the standard library end in a stack overflow on the 30,000 characters that g++ may say.
std::string quoted_in(const std::string& line) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      inside = !inside;
    } else if (inside) {
      if (line[i] == '\\' && i + 1 < line.size()) ++i;
      if (line[i] != ' ' || (!text.empty() && text.back() != ' ')) text += line[i];
    }
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

// lamina's own sentence is the name of a type, in pieces and filled up with spaces by clang.
Complaint complaint_in(const std::filesystem::path& said) {
  std::ifstream file(said);
  constexpr std::string_view error = "error: ";
  Complaint first;
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find(error);
    if (at == std::string::npos) continue;
    const std::string place = line.substr(0, line.find(':'));
    if (line.find("Mistake<") != std::string::npos) return {quoted_in(line), place};
    if (first.place.empty()) first = {line.substr(at + error.size()), place};
  }
  return first;
}

}  // namespace lamina::program
