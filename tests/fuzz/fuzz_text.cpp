#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lamina/io/texts.hpp>

#include "io/utf8.hpp"
#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  const auto read = [&](lamina::TextOptions options) {
    options.max_bytes = 1 << 24;
    lamina::fuzz::expect_error_or_success([&] {
      const lamina::Texts found = lamina::read_text(file.path(), options);
      const auto is_text = [](const std::string& text) {
        return lamina::io::find_no_utf8(text) == text.size();
      };
      lamina::fuzz::require(std::ranges::all_of(found.texts, is_text), "texts are UTF-8");
      lamina::fuzz::require(found.labels.empty() || found.labels.size() == found.size(),
                            "a label for each text");
    });
  };
  read({});
  read({.document = lamina::TextOptions::Document::File});
  read({.column = "#1", .target = "#2"});
  return 0;
}
