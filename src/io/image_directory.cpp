#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/data/names.hpp>
#include <lamina/io/image_directory.hpp>

#include "io/directory.hpp"
#include "io/each_file.hpp"
#include "io/image_values.hpp"
#include "io/whole_file.hpp"

namespace lamina {

namespace {

namespace fs = std::filesystem;
using io::DecodedImage;
using io::in_words;
using io::Pixels;

constexpr std::array<std::string_view, 3> endings{".png", ".jpg", ".jpeg"};
constexpr std::array<std::string_view, 14> unreadable{".bmp",  ".gif",  ".tif",  ".tiff", ".webp",
                                                      ".heic", ".heif", ".avif", ".jp2",  ".jfif",
                                                      ".ppm",  ".pgm",  ".pnm",  ".tga"};
constexpr io::FileKind images{"images (.png, .jpg, .jpeg)", endings, unreadable};

const char* kind_of(int channels) {
  return channels == 3 ? "RGB" : "gray";
}

void check(const ImageDirectoryOptions& options, const char* name) {
  io::check_image_options(options.image, name);
  io::check_classes(options.classes, name);
  if (options.masks.empty() && !options.mask_values.empty()) {
    throw Error(std::string(name) + ": expected mask_values with masks alone, found them without");
  }
  if (!options.masks.empty() && !options.labels) {
    throw Error(std::string(name) + ": expected masks or labels = false, found both");
  }
  if (options.masks.empty() && !options.labels && !options.classes.empty()) {
    throw Error(std::string(name) + ": expected classes with labels, found them without");
  }
}

// The images of a data set must be like its first one.
void check_like_first(const fs::path& first_file, const io::ImageExtents& first,
                      const fs::path& file, const io::ImageExtents& extents) {
  const std::string name = in_words(first_file);
  if (extents.channels != first.channels) {
    throw Error(in_words(file) + ": expected an image of " + kind_of(first.channels) + " as " +
                name + " (or .channels = 1 or 3), found one of " + kind_of(extents.channels));
  }
  if (extents.size != first.size) {
    throw Error(in_words(file) + ": expected an image of " + io::text(first.size) + " as " + name +
                " (or a .size for all), found one of " + io::text(extents.size));
  }
}

// The images of a directory that are decoded when they are asked for.
class OpenedImages : public InputRows {
 public:
  OpenedImages(std::vector<fs::path> files, const ImageOptions& options)
      : files_{std::move(files)}, options_{options} {
    extents_ = io::within_memory(files_.front(),
                                 [&] { return extents_of(decode(files_.front()), options_); });
  }

  [[nodiscard]] std::size_t size() const override { return files_.size(); }
  void read(std::size_t row, std::span<float> to) const override {
    const fs::path& file = files_[row];
    io::within_memory(file, [&] {
      const DecodedImage image = decode(file);
      check_like_first(files_.front(), extents_, file, extents_of(image, options_));
      std::ranges::fill(to, 0.0f);
      write_values(image, options_, to.data());
    });
  }
  [[nodiscard]] Shape shape() const {
    return {extents_.channels, extents_.size.height, extents_.size.width};
  }

 private:
  [[nodiscard]] DecodedImage decode(const fs::path& file) const {
    return io::decode_image(file, Pixels::Colours, options_.max_pixels);
  }

  std::vector<fs::path> files_;
  ImageOptions options_;
  io::ImageExtents extents_;
};

// The images of a directory, one after another, as the rows of a data set.
class Rows {
 public:
  Rows(const fs::path& directory, const std::vector<fs::path>& files,
       const ImageDirectoryOptions& options)
      : directory_{directory}, files_{files}, options_{options} {}

  void add(const fs::path& file) {
    const DecodedImage image = io::decode_image(file, Pixels::Colours, options_.image.max_pixels);
    const io::ImageExtents extents = extents_of(image, options_.image);
    if (values_.empty()) begin(extents);
    check_like_first(files_.front(), extents_, file, extents);
    const std::size_t place = values_.size();
    values_.resize(place + static_cast<std::size_t>(extents.values()));
    write_values(image, options_.image, values_.data() + place);
    if (!options_.masks.empty()) add_mask(file, image);
  }

  [[nodiscard]] std::vector<float> take_values() { return std::exchange(values_, {}); }
  [[nodiscard]] std::vector<Label> take_classes() { return std::exchange(classes_, {}); }
  [[nodiscard]] Shape shape() const {
    return {extents_.channels, extents_.size.height, extents_.size.width};
  }

 private:
  // Memory for all is taken at the first image: a vector that grows needs half as much again.
  void begin(const io::ImageExtents& extents) {
    extents_ = extents;
    const std::uint64_t values = extents.values();
    const bool maps = !options_.masks.empty();
    const std::uint64_t bytes =
        4 * values + (maps ? 4 * values / static_cast<std::uint64_t>(extents.channels) : 0);
    if (bytes > options_.max_bytes / files_.size()) {
      throw Error(in_words(files_.front()) + ": expected at most " +
                  std::to_string(options_.max_bytes) + " bytes (max_bytes) for " +
                  std::to_string(files_.size()) + " images, found images of " +
                  std::to_string(bytes));
    }
    const std::size_t all = static_cast<std::size_t>(values) * files_.size();
    values_.reserve(all);
    if (maps) classes_.reserve(all / static_cast<std::size_t>(extents.channels));
  }

  void add_mask(const fs::path& file, const DecodedImage& image) {
    fs::path path = options_.masks / file.lexically_relative(directory_);
    path.replace_filename(path.stem().string() + options_.mask_ending);
    const DecodedImage map = io::decode_image(path, Pixels::Classes, options_.image.max_pixels);
    const ImageSize wanted{image.height, image.width};
    const ImageSize found{map.height, map.width};
    if (wanted != found) {
      throw Error(in_words(path) + ": expected a class map of " + io::text(wanted) +
                  " as its image " + in_words(file) + ", found one of " + io::text(found));
    }
    const std::vector<Label> classes = io::with_name(
        path, [&] { return classes_of(map, options_.image.size, options_.mask_values); });
    check_named(path, std::ranges::max(classes));
    classes_.insert(classes_.end(), classes.begin(), classes.end());
  }

  // As `Dataset::named` would, which knows no file.
  void check_named(const fs::path& path, Label greatest) const {
    const std::size_t names = options_.classes.size();
    if (names == 0 || static_cast<std::size_t>(greatest) < names) return;
    throw Error(in_words(path) + ": expected class maps of the " + std::to_string(names) +
                " classes that have names, found class " + std::to_string(greatest) +
                " (a class to be ignored wants a name, too, or no .classes at all)");
  }

  const fs::path& directory_;
  const std::vector<fs::path>& files_;
  const ImageDirectoryOptions& options_;
  io::ImageExtents extents_;
  std::vector<float> values_;
  std::vector<Label> classes_;
};

io::FoundFiles find(const fs::path& directory, const ImageDirectoryOptions& options) {
  if (options.labels && options.masks.empty()) {
    return io::find_class_folders(directory, images, options.classes);
  }
  return {.files = io::find_files(directory, images), .labels = {}, .classes = options.classes};
}

}  // namespace

Dataset read_image_directory(const fs::path& directory, const ImageDirectoryOptions& options) {
  check(options, "read_image_directory");
  io::FoundFiles found = find(directory, options);
  Rows rows{directory, found.files, options};
  io::for_each_file(found.files, options.progress, [&](const fs::path& file) { rows.add(file); });
  const Shape shape = rows.shape();
  return io::with_name(directory, [&]() -> Dataset {
    if (!options.masks.empty()) {
      const Shape map{1, shape.height, shape.width};
      return Dataset(shape, rows.take_values(), rows.take_classes(), map)
          .named({.classes = std::move(found.classes)});
    }
    if (!options.labels) return {shape, rows.take_values()};
    return Dataset(shape, rows.take_values(), std::move(found.labels))
        .named({.classes = std::move(found.classes)});
  });
}

Dataset open_image_directory(const fs::path& directory, const ImageDirectoryOptions& options) {
  check(options, "open_image_directory");
  if (!options.masks.empty()) {
    throw Error(
        "open_image_directory: expected labels, or none, found masks (class maps are read "
        "with read_image_directory)");
  }
  io::FoundFiles found = find(directory, options);
  const auto opened = std::make_shared<const OpenedImages>(std::move(found.files), options.image);
  return io::with_name(directory, [&]() -> Dataset {
    if (!options.labels) return {opened->shape(), opened};
    return Dataset(opened->shape(), opened, std::move(found.labels))
        .named({.classes = std::move(found.classes)});
  });
}

Tensor read_image(const fs::path& path, const ImageOptions& options) {
  io::check_image_options(options, "read_image");
  return io::within_memory(path, [&]() -> Tensor {
    const DecodedImage image = io::decode_image(path, Pixels::Colours, options.max_pixels);
    const io::ImageExtents extents = extents_of(image, options);
    std::vector<float> values(static_cast<std::size_t>(extents.values()));
    write_values(image, options, values.data());
    return {"", {extents.channels, extents.size.height, extents.size.width}, std::move(values)};
  });
}

}  // namespace lamina
