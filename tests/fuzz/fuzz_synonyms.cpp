#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <lamina/text/synonyms.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  const auto check = [](const lamina::Synonyms& found) {
    found.for_each([](const std::string& word, std::span<const std::string> others) {
      for (const std::string& other : others) {
        lamina::fuzz::require(!other.empty() && other != word, "others than the word");
      }
    });
  };
  lamina::fuzz::expect_error_or_success([&] { check(lamina::read_wordnet(file.path())); });
  lamina::fuzz::expect_error_or_success([&] { check(lamina::read_thesaurus(file.path())); });
  return 0;
}
