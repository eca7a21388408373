#!/usr/bin/env python3
"""Makes the golden data of this folder with PyTorch: see README.md here for what each file holds.

Everything is computed in float64 from float32 inputs and stored as float32, so a difference to lamina
is lamina's own float32 rounding (and 6e-8 relative from storing).

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch==2.13.0 safetensors numpy
    /tmp/golden/bin/python tests/golden/generate.py
"""

import json

import numpy as np
import torch
from torch import nn

from golden_convolutions import make_convolution_runs
from golden_elements import make_element_runs
from golden_images import store_images
from golden_maps import make_map_runs, store_maps
from golden_norms import make_norms
from golden_run_list import LOSSES, make_runs
from golden_space import make_pool_runs, make_space_runs
from golden_storage import VERSIONS, float32_values, store
from golden_training import make_training


# --- activations -----------------------------------------------------------------------------------


def make_activations():
    activations = {
        "relu": nn.ReLU(),
        "leaky_relu_0.01": nn.LeakyReLU(0.01),
        "leaky_relu_0.2": nn.LeakyReLU(0.2),
        "elu_1": nn.ELU(1.0),
        "elu_0.5": nn.ELU(0.5),
        "selu": nn.SELU(),
        "sigmoid": nn.Sigmoid(),
        "tanh": nn.Tanh(),
        "gelu": nn.GELU(),
        "gelu_tanh": nn.GELU(approximate="tanh"),
        "silu": nn.SiLU(),
        "softplus": nn.Softplus(),
    }
    sweep = np.linspace(-12, 12, 1001)
    sweep[500] = 0.0
    tiny = [1e-3, 1e-5, 1e-7, 1e-10, 1e-20, 1e-30, 1.2e-38]
    special = [0.0, -0.0, *tiny, *(-t for t in tiny), 15.0, -15.0, 20.5, -20.5, 30.0, -30.0, 88.5, -88.5, 100.0, -100.0]
    values = float32_values(np.concatenate([sweep, special]))
    tensors = {"x": values}
    for name, function in activations.items():
        x = values.clone().requires_grad_()
        y = function(x)
        y.sum().backward()
        tensors[f"{name}.y"], tensors[f"{name}.dy"] = y, x.grad
    store("activations", tensors)


# --- losses ----------------------------------------------------------------------------------------


def with_gradient(tensors, prefix, name, values, loss_of):
    """Stores the input, the loss and the gradient of the loss with respect to the input."""
    x = values.clone().requires_grad_()
    loss = loss_of(x)
    loss.backward()
    tensors[f"{prefix}.{name}"], tensors[f"{prefix}.loss"], tensors[f"{prefix}.gradient"] = values, loss, x.grad


POSITIVE_WEIGHTS = {"positive_weight": 2.5, "positive_weights": (0.5, 3.0, 1.0, 0.0, 20.0)}


def make_losses():
    rng = np.random.default_rng(2)
    tensors = {}
    for batch, classes in ((7, 10), (3, 17)):
        logits = rng.normal(0, 3, (batch, classes))
        logits[-1] = rng.uniform(-30, 30, classes)
        logits[-1, :2] = 30, -30
        labels = torch.from_numpy(rng.integers(0, classes, batch))
        labels[-1] = 1  # the least likely class of the extreme row
        for smoothing in (0.0, 0.1):
            prefix = f"cross_entropy.{batch}x{classes}.smoothing_{smoothing:g}"
            loss = nn.CrossEntropyLoss(label_smoothing=smoothing)
            with_gradient(tensors, prefix, "logits", float32_values(logits), lambda x: loss(x, labels))
            tensors[f"{prefix}.labels"] = labels
    outputs = float32_values(rng.normal(0, 2, (5, 3)))
    targets = float32_values(rng.normal(0, 2, (5, 3)))
    with_gradient(tensors, "mean_squared_error", "outputs", outputs, lambda x: nn.MSELoss()(x, targets))
    tensors["mean_squared_error.targets"] = targets
    logits = rng.normal(0, 4, (5, 3))
    logits[0] = 30, -30, 0
    for name, values in (("hard", rng.integers(0, 2, (5, 3))), ("soft", rng.uniform(0, 1, (5, 3)))):
        wanted = float32_values(values)
        prefix = f"binary_cross_entropy.{name}"
        with_gradient(tensors, prefix, "logits", float32_values(logits), lambda x: nn.BCEWithLogitsLoss()(x, wanted))
        tensors[f"{prefix}.targets"] = wanted
    add_losses_of_runs(tensors)
    store("losses", tensors)


def add_losses_of_runs(tensors):
    """The losses of the runs of 20 steps, 7 rows of 5 outputs."""
    rng = np.random.default_rng(5)
    outputs = rng.normal(0, 2, (7, 5))
    outputs[-1] = 30, -30, 3, 0, -12
    outputs = float32_values(outputs)
    values = float32_values(rng.normal(0, 2, (7, 5)))
    values[0, 0] = outputs[0, 0]  # no distance: no slope
    probabilities = rng.dirichlet(np.ones(5), 7)
    probabilities[1], probabilities[-1] = (0, 1, 0, 0, 0), (0.25, 0.5, 0, 0.25, 0)
    targets = {
        "values": values,
        "signs": float32_values(rng.integers(0, 2, (7, 5)) * 2 - 1),
        "labels": torch.tensor([0, 1, 2, 3, 4, 2, 1]),  # the last is the least likely of its row
        "probabilities": float32_values(probabilities),
    }
    for name, (function, kind, _) in LOSSES.items():
        with_gradient(tensors, name, "outputs", outputs, lambda x: function(x, targets[kind]))
        tensors[f"{name}.targets"] = targets[kind]
    bits = (targets["signs"] > 0).to(outputs.dtype)
    for name, weight in POSITIVE_WEIGHTS.items():
        for kind, wanted in (("hard", bits), ("soft", targets["probabilities"])):
            loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(weight, dtype=outputs.dtype))
            with_gradient(tensors, f"{name}.{kind}", "outputs", outputs, lambda x: loss(x, wanted))
            tensors[f"{name}.{kind}.targets"] = wanted


# --- batch normalization ---------------------------------------------------------------------------


def make_batch_norm():
    rng = np.random.default_rng(3)
    batch, features = 17, 10
    cases = {  # epsilon, momentum, mean and deviation of the input
        "default": (1e-5, 0.1, 0.5, 2.0),
        "custom": (1e-3, 0.3, -1.0, 0.05),
        "shifted": (1e-5, 0.1, 1e4, 1.0),
    }
    tensors, metadata = {}, {}
    for name, (epsilon, momentum, mean, deviation) in cases.items():
        x = float32_values(rng.normal(mean, deviation, (batch, features)))
        upstream = float32_values(rng.normal(0, 1, (batch, features)))
        layer = nn.BatchNorm1d(features, eps=epsilon, momentum=momentum).double()
        layer.weight.data = float32_values(rng.uniform(0.5, 1.5, features))
        layer.bias.data = float32_values(rng.normal(0, 0.5, features))
        layer.running_mean = float32_values(rng.normal(0, 1, features))
        layer.running_var = float32_values(rng.uniform(0.5, 2, features))
        stored = {"x": x, "upstream": upstream, "scale": layer.weight, "shift": layer.bias}
        stored |= {"running_mean_before": layer.running_mean.clone(), "running_var_before": layer.running_var.clone()}
        leaf = x.clone().requires_grad_()
        y = layer(leaf)
        y.backward(upstream)
        stored |= {"y": y, "dx": leaf.grad, "dscale": layer.weight.grad, "dshift": layer.bias.grad}
        stored |= {"running_mean_after": layer.running_mean, "running_var_after": layer.running_var}
        layer.eval()
        stored["y_eval"] = layer(x)
        tensors |= {f"{name}.{key}": value for key, value in stored.items()}
        metadata[f"{name}.epsilon"], metadata[f"{name}.momentum"] = f"{epsilon:g}", f"{momentum:g}"
    store("batch_norm", tensors, metadata)


def main():
    torch.set_num_threads(1)
    make_activations()
    make_losses()
    make_batch_norm()
    make_norms()
    make_training()
    make_runs()
    store_images()
    make_convolution_runs()
    make_space_runs()
    make_pool_runs()
    make_element_runs()
    store_maps()
    make_map_runs()
    print(json.dumps(VERSIONS))


if __name__ == "__main__":
    main()
