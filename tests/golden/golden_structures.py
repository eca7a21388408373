"""The runs of 20 steps of residuals, branches and repetitions, and of a network of many items together."""

import torch
from torch import nn
from torch.nn import functional

from golden_modules import Branch, Concat, Residual, Shortcut, l2, max_norm, repeat, weight_norm
from golden_runs import Recipe, Runs, adam, sgd


def residual():
    return nn.Sequential(
        nn.Linear(20, 33), nn.Tanh(),
        Residual(
            nn.Linear(33, 33, bias=False), nn.BatchNorm1d(33), nn.ReLU(),
            nn.Linear(33, 33, bias=False), nn.BatchNorm1d(33)),
        nn.ReLU(), nn.Linear(33, 5))


def projected():
    return nn.Sequential(
        nn.Linear(20, 33), nn.Tanh(),
        Residual(nn.Linear(33, 24), nn.Tanh(), nn.Linear(24, 40), Shortcut(nn.Linear(33, 40, bias=False))),
        nn.Tanh(), nn.Linear(40, 5))


def concat():
    return nn.Sequential(
        nn.Linear(20, 33), nn.Tanh(),
        Concat(Branch(nn.Linear(33, 17), nn.Tanh()), Branch(nn.Linear(33, 9), nn.ReLU()), Branch()),
        nn.Linear(59, 5))


def repeated():
    return nn.Sequential(
        nn.Linear(20, 32), nn.Tanh(),
        repeat(2, lambda: (nn.Linear(32, 32), nn.LayerNorm(32), nn.Tanh())),
        nn.Linear(32, 5))


def nested():
    def block():
        return (Residual(nn.Linear(24, 40), nn.LayerNorm(40), nn.Tanh(), nn.Linear(40, 24)),)

    return nn.Sequential(
        nn.Linear(20, 24), nn.Tanh(),
        Concat(Branch(repeat(2, block)), Branch(nn.Linear(24, 9), nn.ReLU())),
        nn.Linear(33, 5))


def together():
    """What is normally not seen at once. MaxNorm<0.8> stands in the lists of two layers."""
    return nn.Sequential(
        nn.Linear(20, 33, bias=False), nn.BatchNorm1d(33), nn.ReLU(),
        Residual(nn.Linear(33, 40), nn.LayerNorm(40), nn.Tanh(), nn.Linear(40, 33)),
        weight_norm(nn.Linear(33, 21)), nn.Tanh(), nn.Linear(21, 5))


def together_optimizer(network):
    """Adam, followed by the projection of the layers that bound their norms."""
    optimizer = adam()(network)
    bounded = [network[0].weight, network[3][0].weight]

    def project(*_):
        with torch.no_grad():
            for weight in bounded:
                max_norm(0.8)(weight)

    optimizer.register_step_post_hook(project)
    return optimizer


def make_structure_runs():
    runs = Runs("structures", 500)
    recipes = {"sgd": Recipe(optimizer=sgd(0.05)), "adam": Recipe(optimizer=adam(0.005), penalty=l2(1e-3))}
    for build in (residual, projected, concat, repeated, nested):
        runs.add(build.__name__, build, recipes)
    smoothed = lambda outputs, labels: functional.cross_entropy(outputs, labels, label_smoothing=0.1)
    runs.add("together", together, {
        "adam": Recipe(optimizer=together_optimizer, loss=smoothed, penalty=l2(1e-3))})
    runs.write()
