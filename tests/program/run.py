#!/usr/bin/env python3
"""Drives the program lamina as a user would: run.py PROGRAM [CLASS...]

Networks are compiled into a cache of this test's own, with -O1, two dozen of them.
"""

import os
import sys
import tempfile
import unittest

from first_steps import Demo, Help, Tutorial
from runs import Moons
from shared_cache import DamagedExecutable, SharedCache
from tables import Spreadsheets, Tables, Targets, Unusual
from trust import Trust
from user import PROGRAM

__all__ = ["DamagedExecutable", "Demo", "Help", "Moons", "SharedCache", "Spreadsheets", "Tables",
           "Targets", "Trust", "Tutorial", "Unusual"]

if __name__ == "__main__":
    if PROGRAM is None:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as cache:
        os.environ.update(XDG_CACHE_HOME=cache, CXXFLAGS=os.environ.get("CXXFLAGS", "-O1"))
        unittest.main(verbosity=2)
