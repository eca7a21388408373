"""Modules and rules that PyTorch has not, or not under the tensor names that lamina uses."""

import math

import torch
from torch import nn

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)


class RunningBatchNorm(nn.Module):
    """fastai's running batch normalization (course-v3, lesson 10), its two step counters as one.

    Sums, squares and count are averaged from 0 and carried over the batches, and normalize in training
    as in inference. The gradient goes through the present batch's sums, not through older ones. Too few
    samples make a poor variance: it is at least 0.01 until 20 samples were seen, the present ones included.
    """

    def __init__(self, features, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("sums", torch.zeros(features))
        self.register_buffer("squares", torch.zeros(features))
        self.register_buffer("count", torch.zeros(()))
        self.register_buffer("samples", torch.zeros((), dtype=torch.int64))

    def update(self, x):
        rows = x.shape[0]
        newest = 1 - (1 - self.momentum) / math.sqrt(rows - 1)
        self.sums = torch.lerp(self.sums.detach(), x.sum(0), newest)
        self.squares = torch.lerp(self.squares.detach(), (x * x).sum(0), newest)
        self.count = torch.lerp(self.count, torch.full_like(self.count, rows), newest)
        self.samples = self.samples + rows

    def forward(self, x):
        if self.training:
            self.update(x)
        means = self.sums / self.count
        variances = self.squares / self.count - means * means
        if self.samples < 20:
            variances = variances.clamp_min(0.01)
        return (x - means) / (variances + self.eps).sqrt() * self.weight + self.bias


class Shortcut(nn.Sequential):
    """The way past a residual's body, where the body changes the shape; last in its list."""


class Residual(nn.Sequential):
    def forward(self, x):
        items = list(self)
        past = items.pop()(x) if isinstance(items[-1], Shortcut) else x
        for item in items:
            x = item(x)
        return x + past


class Branch(nn.Sequential):
    """Items of a Concat; none at all is the identity."""


class Concat(nn.Sequential):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], dim=1)


def repeat(times, make_items):
    """The items once for each time, each time with parameters of their own."""
    return nn.Sequential(*(item for _ in range(times) for item in make_items()))


def weight_norm(layer):
    return nn.utils.weight_norm(layer, dim=0)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2, without decay."""

    def __init__(self, parameters, lr, betas):
        super().__init__(parameters, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.sub_(group["lr"] * torch.sign(beta1 * m + (1 - beta1) * p.grad))
                m.mul_(beta2).add_((1 - beta2) * p.grad)


def linears(network):
    """The layers whose weights rules act on."""
    return [m for m in network.modules() if isinstance(m, (nn.Linear, *CONVOLUTIONS))]


# --- penalties: a term of the loss, on the weights that multiply (with WeightNorm the effective ones) ---


def l1(rate):
    return lambda network: rate * sum(m.weight.abs().sum() for m in linears(network))


def l2(rate):
    return lambda network: rate / 2 * sum((m.weight**2).sum() for m in linears(network))


def elastic_net(rate1, rate2):
    return lambda network: l1(rate1)(network) + l2(rate2)(network)


# --- constraints: projections of the incoming weights of each unit, after the step ---------------------


def norms_of_units(weight):
    return weight.flatten(1).norm(dim=1).reshape(-1, *(1 for _ in weight.shape[1:]))


def max_norm(most):
    def project(weight):
        weight.mul_((most / norms_of_units(weight)).clamp_max(1))

    return project


def unit_norm(weight):
    weight.div_(norms_of_units(weight))


def non_negative(weight):
    weight.clamp_min_(0)
