"""Runs of 20 steps or 10, each one item or rule on a small network: the machinery. README.md says what is stored."""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from golden_modules import CONVOLUTIONS, RunningBatchNorm, linears
from golden_storage import float32_values, store
from golden_training import make_batches

STEPS, FEATURES, CLASSES = 20, 20, 5
NORMS = (
    nn.BatchNorm1d, nn.BatchNorm2d, nn.InstanceNorm2d, nn.LayerNorm, nn.RMSNorm, nn.GroupNorm, RunningBatchNorm)
# weight_norm is deprecated for a rewrite that names the same tensors otherwise
warnings.filterwarnings("ignore", message=".*weight_norm.*", category=FutureWarning)


def sgd(lr=0.1, momentum=0.9):
    return lambda network: torch.optim.SGD(network.parameters(), lr=lr, momentum=momentum)


def adam(lr=0.01):
    return lambda network: torch.optim.Adam(network.parameters(), lr=lr)


@dataclass
class Recipe:
    """What a run does, apart from its network."""

    optimizer: Callable = sgd()
    loss: Callable = nn.functional.cross_entropy
    targets: str = "labels"
    penalty: Callable | None = None  # of the network: added to the loss
    before_step: Callable | None = None  # of the network: clips gradients, decays weights
    project: Callable | None = None  # of each Linear's weight, after the step
    accumulate: int = 1  # batches a step
    average: float | None = None  # what a step keeps of the moving average of the parameters
    most_rows: int = 16  # takes only the first rows of each batch


def make_data():
    """Batches as of the longer runs, with four kinds of targets made of the same values."""
    rng = np.random.default_rng(20)
    batches = make_batches(rng, FEATURES, CLASSES, "values")[:STEPS]
    values = [targets for _, targets in batches]
    return {
        "inputs": [inputs for inputs, _ in batches],
        "values": values,
        "labels": [v.argmax(dim=1) for v in values],
        "probabilities": [float32_values(torch.softmax(3 * v, dim=1)) for v in values],
        "signs": [torch.where(v > 0, 1.0, -1.0).double() for v in values],
    }


DATA = make_data()


def store_data():
    tensors = {name: torch.cat(batches) for name, batches in DATA.items()}
    tensors["rows"] = torch.tensor([len(batch) for batch in DATA["inputs"]])
    store("runs_data", tensors)


def incoming(module):
    """The inputs of one output."""
    if isinstance(module, nn.Linear):
        return module.in_features
    return math.prod(module.kernel_size) * module.in_channels // module.groups


def initialize(network, rng):
    """Float32 values of the usual sizes; scales and shifts off their defaults so that mixing them up shows."""
    for module in network.modules():
        if isinstance(module, (nn.Linear, *CONVOLUTIONS)):
            normed = hasattr(module, "weight_v")
            weight = module.weight_v if normed else module.weight
            bound = incoming(module)**-0.5
            weight.data = float32_values(rng.uniform(-bound, bound, weight.shape) * 1.7)
            if normed:
                rows = weight.data if module.weight_g.shape[0] > 1 else weight.data.transpose(0, 1)
                norms = rows.flatten(1).norm(dim=1).reshape(module.weight_g.shape).numpy()
                module.weight_g.data = float32_values(norms * rng.uniform(0.7, 1.4, norms.shape))
            if module.bias is not None:
                module.bias.data = float32_values(rng.uniform(-bound, bound, module.bias.shape))
        elif isinstance(module, NORMS) and module.weight is not None:
            module.weight.data = float32_values(rng.uniform(0.8, 1.2, module.weight.shape))
            if getattr(module, "bias", None) is not None:
                module.bias.data = float32_values(rng.uniform(-0.2, 0.2, module.bias.shape))


def project_weights(network, project):
    if project is not None:
        with torch.no_grad():
            for linear in linears(network):
                project(linear.weight)


def train(network, recipe, data=DATA):
    """Trains in place. Returns the loss of each batch before its step, with the penalty, and the average."""
    kind = next(network.parameters()).dtype
    optimizer, losses, average = recipe.optimizer(network), [], None
    network.train()
    for step, batch in enumerate(data["inputs"]):
        rows = min(recipe.most_rows, len(batch))
        inputs, targets = batch[:rows].to(kind), data[recipe.targets][step][:rows]
        loss = recipe.loss(network(inputs), targets.to(kind) if targets.is_floating_point() else targets)
        if recipe.penalty is not None:
            loss = loss + recipe.penalty(network)
        (loss / recipe.accumulate).backward()
        losses.append(loss.detach().double())
        if (step + 1) % recipe.accumulate == 0:
            if recipe.before_step is not None:
                recipe.before_step(network)
            optimizer.step()
            optimizer.zero_grad()
            project_weights(network, recipe.project)
            if recipe.average is not None:
                average = moved(average, network, recipe.average)
    return torch.stack(losses), average or {}


def moved(average, network, keep):
    """The moving average of the parameters starts at those after the first step, as AveragedModel's."""
    now = {name: value.clone() for name, value in network.state_dict().items()}
    return {n: keep * average[n] + (1 - keep) * v for n, v in now.items()} if average else now


def largest_deviation(found, expected):
    """max |difference| of any tensor, over the largest value of that tensor."""
    pairs = ((found[name].double(), value.double()) for name, value in expected.items() if value.is_floating_point())
    return max(float((a - b).abs().max() / b.abs().max()) for a, b in pairs)


def float32_deviation(build, initial, recipe, exact, data=DATA):
    """How far PyTorch's own float32 runs stray: the worst of one from `initial` and of three from numbers
    that are an ulp beside them, for one run alone may be lucky. Of tensors, relative; of losses."""
    rng = np.random.default_rng(1)
    state, losses, average = exact
    worst = [0.0, 0.0]
    for jitter in (0, 1, 1, 1):
        start = {}
        for name, value in initial.items():
            ulps = torch.from_numpy(rng.integers(-jitter, jitter + 1, value.shape))
            start[name] = value.float() * (1 + ulps * 2.0**-23) if value.is_floating_point() else value
        network = build().float()
        network.load_state_dict(start)
        found_losses, found_average = train(network, recipe, data)
        found = {**network.state_dict(), **{f"average.{n}": v for n, v in found_average.items()}}
        expected = {**state, **{f"average.{n}": v for n, v in average.items()}}
        worst[0] = max(worst[0], largest_deviation(found, expected))
        worst[1] = max(worst[1], float((found_losses - losses).abs().max()))
    return worst


class Runs:
    """One file of runs. All runs of a network start at the same numbers."""

    def __init__(self, theme, seed, data=DATA):
        self.theme, self.seed, self.data, self.tensors, self.table = theme, seed, data, {}, []

    def add(self, name, build, recipes):
        rng = np.random.default_rng(self.seed)
        self.seed += 1
        network = build().double()
        initialize(network, rng)
        initial = {key: value.clone() for key, value in network.state_dict().items()}
        self.tensors |= {f"{name}.initial.{key}": value for key, value in initial.items()}
        for variant, recipe in recipes.items():
            self.add_run(f"{name}.{variant}", build, initial, recipe)

    def add_run(self, name, build, initial, recipe):
        network = build().double()
        network.load_state_dict(initial)
        losses, average = train(network, recipe, self.data)
        state = network.state_dict()
        deviation = float32_deviation(build, initial, recipe, (state, losses, average), self.data)
        self.tensors |= {f"{name}.final.{key}": value for key, value in state.items()}
        self.tensors |= {f"{name}.average.{key}": value for key, value in average.items()}
        self.tensors |= {f"{name}.losses": losses, f"{name}.deviation": torch.tensor(deviation)}
        self.table.append((name, float(losses[0]), float(losses[-1]), *deviation))

    def write(self):
        store(f"runs_{self.theme}", self.tensors)
        for name, first, last, tensors, loss in self.table:
            print(f"| `{self.theme}` | `{name}` | {first:.4f} | {last:.4f} | {tensors:.1e} | {loss:.1e} |")
