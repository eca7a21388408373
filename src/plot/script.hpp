#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <lamina/plot/picture.hpp>

#include "plot/table.hpp"

namespace lamina::plot {

/// The first characters of every script, by which `redraw` knows them.
inline constexpr std::string_view script_mark = "# lamina picture";

/// What makes one picture different from another, in gnuplot's language.
struct Script {
  int width = 720;  ///< of the SVG; the PNG has twice as many pixels
  int height = 400;
  std::string definitions;  ///< variables and functions, before anything is drawn
  std::string body;         ///< drawn once as SVG and once as PNG
};

/// A text of any characters as one of gnuplot's strings.
std::string string_literal(std::string_view text);

/// The same for what is shown in one line: control characters become blanks.
std::string shown(std::string_view text);

/// A text of at most so many bytes, at least 3; letters of several bytes are not cut apart.
std::string shortened(const std::string& text, std::size_t most);

/// The same as `shown` for the label of a tic, where gnuplot reads '%' as a format.
std::string shown_at_tic(std::string_view text);

/// Writes `<stem>.csv` and `<stem>.gp` and has gnuplot draw `<stem>.svg` and `<stem>.png`.
/// Pictures of older data are removed where that fails.
///
/// Errors: `Error` where data or script cannot be written.
Picture make_picture(const std::filesystem::path& stem, const Table& data, const Script& script);

/// The same of data that are there.
Picture redraw_picture(const std::filesystem::path& stem, const Script& script);

/// `name` for messages, where a stem names no file: thrown before anything is written.
void expect_stem(const std::filesystem::path& stem, const char* name);

}  // namespace lamina::plot
