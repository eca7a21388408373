#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>

// It uses FILE and size_t without a header of its own.
#include <jpeglib.h>
// After it.
#include <jerror.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/decoded_image.hpp"

namespace lamina::io {

namespace {

// Encoders make some ten scans of a progressive file; each more is another pass over all pixels,
// for a few bytes of the file.
constexpr int most_scans = 100;

// What libjpeg works on. It leaves by longjmp, over functions that have nothing to destroy: what is
// thrown or allocated here is so outside of them.
struct Reader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf back{};
  char message[JMSG_LENGTH_MAX] = {};

  Reader() = default;
  ~Reader() { jpeg_destroy_decompress(&jpeg); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

[[noreturn]] void on_error(j_common_ptr jpeg) {
  auto& reader = *static_cast<Reader*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, reader.message);
  std::longjmp(reader.back, 1);
}

// libjpeg warns of damage and goes on with gray; other warnings are of harmless things.
void on_warning(j_common_ptr jpeg, int level) {
  constexpr std::array damage{JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE,
                              JWRN_JPEG_EOF, JWRN_MUST_RESYNC};
  const bool damaged = std::ranges::find(damage, jpeg->err->msg_code) != damage.end();
  if (level < 0 && damaged) on_error(jpeg);
}

void on_progress(j_common_ptr jpeg) {
  auto& reader = *static_cast<Reader*>(jpeg->client_data);
  if (reader.jpeg.input_scan_number <= most_scans) return;
  std::snprintf(reader.message, sizeof reader.message, "more than %d scans", most_scans);
  std::longjmp(reader.back, 1);
}

bool read_header(Reader& reader, const std::uint8_t* file, std::size_t size) {
  if (setjmp(reader.back) != 0) return false;
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = on_error;
  reader.errors.emit_message = on_warning;
  reader.jpeg.client_data = &reader;
  jpeg_create_decompress(&reader.jpeg);
  reader.progress.progress_monitor = on_progress;
  reader.jpeg.progress = &reader.progress;
  jpeg_mem_src(&reader.jpeg, file, static_cast<unsigned long>(size));
  jpeg_read_header(&reader.jpeg, TRUE);
  return true;
}

bool start(Reader& reader) {
  if (setjmp(reader.back) != 0) return false;
  jpeg_start_decompress(&reader.jpeg);
  return true;
}

bool read_pixels(Reader& reader, JSAMPROW* rows) {
  if (setjmp(reader.back) != 0) return false;
  while (reader.jpeg.output_scanline < reader.jpeg.output_height) {
    jpeg_read_scanlines(&reader.jpeg, rows + reader.jpeg.output_scanline, 1);
  }
  jpeg_finish_decompress(&reader.jpeg);
  return true;
}

void check(bool right, const Reader& reader) {
  if (!right) {
    throw Error("expected a whole JPEG file, found: " + detail::printable(reader.message, 200));
  }
}

void check_header(const Reader& reader, std::size_t size, std::uint64_t max_pixels) {
  const jpeg_decompress_struct& jpeg = reader.jpeg;
  check_pixels(jpeg.image_height, jpeg.image_width, max_pixels);
  // libjpeg reads on with zeros where such data end too early, and a few bytes may be any extents.
  if (jpeg.arith_code != FALSE) {
    throw Error(
        "expected a JPEG file of Huffman's code, found arithmetic coding, to be converted "
        "beforehand");
  }
  // Each block of 8 x 8 pixels of the largest component takes a bit of Huffman's code.
  const std::uint64_t pixels = std::uint64_t{jpeg.image_height} * jpeg.image_width;
  if (pixels / 512 > size) {
    throw Error("expected a whole JPEG file, found " + std::to_string(size) +
                " bytes, too few for " + std::to_string(jpeg.image_height) + " x " +
                std::to_string(jpeg.image_width) + " pixels");
  }
  const J_COLOR_SPACE space = jpeg.jpeg_color_space;
  if (space != JCS_GRAYSCALE && space != JCS_YCbCr && space != JCS_RGB) {
    throw Error(std::string("expected a JPEG file of gray or RGB, found ") +
                (space == JCS_CMYK || space == JCS_YCCK
                     ? "CMYK, to be converted beforehand"
                     : std::to_string(jpeg.num_components) + " components of unknown colours"));
  }
}

}  // namespace

DecodedImage decode_jpeg(std::span<const std::uint8_t> file, std::uint64_t max_pixels) {
  Reader reader;
  check(read_header(reader, file.data(), file.size()), reader);
  check_header(reader, file.size(), max_pixels);
  const bool gray = reader.jpeg.jpeg_color_space == JCS_GRAYSCALE;
  reader.jpeg.out_color_space = gray ? JCS_GRAYSCALE : JCS_RGB;
  check(start(reader), reader);

  DecodedImage image{.height = static_cast<int>(reader.jpeg.output_height),
                     .width = static_cast<int>(reader.jpeg.output_width),
                     .channels = gray ? 1 : 3,
                     .wide = false,
                     .bytes = {}};
  const std::size_t row =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
  image.bytes.resize(row * static_cast<std::size_t>(image.height));
  std::vector<JSAMPROW> rows(static_cast<std::size_t>(image.height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = image.bytes.data() + y * row;
  check(read_pixels(reader, rows.data()), reader);
  return image;
}

}  // namespace lamina::io
