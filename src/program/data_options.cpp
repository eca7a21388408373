#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include <lamina/io/image_directory.hpp>
#include <lamina/program/data.hpp>

#include "program/commands.hpp"
#include "program/folder.hpp"

namespace lamina::program {

namespace {

// That no option is ignored.
void expect_table_options(const Configuration& options) {
  if (!options.target.empty() && !is_table(options.data)) {
    throw UsageError("--target names a column of a CSV file or an array of an NPZ file; " +
                     options.data + " is neither");
  }
  if (options.table != TableOptions{} && !is_csv(options.data)) {
    throw UsageError("--delimiter, --header and --missing say how a CSV file is read; " +
                     options.data + " is none");
  }
}

// A character that can stand between columns, or tab.
CLI::Validator delimiter() {
  return {[](const std::string& text) {
            return is_delimiter(text) ? std::string()
                                      : "expected a character, or tab, found '" + text + "'";
          },
          ""};
}

// `32` or `24x32`, height first.
ImageSize size_in(const std::string& text) {
  ImageSize size;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, size.height);
  size.width = size.height;
  if (first.ec == std::errc{} && first.ptr != end && *first.ptr == 'x') {
    const auto second = std::from_chars(first.ptr + 1, end, size.width);
    if (second.ec == std::errc{} && second.ptr == end && size.height > 0 && size.width > 0) {
      return size;
    }
  } else if (first.ec == std::errc{} && first.ptr == end && size.height > 0) {
    return size;
  }
  throw CLI::ValidationError("--image-size",
                             "expected a number such as 32, or HEIGHTxWIDTH, found '" + text + "'");
}

void add_folder_options(CLI::App& command, FolderOptions& folder, CLI::Option* data) {
  command
      .add_option_function<std::string>(
          "--image-size",
          [&folder](const std::string& text) {
            const ImageSize size = size_in(text);
            folder.height = size.height;
            folder.width = size.width;
          },
          "what images of a directory are resized to: 32, or HEIGHTxWIDTH")
      ->needs(data);
  command
      .add_option("--channels", folder.channels,
                  "of a directory: 1 for images in gray or the mean of a sound's, 3 for RGB")
      ->check(CLI::IsMember({1, 3}))
      ->needs(data);
  command
      .add_option("--rate", folder.rate,
                  "what sounds of a directory are resampled to, in samples a second")
      ->check(at_least(1))
      ->needs(data);
  command
      .add_option("--length", folder.length,
                  "what sounds of a directory are cut or filled up with zeros to, in samples")
      ->check(at_least(1))
      ->needs(data);
}

CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& chosen,
                        const std::vector<std::string>& choices, const std::string& meaning) {
  return command.add_option(name, chosen, meaning)
      ->check(CLI::IsMember(choices))
      ->capture_default_str();
}

}  // namespace

void expect_data_options(const Configuration& options) {
  expect_table_options(options);
  expect_folder_options(options);
}

void add_data_options(CLI::App& command, Configuration& options) {
  CLI::Option* data = command.add_option(
      "--data", options.data,
      "CSV or NPZ file, directory of IDX files, of images or of sounds, or one of " +
          embedded_names());
  command
      .add_option("--target", options.target,
                  "column of the CSV file, or array of the NPZ file, to predict; by default the "
                  "last, or y")
      ->needs(data);
  add_choice(command, "--task", options.task, {"auto", "classification", "regression"},
             "what the targets are: classification, regression, or auto, by their values")
      ->needs(data);
  command
      .add_option("--delimiter", options.table.delimiter,
                  "between the columns of a CSV file: a character, or tab")
      ->check(delimiter())
      ->needs(data)
      ->capture_default_str();
  add_choice(command, "--header", options.table.header, {"auto", "yes", "no"},
             "whether the first row of a CSV file names the columns")
      ->needs(data);
  add_choice(command, "--missing", options.table.missing, {"error", "mean", "median"},
             "what becomes of missing features of a CSV file: an error, or the column's mean or "
             "median in the training file")
      ->needs(data);
  add_folder_options(command, options.folder, data);
}

}  // namespace lamina::program
