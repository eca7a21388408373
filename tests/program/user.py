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

    pictures = True  # False: by a gnuplot that draws nothing, for the five of a run take 1 s
    defaults = {}    # of the environment

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.directory.name)
        if cls.pictures:
            return
        fake = cls.here / "bin" / "gnuplot"
        fake.parent.mkdir()
        fake.write_text("#!/bin/sh\nexit 1\n")
        fake.chmod(0o755)
        cls.defaults = {"PATH": f"{fake.parent}:{os.environ['PATH']}"}

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def runTest(self):
        """No test: so that a class can drive the program before one of its tests runs."""

    @classmethod
    def train_run(cls, *arguments):
        """A run of the ready network `linear` that all tests of a class look at."""
        done = cls().lamina("train", "--network", "linear", *arguments)
        assert done.code == 0, done.err

    def start(self, *arguments, **environment):
        return subprocess.Popen([str(PROGRAM), *map(str, arguments)], cwd=self.here, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env={**os.environ, **self.defaults, **environment})

    def lamina(self, *arguments, **environment):
        process = self.start(*arguments, **environment)
        process.stdout_text, process.stderr_text = process.communicate(timeout=600)
        return Result(subprocess.CompletedProcess(arguments, process.returncode,
                                                  process.stdout_text, process.stderr_text))

    def right(self, *arguments):
        result = self.lamina(*arguments)
        self.assertEqual(result.code, 0, result.err)
        return result.out

    def wrong(self, code, sentence, *arguments, **environment):
        result = self.lamina(*arguments, **environment)
        lines = [line for line in result.err.splitlines() if not line.startswith("Compiling")]
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(lines), 1, result.err)
        self.assertRegex(lines[0], sentence)

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
