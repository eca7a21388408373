"""Normalizations number by number: forward, backward, averages, evaluation. README.md says what is stored."""

import numpy as np
from torch import nn

from golden_modules import RunningBatchNorm
from golden_storage import float32_values, store


def randomize(layer, rng):
    """Parameters and averages off their defaults, float32 values."""
    for name, shape in ((n, p.shape) for n, p in layer.named_parameters()):
        values = rng.uniform(0.5, 1.5, shape) if name == "weight" else rng.normal(0, 0.5, shape)
        getattr(layer, name).data = float32_values(values)
    if isinstance(layer, nn.BatchNorm1d):
        layer.running_mean = float32_values(rng.normal(0, 1, layer.running_mean.shape))
        layer.running_var = float32_values(rng.uniform(0.5, 2, layer.running_var.shape))


def one_case(layer, x, upstream):
    tensors = {"x": x, "upstream": upstream}
    tensors |= {f"before.{name}": value.clone() for name, value in layer.state_dict().items()}
    leaf = x.clone().requires_grad_()
    y = layer(leaf)
    y.backward(upstream)
    tensors |= {"y": y, "dx": leaf.grad}
    tensors |= {f"gradient.{name}": p.grad for name, p in layer.named_parameters()}
    tensors |= {f"after.{name}": value.clone() for name, value in layer.named_buffers()}
    layer.eval()
    tensors["y_eval"] = layer(x)
    return tensors


def make_norms():
    cases = {  # layer, rows, features, mean and deviation of the input
        "layer_norm": (nn.LayerNorm(10), 17, 10, 0.5, 2.0),
        "layer_norm_custom": (nn.LayerNorm(10, eps=1e-3), 17, 10, -1.0, 0.05),
        "layer_norm_shifted": (nn.LayerNorm(33), 17, 33, 100.0, 1.0),
        "layer_norm_one_row": (nn.LayerNorm(33), 1, 33, 0.5, 2.0),
        "layer_norm_no_affine": (nn.LayerNorm(10, elementwise_affine=False), 17, 10, 0.5, 2.0),
        "rms_norm": (nn.RMSNorm(10, eps=1e-6), 17, 10, 0.5, 2.0),
        "rms_norm_custom": (nn.RMSNorm(33, eps=1e-3), 17, 33, 0.0, 0.05),
        "group_norm_4": (nn.GroupNorm(4, 12), 17, 12, 0.5, 2.0),
        "group_norm_3": (nn.GroupNorm(3, 33), 17, 33, 0.5, 2.0),
        "group_norm_shifted": (nn.GroupNorm(3, 21), 17, 21, 100.0, 1.0),
        "batch_norm_no_affine": (nn.BatchNorm1d(10, affine=False), 17, 10, 0.5, 2.0),
        "running_batch_norm": (RunningBatchNorm(10), 17, 10, 0.5, 2.0),
        "running_batch_norm_new": (RunningBatchNorm(10), 17, 10, 0.1, 0.12),
    }
    rng = np.random.default_rng(4)
    tensors = {}
    for name, (layer, rows, features, mean, deviation) in cases.items():
        layer = layer.double()
        randomize(layer, rng)
        if name == "running_batch_norm":  # of which the clamp is over
            for _ in range(2):
                layer.update(float32_values(rng.normal(mean, deviation, (12, features))))
            for average in ("sums", "squares", "count"):
                setattr(layer, average, float32_values(getattr(layer, average)))
        # Of a new one, variances around the least of 0.01: features 3/4 to 5/4 of the deviation.
        spread = deviation * np.linspace(0.75, 1.25, features)
        x = float32_values(rng.normal(mean, spread, (rows, features)))
        upstream = float32_values(rng.normal(0, 1, (rows, features)))
        tensors |= {f"{name}.{key}": value for key, value in one_case(layer, x, upstream).items()}
    store("norms", tensors)
