#!/usr/bin/env python3
"""Makes spoken words by two programs, a folder a word: words.py FOLDER

Needs the Debian packages espeak-ng and flite. WAV files, of the rate that the programs have:

    FOLDER/train/WORD/*.wav         900 by espeak-ng: 10 words, 10 voices, 3 speeds, 3 pitches
    FOLDER/validation/WORD/*.wav    270 by espeak-ng: 3 other voices
    FOLDER/test/WORD/*.wav          200 by flite: 4 voices, 5 tempos

The folder is there once all of them are.
"""

import itertools
import pathlib
import shutil
import subprocess
import sys

WORDS = "yes no up down left right on off stop go".split()
TRAIN = "m1 m2 m3 m4 m5 m6 f1 f2 f3 f4".split()
VALIDATION = "m7 m8 f5".split()
SPEEDS = [130, 160, 190]  # words a minute
PITCHES = [30, 50, 70]  # of 0 to 99
FLITE = "awb kal16 rms slt".split()
STRETCHES = [0.8, 0.9, 1.0, 1.1, 1.2]


def run(*command):
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)


def espeak(folder, voices):
    for word, voice, speed, pitch in itertools.product(WORDS, voices, SPEEDS, PITCHES):
        file = folder / word / f"{voice}_{speed}_{pitch}.wav"
        run("espeak-ng", "-v", f"en+{voice}", "-s", speed, "-p", pitch, "-w", file, word)


def flite(folder):
    for word, voice, stretch in itertools.product(WORDS, FLITE, STRETCHES):
        file = folder / word / f"{voice}_{stretch}.wav"
        run("flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", "-t", word, "-o", file)


def main():
    if len(sys.argv) != 2:
        sys.exit(f"words.py: expected one folder to make, found {len(sys.argv) - 1} arguments")
    for program in ("espeak-ng", "flite"):
        if not shutil.which(program):
            sys.exit(f"words.py: {program} is missing (apt install espeak-ng flite)")
    whole = pathlib.Path(sys.argv[1])
    folder = whole.with_name(whole.name + ".part")
    for part, word in itertools.product(("train", "validation", "test"), WORDS):
        (folder / part / word).mkdir(parents=True, exist_ok=True)
    espeak(folder / "train", TRAIN)
    espeak(folder / "validation", VALIDATION)
    flite(folder / "test")
    folder.rename(whole)


if __name__ == "__main__":
    main()
