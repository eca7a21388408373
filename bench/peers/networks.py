"""The networks that are compared: those of bench/networks.hpp and bench/space_networks.hpp."""

from typing import NamedTuple


class Linear(NamedTuple):
    outputs: int


class Conv(NamedTuple):
    channels: int
    kernel: int
    stride: int = 1
    padding: int = 0


class MaxPool(NamedTuple):
    size: int


class Dropout(NamedTuple):
    rate: float


class Residual(NamedTuple):
    """The sum of what the items make of the input and what the shortcut makes of it: without items, itself."""

    items: tuple
    shortcut: tuple = ()


# Items without numbers.
BATCH_NORM, RELU, TANH, FLATTEN, GLOBAL_MEAN = "batch_norm", "relu", "tanh", "flatten", "global_mean"


class Network(NamedTuple):
    name: str
    input: tuple  # extents of a sample, channels first
    items: tuple
    steps: tuple  # batches that a training step is measured with
    inferences: tuple = (1,)
    adam: bool = False  # otherwise SGD with a momentum of 0.9
    learning_rate: float = 0.01
    smoothing: float = 0.0  # of labels
    penalty: float = 0.0  # lambda / 2 * sum of squared weights


def conv3(channels, stride=1):
    return Conv(channels, 3, stride, padding=1), BATCH_NORM


def dense(outputs):
    return Linear(outputs), BATCH_NORM, RELU, Dropout(0.2)


def block(channels):
    return Residual((*conv3(channels), RELU, *conv3(channels)))


def down(channels):
    return Residual((*conv3(channels, 2), RELU, *conv3(channels)), (Conv(channels, 1, 2), BATCH_NORM))


NETWORKS = (
    Network(
        "classifier",
        (784,),
        (*dense(512), *dense(256), Linear(10)),
        steps=(32, 128, 512),
        inferences=(1, 128),
        learning_rate=1e-3,
        smoothing=0.1,
        penalty=5e-4,
    ),
    Network(
        "LeNet-5",
        (1, 28, 28),
        (Conv(6, 5), RELU, MaxPool(2), Conv(16, 5), RELU, MaxPool(2), FLATTEN)
        + (Linear(120), RELU, Linear(84), RELU, Linear(10)),
        steps=(128,),
        adam=True,
        learning_rate=1e-3,
    ),
    Network(
        "VGG",
        (1, 28, 28),
        (*conv3(32), RELU, *conv3(32), RELU, MaxPool(2), *conv3(64), RELU, *conv3(64), RELU, MaxPool(2))
        + (FLATTEN, *dense(128), Linear(10)),
        steps=(128,),
    ),
    Network(
        "ResNet",
        (3, 32, 32),
        (*conv3(16), RELU, block(16), RELU, down(32), RELU, down(64), RELU, GLOBAL_MEAN, Linear(10)),
        steps=(128,),
    ),
    Network(
        "signal",
        (1, 2048),
        (Conv(16, 9, padding=4), TANH) * 4 + (GLOBAL_MEAN, Linear(10)),
        steps=(16,),
    ),
)


class Case(NamedTuple):
    network: Network
    training: bool  # a step, or inference
    batch: int

    @property
    def name(self):
        return f"{self.network.name} {'step' if self.training else 'inference'} {self.batch}"


CASES = {
    case.name: case
    for network in NETWORKS
    for training, batches in ((True, network.steps), (False, network.inferences))
    for case in (Case(network, training, batch) for batch in batches)
}


def with_bias(items):
    """Each item, and whether it has a bias: not before a normalization that takes it away again."""
    for item, following in zip(items, (*items[1:], None)):
        yield item, following != BATCH_NORM
