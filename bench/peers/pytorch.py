#!/usr/bin/env python3
"""PyTorch, eager or with --compiled through torch.compile: see measuring.py."""

import measuring

options = measuring.begin()

import networks
import torch
from torch import nn

torch.set_num_threads(options.threads)
torch.manual_seed(42)


class Residual(nn.Module):
    def __init__(self, items, shortcut):
        super().__init__()
        self.items, self.shortcut = items, shortcut

    def forward(self, x):
        return self.items(x) + self.shortcut(x)


class GlobalMean(nn.Module):
    def forward(self, x):
        return x.flatten(2).mean(2)


class Builder:
    """Layers of items; counts channels on the way."""

    def __init__(self, extents):
        self.channels, self.axes = extents[0], len(extents) - 1

    def sequence(self, items):
        return nn.Sequential(*(self.layer(item, bias) for item, bias in networks.with_bias(items)))

    def layer(self, item, bias):
        before = self.channels
        match item:
            case networks.Linear(outputs):
                self.channels, self.axes = outputs, 0
                return nn.Linear(before, outputs, bias=bias) if before else nn.LazyLinear(outputs, bias=bias)
            case networks.Conv(channels, kernel, stride, padding):
                self.channels = channels
                kind = nn.Conv2d if self.axes == 2 else nn.Conv1d
                return kind(before, channels, kernel, stride, padding, bias=bias)
            case networks.MaxPool(size):
                return nn.MaxPool2d(size)
            case networks.Dropout(rate):
                return nn.Dropout(rate)
            case networks.Residual(items, shortcut):
                inner = self.sequence(items)
                after, self.channels = self.channels, before
                around = self.sequence(shortcut)
                self.channels = after
                return Residual(inner, around)
            case networks.BATCH_NORM:
                return (nn.BatchNorm2d if self.axes == 2 else nn.BatchNorm1d)(before)
            case networks.FLATTEN:
                self.channels = 0  # PyTorch counts them
                return nn.Flatten()
            case networks.GLOBAL_MEAN:
                return GlobalMean()
            case networks.RELU:
                return nn.ReLU()
            case networks.TANH:
                return nn.Tanh()


def optimizer_of(network, model):
    if network.adam:
        return torch.optim.Adam(model.parameters(), lr=network.learning_rate, fused=True)
    weights = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in model.parameters() if parameter.dim() <= 1]
    groups = [{"params": weights, "weight_decay": network.penalty}, {"params": others}]
    return torch.optim.SGD(groups, lr=network.learning_rate, momentum=0.9, fused=True)


def prepare(case):
    network = case.network
    model = Builder(network.input).sequence(network.items)
    inputs = torch.randn(case.batch, *network.input)
    with torch.no_grad():
        model(inputs.expand(2, *network.input) if case.batch == 1 else inputs)  # makes the lazy layers
    if len(network.input) == 3:  # quicker here than channels first by a third
        model = model.to(memory_format=torch.channels_last)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    called = torch.compile(model) if options.compiled else model
    if not case.training:
        model.eval()

        def infer():
            with torch.inference_mode():
                return called(inputs)

        return infer

    labels = torch.arange(case.batch) % 10
    loss_of = nn.CrossEntropyLoss(label_smoothing=network.smoothing)
    optimizer = optimizer_of(network, model)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(called(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


kind = "torch.compile" if options.compiled else "PyTorch"
measuring.serve(options, f"{kind} {torch.__version__.split('+')[0]}", prepare)
