#!/usr/bin/env python3
"""Compiles every case of cases.py twice: right, which must pass, and wrong, which must fail with
one error that says the expected sentence.

    run.py [--include DIR] [--jobs N] [--only WORD] COMPILER [FLAG...]

The sentences of docs/diagnostics.md must be among those of the cases.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

import cases

HERE = pathlib.Path(__file__).resolve().parent
MOST_LINES = 8  # of a wrong program's output, without the stack of includes and the source shown


class Compiler:
    """A compiler with lamina's headers compiled once ahead, or without where it cannot."""

    def __init__(self, command, include, folder):
        self.base = [*command, "-std=c++20", f"-I{include}", "-fdiagnostics-color=never"]
        header = pathlib.Path(include) / "lamina" / "lamina.hpp"
        version = subprocess.run([*command, "--version"], capture_output=True, text=True,
                                 check=True)
        if "clang" in version.stdout:
            compiled = pathlib.Path(folder) / "lamina.pch"
            self.use = ["-include-pch", str(compiled)]
        else:
            compiled = pathlib.Path(folder) / "lamina" / "lamina.hpp.gch"
            compiled.parent.mkdir()
            self.use = [f"-I{folder}"]
            self.base.insert(1, f"-I{folder}")
        done = subprocess.run([*self.base, "-x", "c++-header", str(header), "-o", str(compiled)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"lamina.hpp does not compile:\n{done.stderr}")

    def run(self, source, definitions):
        command = [*self.base, *self.use, "-fsyntax-only", *definitions, str(HERE / source)]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stderr


def sentence(line):
    """The text that an error line shows; clang shows it in lines filled up with spaces."""
    texts = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    return re.sub(r" +", " ", "".join(texts)).strip()


def complaint(case, code, output):
    """What is not as it should be with the output of the wrong program; empty when all is."""
    if code == 0:
        return "the wrong program compiles"
    lines = [line for line in output.splitlines()
             if not re.match(r"In file included from|\s+from ", line)]
    errors = [line for line in lines if re.search(r"\berror: ", line)]
    first = next((line for line in errors if "lamina" in line), "")
    if sentence(first) != case.says:
        return f"expected: {case.says}\n  got: {sentence(first)}"
    if len(errors) != 1:
        return f"expected one error, got {len(errors)}"
    lines = [line for line in lines if not re.match(r"\s*\d* \||\d+ errors? generated", line)]
    if len(lines) > MOST_LINES:
        return f"expected at most {MOST_LINES} lines, got {len(lines)}"
    return ""


def complaint_of_deleted(case, code, output):
    """The same for a use of what is deleted with a sentence, which g++ shows in the line of the
    declaration: it stands nearby, behind one error of the use and one of what it would need."""
    if code == 0:
        return "the wrong program compiles"
    if case.says not in output:
        return f"expected: {case.says}"
    lines = [line for line in output.splitlines()
             if not re.match(r"In file included from|\s+from |\s*\d* \||\d+ errors? generated", line)]
    if len(lines) > MOST_LINES:
        return f"expected at most {MOST_LINES} lines, got {len(lines)}"
    return ""


def check(compiler, kind, case):
    source, definition, right_only = kind
    code, output = compiler.run(source, [definition(case.right), *right_only])
    if code != 0:
        return case, "the right program does not compile", output
    code, output = compiler.run(source, [definition(case.wrong)])
    wrong = complaint_of_deleted if source == OBJECT[0] else complaint
    return case, wrong(case, code, output), output


def untrue_docs(todo):
    """Sentences of the docs that no case proves."""
    said = {case.says for _, case in todo}
    text = (HERE.parents[1] / "docs" / "diagnostics.md").read_text()
    return [line for line in re.findall(r'\| "([^|]*)" \|', text) if line not in said]


NETWORK = ("network.cpp", lambda items: f"-DLAMINA_NETWORK=Network<{items}>", ["-DCHECK_ONLY"])
TYPE = ("network.cpp", lambda name: f"-DLAMINA_NETWORK={name}", [])
FIRST_USE = ("first_use.cpp", lambda code: f"-DLAMINA_USE={code}", [])
ARGUMENT = ("arguments.cpp", lambda code: f"-DLAMINA_STATEMENT={code}", [])
OBJECT = ("objects.cpp", lambda code: f"-DLAMINA_STATEMENT={code}", [])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--include", default=HERE.parents[1] / "include")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="run only the cases whose name has this word")
    parser.add_argument("compiler", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    todo = [(kind, case)
            for kind, group in ((NETWORK, cases.NETWORKS), (TYPE, cases.TYPES),
                                (FIRST_USE, cases.FIRST_USES), (ARGUMENT, cases.ARGUMENTS),
                                (OBJECT, cases.OBJECTS))
            for case in group if options.only in case.name]
    passed = failed = 0
    for line in [] if options.only else untrue_docs(todo):
        failed += 1
        print(f"FAILED: docs/diagnostics.md says what no case proves:\n  {line}")
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(options.compiler, options.include, folder)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for case, wrong, output in pool.map(lambda job: check(compiler, *job), todo):
                passed += not wrong
                if wrong:
                    failed += 1
                    print(f"FAILED: {case.name}\n  {wrong}\n{output}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
