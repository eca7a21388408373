#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/plot/picture.hpp>

namespace lamina {

/// Images of one size with a name, such as the outputs of a convolution: one for each channel.
struct NamedImages {
  /// What the colors go up to: white is 0, red above, blue below.
  enum class Scale {
    Shared,  ///< the largest absolute value of all of them
    Own,     ///< that of each image
    Gray,    ///< no colors: from black, the lowest value of all, to white, the largest
    Unit     ///< as they are: black is 0 and what is below, white 1 and what is above
  };

  std::string title;
  int height = 1;
  int width = 1;
  std::vector<float> values;  ///< (images, height, width), or (images, 3, height, width) in color
  Scale scale = Scale::Shared;
  /// Each has red, green and blue, from the lowest of its values to the largest, or of `Unit` from
  /// 0 to 1.
  bool color = false;
};

/// Draws groups of images below each other, the images of a group as tiles beside each other.
///
/// At most 64 groups are drawn and 32 images of each (of single values, 256), the first of them,
/// and at most 64 x 64 pixels of an image (of one alone, 360 x 360): what is larger is averaged.
/// What is not finite is drawn as 0.
///
/// The data have a row a pixel, in the order of the lines of the picture, and the columns group,
/// image (empty between the tiles), x, y (in the group, from its upper left corner), value (empty
/// in color), red, green, blue (from 0 to 255), and title, in the first row of a group.
///
/// Errors: no groups, values that are no whole images, none of them, extents below 1, or a stem
/// that names no file throw `Error` before anything is written.
///
/// Example: `plot_images({{"digits", 28, 28, pixels}}, "run/digits");`
Picture plot_images(const std::vector<NamedImages>& groups, const std::filesystem::path& stem);

}  // namespace lamina
