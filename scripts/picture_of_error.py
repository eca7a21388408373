#!/usr/bin/env python3
"""Draws docs/compile_error.svg: what g++ says of a network with a mistake.

    picture_of_error.py [COMPILER [FLAG...]]

The text is that of a real run; only the folders of the headers are left out.
"""

import html
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = """\
#include <lamina/lamina.hpp>

using Classifier = lamina::Network<
    lamina::Input<784>,
    lamina::Linear<256>, lamina::BatchNorm<>, lamina::ReLU, lamina::Dropout<1.5>,
    lamina::Linear<10>,
    lamina::CrossEntropy<>>;

lamina::Model<Classifier> model{lamina::Seed{42}};
"""
COLUMNS = 104
CHARACTER, LINE, MARGIN = 7.85, 18, 16  # pixels at a font size of 13
COLORS = {"plain": "#c9d1d9", "dim": "#7d8590", "error": "#ff7b72", "sentence": "#f2cc60",
          "prompt": "#7ee787"}


def compile_program(command):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "classifier.cpp"
        source.write_text(PROGRAM)
        done = subprocess.run([*command, "-std=c++20", "-fsyntax-only", f"-I{ROOT / 'include'}",
                               "-fdiagnostics-color=never", source.name],
                              cwd=folder, capture_output=True, text=True)
    if done.returncode == 0:
        sys.exit("the wrong program compiles")
    return done.stderr.replace(f"{ROOT / 'include'}/", "").splitlines()


def pieces_of(line):
    """A line as (kind, text): the sentence and the word error stand out."""
    if line.startswith("$"):
        return [("prompt", "$"), ("plain", line[1:])]
    if "error: " not in line:
        return [("dim" if re.match(r"In file|\s+from|\s*\d* \|", line) else "plain", line)]
    pieces = re.split(r'(error:|"[^"]*")', line)
    kinds = {"error:": "error"}
    return [(kinds.get(text, "sentence" if text.startswith('"') else "plain"), text)
            for text in pieces if text]


def wrapped(pieces):
    """Rows of at most COLUMNS characters, each a list of pieces."""
    rows, room = [[]], COLUMNS
    for kind, text in pieces:
        while text:
            rows[-1].append((kind, text[:room]))
            text, room = text[room:], room - len(text[:room])
            if room == 0:
                rows.append([])
                room = COLUMNS
    return rows if rows[-1] or len(rows) == 1 else rows[:-1]


def svg_of(rows):
    width = round(2 * MARGIN + COLUMNS * CHARACTER)
    height = 2 * MARGIN + 24 + LINE * len(rows)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}" role="img" aria-label="A compile error of lamina">',
           f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>']
    for i, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        out.append(f'<circle cx="{20 + 18 * i}" cy="18" r="5.5" fill="{color}"/>')
    out.append('<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, '
               'DejaVu Sans Mono, monospace" '
               'font-size="13" xml:space="preserve">')
    for i, row in enumerate(rows):
        spans, column = [], 0
        for kind, text in row:
            bold = ' font-weight="bold"' if kind in ("error", "sentence") else ""
            spans.append(f'<tspan x="{MARGIN + column * CHARACTER:.1f}" '
                         f'textLength="{len(text) * CHARACTER:.1f}" '
                         f'lengthAdjust="spacingAndGlyphs" fill="{COLORS[kind]}"{bold}>'
                         f"{html.escape(text)}</tspan>" if text.strip() else "")
            column += len(text)
        out.append(f'<text y="{MARGIN + 36 + LINE * i}">{"".join(spans)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])


def main():
    lines = ["$ cat classifier.cpp", *PROGRAM.splitlines(), "",
             "$ g++ -std=c++20 -c classifier.cpp",
             *compile_program(sys.argv[1:] or ["g++", "-march=native"])]
    rows = [row for line in lines for row in wrapped(pieces_of(line))]
    (ROOT / "docs" / "compile_error.svg").write_text(svg_of(rows))


if __name__ == "__main__":
    main()
