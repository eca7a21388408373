#include "io/zip_archive.hpp"

#include <system_error>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

ZipArchive::ZipArchive(std::filesystem::path path) : path_{std::move(path)} {
  const auto fail = [this](const std::string& message) {
    throw Error(detail::printable_path(path_.string()) + ": " + message);
  };
  std::error_code code;
  const auto status = std::filesystem::status(path_, code);
  if (status.type() == std::filesystem::file_type::not_found) {
    fail("expected a file, found nothing there");
  }
  if (code) fail("cannot be read: " + code.message());
  if (!std::filesystem::is_regular_file(status)) fail("expected a file, found something else");

  int error = 0;
  archive_.reset(zip_open(path_.c_str(), ZIP_RDONLY, &error));
  if (!archive_) {
    zip_error_t reason;
    zip_error_init_with_code(&reason, error);
    const std::string why = zip_error_strerror(&reason);
    zip_error_fini(&reason);
    fail("expected a zip archive, found none that can be read: " + why);
  }
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
    if (name == nullptr) fail("expected a name for each entry, found one without");
    names_.emplace_back(name);
  }
}

ZipArchive::Entry ZipArchive::open(std::size_t entry) const {
  zip_file_t* const file = zip_fopen_index(archive_.get(), entry, 0);
  if (file == nullptr) {
    throw Error(std::string("cannot be read: ") + zip_strerror(archive_.get()));
  }
  return {file};
}

std::size_t ZipArchive::Entry::read(std::span<std::uint8_t> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const zip_int64_t got = zip_fread(file_.get(), to.data() + done, to.size() - done);
    if (got < 0) throw Error(std::string("cannot be read: ") + zip_file_strerror(file_.get()));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace lamina::io
