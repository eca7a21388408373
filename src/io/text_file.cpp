#include "io/text_file.hpp"

#include <span>

#include "io/atomic_file.hpp"

namespace lamina::io {

void write_text(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file{path};
  file.write(std::as_bytes(std::span{text}));
  file.commit();
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char character : text) quoted.append(character == '"' ? 2 : 1, character);
  return quoted + '"';
}

}  // namespace lamina::io
