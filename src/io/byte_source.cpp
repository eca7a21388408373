#include "io/byte_source.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/read_up_to.hpp"

namespace lamina::io {

namespace {

constexpr std::uint8_t gzip_magic[] = {0x1f, 0x8b};
constexpr int gzip_window = 15 + 16;  // zlib: largest window, gzip header and checksum expected

}  // namespace

ByteSource::ByteSource(std::filesystem::path path, const ReadOptions& options)
    : path_{std::move(path)}, unpacked_{path_, options.max_bytes} {
  std::error_code code;
  const auto status = std::filesystem::status(path_, code);
  if (status.type() == std::filesystem::file_type::not_found) {
    fail("expected a file, found nothing there");
  }
  if (code) fail("cannot be read: " + code.message());
  if (!std::filesystem::is_regular_file(status)) fail("expected a file, found something else");

  file_.open(path_, std::ios::binary);
  if (!file_) fail("cannot be opened");
  refill();
  gzip_ = waiting_.size() >= 2 && std::equal(gzip_magic, gzip_magic + 2, waiting_.begin());
  if (gzip_ && inflateInit2(&stream_, gzip_window) != Z_OK) fail("zlib cannot start");
}

ByteSource::~ByteSource() {
  if (gzip_) inflateEnd(&stream_);
}

void ByteSource::fail(const std::string& message) const {
  throw Error(detail::printable_path(path_.string()) + ": " + message);
}

bool ByteSource::refill() {
  file_.read(reinterpret_cast<char*>(buffer_.data()), static_cast<std::streamsize>(buffer_.size()));
  if (file_.bad()) fail("cannot be read");
  waiting_ = std::span{buffer_}.first(static_cast<std::size_t>(file_.gcount()));
  return !waiting_.empty();
}

std::size_t ByteSource::read(std::span<std::uint8_t> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const auto rest = to.subspan(done);
    const std::size_t got = gzip_ ? read_gzip(rest) : read_plain(rest);
    if (got == 0) break;
    done += got;
  }
  return done;
}

std::vector<std::uint8_t> ByteSource::read_up_to(std::uint64_t most) {
  return io::read_up_to(most, [this](std::span<std::uint8_t> to) { return read(to); });
}

std::size_t ByteSource::read_plain(std::span<std::uint8_t> to) {
  if (waiting_.empty() && !refill()) return 0;
  const std::size_t count = std::min(to.size(), waiting_.size());
  std::memcpy(to.data(), waiting_.data(), count);
  waiting_ = waiting_.subspan(count);
  return count;
}

// Returns 0 only at the checked end of the last gzip member: a stream that just stops is an error,
// even where all its content was there and only the checksum is missing.
std::size_t ByteSource::read_gzip(std::span<std::uint8_t> to) {
  const std::size_t room = std::min<std::size_t>(to.size(), 1 << 30);  // zlib counts in unsigned
  while (!ended_) {
    if (waiting_.empty() && !refill()) fail("gzip data end too early");
    stream_.next_in = waiting_.data();
    stream_.avail_in = static_cast<uInt>(waiting_.size());
    stream_.next_out = to.data();
    stream_.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    waiting_ = waiting_.last(stream_.avail_in);
    if (result == Z_STREAM_END) {
      next_member();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      fail(std::string{"gzip data are corrupted: "} +
           (stream_.msg != nullptr ? stream_.msg : "no reason given"));
    }
    const std::size_t got = room - stream_.avail_out;
    if (got > 0) {
      count(got);
      return got;
    }
  }
  return 0;
}

void ByteSource::count(std::size_t unpacked) {
  try {
    unpacked_.add(unpacked);
  } catch (const Error& error) {
    fail(error.what());
  }
}

// A gzip file is one or more members; anything else after a member is no part of it.
void ByteSource::next_member() {
  if (waiting_.empty() && !refill()) {
    ended_ = true;
    return;
  }
  if (waiting_.front() != gzip_magic[0]) fail("expected the end of the gzip data, found more");
  inflateReset(&stream_);
}

}  // namespace lamina::io
