#include "plot/script.hpp"

#include <algorithm>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/text_file.hpp"

namespace lamina::plot {

namespace {

// pngcairo takes 96 dots for an inch and a point for 1/72 of one: 1.5 is 2 in the SVG's pixels, so
// that both have the same picture.
// Terminals read the text of labels for markup unless told not to; files and pictures lie beside
// each other, so that a directory can be moved.
constexpr std::string_view style_head = R"(
colors = "#0969da #cf222e #1a7f37 #bf8700 #8250df #57606a #d4439c #1b7c83"
color(i) = word(colors, (i - 1) % 8 + 1)
do for [kind in "svg png"] {
  reset
  if (kind eq "svg") {
    set terminal svg noenhanced size width, height dynamic background "white" font "Helvetica,13" linewidth 1.4
    set output svg
  } else {
    set terminal pngcairo noenhanced size 2 * width, 2 * height background "white" font "Helvetica,13" fontscale 1.5 linewidth 2.8 pointscale 2
    set output png
  }
  set encoding utf8
  set datafile separator ","
  set datafile missing ""
  set border 3 linecolor rgb "#57606a"
  set tics nomirror out scale 0.6 textcolor rgb "#57606a"
  set grid ytics linetype 1 linecolor rgb "#e4e8ec" linewidth 0.6
  set title textcolor rgb "#24292f"
  set xlabel textcolor rgb "#24292f"
  set ylabel textcolor rgb "#24292f"
  set key above left horizontal reverse Left textcolor rgb "#24292f" samplen 2 spacing 1.2 width 1
)";

constexpr std::string_view style_foot = "  unset output\n}\n";

std::filesystem::path with(const std::filesystem::path& stem, const char* extension) {
  std::filesystem::path path = stem;
  path += extension;
  return path;
}

std::string text_of(const std::filesystem::path& stem, const Script& script) {
  const std::string name = stem.filename().string();
  std::string text(script_mark);
  text += ": change it as you like and run gnuplot on it in this directory\n";
  text += "data = " + string_literal(name + ".csv") + "\n";
  text += "svg = " + string_literal(name + ".svg") + "\n";
  text += "png = " + string_literal(name + ".png") + "\n";
  text += "if (exists(\"ARGC\")) { if (ARGC == 2) { svg = ARG1; png = ARG2 } }\n";
  text += "width = " + text_of_number(script.width) + "\n";
  text += "height = " + text_of_number(script.height) + "\n";
  text += script.definitions;
  text += style_head;
  text += script.body;
  text += style_foot;
  return text;
}

std::string without_control(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(),
      [](char character) { return static_cast<unsigned char>(character) < ' '; }, ' ');
  return result;
}

}  // namespace

// Inside single quotes gnuplot reads nothing, braces, backquotes and backslashes included. It
// cannot have a line feed there, and takes a doubled quote for one only behind another character:
// control characters and quotes go into strings of double quotes.
std::string string_literal(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    const auto code = static_cast<unsigned char>(character);
    if (code < ' ' || character == '\'') {
      const char digits[] = {static_cast<char>('0' + code / 64),
                             static_cast<char>('0' + code / 8 % 8),
                             static_cast<char>('0' + code % 8), '\0'};
      result += std::string("'.\"\\") + digits + "\".'";
    } else {
      result += character;
    }
  }
  return result + "'";
}

std::string shown(std::string_view text) {
  return string_literal(without_control(text));
}

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string shown_at_tic(std::string_view text) {
  std::string doubled;
  for (const char character : text) doubled.append(character == '%' ? 2 : 1, character);
  return shown(doubled);
}

void expect_stem(const std::filesystem::path& stem, const char* name) {
  const std::string file = stem.filename().string();
  if (!file.empty() && file != "." && file != "..") return;
  throw Error(std::string(name) +
              ": expected a path whose last part begins the names of the files, such as "
              "run/history, found '" +
              detail::printable_path(stem.string()) + "'");
}

Picture redraw_picture(const std::filesystem::path& stem, const Script& script) {
  const std::filesystem::path script_path = with(stem, ".gp");
  io::write_text(script_path, text_of(stem, script));
  Picture picture = draw(script_path);
  if (!picture.missing.empty()) {
    std::error_code none;
    std::filesystem::remove(with(stem, ".svg"), none);
    std::filesystem::remove(with(stem, ".png"), none);
  }
  return picture;
}

Picture make_picture(const std::filesystem::path& stem, const Table& data, const Script& script) {
  io::write_text(with(stem, ".csv"), data.text());
  return redraw_picture(stem, script);
}

}  // namespace lamina::plot
