#!/usr/bin/env python3
"""Makes pairs of small and large images of photographs that lie in the package scikit-image: photographs.py FILE.npz

All are gray, float32 in [0, 1]. A small image is the large one at half its size (bicubic with a filter, as Pillow has
it), rounded to bytes. The arrays:

    train_small (n, 16, 16), train_large (n, 32 * 32)       pieces of seven photographs, some mirrored or turned
    test_small (8, 128, 128), test_large (8, 256 * 256)     the quarters of two other photographs
    test_bicubic (8, 256 * 256)                             test_small enlarged
"""

import pathlib
import sys

import numpy
import skimage
from PIL import Image

TRAIN = ["brick.png", "chelsea.png", "coffee.png", "grass.png", "gravel.png", "motorcycle_left.png", "rocket.jpg"]
TEST = ["astronaut.png", "camera.png"]
PIECES = 3000
SMALL = 16
QUARTER = 256
LUMINANCE = [0.299, 0.587, 0.114]


def large_image(name):
    """The photograph in gray, with even extents."""
    values = numpy.asarray(Image.open(pathlib.Path(skimage.__file__).parent / "data" / name), dtype=numpy.float32)
    gray = values if values.ndim == 2 else values[..., :3] @ numpy.float32(LUMINANCE)
    return gray[: gray.shape[0] // 2 * 2, : gray.shape[1] // 2 * 2] / 255


def resized(image, factor):
    size = (round(image.shape[1] * factor), round(image.shape[0] * factor))
    return numpy.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)).clip(0, 1)


def small_image(large):
    return numpy.rint(resized(large, 0.5) * 255).astype(numpy.float32) / 255


def training_pieces():
    draw = numpy.random.default_rng(1)
    photographs = [large_image(name) for name in TRAIN]
    pairs = [(small_image(large), large) for large in photographs]
    sizes = numpy.array([large.size for large in photographs])
    small_pieces, large_pieces = [], []
    for which in draw.choice(len(pairs), PIECES, p=sizes / sizes.sum()):
        small, large = pairs[which]
        y, x = (draw.integers(extent - SMALL + 1) for extent in small.shape)
        pieces = [small[y : y + SMALL, x : x + SMALL], large[2 * y : 2 * (y + SMALL), 2 * x : 2 * (x + SMALL)]]
        turns, mirror = draw.integers(4), draw.integers(2)
        pieces = [numpy.rot90(piece[:, ::-1] if mirror else piece, turns) for piece in pieces]
        small_pieces.append(pieces[0])
        large_pieces.append(pieces[1].ravel())
    return numpy.stack(small_pieces), numpy.stack(large_pieces)


def quarters(image, side):
    return [image[y : y + side, x : x + side] for y in (0, side) for x in (0, side)]


def test_images():
    small, large, bicubic = [], [], []
    for name in TEST:
        whole = large_image(name)
        half = small_image(whole)
        small += quarters(half, QUARTER // 2)
        large += quarters(whole, QUARTER)
        bicubic += quarters(resized(half, 2), QUARTER)
    flat = [numpy.stack([image.ravel() for image in images]) for images in (large, bicubic)]
    return numpy.stack(small), *flat


def main():
    train_small, train_large = training_pieces()
    test_small, test_large, test_bicubic = test_images()
    numpy.savez(sys.argv[1], train_small=train_small, train_large=train_large, test_small=test_small,
                test_large=test_large, test_bicubic=test_bicubic)


if __name__ == "__main__":
    main()
