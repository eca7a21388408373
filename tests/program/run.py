#!/usr/bin/env python3
"""Drives the program lamina as a user would: run.py PROGRAM [CLASS...]

All classes of tests in this directory, or those that are named. Networks are compiled into a cache
of this test's own, a dozen of them, not optimized: half the time to compile, and what they compute
in a second is small. Without names two processes share classes and cache.
"""

import concurrent.futures
import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from user import PROGRAM, Case

HERE = pathlib.Path(__file__).resolve().parent
LONGEST = "Moons"


def discover():
    """Every class with tests, by its name."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        if path != HERE / "run.py":
            module = importlib.import_module(path.stem)
            for name, value in vars(module).items():
                if (isinstance(value, type) and issubclass(value, Case)
                        and unittest.defaultTestLoader.getTestCaseNames(value)):
                    found[name] = value
    return found


def run_class(name):
    return subprocess.run([sys.executable, __file__, str(PROGRAM), name], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run_all(names):
    """Returns the exit status: 0 where all tests of all classes pass."""
    failed = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        order = sorted(names, key=lambda name: name != LONGEST)
        running = {pool.submit(run_class, name): name for name in order}
        for done in concurrent.futures.as_completed(running):
            print(done.result().stdout, flush=True)
            failed += [running[done]] if done.result().returncode != 0 else []
    print("Failed: " + ", ".join(failed) if failed else "All classes passed: " + ", ".join(names))
    return 1 if failed else 0


if __name__ == "__main__":
    if PROGRAM is None:
        sys.exit(__doc__)
    classes = discover()
    globals().update(classes)  # where unittest looks for names
    if "LAMINA_TEST_CACHE" in os.environ:  # of another process that runs this
        os.environ["XDG_CACHE_HOME"] = os.environ["LAMINA_TEST_CACHE"]
        unittest.main(verbosity=2)
    with tempfile.TemporaryDirectory() as cache:
        os.environ.update(XDG_CACHE_HOME=cache, CXXFLAGS=os.environ.get("CXXFLAGS", "-O0"))
        if len(sys.argv) > 1:
            unittest.main(verbosity=2)
        os.environ["LAMINA_TEST_CACHE"] = cache
        sys.exit(run_all(list(classes)))
