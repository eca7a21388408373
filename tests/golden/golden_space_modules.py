"""Modules for images and signals that PyTorch has not as one module, and what chooses among near values."""

import torch
from torch import nn
from torch.nn import functional


class Shaped(nn.Sequential):
    """A network that takes the first numbers of each row, as many as its input's shape has, in that shape."""

    def __init__(self, shape, *items):
        super().__init__(*items)
        self.shape = shape

    def forward(self, rows):
        count = torch.Size(self.shape).numel()
        return super().forward(rows[:, :count].reshape(-1, *self.shape))


class CausalConv1d(nn.Conv1d):
    """Zeros in front alone: no output sees an input behind it. As many outputs as inputs, with stride 1."""

    def forward(self, x):
        in_front = self.dilation[0] * (self.kernel_size[0] - 1)
        return super().forward(functional.pad(x, (in_front, 0)))


class GlobalAvgPool(nn.Module):
    def forward(self, x):
        return x.flatten(2).mean(2)


class GlobalMaxPool(nn.Module):
    def forward(self, x):
        return x.flatten(2).amax(2)


class PerPosition(nn.LayerNorm):
    """LayerNorm over the channels of each position, as ConvNeXt's for (batch, C, H, W)."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class Crop(nn.Module):
    """Cuts off lines at the top and the bottom, columns at the left and the right."""

    def __init__(self, top, bottom, left, right):
        super().__init__()
        self.sides = top, bottom, left, right

    def forward(self, x):
        top, bottom, left, right = self.sides
        return x[:, :, top:x.shape[2] - bottom, left:x.shape[3] - right]


class ClosestDecision:
    """The least distance to another decision in all that float64 networks computed inside the `with`: of a ReLU's
    input to 0, of a window's largest value to its second. A run that comes too close says nothing about float32
    arithmetic, which may decide otherwise."""

    def __enter__(self):
        self.distance = float("inf")
        self.handle = nn.modules.module.register_module_forward_hook(self.look)
        return self

    def __exit__(self, *_):
        self.handle.remove()

    def look(self, module, inputs, output):
        x = inputs[0].detach()
        if x.dtype != torch.float64:
            return
        if isinstance(module, nn.ReLU):
            self.distance = min(self.distance, float(x.abs().min()))
        elif isinstance(module, nn.MaxPool2d):
            self.windows(x, module.kernel_size, module.stride, module.padding)
        elif isinstance(module, nn.MaxPool1d):
            self.windows(x[:, :, None], (1, module.kernel_size), (1, module.stride), (0, module.padding))
        elif isinstance(module, GlobalMaxPool):
            positions = x.flatten(2)[:, :, None]
            self.windows(positions, positions.shape[2:], 1, 0)

    def windows(self, x, kernel, stride, padding):
        up, left = (padding, padding) if isinstance(padding, int) else padding
        padded = functional.pad(x, (left, left, up, up), value=-1e9)
        values = functional.unfold(padded.reshape(-1, 1, *padded.shape[2:]), kernel, stride=stride)
        largest, second = values.topk(2, dim=1).values.unbind(1)
        # Among zeros behind a ReLU, none has a gradient.
        distances = (largest - second)[largest != 0]
        if distances.numel() > 0:
            self.distance = min(self.distance, float(distances.min()))
