"""A user of the program lamina: a directory of its own, commands, and what is expected of them."""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else None


class Result:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr


class Case(unittest.TestCase):
    """A directory of its own to work in."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.directory.name)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def start(self, *arguments, **environment):
        return subprocess.Popen([str(PROGRAM), *map(str, arguments)], cwd=self.here, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env={**os.environ, **environment})

    def lamina(self, *arguments, **environment):
        process = self.start(*arguments, **environment)
        process.stdout_text, process.stderr_text = process.communicate(timeout=600)
        return Result(subprocess.CompletedProcess(arguments, process.returncode,
                                                  process.stdout_text, process.stderr_text))

    def right(self, *arguments, **environment):
        result = self.lamina(*arguments, **environment)
        self.assertEqual(result.code, 0, result.err)
        return result.out

    def wrong(self, code, sentence, *arguments, **environment):
        result = self.lamina(*arguments, **environment)
        lines = [line for line in result.err.splitlines() if not line.startswith("Compiling")]
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(lines), 1, result.err)
        self.assertRegex(lines[0], sentence)

    @classmethod
    def without_pictures(cls):
        """A search path whose gnuplot draws nothing, for tests of other things: five take 1 s."""
        fake = cls.here / "bin" / "gnuplot"
        fake.parent.mkdir(exist_ok=True)
        fake.write_text("#!/bin/sh\nexit 1\n")
        fake.chmod(0o755)
        return {"PATH": f"{fake.parent}:{os.environ['PATH']}"}

    def files(self):
        return {path: path.read_bytes() for path in self.here.rglob("*") if path.is_file()}

    def rows(self, name):
        with (self.here / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def number(self, name, text):
        found = re.search(rf"^ +{name} +(\S+)$", text, re.M)
        self.assertTrue(found, text)
        return float(found.group(1))

    def expect_pictures(self, directory, *names):
        for name in names:
            svg = (directory / f"{name}.svg").read_text()
            png = (directory / f"{name}.png").read_bytes()
            self.assertRegex(svg, r"<(path|polygon|rect|circle)\b")
            self.assertTrue(png.startswith(b"\x89PNG") and len(png) > 1000, name)
