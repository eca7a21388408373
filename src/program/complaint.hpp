#pragma once

#include <filesystem>
#include <string>

namespace lamina::program {

/// What a compiler says of a wrong network.
struct Complaint {
  std::string sentence = "the compiler gave up without a word";
  std::string place;  ///< the file that has the error
};

/// The one sentence in all that a compiler said: lamina's own where there is one, otherwise the
/// first error.
[[nodiscard]] Complaint complaint_in(const std::filesystem::path& said);

}  // namespace lamina::program
