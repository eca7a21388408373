"""A cache of executables that cost nothing: a compiler that only copies a program."""

import os
import pathlib
import shutil

from user import Case

NETWORK = "Network<Input<2>, Linear<2>, CrossEntropy<>>"

COMPILER = """#!/bin/sh
[ "$1" = --version ] && exit
if [ -p {here}/gate ]; then read line < {here}/gate; fi
words=$*
while [ $# -gt 0 ]; do
  case $1 in -o) result=$2 ;; -MF) headers=$2 ;; esac
  shift
done
echo "$words" >> {here}/built
echo "network:" > $headers
cp {program} $result
"""


class CacheCase(Case):
    """Each test has a cache of its own."""

    def setUp(self):
        self.cache = self.here / self.id().rsplit(".", 1)[1]
        self.cache.mkdir()
        (self.here / "built").unlink(missing_ok=True)
        compiler = self.here / "compiler"
        compiler.write_text(COMPILER.format(here=self.here, program=shutil.which("true")))
        compiler.chmod(0o700)
        self.environment = {"CXX": str(compiler), "XDG_CACHE_HOME": str(self.cache)}

    def describe(self, **environment):
        """What becomes of a command that needs a network."""
        return self.lamina("describe", "--network", NETWORK, **{**self.environment, **environment})

    def described(self, **environment):
        result = self.describe(**environment)
        self.assertEqual(result.code, 0, result.err)

    def refused(self, sentence, *arguments, **environment):
        arguments = arguments or ("describe", "--network", NETWORK)
        self.wrong(1, sentence, *arguments, **{**self.environment, **environment})

    def builds(self):
        built = self.here / "built"
        return len(built.read_text().splitlines()) if built.exists() else 0

    def executable(self):
        found = [path for path in (self.cache / "lamina").iterdir()
                 if path.is_file() and not path.suffix]
        self.assertEqual(len(found), 1)
        return pathlib.Path(found[0])

    def modes(self, directory):
        return {path: oct(os.lstat(path).st_mode & 0o777)
                for path in [directory, *directory.rglob("*")]}
