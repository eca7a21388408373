"""Runs of 10 steps on images and signals: their data, and runs without close decisions."""

import numpy as np
import torch

from golden_runs import Runs, float32_values
from golden_space_modules import ClosestDecision
from golden_storage import store

STEPS, NUMBERS, CLASSES, BATCH, RAGGED = 10, 198, 5, 9, 4
# Float32 numbers of order 1 stray by some 1e-6 in a run.
LEAST_DISTANCE = 1e-5


def make_image_data():
    """Rows of numbers that each network takes as images of its own shape: noise, and something of their class."""
    rng = np.random.default_rng(30)
    patterns = rng.normal(0, 0.7, (CLASSES, NUMBERS))
    inputs, labels = [], []
    for step in range(STEPS):
        rows = RAGGED if step % 5 == 4 else BATCH
        classes = rng.integers(0, CLASSES, rows)
        inputs.append(float32_values(rng.normal(0.3, 0.7, (rows, NUMBERS)) + patterns[classes]))
        labels.append(torch.from_numpy(classes))
    return {"inputs": inputs, "labels": labels}


IMAGES = make_image_data()


def store_images():
    tensors = {name: torch.cat(batches) for name, batches in IMAGES.items()}
    tensors["rows"] = torch.tensor([len(batch) for batch in IMAGES["inputs"]])
    store("runs_images", tensors)


class ImageRuns(Runs):
    """Runs whose decisions are clear ones: a network starts at the numbers of the first seed that gives them."""

    def __init__(self, theme, seed):
        super().__init__(theme, seed, IMAGES)

    def add(self, name, build, recipes):
        for _ in range(100):
            rows = len(self.table)
            with ClosestDecision() as closest:
                super().add(name, build, recipes)
            if closest.distance >= LEAST_DISTANCE:
                return
            del self.table[rows:]
        raise RuntimeError(f"{name}: 100 seeds gave close decisions")
