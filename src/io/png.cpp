#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <png.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/decoded_image.hpp"

namespace lamina::io {

namespace {

// What libpng works on. It leaves by longjmp, over functions that have nothing to destroy: what is
// thrown or allocated here is so outside of them.
struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const std::uint8_t* file = nullptr;
  std::size_t left = 0;
  char message[160] = {};

  Reader() = default;
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto& reader = *static_cast<Reader*>(png_get_error_ptr(png));
  std::strncpy(reader.message, message, sizeof reader.message - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep to, std::size_t size) {
  auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
  if (size > reader.left) png_error(png, "the file ends too early");
  std::memcpy(to, reader.file, size);
  reader.file += size;
  reader.left -= size;
}

// Chunks that do not change the values of pixels here: texts and profiles may unpack to megabytes.
constexpr png_byte left_out[] = "iCCP\0zTXt\0iTXt\0tEXt\0sPLT\0hIST\0eXIf\0gAMA\0cHRM\0sRGB";

bool read_header(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, left_out,
                              static_cast<int>(sizeof left_out / 5));
  // By default a wrong checksum of what is not critical, such as opacity, is a warning.
  png_set_crc_action(reader.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_read_fn(reader.png, &reader, on_read);
  png_read_info(reader.png, reader.info);
  return true;
}

// Says how the values are to come; after this the header speaks of these.
bool choose_values(Reader& reader, Pixels pixels) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  if (pixels == Pixels::Colours) {
    png_set_expand(reader.png);
  } else {
    png_set_packing(reader.png);
  }
  if (std::endian::native == std::endian::little) png_set_swap(reader.png);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return true;
}

bool read_pixels(Reader& reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_image(reader.png, rows);
  png_read_end(reader.png, nullptr);
  return true;
}

void check(bool right, const Reader& reader) {
  if (!right) {
    throw Error("expected a whole PNG file, found: " + detail::printable(reader.message, 160));
  }
}

void check_header(const Reader& reader, Pixels pixels, std::uint64_t max_pixels) {
  const std::uint64_t height = png_get_image_height(reader.png, reader.info);
  const std::uint64_t width = png_get_image_width(reader.png, reader.info);
  check_pixels(height, width, max_pixels);
  // A byte of deflate is 1032 bytes at most.
  const std::uint64_t packed = height * png_get_rowbytes(reader.png, reader.info);
  if (packed / 1032 > reader.left) {
    throw Error("expected a whole PNG file, found " + std::to_string(reader.left) +
                " bytes, too few for " + std::to_string(height) + " x " + std::to_string(width) +
                " pixels");
  }
  const int colours = png_get_color_type(reader.png, reader.info);
  if (pixels == Pixels::Classes && colours != PNG_COLOR_TYPE_GRAY &&
      colours != PNG_COLOR_TYPE_PALETTE) {
    throw Error(std::string("expected a class map, a PNG file of a palette or of gray, found ") +
                ((colours & PNG_COLOR_MASK_COLOR) != 0 ? "RGB" : "gray with opacity"));
  }
}

}  // namespace

DecodedImage decode_png(std::span<const std::uint8_t> file, Pixels pixels,
                        std::uint64_t max_pixels) {
  Reader reader;
  reader.file = file.data();
  reader.left = file.size();
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) throw Error("libpng cannot start");
  check(read_header(reader), reader);
  check_header(reader, pixels, max_pixels);
  check(choose_values(reader, pixels), reader);

  DecodedImage image{.height = static_cast<int>(png_get_image_height(reader.png, reader.info)),
                     .width = static_cast<int>(png_get_image_width(reader.png, reader.info)),
                     .channels = png_get_channels(reader.png, reader.info),
                     .wide = png_get_bit_depth(reader.png, reader.info) == 16,
                     .bytes = {}};
  const std::size_t row = png_get_rowbytes(reader.png, reader.info);
  image.bytes.resize(row * static_cast<std::size_t>(image.height));
  std::vector<png_bytep> rows(static_cast<std::size_t>(image.height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = image.bytes.data() + y * row;
  check(read_pixels(reader, rows.data()), reader);
  return image;
}

}  // namespace lamina::io
