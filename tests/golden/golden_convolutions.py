"""The runs of 10 steps of convolutions, pools and blocks of them. Each network stands in
tests/train/test_golden_{convolutions,pools,convolution_blocks}.cpp as a type."""

from torch import nn

from golden_images import ImageRuns
from golden_modules import Branch, Concat, Residual, Shortcut, l2, linears, max_norm, weight_norm
from golden_runs import Recipe, adam, sgd
from golden_space_modules import CausalConv1d, GlobalAvgPool, Shaped


def flat(features):
    """The end of most networks."""
    return nn.Flatten(), nn.Linear(features, 5)


# --- convolutions ----------------------------------------------------------------------------------


def padded():
    return Shaped((1, 5, 7), nn.Conv2d(1, 4, 3, padding=1), nn.Tanh(), *flat(4 * 5 * 7))


def unpadded():
    """The second kernel is as high as its input."""
    return Shaped((2, 9, 11), nn.Conv2d(2, 3, 5), nn.Tanh(), nn.Conv2d(3, 4, 5), nn.Tanh(), *flat(4 * 1 * 3))


def wide():
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 17, 3, padding=1), nn.Tanh(), nn.Conv2d(17, 33, 3, padding=1), nn.Tanh(),
        GlobalAvgPool(), nn.Linear(33, 5))


def uneven():
    """In the first, no window reads the last line of padding."""
    numbers = {"kernel_size": (2, 3), "stride": (2, 1), "padding": (1, 0)}
    return Shaped(
        (2, 7, 9), nn.Conv2d(2, 4, **numbers), nn.Tanh(), nn.Conv2d(4, 3, **numbers), nn.Tanh(), *flat(3 * 3 * 5))


def strided():
    return Shaped(
        (2, 9, 11), nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.Tanh(),
        nn.Conv2d(4, 5, 3, stride=2, padding=1), nn.Tanh(), *flat(5 * 3 * 3))


def gaps():
    """No tap of the second reads every third line and column."""
    return Shaped(
        (2, 5, 8), nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(), nn.Conv2d(4, 5, 2, stride=3), nn.Tanh(),
        *flat(5 * 2 * 3))


def dilated():
    return Shaped(
        (2, 7, 9), nn.Conv2d(2, 3, 3, dilation=2, padding=2), nn.Tanh(), nn.Conv2d(3, 4, 3, dilation=(2, 3)),
        nn.Tanh(), *flat(4 * 3 * 3))


def pointwise():
    return Shaped(
        (3, 5, 7), nn.Conv2d(3, 6, 1), nn.Tanh(), nn.Conv2d(6, 4, 1, stride=2, bias=False), nn.Tanh(),
        *flat(4 * 3 * 4))


def same():
    """Even kernels have one zero more at the bottom and at the right."""
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 3, 3, padding="same", bias=False), nn.Tanh(),
        nn.Conv2d(3, 4, (4, 2), padding="same"), nn.Tanh(), *flat(4 * 5 * 7))


def causal():
    return Shaped(
        (3, 17), CausalConv1d(3, 5, 3), nn.Tanh(), CausalConv1d(5, 4, 2, dilation=3), nn.Tanh(), *flat(4 * 17))


def strided_signal():
    return Shaped(
        (3, 17), nn.Conv1d(3, 4, 5, stride=2, padding=2), nn.Tanh(), nn.Conv1d(4, 5, 3, stride=2), nn.Tanh(),
        *flat(5 * 4))


# --- pools -----------------------------------------------------------------------------------------


def flattened():
    return Shaped((3, 4, 5), nn.Flatten(), nn.Linear(60, 8), nn.Tanh(), nn.Linear(8, 5))


def max_pool():
    """No window of the second reads the last line."""
    return Shaped(
        (2, 8, 10), nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(4, 5, 2), nn.MaxPool2d(2),
        *flat(5 * 1 * 2))


def overlapping():
    """Values that are all negative in a window at the edge: padding is less than any of them."""
    return Shaped(
        (2, 9, 11), nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(3, stride=2, padding=1), nn.Tanh(),
        nn.Conv2d(4, 5, 3, padding=1), nn.MaxPool2d(3, stride=1), *flat(5 * 3 * 4))


def avg_pool():
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(), nn.AvgPool2d(3, stride=2, padding=1),
        nn.Conv2d(4, 5, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2), *flat(5 * 1 * 2))


def signal_pools():
    return Shaped(
        (3, 17), nn.Conv1d(3, 4, 3, padding=1), nn.MaxPool1d(3, stride=2, padding=1), nn.Tanh(),
        nn.Conv1d(4, 5, 2), nn.Tanh(), nn.AvgPool1d(2), *flat(5 * 4))


def lenet():
    return Shaped(
        (1, 12, 12), nn.Conv2d(1, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 5))


# --- blocks: norms, structures, rules of weights -----------------------------------------------------


def batch_norm():
    return Shaped(
        (2, 6, 8), nn.Conv2d(2, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 17, 3, padding=1, bias=False), nn.BatchNorm2d(17), nn.ReLU(), GlobalAvgPool(),
        nn.Linear(17, 5))


def bare_batch_norm():
    return Shaped((2, 5, 7), nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), *flat(4 * 3 * 5))


def residual():
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 6, 3, padding=1), nn.Tanh(),
        Residual(
            nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(),
            nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)),
        nn.ReLU(), GlobalAvgPool(), nn.Linear(6, 5))


def downsampling():
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(),
        Residual(
            nn.Conv2d(4, 7, 3, stride=2, padding=1), nn.Tanh(), nn.Conv2d(7, 7, 3, padding=1),
            Shortcut(nn.Conv2d(4, 7, 1, stride=2, bias=False))),
        nn.Tanh(), *flat(7 * 3 * 4))


def concat():
    return Shaped(
        (2, 5, 7), nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(),
        Concat(
            Branch(nn.Conv2d(4, 3, 1), nn.Tanh()), Branch(nn.Conv2d(4, 5, 3, padding=1), nn.Tanh()), Branch()),
        nn.Conv2d(12, 3, 3), nn.Tanh(), *flat(3 * 3 * 5))


def weight_normed():
    return Shaped(
        (2, 5, 7), weight_norm(nn.Conv2d(2, 4, 3, padding=1)), nn.Tanh(), weight_norm(nn.Conv2d(4, 5, 3)), nn.Tanh(),
        *flat(5 * 3 * 5))


def ruled():
    return Shaped((2, 5, 7), nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(), nn.Conv2d(4, 5, 3), nn.Tanh(), *flat(75))


def l2_of_first(network):
    """L2<1e-1> in the list of the first convolution, L2<1e-2> for the rest."""
    first, *rest = (m.weight for m in linears(network))
    return 0.5e-1 * (first**2).sum() + 0.5e-2 * sum((w**2).sum() for w in rest)


def make_convolution_runs():
    runs = ImageRuns("convolutions", 1000)
    usual = Recipe(optimizer=sgd(0.05))
    for build in (
            padded, unpadded, wide, uneven, gaps, dilated, pointwise, same, causal, strided_signal, flattened, max_pool,
            overlapping, avg_pool, signal_pools, lenet, batch_norm, bare_batch_norm, residual, downsampling, concat):
        runs.add(build.__name__, build, {"sgd": usual})
    runs.add("strided", strided, {"sgd": usual, "adam": Recipe(optimizer=adam())})
    runs.add("weight_norm", weight_normed, {"sgd": usual, "l2": Recipe(optimizer=sgd(0.05), penalty=l2(1e-1))})
    runs.add("rules", ruled, {
        "l2": Recipe(optimizer=sgd(0.05), penalty=l2_of_first),
        "max_norm": Recipe(optimizer=sgd(0.05), project=max_norm(0.8))})
    runs.write()
