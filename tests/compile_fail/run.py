#!/usr/bin/env python3
"""Compiles every case of cases.py twice: right, which must pass, and wrong, which must fail with
one error that says the expected sentence.

Wrong programs are compiled one by one. The right ones of a kind share a file for each job, a
namespace for each, unless how a program begins is what its kind is about; where a file fails, its
programs are compiled one by one to say which.

    run.py [--include DIR] [--jobs N] [--only NAMES] COMPILER [FLAG...]

The sentences of docs/diagnostics.md must be among those of the cases.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import Callable, NamedTuple

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
        definitions = [f"-D{name}={text}" for name, text in definitions.items()]
        return self.compile([*definitions, str(HERE / source)])

    def run_together(self, source, programs):
        """All `programs`, each the definitions with which `source` makes one."""
        include = "#include <lamina/lamina.hpp>"
        lines = [include]
        # g++ has no file behind its compiled header to include a second time.
        body = (HERE / source).read_text().replace(include, "")
        for i, definitions in enumerate(programs):
            lines.append(f"namespace right_{i} {{")
            lines += [f"#define {name} {text}" for name, text in definitions.items()]
            lines.append(body)
            lines += [f"#undef {name}" for name in definitions]
            lines.append(f"}}  // namespace right_{i}")
        return self.compile(["-x", "c++", "-"], "\n".join(lines) + "\n")

    def compile(self, arguments, text=None):
        done = subprocess.run([*self.base, *self.use, "-fsyntax-only", *arguments], input=text,
                              capture_output=True, text=True)
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


class Kind(NamedTuple):
    """A source that makes a program of a case, and how."""
    source: str
    macro: str                 # what the case's text defines
    form: str = "{}"           # the text around it
    right: dict = {}           # what else is defined for a right program
    together: bool = True      # right programs may share a file
    complaint: Callable = complaint

    def program(self, text):
        return {self.macro: self.form.format(text)}

    def right_program(self, case):
        return self.program(case.right) | self.right


NETWORK = Kind("network.cpp", "LAMINA_NETWORK", "Network<{}>", right={"CHECK_ONLY": ""})
TYPE = Kind("network.cpp", "LAMINA_NETWORK")
FIRST_USE = Kind("first_use.cpp", "LAMINA_USE", together=False)
ARGUMENT = Kind("arguments.cpp", "LAMINA_STATEMENT")
OBJECT = Kind("objects.cpp", "LAMINA_STATEMENT", complaint=complaint_of_deleted)


def check_wrong(compiler, kind, case):
    code, output = compiler.run(kind.source, kind.program(case.wrong))
    return case, kind.complaint(case, code, output), output


def check_right(compiler, kind, some):
    """(case, what is wrong, output) for those of `some` cases that should compile and do not."""
    if len(some) > 1 and kind.together:
        code, _ = compiler.run_together(kind.source, [kind.right_program(case) for case in some])
        if code == 0:
            return []
    found = []
    for case in some:
        code, output = compiler.run(kind.source, kind.right_program(case))
        if code != 0:
            found.append((case, "the right program does not compile", output))
    if not found and kind.together and len(some) > 1:
        found.append((some[0], "right programs do not compile in one file", ""))
    return found


def untrue_docs(todo):
    """Sentences of the docs that no case proves."""
    said = {case.says for _, case in todo}
    text = (HERE.parents[1] / "docs" / "diagnostics.md").read_text()
    return [line for line in re.findall(r'\| "([^|]*)" \|', text) if line not in said]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--include", default=HERE.parents[1] / "include")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="run only the cases whose name has this, a regular expression")
    parser.add_argument("compiler", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    kinds = [(NETWORK, cases.NETWORKS), (TYPE, cases.TYPES), (FIRST_USE, cases.FIRST_USES),
             (ARGUMENT, cases.ARGUMENTS), (OBJECT, cases.OBJECTS)]
    todo = [(kind, case) for kind, group in kinds for case in group
            if re.search(options.only, case.name)]
    failed = 0
    for line in [] if options.only else untrue_docs(todo):
        failed += 1
        print(f"FAILED: docs/diagnostics.md says what no case proves:\n  {line}")
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(options.compiler, options.include, folder)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            rights = [pool.submit(check_right, compiler, kind, group[i::options.jobs])
                      for kind, _ in kinds for group in [[c for k, c in todo if k is kind]]
                      for i in range(options.jobs)]
            wrongs = [pool.submit(check_wrong, compiler, *job) for job in todo]
            results = [result for right in rights for result in right.result()]
            results += [wrong.result() for wrong in wrongs]
    bad = {}  # by case, of which both programs may be
    for case, wrong, output in results:
        if wrong:
            bad[case] = bad.get(case, "") + f"  {wrong}\n{output}"
    for case, text in bad.items():
        print(f"FAILED: {case.name}\n{text}")
    failed += len(bad)
    passed = len(todo) - len(bad)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
