"""Writes python.safetensors and integers.safetensors, which tests/io/test_safetensors.cpp reads.

Made with Python 3.11, numpy 2.4.6, ml_dtypes 0.6.0, safetensors 0.8.0:

    pip install numpy ml_dtypes safetensors
    python make_safetensors.py

The values are exact in their type, so that the test compares without a tolerance.
"""

import pathlib

import ml_dtypes
import numpy
import safetensors.numpy


def make():
    # 1, -2, largest, smallest normal, smallest subnormal, infinity, largest subnormal, -0
    halves = [0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001, 0x7C00, 0x03FF, 0x8000]
    brains = [0x3F80, 0xC049, 0xFF80]  # 1, -3.140625, -infinity
    return {
        "0.weight": numpy.array([[1.5, -2.25, 0.0], [3e38, -0.0, 1e-45]], "<f4"),
        "doubles": numpy.array([[1.0, -0.1], [1e300, 2.0**-149]], "<f8"),
        "halves": numpy.array(halves, "<u2").view("<f2").reshape(2, 2, 2),
        "brains": numpy.array(brains, "<u2").view(ml_dtypes.bfloat16),
        "1.num_batches_tracked": numpy.array(2**40 + 7, "<i8"),
        "nothing": numpy.zeros((0, 3), "<f4"),
        "gewicht \u00e4": numpy.array([7], "<f4"),
    }


def make_integers():
    def ends(kind):
        return numpy.array([numpy.iinfo(kind).min, numpy.iinfo(kind).max, 3], kind)

    tensors = {kind: ends(kind) for kind in ("<i8", "<i4", "<i2", "i1", "<u4", "<u2", "u1")}
    tensors["<u8"] = numpy.array([0, 2**63 - 1, 3], "<u8")
    tensors["bool"] = numpy.array([False, True, True])
    return tensors


if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent
    for name, tensors in (("python", make()), ("integers", make_integers())):
        path = folder / f"{name}.safetensors"
        path.write_bytes(safetensors.numpy.save(tensors, metadata={"made": "by Python"}))
