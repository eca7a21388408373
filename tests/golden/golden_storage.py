"""Writes golden data as safetensors files: float32 values, with the versions of what made them."""

import json
import pathlib
import platform

import numpy as np
import safetensors
import torch
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).resolve().parent
VERSIONS = {
    "generator": "tests/golden/generate.py",
    "python": platform.python_version(),
    "torch": torch.__version__,
    "numpy": np.__version__,
    "safetensors": safetensors.__version__,
}


def float32_values(array):
    """Float64 tensor whose values are float32 numbers: exactly what the file will hold."""
    return torch.from_numpy(np.asarray(array, np.float32).astype(np.float64))


def store(name, tensors, metadata=None):
    """Floating-point tensors as F32, integers as I64; metadata values are strings."""
    ready = {}
    for key, value in tensors.items():
        value = value.detach()
        ready[key] = value.to(torch.float32 if value.is_floating_point() else torch.int64).contiguous().clone()
    path = FOLDER / f"{name}.safetensors"
    save_file(ready, path, metadata={**VERSIONS, **(metadata or {})})
    sort_metadata(path)


def sort_metadata(path):
    """The package writes metadata in an order that changes from run to run; sorted, the same run makes the same bytes."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + length:])
