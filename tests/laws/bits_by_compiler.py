#!/usr/bin/env python3
"""Checks that networks are trained to the same bits however their program is compiled.

    bits_by_compiler.py COMPILER...

Compiles bits_by_compiler.cpp with each compiler that is here in several ways, runs what this machine can run, and
compares the lines that the programs print. What differs in between: whether and how a compiler contracts a * b + c, in
which order it evaluates arguments, what it computes itself, and how many floats a register holds.
"""

import concurrent.futures
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # what meson takes as "skipped"
SOURCE = pathlib.Path(__file__).resolve().parent / "bits_by_compiler.cpp"
INCLUDE = SOURCE.parents[2] / "include"

# Registers of 8 floats; of what this machine has, 16 where it has AVX-512; and as users without -march write it.
WAYS = {
    "g++": ["-O0 -mavx2 -mfma", "-O2 -march=haswell", "-O3 -march=native"],
    "clang++": ["-O0 -march=native", "-O3 -march=haswell -ffp-contract=fast"],
}


def kind_of(compiler):
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    return "clang++" if "clang" in version else "g++"


def compilers(named):
    """One of each kind: those that are named, else those that are found."""
    found = {}
    for compiler in [*named, "g++", "clang++-19", "clang++"]:
        if shutil.which(compiler):
            found.setdefault(kind_of(compiler), compiler)
    return found


def lines_of(folder, compiler, flags):
    program = pathlib.Path(folder) / f"{pathlib.Path(compiler).name}{flags}".replace(" ", "")
    subprocess.run([compiler, "-std=c++20", "-w", *flags.split(), f"-I{INCLUDE}", str(SOURCE), "-o", str(program),
                    "-ltbb"], check=True)
    run = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def main():
    if platform.machine() != "x86_64" or "fma" not in pathlib.Path("/proc/cpuinfo").read_text().split():
        print("the promise is for x86 machines with AVX2 and FMA")
        return SKIPPED
    ways = [(compiler, flags) for kind, compiler in compilers(sys.argv[1:]).items() for flags in WAYS[kind]]
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "1"))) as pool:
        found = list(pool.map(lambda way: lines_of(folder, *way), ways))
    wrong = 0
    for way, lines in zip(ways[1:], found[1:]):
        for first, line in zip(found[0], lines, strict=True):
            if line == first:
                continue
            wrong += 1
            print(f"{first}: {' '.join(ways[0])}\n{line}: {' '.join(way)}")
    print(f"{len(ways)} programs, {len(found[0])} lines, {wrong} differ")
    return 1 if wrong or len(found[0]) < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
