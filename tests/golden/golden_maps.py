"""The runs of 20 steps on images and signals whose targets have positions, too: class maps, probabilities, images. Each
network stands in tests/train/test_golden_maps.cpp as a type."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from golden_runs import Recipe, Runs, sgd
from golden_space_modules import Shaped
from golden_storage import float32_values, store

STEPS, BATCH, RAGGED, CHANNELS, HEIGHT, WIDTH, CLASSES, IGNORED = 20, 4, 3, 3, 5, 7, 5, 255
WEIGHTS = (0.5, 1.0, 2.0, 1.5, 0.25)


def make_map_data():
    """Images of regions with a colour each and noise; the classes of the regions are the map. As a signal, a map is
    its 35 positions behind each other."""
    rng = np.random.default_rng(40)
    colours = rng.normal(0, 1, (CLASSES, CHANNELS))
    data = {name: [] for name in ("inputs", "labels", "ignored", "probabilities", "values")}
    for step in range(STEPS):
        rows = RAGGED if step % 5 == 4 else BATCH
        corners = rng.integers(0, CLASSES, (rows, 2, 2))
        labels = corners.repeat(3, axis=1)[:, :HEIGHT].repeat(4, axis=2)[:, :, :WIDTH]
        images = colours[labels].transpose(0, 3, 1, 2) + rng.normal(0, 0.5, (rows, CHANNELS, HEIGHT, WIDTH))
        ignored = np.where(rng.uniform(size=labels.shape) < 0.3, IGNORED, labels)
        ignored[0] = IGNORED  # all of a sample
        values = rng.normal(0, 1, (rows, CLASSES, HEIGHT, WIDTH)) + 2 * np.eye(CLASSES)[labels].transpose(0, 3, 1, 2)
        values = float32_values(values)
        data["inputs"].append(float32_values(images.reshape(rows, -1)))
        data["labels"].append(torch.from_numpy(labels.copy()))
        data["ignored"].append(torch.from_numpy(ignored))
        data["values"].append(values)
        data["probabilities"].append(float32_values(torch.softmax(values, dim=1)))
    return data


MAPS = make_map_data()


def store_maps():
    tensors = {name: torch.cat(batches) for name, batches in MAPS.items()}
    tensors["rows"] = torch.tensor([len(batch) for batch in MAPS["inputs"]])
    store("runs_maps_data", tensors)


def image():
    return Shaped(
        (CHANNELS, HEIGHT, WIDTH), nn.Conv2d(CHANNELS, 6, 3, padding=1), nn.Tanh(), nn.Conv2d(6, CLASSES, 3, padding=1))


def wide():
    """More classes than a register has floats; labels are below 5."""
    return Shaped((CHANNELS, HEIGHT, WIDTH), nn.Conv2d(CHANNELS, 6, 3, padding=1), nn.Tanh(), nn.Conv2d(6, 21, 1))


def signal():
    return Shaped((CHANNELS, HEIGHT * WIDTH), nn.Conv1d(CHANNELS, 6, 5, padding=2), nn.Tanh(), nn.Conv1d(6, CLASSES, 1))


def cross_entropy(weights=None, smoothing=0.0, flat=False):
    def loss(outputs, targets):
        weight = None if weights is None else torch.tensor(weights, dtype=outputs.dtype)
        return functional.cross_entropy(
            outputs, targets.flatten(1) if flat else targets, weight, ignore_index=IGNORED, label_smoothing=smoothing)

    return loss


def soft(outputs, targets):
    return functional.cross_entropy(
        outputs, targets, torch.tensor(WEIGHTS, dtype=outputs.dtype), label_smoothing=0.1)


def binary(outputs, targets):
    """A weight for each channel."""
    weights = torch.tensor(WEIGHTS, dtype=outputs.dtype).reshape(-1, 1, 1)
    return functional.binary_cross_entropy_with_logits(outputs, targets, pos_weight=weights)


def make_map_runs():
    runs = Runs("maps", 3000, MAPS)

    def recipe(loss, targets, lr=0.1):
        return Recipe(optimizer=sgd(lr), loss=loss, targets=targets)

    runs.add("image", image, {
        "labels": recipe(cross_entropy(), "labels"),
        "ignored": recipe(cross_entropy(), "ignored"),
        "weighted": recipe(cross_entropy(WEIGHTS), "labels"),
        "all": recipe(cross_entropy(WEIGHTS, 0.1), "ignored"),
        "soft": recipe(soft, "probabilities"),
        "binary": recipe(binary, "probabilities"),
        "squared": recipe(functional.mse_loss, "values"),
    })
    runs.add("wide", wide, {"ignored": recipe(cross_entropy(smoothing=0.1), "ignored")})
    runs.add("signal", signal, {"ignored": recipe(cross_entropy(flat=True), "ignored")})
    runs.write()
