#!/usr/bin/env python3
"""Compiles the C++ of README.md and of all pages below docs/, and runs the pages that are whole programs.

The blocks of a page marked ```cpp are, in order, one program. A page with a main function is linked
and run and must exit with 0; others are only compiled. Pages named in WRONG show code that must not
compile; tests/compile_fail covers those.

usage: LAMINA_LIBRARIES="csv zip ..." run.py COMPILER ROOT LIBRARY BUILD_DIRECTORY FLAGS...
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

WRONG = {"diagnostics.md"}
# Not optimized, all pages together take a quarter less, though those that train run longer.
LANGUAGE = ["-std=c++20", "-O0"]


def program_of(page: pathlib.Path) -> str:
    return "\n".join(re.findall(r"^```cpp\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))


def precompile(compiler, directory, flags):
    """Compiles lamina.hpp once ahead of all pages; returns the flags to use it with. A page takes 2 s less, of 3 to
    10."""
    include = next(flag for flag in flags if flag.startswith("-I"))[2:]
    header = pathlib.Path(include) / "lamina" / "lamina.hpp"
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    if "clang" in version:
        compiled = directory / "lamina.pch"
        use = ["-include-pch", str(compiled)]
    else:
        compiled = directory / "lamina" / "lamina.hpp.gch"
        compiled.parent.mkdir(exist_ok=True)
        use = [f"-I{directory}"]  # g++ finds it there in place of the header
    subprocess.run([compiler, *LANGUAGE, "-x", "c++-header", str(header), *flags, "-w", "-o", str(compiled)],
                   check=True)
    return [*use, *flags]


def check(page, compiler, library, directory, flags):
    """The complaint about a page, or an empty text."""
    # Pages of one name may lie in several folders.
    name = "_".join([*page.parts[-2:-1], page.stem])
    source = directory / (name + ".cpp")
    source.write_text(program_of(page))
    has_main = "int main(" in source.read_text()
    program = directory / name
    command = [compiler, *LANGUAGE, str(source), *flags]
    if has_main:
        command += ["-o", str(program), library, "-ltbb", "-lz"]
        command += [f"-l{name}" for name in os.environ["LAMINA_LIBRARIES"].split()]
    else:
        command += ["-fsyntax-only"]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode != 0:
        return f"does not compile:\n{built.stderr[:3000]}"
    if has_main and page.name != "README.md":  # the README's program wants data files
        ran = subprocess.run([str(program)], capture_output=True, text=True, cwd=directory, timeout=300)
        if ran.returncode != 0:
            return f"exits with {ran.returncode}:\n{ran.stdout[-1000:]}{ran.stderr[-1000:]}"
    return ""


def main():
    compiler, root, library, directory, *flags = sys.argv[1:]
    root, directory = pathlib.Path(root), pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for data in (root / "docs" / "data").iterdir():  # what the programs read
        shutil.copy(data, directory)
    flags = precompile(compiler, directory, flags)
    pages = [root / "README.md", *sorted((root / "docs").glob("**/*.md"))]
    pages = [page for page in pages if page.name not in WRONG and program_of(page)]
    pages.sort(key=lambda page: "int main(" not in program_of(page))  # what takes longest first
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(
            lambda page: check(page, compiler, library, directory, flags), pages))
    failed = 0
    for page, complaint in zip(pages, complaints):
        print(f"{page.relative_to(root)}: {complaint or 'ok'}")
        failed += bool(complaint)
    print(f"{len(pages) - failed} passed, {failed} failed")
    sys.exit(failed > 0 or not pages)


if __name__ == "__main__":
    main()
