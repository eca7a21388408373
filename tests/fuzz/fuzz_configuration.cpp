#include <cstddef>
#include <cstdint>
#include <string>

#include "memory_file.hpp"
#include "program/configuration_reader.hpp"
#include "program/json_fields.hpp"

// The configuration of a run from any text at all: what is read is written and read again as the
// same, or it is said in one line what is wrong.

namespace {

using namespace lamina;
using namespace lamina::program;

void read(const std::string& text, Progress progress) {
  try {
    const nlohmann::json json = json_of(configuration_from(parse_strictly(text, "it"), progress));
    const std::string written = json.dump();
    fuzz::require(json_of(configuration_from(parse_strictly(written, "it"), progress)) == json,
                  "what was read is written and read as the same");
    if (progress == Progress::Begun) {
      (void)configuration_from(json, Progress::Planned);  // asks for less
    }
  } catch (const Error& error) {
    const std::string message = error.what();
    for (const char each : message) {
      fuzz::require(static_cast<unsigned char>(each) >= 0x20, "a message is a line");
    }
    fuzz::require(message.size() < 2000, "a message is no longer than a few lines");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  read(text, Progress::Planned);
  read(text, Progress::Begun);
  return 0;
}
