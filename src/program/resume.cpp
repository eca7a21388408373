#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <zlib.h>

#include <lamina/core/printable.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/program/session.hpp>

#include "program/configuration_reader.hpp"

// A run that goes on has the configuration that it began with.

namespace lamina::program {

namespace {

using Json = nlohmann::json;

const std::string mark = "configuration.";

// Threads change no bit; data and headers may lie elsewhere now, and data are known by their
// numbers.
bool may_change(std::string_view field) {
  return field == "threads" || field == "data" || field == "network_directory";
}

// A field as it is, or what it is known by where it is long.
std::string text_of(const Json& value) {
  constexpr std::size_t most = 80;
  const std::string text = value.dump(-1, ' ', true);
  if (text.size() <= most) return text;
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "%08lx",
                crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size()));
  return std::to_string(text.size()) + " bytes with the CRC-32 " + digits.data();
}

void add_fields(const Json& object, const std::string& path, Metadata& metadata) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      add_fields(value, path + name + ".", metadata);
    } else if (!may_change(path + name)) {
      metadata[mark + path + name] = text_of(value);
    }
  }
}

}  // namespace

Metadata run_metadata(const Configuration& configuration) {
  Metadata metadata;
  add_fields(json_of(configuration), "", metadata);
  return metadata;
}

Configuration configuration_to_resume(const std::filesystem::path& run) {
  Configuration configuration = read_configuration(run);
  const std::filesystem::path last = run / "last.safetensors";
  std::error_code code;
  if (!std::filesystem::exists(last, code)) return configuration;  // nothing was trained with it
  const Metadata then = read_metadata(last);
  for (const auto& [name, now] : run_metadata(configuration)) {
    const auto found = then.find(name);
    const std::string expected =
        found == then.end() ? "what last.safetensors does not say" : found->second;
    if (expected == now) continue;
    throw Error(detail::printable_path((run / "config.json").string()) + ": " +
                name.substr(mark.size()) + ": expected " + detail::printable(expected) +
                " as the run began, found " + detail::printable(now));
  }
  return configuration;
}

}  // namespace lamina::program
