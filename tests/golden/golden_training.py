"""Training runs of 50 steps and a plain state_dict, for README.md's second half."""

import copy

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from golden_storage import FOLDER, float32_values, store

STEPS, BATCH, RAGGED = 50, 16, 7


def bn_classifier():
    return nn.Sequential(
        nn.Linear(20, 33, bias=False), nn.BatchNorm1d(33), nn.ReLU(),
        nn.Linear(33, 17, bias=False), nn.BatchNorm1d(17), nn.ReLU(),
        nn.Linear(17, 5))


def tanh_regression():
    return nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 4))


def gelu_bce():
    return nn.Sequential(nn.Linear(12, 24), nn.GELU(), nn.Linear(24, 9), nn.SiLU(), nn.Linear(9, 3))


def initialize(network, rng):
    """Float32 values of the usual sizes; scales and shifts off their defaults so that mixing them up shows."""
    for module in network:
        if isinstance(module, nn.Linear):
            bound = module.in_features**-0.5
            module.weight.data = float32_values(rng.uniform(-bound, bound, module.weight.shape) * 1.7)
            if module.bias is not None:
                module.bias.data = float32_values(rng.uniform(-bound, bound, module.bias.shape))
        elif isinstance(module, nn.BatchNorm1d):
            module.weight.data = float32_values(rng.uniform(0.8, 1.2, module.weight.shape))
            module.bias.data = float32_values(rng.uniform(-0.2, 0.2, module.bias.shape))


def make_batches(rng, features, outputs, kind):
    """Batches with something to learn: targets from a fixed random nonlinear map of the inputs, plus noise."""
    first, second = rng.normal(0, 1, (features, 12)) / features**0.5, rng.normal(0, 1, (12, outputs))
    batches = []
    for step in range(STEPS):
        rows = RAGGED if step % 10 == 9 else BATCH
        inputs = np.asarray(rng.normal(0.3, 1, (rows, features)), np.float32)
        wanted = np.tanh(2 * inputs.astype(np.float64) @ first) @ second + rng.normal(0, 0.1, (rows, outputs))
        if kind == "labels":
            targets = torch.from_numpy(wanted.argmax(axis=1))
        else:
            targets = float32_values(wanted > 0 if kind == "bits" else wanted * 0.3)
        batches.append((float32_values(inputs), targets))
    return batches


def make_optimizer(name, network, settings, penalty):
    """L2 and decoupled decay act on Linear weights only: biases, scales and shifts have a group of their own."""
    weights = [m.weight for m in network if isinstance(m, nn.Linear)]
    others = [p for p in network.parameters() if not any(p is w for w in weights)]
    decay = settings.get("weight_decay", penalty)
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    options = {k: v for k, v in settings.items() if k != "weight_decay"}
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name.split("_")[0]]
    return kind(groups, **options)


def train(network, batches, loss_function, optimizer, penalty):
    """Trains in place; the loss of each step is that of its batch before the update, with the penalty."""
    losses = []
    network.train()
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = loss_function(network(inputs), targets)
        loss.backward()  # the optimizer's weight_decay adds the penalty's gradient
        squares = sum((m.weight**2).sum() for m in network if isinstance(m, nn.Linear))
        losses.append((loss + penalty / 2 * squares).detach().double())
        optimizer.step()
    return torch.stack(losses)


def largest_deviation(network, reference):
    """max |difference| of any parameter or statistic, over the largest value of that tensor."""
    pairs = zip(network.state_dict().values(), reference.state_dict().values())
    return max(float((a.double() - b.double()).abs().max() / b.double().abs().max()) for a, b in pairs)


def store_run(net, name, network, batches, loss_function, settings, penalty):
    """One run in float64, stored; and again in float32, for scale: what PyTorch's own rounding does to it."""
    tensors = {f"initial.{k}": v.clone() for k, v in network.state_dict().items()}
    trained, single = copy.deepcopy(network), copy.deepcopy(network).float()
    losses = train(trained, batches, loss_function, make_optimizer(name, trained, settings, penalty), penalty)
    narrow = [(x.float(), t.float() if t.is_floating_point() else t) for x, t in batches]
    single_losses = train(single, narrow, loss_function, make_optimizer(name, single, settings, penalty), penalty)
    tensors |= {f"final.{k}": v for k, v in trained.state_dict().items()}
    tensors["losses"] = losses
    for step, (inputs, targets) in enumerate(batches):
        tensors[f"inputs.{step}"], tensors[f"targets.{step}"] = inputs, targets
    plain = {k: str(v).lower() if isinstance(v, bool) else f"{v:g}" for k, v in settings.items() if k != "betas"}
    plain |= {f"beta{i + 1}": f"{v:g}" for i, v in enumerate(settings.get("betas", ()))}
    spread = largest_deviation(single, trained)
    metadata = {
        "network": net, "optimizer": name, "steps": str(STEPS), "l2": f"{penalty:g}", **plain,
        "loss": type(loss_function).__name__,
        "label_smoothing": f"{getattr(loss_function, 'label_smoothing', 0.0):g}",
        "torch_float32_deviation": f"{spread:.2e}",
        "torch_float32_loss_deviation": f"{float((single_losses - losses).abs().max()):.2e}",
    }
    store(f"training_{net}_{name}", tensors, metadata)
    print(f"training_{net}_{name}: loss {losses[0]:.4f} -> {losses[-1]:.4f}, float32 deviates {spread:.2e}")
    return trained


def make_training():
    adam = {"betas": (0.9, 0.999), "eps": 1e-8}
    runs = {
        "bn_classifier": (bn_classifier, "labels", nn.CrossEntropyLoss(label_smoothing=0.1), 5e-4, {
            "sgd_momentum": {"lr": 0.05, "momentum": 0.9},
            "sgd_nesterov": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
            "adam": {"lr": 0.005, **adam},
            "adamw": {"lr": 0.005, **adam, "weight_decay": 0.01}}),
        "tanh_regression": (tanh_regression, "values", nn.MSELoss(), 0.0, {
            "sgd_momentum": {"lr": 0.1, "momentum": 0.9},
            "adam": {"lr": 0.01, **adam},
            "adamw": {"lr": 0.01, **adam, "weight_decay": 0.01}}),
        "gelu_bce": (gelu_bce, "bits", nn.BCEWithLogitsLoss(), 0.0, {
            "sgd_momentum": {"lr": 0.2, "momentum": 0.9},
            "sgd_nesterov": {"lr": 0.2, "momentum": 0.9, "nesterov": True},
            "adam": {"lr": 0.01, **adam},
            "adamw": {"lr": 0.01, **adam, "weight_decay": 0.01}}),
    }
    for index, (net, (build, kind, loss_function, penalty, optimizers)) in enumerate(runs.items()):
        rng = np.random.default_rng(10 + index)
        network = build().double()
        initialize(network, rng)
        batches = make_batches(rng, network[0].in_features, network[-1].out_features, kind)
        for name, settings in optimizers.items():
            decoupled = "weight_decay" in settings
            trained = store_run(net, name, network, batches, loss_function, settings, 0.0 if decoupled else penalty)
            if (net, name) == ("bn_classifier", "sgd_momentum"):
                make_plain_state(trained, rng)


def make_plain_state(trained, rng):
    """A state_dict as users save it, and what that network answers in eval mode."""
    network = bn_classifier()
    network.load_state_dict(trained.state_dict())
    save_file(network.state_dict(), FOLDER / "classifier_torch.safetensors")
    network.double().eval()
    inputs = float32_values(rng.normal(0.3, 1, (21, 20)))
    store("classifier_torch_outputs", {"inputs": inputs, "outputs": network(inputs)})
