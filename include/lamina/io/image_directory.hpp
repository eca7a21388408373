#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/io/read_options.hpp>
#include <lamina/io/read_progress.hpp>

namespace lamina {

/// Lines and columns of an image; 0 x 0 where nobody said.
struct ImageSize {
  int height = 0;
  int width = 0;

  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// What an image file becomes.
///
/// Example: `ImageOptions{.size = {224, 224}, .channels = 3}`
struct ImageOptions {
  /// All images get this size, by bilinear interpolation over the pixels that an output covers, as
  /// Pillow's `resize(size, BILINEAR)` and torchvision's `Resize` (antialias) do, but not rounded
  /// to bytes. The sides of an image are scaled each by itself. Without it an image stays as it is.
  ImageSize size = {};
  /// 1: gray, by 0.299 R + 0.587 G + 0.114 B, rounded to a value of the file's depth as Pillow's
  /// `convert("L")` and torchvision's `Grayscale` on its images do; 3: RGB, where gray is all
  /// three; 0: what the file is. Palettes are RGB.
  int channels = 0;
  /// Transparency is dropped, as Pillow's `convert("RGB")` does; with a background, the pixel lies
  /// over a gray of this value, 0 black and 1 white.
  std::optional<float> background = {};
  /// The most pixels of a file: a megabyte of zeros unpacks to a billion.
  std::uint64_t max_pixels = std::uint64_t{1} << 27;
};

/// What `read_image_directory` makes of a directory.
///
/// Example: `ImageDirectoryOptions{.image = {.size = {64, 64}}, .classes = train.class_names()}`
struct ImageDirectoryOptions {
  ImageOptions image = {};
  /// Names of the labels from 0 on, as another directory had: the folders are some of them. Empty:
  /// the folders themselves, in the order of their names. With `masks`, the names of their classes,
  /// of all that are in them: a value such as 255 that a loss ignores wants none given.
  std::vector<std::string> classes = {};
  /// False: images without labels, for predictions, wherever they lie below the directory; not with
  /// `masks`.
  bool labels = true;
  /// A directory of class maps, which become the targets. Images lie then wherever they do below
  /// theirs, without folders of classes, and the map of `a/b.jpg` is `a/b.png` below this one.
  std::filesystem::path masks = {};
  /// How the name of a map ends, where that of its image has `.png`, `.jpg` or `.jpeg`.
  std::string mask_ending = ".png";
  /// The values in class maps, from class 0 on, such as `{0, 255}`; empty: a value is a class.
  std::vector<int> mask_values = {};
  /// The most bytes that the data set may take; see `ReadOptions`.
  std::uint64_t max_bytes = ReadOptions{}.max_bytes;
  ReadCallback progress = {};
};

/// Reads a directory of images with one folder a class, PNG and JPEG, into memory.
///
///     pets/cat/001.jpg
///     pets/cat/old/002.png
///     pets/dog/001.jpg
///
/// Shapes: inputs (images, channels, height, width), floats in [0, 1]: value / 255, or value /
/// 65535 of a PNG with 16 bits. Labels (images), or class maps (images, height, width). The data
/// set has the names of the classes.
///
/// Classes are the folders in the order of their names, their images those at any depth, in the
/// order of folders (whole paths) and names, as in torchvision's `ImageFolder`. Names that begin
/// with a dot are left out, and so is what has no name of an image (`.png`, `.jpg`, `.jpeg`, in any
/// case); files of other image formats are an error. Links are followed. What a file is, its
/// content says.
///
/// All images must have one size, or get one by `image.size`; all must be gray or all RGB, or
/// become so by `image.channels`. Pixels are taken as they are: no gamma, no colour profile, and an
/// orientation in the EXIF data of a photo is not looked at (nor is it by Pillow's `open` or
/// `ImageFolder`). JPEG files of CMYK or of arithmetic coding are refused.
///
/// Class maps (`masks`) are PNG files of a palette or of gray, whose index or value (of 1 to 16
/// bits, not scaled) is the class; they have the size of their image and are resized with it by the
/// nearest pixel.
///
/// Errors: `Error` naming the file or folder, what was expected and what was found: for folders
/// without images, images of several sizes or kinds (two files are named), damaged and truncated
/// files, files of more than 1 GiB, more than `max_pixels` or `max_bytes`, links that lead round,
/// values of class maps that `mask_values` or names in `classes` lack, missing class maps, and too
/// little memory. Nothing is allocated on a header's word alone. Where the library was built
/// without libpng and libjpeg, every image is an error that says what to install.
///
/// Examples:
///
///     Dataset train = read_image_directory("pets/train", {.image = {.size = {64, 64}, .channels =
///         3}, .progress = ReadProgressBar{}});
///     Dataset streets = read_image_directory("camvid/images", {.masks = "camvid/labels"});
[[nodiscard]] Dataset read_image_directory(const std::filesystem::path& directory,
                                           const ImageDirectoryOptions& options = {});

/// The same without reading the images: a data set larger than memory, whose images are decoded, to
/// the same values, each time they are asked for (see `InputRows`), by all threads and beside the
/// steps of a fit. The files must stay as they are.
///
/// Errors: as `read_image_directory`. The first image is read at once, what is wrong with another
/// throws out of `fit` or whatever reads it. Class maps (`masks`) are refused; `max_bytes` and
/// `progress` mean nothing here.
///
/// Example: `Dataset train = open_image_directory("imagenet/train", {.image = {.size = {64,
/// 64}}});`
[[nodiscard]] Dataset open_image_directory(const std::filesystem::path& directory,
                                           const ImageDirectoryOptions& options = {});

/// Reads one image: a tensor (channels, height, width) of floats in [0, 1], without a name.
///
/// Errors: as `read_image_directory`, for this file.
///
/// Example: `Tensor photo = read_image("photo.jpg", {.size = {64, 64}, .channels = 3});`
[[nodiscard]] Tensor read_image(const std::filesystem::path& path,
                                const ImageOptions& options = {});

}  // namespace lamina
