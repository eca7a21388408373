#include <cstddef>
#include <cstdint>

#include <lamina/text/vocabulary.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const lamina::fuzz::MemoryFile file{bytes, size};
  lamina::fuzz::expect_error_or_success([&] {
    const lamina::Vocabulary found = lamina::load_vocabulary(file.path());
    lamina::fuzz::require(found.contains("[PAD]") && found.contains("[MASK]"), "special tokens");
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto number = static_cast<lamina::Label>(i);
      lamina::fuzz::require(found.number(found.token(number)) == number, "numbers and tokens");
    }
  });
  return 0;
}
