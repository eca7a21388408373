"""Writes images/, the files of pixels and their values that tests/io/test_images.cpp reads.

Made with Python 3.11, Pillow 13.0.0 and numpy 2.4.6:

    pip install pillow numpy
    python make_images.py

values.npz has for a file `<name>`:
    <name>            (channels, height, width): what Pillow reads, / 255 or / 65535
    <name>.gray       its convert("RGB").convert("L") / 255
    <name>.resized    its channels resized to RESIZED by Pillow's BILINEAR in floats (mode "F")
    <name>.enlarged   to ENLARGED
    <name>.classes    of a map: indices or values; <name>.nearest: resized to RESIZED by NEAREST
"""

import pathlib
import struct
import zlib

import numpy
from PIL import Image

FOLDER = pathlib.Path(__file__).parent / "images"
HEIGHT, WIDTH = 9, 14
RESIZED, ENLARGED = (4, 5), (13, 30)  # height, width
rng = numpy.random.default_rng(1)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(rows, bits):
    """Rows of numbers as PNG packs them, each behind its filter byte."""
    if bits == 16:
        return b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
    each = numpy.unpackbits(rows.astype("u1")[..., None], axis=-1)[..., 8 - bits:]
    return b"".join(b"\0" + numpy.packbits(row.reshape(-1)).tobytes() for row in each)


def write_png(name, values, bits, colour, *, chunks=b"", adam7=False):
    """A PNG file without Pillow, which does not write all kinds: values (height, width[, channels])."""
    height, width = values.shape[:2]
    parts = [values]
    if adam7:
        parts = [values[y::dy, x::dx] for x, y, dx, dy in
                 ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))]
    data = b"".join(packed(part.reshape(len(part), -1), bits) for part in parts if part.size)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, adam7)
    (FOLDER / f"{name}.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", zlib.compress(data, 9)) +
        chunk(b"IEND", b""))


def planes(image):
    values = numpy.asarray(image)
    values = values[..., None] if values.ndim == 2 else values
    return values.transpose(2, 0, 1).astype("f4")


def resized(values, size):
    return numpy.stack([numpy.asarray(Image.fromarray(plane).resize(size[::-1], Image.Resampling.BILINEAR))
                        for plane in values])


def smooth(channels):
    """Colours that change slowly, which JPEG can show."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [128 + 90 * numpy.sin(0.3 * x + i) * numpy.cos(0.25 * y - i) for i in range(channels)]
    return numpy.stack(planes, -1).round().astype("u1")


def main():
    FOLDER.mkdir(exist_ok=True)
    values = {}
    byte = lambda *shape: rng.integers(0, 256, shape, "u1")
    image = byte(HEIGHT, WIDTH, 4)
    for bits in (1, 2, 4):
        write_png(f"gray_{bits}", image[..., 0] % 2**bits, bits, 0)
    Image.fromarray(image[..., 0]).save(FOLDER / "gray_8.png")
    Image.fromarray(image[..., :2], "LA").save(FOLDER / "gray_opacity.png")
    Image.fromarray(image[..., :3]).save(FOLDER / "rgb.png")
    Image.fromarray(image).save(FOLDER / "rgb_opacity.png")
    wide = rng.integers(0, 65536, (HEIGHT, WIDTH, 3), "u2")
    write_png("gray_16", wide[..., 0], 16, 0)
    write_png("rgb_16", wide, 16, 2)
    write_png("interlaced", image[..., :3], 8, 2, adam7=True)
    # 100,000 is a gamma of 1: pixels are to stay what they are.
    write_png("gamma", image[..., :3], 8, 2, chunks=chunk(b"gAMA", struct.pack(">I", 100000)))
    colours = byte(4, 3)
    palette = chunk(b"PLTE", colours.tobytes())
    write_png("palette_2", image[..., 0] % 4, 2, 3, chunks=palette + chunk(b"tRNS", bytes([0, 128])))
    many = numpy.arange(768).reshape(256, 3) % 251
    write_png("palette_8", image[..., 1], 8, 3, chunks=chunk(b"PLTE", many.astype("u1").tobytes()))
    write_png("map_16", wide[..., 0] % 300, 16, 0)
    write_png("map_binary", image[..., 0] // 128 * 255, 8, 0)
    Image.fromarray(smooth(1)[..., 0]).save(FOLDER / "gray.jpg", quality=90)
    Image.fromarray(smooth(3)).save(FOLDER / "rgb_420.jpg", quality=90, subsampling=2)
    Image.fromarray(smooth(3)).save(FOLDER / "rgb_444.jpg", quality=90, subsampling=0)
    Image.fromarray(smooth(3)).save(FOLDER / "progressive.jpg", quality=90, progressive=True)
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(smooth(3)).save(FOLDER / "turned.jpg", quality=90, exif=turned)
    Image.fromarray(smooth(4), "CMYK").save(FOLDER / "cmyk.jpg", quality=90)

    for path in sorted(FOLDER.glob("*.*g")):
        if path.name in ("cmyk.jpg", "rgb_16.png"):
            continue
        image = Image.open(path)
        if path.stem.startswith(("map_", "palette_", "gray_4")):
            classes = numpy.asarray(image).astype("i8")
            if path.stem == "gray_4":
                classes //= 17  # Pillow scales gray to a byte
            else:
                nearest = image.resize(RESIZED[::-1], Image.Resampling.NEAREST)
                values[f"{path.stem}.nearest"] = numpy.asarray(nearest).astype("i8")
            values[f"{path.stem}.classes"] = classes
        if path.stem.startswith("map_"):
            continue
        if image.mode.startswith("I"):
            values[path.stem] = planes(image) / numpy.float32(65535)
            continue
        colour = image.mode in ("RGB", "RGBA", "P")
        plain = planes(image.convert("RGB" if colour else "L")) / numpy.float32(255)
        values[path.stem] = plain
        if colour:
            values[f"{path.stem}.gray"] = planes(image.convert("RGB").convert("L")) / numpy.float32(255)
        if path.stem in ("rgb", "gray_8", "rgb_420"):
            values[f"{path.stem}.resized"] = resized(plain, RESIZED)
        if path.stem in ("rgb", "gray_8"):
            values[f"{path.stem}.enlarged"] = resized(plain, ENLARGED)
    # Pillow makes bytes of these: they are the numbers written.
    values["rgb_16"] = (wide.transpose(2, 0, 1) / numpy.float32(65535)).astype("f4")
    numpy.savez_compressed(FOLDER / "values.npz", **values)


if __name__ == "__main__":
    main()
