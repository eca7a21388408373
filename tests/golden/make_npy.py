"""Writes npy/*.npy and npy/*.npz, which tests/io/test_npy.cpp reads.

Made with Python 3.11 and numpy 2.4.6:

    pip install numpy
    python make_npy.py

Each array of ORDERS x TYPES holds the same numbers, 0 to 23 minus 3 (but for unsigned types) in the
shape (2, 3, 4), so that the test needs no list of them.
"""

import pathlib
import warnings

import numpy

TYPES = [order + kind for kind in ("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8")
         for order in "<>"] + ["|i1", "|u1"]


def numbers(kind):
    first = 0 if "u" in kind else -3
    return numpy.arange(first, first + 24).astype(kind).reshape(2, 3, 4)


def save(path, array, version=None):
    with open(path, "wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numpy.lib.format.write_array(file, array, version=version)


if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "npy"
    folder.mkdir(exist_ok=True)
    # One archive of all types in both orders: NPZ files hold whole NPY files.
    arrays = {}
    for kind in TYPES:
        name = kind.replace("<", "little_").replace(">", "big_").replace("|", "")
        arrays["c_" + name] = numbers(kind)
        arrays["fortran_" + name] = numpy.asfortranarray(numbers(kind))
    numpy.savez_compressed(folder / "types.npz", **arrays)
    for version in (1, 2, 3):
        save(folder / f"version_{version}.npy", numbers("<f4"), (version, 0))
    save(folder / "scalar.npy", numpy.array(7.5))
    save(folder / "booleans.npy", numpy.array([True, False, True]))
    save(folder / "extremes.npy", numpy.array([[1e300, 2.0**-149], [-0.1, numpy.inf]]))
    save(folder / "integers.npy", numpy.array([-(2**63), 2**63 - 1]))
    save(folder / "large.npy", numpy.array([2**63], "u8"))
    save(folder / "text.npy", numpy.array(["a", "b"]))
    save(folder / "fields.npy", numpy.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]))
    images = numpy.arange(2 * 3 * 2 * 2, dtype="u1").reshape(2, 3, 2, 2)
    save(folder / "images.npy", images)
    save(folder / "labels.npy", numpy.array([4, 1], "i8"))
    numpy.savez(folder / "two.npz", numpy.array([[1.0, 2.0], [3.0, 4.0]]), numpy.array([1, 0]))
    numpy.savez(folder / "named.npz", y=numpy.array([[0.5], [1.5]], "f4"),
                x=numpy.array([[1, 2], [3, 4]], "f4"), other=numpy.array(["left", "alone"]))
    numpy.savez(folder / "one.npz", anything=numpy.array([[1, 2], [3, 4]], "f4"))
