#include "io/npy_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <lamina/core/error.hpp>

#include "io/npy_values.hpp"
#include "io/whole_file.hpp"

namespace lamina::io {

NpyRows::NpyRows(const std::filesystem::path& path) : named_{in_words(path), {}} {
  try {
    with_name(path, [&] { open(path); });
    sample_ = sample_shape(named_);
    rows_ = static_cast<std::size_t>(named_.array.header.shape[0]);
  } catch (...) {
    if (file_ >= 0) ::close(file_);
    throw;
  }
}

NpyRows::~NpyRows() {
  ::close(file_);
}

void NpyRows::open(const std::filesystem::path& path) {
  // Without waiting for a writer where it is a pipe.
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status{};
  if (file_ < 0 || ::fstat(file_, &status) != 0) {
    throw Error(std::string("expected a file to read, found: ") + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) throw Error("expected a regular file, found none");
  const auto read = [&](std::span<std::uint8_t> to) {
    const std::size_t count = read_some(to, begin_);
    begin_ += count;
    return count;
  };
  std::array<std::uint8_t, 2> first{};
  if (read_some(first, 0) == 2 && first[0] == 0x1f && first[1] == 0x8b) {
    throw Error("expected an NPY file that is not packed, to read rows when asked, found gzip");
  }
  NpyHeader& header = named_.array.header;
  header = read_npy_header(read);
  if (header.fortran_order && header.shape.size() > 1) {
    throw Error(
        "expected an array in C order, to read rows when asked, found Fortran order "
        "(numpy.ascontiguousarray makes it)");
  }
  const auto bytes = static_cast<std::uint64_t>(status.st_size) - begin_;
  if (bytes != header.count() * header.size) fail_length(header, std::to_string(bytes));
}

std::size_t NpyRows::read_some(std::span<std::uint8_t> to, std::uint64_t from) const {
  std::size_t done = 0;
  while (done < to.size()) {
    const ::ssize_t count =
        ::pread(file_, to.data() + done, to.size() - done, static_cast<::off_t>(from + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw Error(std::string("expected a file to read, found: ") + std::strerror(errno));
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

void NpyRows::read_all(std::span<std::uint8_t> to, std::uint64_t from, std::size_t row) const {
  std::string found = "the end of the file";
  try {
    if (read_some(to, from) == to.size()) return;
  } catch (const Error& error) {
    found = error.what();
  }
  throw Error(named_.where + ": expected all of row " + std::to_string(row) + ", found " + found);
}

void NpyRows::read(std::size_t row, std::span<float> to) const {
  const NpyHeader& header = named_.array.header;
  const std::size_t first = row * to.size();
  const auto at = [&](std::size_t value) {
    return begin_ + static_cast<std::uint64_t>(first + value) * header.size;
  };
  // Floats of this machine are read to where they belong.
  if (header.kind == 'f' && header.size == sizeof(float) && !header.big_endian &&
      std::endian::native == std::endian::little) {
    read_all({reinterpret_cast<std::uint8_t*>(to.data()), to.size_bytes()}, at(0), row);
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = finite_float(to[i], named_.where, header, first + i);
    }
    return;
  }
  std::array<std::uint8_t, 16384> bytes;
  const std::size_t part = bytes.size() / header.size;
  for (std::size_t begin = 0; begin < to.size(); begin += part) {
    const std::size_t count = std::min(part, to.size() - begin);
    read_all(std::span(bytes).first(count * header.size), at(begin), row);
    with_npy_type(header, [&]<class Unsigned>(Unsigned, auto number_of) {
      for (std::size_t i = 0; i < count; ++i) {
        const auto number =
            number_of(npy_bits<Unsigned>(bytes.data() + i * sizeof(Unsigned), header.big_endian));
        to[begin + i] = finite_float(number, named_.where, header, first + begin + i);
      }
    });
  }
}

}  // namespace lamina::io
