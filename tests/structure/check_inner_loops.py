#!/usr/bin/env python3
"""Checks that the inner loops of the tiles keep all their sums in registers.

    check_inner_loops.py COMPILER [flag...]

Compiles tile_loops.cpp with -O3 for this machine and looks at the machine code of every tile: the
innermost loop, which is the straight line of code that jumps back to its own start and has the most
multiply-adds, must not touch the stack. A spilled sum costs a load and a store for every
multiply-add: the forward pass once fell from 0.97 to 0.80 of the peak that way.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # what meson takes as "skipped"
SOURCE = pathlib.Path(__file__).resolve().parent / "tile_loops.cpp"
INCLUDE = SOURCE.parents[2] / "include"
TILES = re.compile(r"(multiply_tile|add_dot_tile)<")
FEWEST = 20  # tiles that there are at least: less means that the names have changed


def functions(text):
    """(name, [(address, instruction)]) for every function of a disassembly."""
    name, lines = None, []
    for line in text.splitlines():
        head = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        code = re.match(r"\s*([0-9a-f]+):\s+(\S.*)$", line)
        if head:
            if name:
                yield name, lines
            name, lines = head.group(1), []
        elif code:
            lines.append((int(code.group(1), 16), code.group(2)))
    if name:
        yield name, lines


def loops(lines):
    """Straight lines of code that jump back to their own start."""
    places = {address: i for i, (address, _) in enumerate(lines)}
    for i, (_, code) in enumerate(lines):
        jump = re.match(r"j(?!mp)\w+\s+([0-9a-f]+)\b", code)
        start = places.get(int(jump.group(1), 16)) if jump else None
        if start is not None and start <= i and not any(c.startswith("j") for _, c in lines[start:i]):
            yield [c for _, c in lines[start:i + 1]]


def multiply_adds(loop):
    return sum("fmadd" in code for code in loop)


def stack_accesses(name, lines, loop):
    # %rbp is the stack's only where it is set from %rsp; elsewhere it is a register like others.
    frame = any(re.match(r"(mov|lea)\s.*%rsp\)?,%rbp", code) for _, code in lines)
    stack = r"\(%rsp|\(%rbp" if frame else r"\(%rsp"
    found = [code for code in loop if re.search(stack, code)]
    # The dot tile walks 8 pointers: compilers may reload some, which costs nothing beside 16 sums.
    return [code for code in found if re.search(r"[xyz]mm", code)] if "add_dot_tile" in name else found


def main():
    command = sys.argv[1:]
    if not shutil.which("objdump"):
        print("objdump is not here")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / "tile_loops.o"
        subprocess.run([*command, "-std=c++20", "-O3", "-march=native", f"-I{INCLUDE}", "-c", str(SOURCE), "-o", str(made)],
                       check=True)
        text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", str(made)],
                              capture_output=True, text=True, check=True).stdout
    if "fmadd" not in text:
        print("this machine has no fused multiply-add")
        return SKIPPED
    tiles, wrong = 0, 0
    for name, lines in functions(text):
        if not TILES.search(name):
            continue
        tiles += 1
        inner = max(loops(lines), key=multiply_adds, default=[])
        spills = stack_accesses(name, lines, inner)
        if not multiply_adds(inner):
            print(f"no loop of multiply-adds in {name}")
            wrong += 1
        if spills:
            print(f"{len(spills)} accesses to the stack beside {multiply_adds(inner)} multiply-adds in {name}:")
            print("  " + "\n  ".join(spills[:4]))
            wrong += 1
    if tiles < FEWEST:
        print(f"expected at least {FEWEST} tiles, found {tiles}: have they other names?")
        return 1
    print(f"{tiles} tiles, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
