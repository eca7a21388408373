"""The runs of 20 steps, by theme. Each network stands in tests/train/test_golden_<theme>.cpp as a type."""

import torch
from torch import nn
from torch.nn import functional

from golden_modules import (
    Lion, RunningBatchNorm, elastic_net, l1, l2, linears, max_norm, non_negative, unit_norm, weight_norm)
from golden_runs import Recipe, Runs, adam, sgd, store_data
from golden_structures import make_structure_runs


# --- norms -----------------------------------------------------------------------------------------


def normed(norm, activation=nn.Tanh, widths=(33, 21), bias=True):
    return lambda: nn.Sequential(
        nn.Linear(20, widths[0], bias=bias), norm(widths[0]), activation(),
        nn.Linear(widths[0], widths[1], bias=bias), norm(widths[1]), nn.Tanh(), nn.Linear(widths[1], 5))


def make_norm_runs():
    runs = Runs("norms", 100)
    both = {"sgd": Recipe(), "adam": Recipe(optimizer=adam())}
    runs.add("layer_norm", normed(nn.LayerNorm), {**both, "single": Recipe(optimizer=sgd(0.02), most_rows=1)})
    runs.add("layer_norm_relu", normed(nn.LayerNorm, nn.ReLU), {"sgd": Recipe()})
    runs.add("layer_norm_no_affine", normed(lambda n: nn.LayerNorm(n, elementwise_affine=False)), both)
    runs.add("rms_norm", normed(lambda n: nn.RMSNorm(n, eps=1e-6)), both)
    runs.add("group_norm_4", normed(lambda n: nn.GroupNorm(4, n), nn.ReLU, (32, 20)), both)
    runs.add("group_norm_3", normed(lambda n: nn.GroupNorm(3, n)), {"sgd": Recipe()})
    runs.add("batch_norm_no_affine", normed(lambda n: nn.BatchNorm1d(n, affine=False), bias=False), both)
    # A pair of rows is what running statistics are for; a rate that pairs bear.
    pairs = Recipe(optimizer=sgd(0.02), most_rows=2)
    runs.add("running_batch_norm", normed(RunningBatchNorm, bias=False), {**both, "pairs": pairs})
    runs.write()


# --- optimizers ------------------------------------------------------------------------------------


def narrow():
    return nn.Sequential(nn.Linear(20, 33), nn.Tanh(), nn.Linear(33, 21), nn.Tanh(), nn.Linear(21, 5))


def wide():
    return nn.Sequential(nn.Linear(20, 80), nn.Tanh(), nn.Linear(80, 5))


def slow_second(network):
    """Parameter groups: the second Linear at a tenth of the rate."""
    slow = list(linears(network)[1].parameters())
    rest = [p for p in network.parameters() if not any(p is s for s in slow)]
    return [{"params": rest}, {"params": slow, "lr": 0.005}]


def decaying_weights(network):
    """Parameter groups: decay acts on the weights of Linear layers, not on biases."""
    weights = [linear.weight for linear in linears(network)]
    biases = [linear.bias for linear in linears(network)]
    return [{"params": weights, "weight_decay": 0.05}, {"params": biases, "weight_decay": 0.0}]


def make_optimizer_runs():
    def recipe(kind, **numbers):
        return Recipe(optimizer=lambda network: kind(network.parameters(), **numbers))

    def clipped(clip, **others):
        return Recipe(optimizer=sgd(0.2), before_step=lambda network: clip(network.parameters(), **others))

    rms = torch.optim.RMSprop
    recipes = {
        "adagrad": recipe(torch.optim.Adagrad, lr=0.05),
        "adagrad_decay": recipe(torch.optim.Adagrad, lr=0.05, lr_decay=0.1, eps=1e-3),
        "rms_prop": recipe(rms, lr=0.005),
        "rms_prop_momentum": recipe(rms, lr=0.002, alpha=0.9, momentum=0.9),
        "rms_prop_centered": recipe(rms, lr=0.002, alpha=0.95, momentum=0.5, centered=True),
        "nadam": recipe(torch.optim.NAdam, lr=0.01),
        "nadam_decay": recipe(torch.optim.NAdam, lr=0.01, betas=(0.8, 0.99), momentum_decay=2e-2),
        "lion": recipe(Lion, lr=0.002, betas=(0.9, 0.99)),
        "adamw": Recipe(optimizer=lambda network: torch.optim.AdamW(decaying_weights(network), lr=0.01)),
        "clip_by_norm": clipped(nn.utils.clip_grad_norm_, max_norm=0.5),
        "clip_by_value": clipped(nn.utils.clip_grad_value_, clip_value=0.05),
        "accumulate": Recipe(optimizer=sgd(0.2), accumulate=4, most_rows=7),
        "average": Recipe(optimizer=sgd(0.1), average=0.9),
    }
    runs = Runs("optimizers", 200)
    runs.add("narrow", narrow, {
        **recipes,
        "slow_sgd": Recipe(optimizer=lambda n: torch.optim.SGD(slow_second(n), lr=0.05, momentum=0.9)),
        "slow_adam": Recipe(optimizer=lambda n: torch.optim.Adam(slow_second(n), lr=0.05))})
    runs.add("wide", wide, {
        **recipes,
        "slow_sgd": Recipe(optimizer=lambda n: torch.optim.SGD(slow_second(n), lr=0.05, momentum=0.9))})
    runs.write()


# --- losses ----------------------------------------------------------------------------------------

CLASS_WEIGHTS = (0.5, 1.0, 2.0, 1.5, 0.25)


def hinge(outputs, signs):
    return (1 - outputs * signs).clamp_min(0).mean()


def tiny():
    return nn.Sequential(nn.Linear(20, 12), nn.Tanh(), nn.Linear(12, 5))


def weighted_cross_entropy(smoothing):
    def loss(outputs, labels):
        weights = torch.tensor(CLASS_WEIGHTS, dtype=outputs.dtype)
        return functional.cross_entropy(outputs, labels, weights, label_smoothing=smoothing)

    return loss


def soft_cross_entropy(smoothing):
    return lambda outputs, wanted: functional.cross_entropy(outputs, wanted, label_smoothing=smoothing)


def huber(outputs, wanted):
    return functional.huber_loss(outputs, wanted, delta=0.5)


LOSSES = {  # name: function, kind of targets, learning rate of its run
    "mean_absolute_error": (functional.l1_loss, "values", 0.1),
    "huber": (huber, "values", 0.5),
    "hinge": (hinge, "signs", 0.2),
    "weighted": (weighted_cross_entropy(0.0), "labels", 0.1),
    "weighted_smoothed": (weighted_cross_entropy(0.1), "labels", 0.1),
    "soft": (soft_cross_entropy(0.0), "probabilities", 0.1),
    "soft_smoothed": (soft_cross_entropy(0.1), "probabilities", 0.1),
}


def make_loss_runs():
    runs = Runs("losses", 300)
    recipes = {n: Recipe(optimizer=sgd(lr), loss=loss, targets=kind) for n, (loss, kind, lr) in LOSSES.items()}
    runs.add("tiny", tiny, recipes)
    runs.add("wide", wide, recipes)
    runs.write()


# --- weights: normalization, penalties, decay, constraints --------------------------------------------


def weight_normed():
    return nn.Sequential(
        weight_norm(nn.Linear(20, 33)), nn.Tanh(), weight_norm(nn.Linear(33, 21)), nn.Tanh(), nn.Linear(21, 5))


def weight_normed_wide():
    return nn.Sequential(weight_norm(nn.Linear(20, 80)), nn.Tanh(), weight_norm(nn.Linear(80, 5)))


def per_layer(network):
    """L2<1e-2> in the first Linear's list, L1<1e-3> in the last one's, L2<1e-3> for the rest."""
    first, *rest, last = (m.weight for m in linears(network))
    return 0.5e-2 * (first**2).sum() + 0.5e-3 * sum((w**2).sum() for w in rest) + 1e-3 * last.abs().sum()


def decay(rate, lr):
    """Decoupled: w <- (1 - lr rate) w before the step, weights only."""
    def shrink(network):
        with torch.no_grad():
            for linear in linears(network):
                linear.weight.mul_(1 - lr * rate)

    return shrink


def make_weight_runs():
    recipes = {
        "l1": Recipe(penalty=l1(1e-3)),
        "elastic_net": Recipe(penalty=elastic_net(1e-3, 1e-2)),
        "per_layer": Recipe(penalty=per_layer),
        "decay_sgd": Recipe(before_step=decay(0.05, 0.1)),
        "decay_adam": Recipe(optimizer=adam(), before_step=decay(0.05, 0.01)),
        "max_norm": Recipe(project=max_norm(0.8)),
        "max_norm_adam": Recipe(optimizer=adam(), project=max_norm(0.8)),
        "unit_norm": Recipe(project=unit_norm),
        "non_negative": Recipe(project=non_negative),
    }
    normed_recipes = {
        "sgd": Recipe(), "adam": Recipe(optimizer=adam()), "l2": Recipe(penalty=l2(1e-2)),
        "l2_adam": Recipe(optimizer=adam(), penalty=l2(1e-2))}
    runs = Runs("weights", 400)
    runs.add("narrow", narrow, recipes)
    runs.add("wide", wide, recipes)
    runs.add("weight_norm", weight_normed, normed_recipes)
    runs.add("weight_norm_wide", weight_normed_wide, normed_recipes)
    runs.write()


def make_runs():
    store_data()
    make_norm_runs()
    make_optimizer_runs()
    make_loss_runs()
    make_weight_runs()
    make_structure_runs()
