"""Writes sounds/, the files of sounds and their samples that tests/io/test_sounds.cpp reads.

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1 and soundfile 0.14.0 (libsndfile 1.2.2):

    pip install numpy scipy soundfile
    python make_sounds.py

Pages of OGG have random numbers: each run writes other bytes of the same samples.

values.npz has for a file `<name>` its samples (length, channels): of WAV what scipy reads, of FLAC, which
is lossless, what was written, of OGG what soundfile reads.
"""

import pathlib

import numpy
import soundfile
from scipy.io import wavfile

FOLDER = pathlib.Path(__file__).parent / "sounds"
RATE, LENGTH = 8000, 300


def main():
    FOLDER.mkdir(exist_ok=True)
    rng = numpy.random.default_rng(2)
    values = {}
    noise = rng.uniform(-1, 1, (LENGTH, 2))
    for name, kind, scale in (("integer_8", "u1", 128), ("integer_16", "i2", 2**15), ("integer_32", "i4", 2**31),
                              ("float_32", "f4", None), ("float_64", "f8", None)):
        samples = noise * 1.5
        if scale:
            samples = (noise * (scale - 1)).round() + (128 if kind == "u1" else 0)
        wavfile.write(FOLDER / f"{name}.wav", RATE, samples.astype(kind))
        read = wavfile.read(FOLDER / f"{name}.wav")[1].astype("f8")
        if scale:
            read = (read - (128 if kind == "u1" else 0)) / scale
        values[name] = read.astype("f4")
    soundfile.write(FOLDER / "integer_24.wav", noise, RATE, subtype="PCM_24")
    # scipy has 24 bits in the upper ones of 32.
    values["integer_24"] = (wavfile.read(FOLDER / "integer_24.wav")[1] / 2.0**31).astype("f4")
    integers = (noise[:, :1] * 32767).round().astype("i2")
    soundfile.write(FOLDER / "mono.flac", integers, RATE)
    values["mono"] = (integers / 2.0**15).astype("f4")
    tone = 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(LENGTH) / RATE)
    soundfile.write(FOLDER / "vorbis.ogg", tone, RATE, subtype="VORBIS")
    soundfile.write(FOLDER / "opus.ogg", tone, RATE, subtype="OPUS")
    for name in ("vorbis", "opus"):
        values[name] = soundfile.read(FOLDER / f"{name}.ogg", dtype="float32", always_2d=True)[0]
    # Several pages and blocks: what is missing may be whole ones.
    soundfile.write(FOLDER / "long.ogg", rng.uniform(-1, 1, 40000), RATE, subtype="VORBIS", compression_level=1.0)
    soundfile.write(FOLDER / "long.flac", rng.integers(-1, 2, 10000).astype("i2"), RATE)
    numpy.savez_compressed(FOLDER / "values.npz", **values)


if __name__ == "__main__":
    main()
