#!/usr/bin/env python3
"""Measures torchvision's functions of images beside lamina's: torchvision_images.py lamina_augmenting [--rounds N].

Prints a Markdown table of microseconds an image of 3 x 32 x 32 on one core: the two take turns, round after round,
on the same processor; a time is the median of the rounds' best, a ratio that of the ratios within a round.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

sys.path.pop(0)  # torchvision looks for a package named as the program beside this one, pytorch.py

options = argparse.ArgumentParser()
options.add_argument("lamina")
options.add_argument("--rounds", type=int, default=5)
options = options.parse_args()
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])

import torch  # noqa: E402

torch.set_num_threads(1)
# A build of torchvision whose own kernels do not load needs these to be declared; no transform uses them.
LIBRARY = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    try:
        LIBRARY.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

from torchvision.transforms import InterpolationMode, v2  # noqa: E402
from torchvision.transforms.v2 import functional as F  # noqa: E402

BILINEAR, NEAREST = InterpolationMode.BILINEAR, InterpolationMode.NEAREST
IMAGE, GRAY, OTHER = torch.rand(3, 32, 32), torch.rand(1, 28, 28), torch.rand(3, 32, 32)
MASK = torch.randint(0, 9, (1, 32, 32), dtype=torch.int32)
FIELD = torch.rand(1, 32, 32, 2) / 16
HALF = torch.tensor(0.5)
CORNERS = [[0, 0], [31, 0], [31, 31], [0, 31]], [[1, 2], [30, 0], [31, 29], [-1, 30]]


def crop():
    return F.crop(F.pad(IMAGE, [4, 4, 4, 4]), 1, 6, 32, 32)


def salt_and_pepper():
    drawn = torch.rand(32, 32)
    return torch.where(drawn < 0.005, 0.0, torch.where(drawn < 0.01, 1.0, IMAGE))


def paste():
    made = IMAGE.clone()
    made[:, 4:20, 5:25] = OTHER[:, 4:20, 5:25]
    return made


def all_five():
    image = F.rotate(F.horizontal_flip(crop()), 10, interpolation=BILINEAR)
    return F.erase(F.adjust_brightness(image, 1.01), 8, 8, 10, 12, HALF)


DRAWN = v2.Compose([
    v2.RandomCrop(32, padding=4),
    v2.RandomHorizontalFlip(),
    v2.RandomRotation(15, interpolation=BILINEAR),
    v2.ColorJitter(brightness=0.2),
    v2.RandomErasing(p=1),
])

CASES = {
    "rotation": lambda: F.rotate(IMAGE, 10, interpolation=BILINEAR),
    "rotation of 1 x 28 x 28": lambda: F.rotate(GRAY, 10, interpolation=BILINEAR),
    "rotation of a mask": lambda: F.rotate(MASK, 10, interpolation=NEAREST),
    "affine": lambda: F.affine(IMAGE, 10, [1, 0], 1.1, [5, 3], interpolation=BILINEAR),
    "perspective": lambda: F.perspective(IMAGE, *CORNERS, interpolation=BILINEAR),
    "displacement": lambda: F.elastic(IMAGE, FIELD, interpolation=BILINEAR),
    "horizontal flip": lambda: F.horizontal_flip(IMAGE),
    "vertical flip": lambda: F.vertical_flip(IMAGE),
    "crop, padded by 4": crop,
    "resized crop": lambda: F.resized_crop(IMAGE, 4, 3, 20, 24, [32, 32], interpolation=BILINEAR, antialias=False),
    "brightness": lambda: F.adjust_brightness(IMAGE, 1.01),
    "contrast": lambda: F.adjust_contrast(IMAGE, 1.01),
    "saturation": lambda: F.adjust_saturation(IMAGE, 1.01),
    "hue": lambda: F.adjust_hue(IMAGE, 0.1),
    "gamma": lambda: F.adjust_gamma(IMAGE, 1.01),
    "grayscale": lambda: F.rgb_to_grayscale(IMAGE, 3),
    "Gaussian blur, 3 x 3": lambda: F.gaussian_blur(IMAGE, [3, 3], [0.8, 0.8]),
    "Gaussian blur, 5 x 5": lambda: F.gaussian_blur(IMAGE, [5, 5], [1.0, 1.0]),
    "sharpen": lambda: F.adjust_sharpness(IMAGE, 1.1),
    "Gaussian noise": lambda: F.gaussian_noise(IMAGE, 0.0, 0.1, True),
    "salt and pepper": salt_and_pepper,
    "erase": lambda: F.erase(IMAGE, 8, 8, 10, 12, HALF),
    "paste": paste,
    "shuffle channels": lambda: F.permute_channels(IMAGE, [2, 0, 1]),
    "crop, flip, rotation, brightness, erase": all_five,
    "a list of crop, flip, rotation, brightness, erase": lambda: DRAWN(IMAGE),
}


def best_time(run, seconds):
    """Microseconds a call: the best of groups of ten."""
    best = float("inf")
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        before = time.perf_counter()
        for _ in range(10):
            run()
        best = min(best, (time.perf_counter() - before) / 10)
    return best * 1e6


def round_of_lamina():
    lines = subprocess.run([options.lamina], capture_output=True, text=True, check=True).stdout.splitlines()
    return {name: float(taken) for name, taken in (line.split("\t") for line in lines)}


def main():
    ours, theirs = {}, {}
    for _ in range(options.rounds):
        for name, taken in round_of_lamina().items():
            ours.setdefault(name, []).append(taken)
        for name, run in CASES.items():
            theirs.setdefault(name, []).append(best_time(run, 0.05))
    print("| 3 x 32 x 32 | lamina, us | torchvision, us | ratio |\n|---|---|---|---|")
    for name, times in ours.items():
        if name not in theirs:
            print(f"| {name} | {statistics.median(times):.2f} | | |")
            continue
        ratio = statistics.median(other / own for own, other in zip(times, theirs[name]))
        print(f"| {name} | {statistics.median(times):.2f} | {statistics.median(theirs[name]):.1f} | {ratio:.0f} |")


if __name__ == "__main__":
    main()
