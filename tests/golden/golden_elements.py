"""The runs of 20 steps with norms whose scale and shift are of every value of a sample, nn.LayerNorm((C, H, W)): on the
numbers of `runs_data` as images of 1 x 4 x 5 or signals of 2 x 10. The networks stand in
tests/train/test_golden_elements.cpp as types."""

import torch
from torch import nn

from golden_modules import Lion, linears
from golden_runs import DATA, Recipe, Runs, adam, sgd
from golden_space_modules import Shaped


def image():
    return Shaped(
        (1, 4, 5), nn.Conv2d(1, 6, 3, padding=1), nn.LayerNorm((6, 4, 5)), nn.GELU(), nn.Conv2d(6, 18, 2),
        nn.LayerNorm((18, 3, 4)), nn.Tanh(), nn.Flatten(), nn.Linear(18 * 3 * 4, 5))


def signal():
    return Shaped(
        (2, 10), nn.Conv1d(2, 17, 3), nn.RMSNorm((17, 8), eps=1e-6), nn.Tanh(), nn.Conv1d(17, 4, 2),
        nn.LayerNorm((4, 7), eps=1e-3), nn.Flatten(), nn.Linear(4 * 7, 5))


class ElementRuns(Runs):
    """With the gradients of the first batch at the initial numbers, `<network>.gradient.<tensor>`, and their outputs."""

    def add(self, name, build, recipes):
        super().add(name, build, recipes)
        network = build().double()
        prefix = f"{name}.initial."
        network.load_state_dict({k.removeprefix(prefix): v for k, v in self.tensors.items() if k.startswith(prefix)})
        outputs = network(DATA["inputs"][0])
        nn.functional.cross_entropy(outputs, DATA["labels"][0]).backward()
        self.tensors[f"{name}.outputs"] = outputs.detach()
        self.tensors |= {f"{name}.gradient.{key}": p.grad for key, p in network.named_parameters()}


def decaying(network):
    """Decay acts on the weights of layers: not on biases, scales and shifts."""
    weights = [layer.weight for layer in linears(network)]
    rest = [p for p in network.parameters() if not any(p is w for w in weights)]
    return [{"params": weights, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}]


def make_element_runs():
    def recipe(kind, **numbers):
        return Recipe(optimizer=lambda network: kind(network.parameters(), **numbers))

    def clip(network):
        nn.utils.clip_grad_norm_(network.parameters(), max_norm=0.5)

    runs = ElementRuns("elements", 4000)
    runs.add("image", image, {
        "sgd": Recipe(optimizer=sgd(0.05)),
        "adam": Recipe(optimizer=adam()),
        "adamw": Recipe(optimizer=lambda network: torch.optim.AdamW(decaying(network), lr=0.01)),
        "adagrad": recipe(torch.optim.Adagrad, lr=0.05),
        "rms_prop": recipe(torch.optim.RMSprop, lr=0.005),
        "nadam": recipe(torch.optim.NAdam, lr=0.01),
        "lion": recipe(Lion, lr=0.002, betas=(0.9, 0.99)),
        "clip_by_norm": Recipe(optimizer=sgd(0.1), before_step=clip),
        "accumulate": Recipe(optimizer=sgd(0.1), accumulate=4, most_rows=7),
    })
    runs.add("signal", signal, {"sgd": Recipe(optimizer=sgd(0.05)), "adam": Recipe(optimizer=adam())})
    runs.write()
