"""The runs of 10 steps of what else there is over space: groups, transposed convolutions, other sizes, norms. Each
network stands in tests/train/test_golden_{space,space_norms}.cpp as a type."""

from torch import nn

from golden_convolutions import flat
from golden_images import ImageRuns
from golden_modules import Residual
from golden_runs import Recipe, sgd
from golden_space_modules import CausalConv1d, Crop, GlobalMaxPool, PerPosition, Shaped


def convolution(channels, outputs, **others):
    """3x3, with as many outputs as inputs."""
    return nn.Conv2d(channels, outputs, 3, padding=1, **others)


# --- convolutions ----------------------------------------------------------------------------------


def grouped():
    return Shaped(
        (4, 5, 7), convolution(4, 6, groups=2), nn.Tanh(), nn.Conv2d(6, 9, 3, groups=3), nn.Tanh(), *flat(9 * 3 * 5))


def depthwise():
    """One channel a group; then two outputs of each."""
    return Shaped(
        (3, 5, 7), convolution(3, 17, bias=False), nn.Tanh(), convolution(17, 17, groups=17), nn.Tanh(),
        nn.Conv2d(17, 34, 3, stride=2, groups=17), nn.Tanh(), *flat(34 * 2 * 3))


def transposed():
    return Shaped(
        (3, 2, 3), nn.ConvTranspose2d(3, 4, 2, stride=2), nn.Tanh(),
        nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1), nn.Tanh(), *flat(3 * 8 * 12))


def transposed_uneven():
    """In the first, windows leave lines out; stride 1 in the second."""
    return Shaped(
        (3, 2, 3), nn.ConvTranspose2d(3, 4, (2, 3), stride=(3, 2), padding=(0, 1)), nn.Tanh(),
        nn.ConvTranspose2d(4, 3, 3, bias=False), nn.Tanh(), *flat(3 * 7 * 7))


def transposed_normed():
    return Shaped(
        (3, 2, 3), nn.utils.weight_norm(nn.ConvTranspose2d(3, 4, 3, stride=2), dim=1), nn.Tanh(),
        nn.utils.weight_norm(nn.ConvTranspose2d(4, 2, 2), dim=1), nn.Tanh(), *flat(2 * 6 * 8))


# --- sizes -----------------------------------------------------------------------------------------


def nearest():
    return Shaped(
        (2, 3, 4), convolution(2, 4), nn.Tanh(), nn.Upsample(scale_factor=2), nn.Conv2d(4, 3, 3), nn.Tanh(),
        *flat(3 * 4 * 6))


def bilinear():
    return Shaped(
        (2, 3, 4), convolution(2, 4), nn.Tanh(), nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Conv2d(4, 3, 3), nn.Tanh(), *flat(3 * 4 * 6))


def bilinear_by_three():
    return Shaped(
        (2, 3, 2), convolution(2, 4), nn.Tanh(), nn.Upsample(scale_factor=3, mode="bilinear"),
        nn.Conv2d(4, 3, 3), nn.Tanh(), *flat(3 * 7 * 4))


def pixel_shuffle():
    return Shaped(
        (2, 3, 4), convolution(2, 12), nn.PixelShuffle(2), nn.Tanh(), nn.Conv2d(3, 4, 3), nn.Tanh(), *flat(4 * 4 * 6))


def cropped():
    """1 line at the top, none at the bottom, 2 columns at the left, 1 at the right."""
    return Shaped(
        (2, 5, 7), convolution(2, 4), nn.Tanh(), Crop(1, 0, 2, 1), nn.Conv2d(4, 3, 3), nn.Tanh(), *flat(3 * 2 * 2))


def zero_padded():
    """As many and in the same order; ZeroPad2d takes left, right, top, bottom."""
    return Shaped(
        (2, 4, 5), convolution(2, 4), nn.Tanh(), nn.ZeroPad2d((2, 1, 1, 0)), nn.Conv2d(4, 3, 3), nn.Tanh(),
        *flat(3 * 3 * 6))


def reflected():
    return Shaped(
        (2, 4, 5), convolution(2, 4), nn.Tanh(), nn.ReflectionPad2d((2, 1, 1, 0)), nn.Conv2d(4, 3, 3), nn.Tanh(),
        *flat(3 * 3 * 6))


def adaptive():
    """Windows of uneven sizes that overlap: 3 of 5 lines, 4 of 7 columns."""
    return Shaped(
        (2, 5, 7), convolution(2, 4), nn.Tanh(), nn.AdaptiveAvgPool2d((3, 4)), nn.Conv2d(4, 3, 2), nn.Tanh(),
        *flat(3 * 2 * 3))


def global_max():
    return Shaped((2, 5, 7), convolution(2, 4), nn.Tanh(), nn.Conv2d(4, 17, 3), GlobalMaxPool(), nn.Linear(17, 5))


def uneven_pools():
    return Shaped(
        (2, 7, 9), convolution(2, 4), nn.MaxPool2d((2, 3), stride=(2, 1), padding=(0, 1)), nn.Tanh(),
        convolution(4, 5), nn.AvgPool2d((3, 2), stride=(1, 2), padding=(1, 0)), nn.Tanh(), *flat(5 * 3 * 4))


def uneven_steps():
    """Windows that do not overlap; the last column is left out."""
    return Shaped(
        (2, 6, 9), convolution(2, 17), nn.Tanh(), nn.MaxPool2d((3, 2)), convolution(17, 5), nn.Tanh(),
        nn.AvgPool2d((1, 2)), *flat(5 * 2 * 2))


# --- norms -----------------------------------------------------------------------------------------


def normed(norm, bias=True):
    return lambda: Shaped(
        (2, 5, 7), convolution(2, 6, bias=bias), norm(6), nn.Tanh(), nn.Conv2d(6, 18, 3, bias=bias), norm(18),
        nn.ReLU(), *flat(18 * 3 * 5))


def signal_block():
    return Shaped(
        (3, 17), nn.Conv1d(3, 6, 3, bias=False), nn.BatchNorm1d(6), nn.ReLU(),
        Residual(CausalConv1d(6, 6, 3, dilation=2), nn.Tanh()), GlobalMaxPool(), nn.Linear(6, 5))


def make_space_runs():
    runs = ImageRuns("space", 2000)
    usual = {"sgd": Recipe(optimizer=sgd(0.05))}
    for build in (
            grouped, depthwise, transposed, transposed_uneven, nearest, bilinear, bilinear_by_three, pixel_shuffle,
            cropped, zero_padded, reflected, adaptive, global_max):
        runs.add(build.__name__, build, usual)
    norms = {
        "instance_norm": normed(lambda n: nn.InstanceNorm2d(n, affine=True), bias=False),
        "group_norm_2": normed(lambda n: nn.GroupNorm(2, n)),
        "group_norm_3": normed(lambda n: nn.GroupNorm(3, n)),
        "layer_norm": normed(lambda n: nn.GroupNorm(1, n)),
        "per_position": normed(PerPosition),
    }
    for name, build in norms.items():
        runs.add(name, build, usual)
    runs.add("signal_block", signal_block, usual)
    runs.add("transposed_normed", transposed_normed, usual)
    runs.write()


def make_pool_runs():
    runs = ImageRuns("pools", 5000)
    for build in (uneven_pools, uneven_steps):
        runs.add(build.__name__, build, {"sgd": Recipe(optimizer=sgd(0.05))})
    runs.write()
