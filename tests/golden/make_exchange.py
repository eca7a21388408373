"""Writes exchange/*.safetensors: models as users of PyTorch save them, and what they compute.

Made with Python 3.11, torch 2.13.0, numpy 2.4.6, safetensors 0.8.0:

    pip install torch==2.13.0 numpy safetensors
    python make_exchange.py

`python make_exchange.py check FOLDER` is the way back: PyTorch loads what lamina has saved there,
every name of it and no other, and computes the outputs that lamina did. FOLDER is what
`tests '[exchange]'` leaves behind where LAMINA_EXCHANGE names it.

tests/io/test_bias_before_batch_norm.cpp, test_num_batches_tracked.cpp and test_load_images.cpp read
them. `outputs` has `inputs` (5, 3), and for every model its outputs in evaluation mode, in float64
from the float32 numbers of its file; `image_outputs` the same of models of images, (5, 1, 12, 12).
"""

import pathlib
import sys

import torch
from torch import nn
from safetensors.torch import load_file, save_file

FOLDER = pathlib.Path(__file__).resolve().parent / "exchange"


def plain():
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def no_affine():
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4, affine=False), nn.ReLU(), nn.Linear(4, 2))


def weight_norm():
    return nn.Sequential(nn.utils.weight_norm(nn.Linear(3, 4)), nn.BatchNorm1d(4), nn.ReLU(),
                         nn.Linear(4, 2))


def parametrized():
    return nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(3, 4)), nn.BatchNorm1d(4),
                         nn.ReLU(), nn.Linear(4, 2))


class Concat(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        for i, branch in enumerate(branches):
            self.add_module(str(i), branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


def concat():
    branches = [nn.Sequential(nn.Linear(3, 2)), nn.Sequential(nn.Linear(3, 2))]
    return nn.Sequential(Concat(*branches), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


MODELS = {"plain": plain, "no_affine": no_affine, "weight_norm": weight_norm, "concat": concat}


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10))


def image_batch_norm():
    """As is usual, the convolutions before it may have biases."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Linear(6, 10))


def element_norm():
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, stride=2), nn.LayerNorm((3, 5, 5)), nn.Tanh(), nn.Conv2d(3, 17, 3),
        nn.LayerNorm((17, 3, 3)), nn.GELU(), nn.Flatten(), nn.Linear(153, 10))


IMAGE_MODELS = {"lenet": lenet, "image_batch_norm": image_batch_norm, "element_norm": element_norm}


class Wrapped(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)


def trained(make, seed, shape=(3,), classes=2, rate=0.5):
    """A few steps, so that biases, averages and all else are off where they start."""
    torch.manual_seed(seed)
    model = make()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(5):
        optimizer.zero_grad()
        outputs = model(3 + 2 * torch.randn(16, *shape))
        loss = nn.functional.cross_entropy(outputs, torch.randint(classes, (16,)))
        loss.backward()
        optimizer.step()
    return model


def outputs_of(model, inputs):
    with torch.no_grad():
        return model.double().eval()(inputs.double())


def make():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(1)
    found = {"inputs": 3 + 2 * torch.randn(5, 3)}
    for seed, (name, build) in enumerate(MODELS.items()):
        model = trained(build, seed)
        save_file(model.state_dict(), FOLDER / f"{name}.safetensors")
        if name == "plain":
            state = model.state_dict()
            save_file(nn.DataParallel(Wrapped(model)).state_dict(), FOLDER / "wrapped.safetensors")
            counter = "1.num_batches_tracked"
            save_file({k: v for k, v in state.items() if k != counter},
                      FOLDER / "no_counter.safetensors")
            for kind in (torch.int32, torch.uint8, torch.float32, torch.bfloat16):
                text = str(kind).removeprefix("torch.")
                save_file({**state, counter: state[counter].to(kind)},
                          FOLDER / f"counter_{text}.safetensors")
            save_file({**{f"backbone.{k}": v.clone() for k, v in state.items()},
                       "head.weight": torch.ones(2)}, FOLDER / "backbone.safetensors")
        found[name] = outputs_of(model, found["inputs"]).float()
    model = trained(parametrized, 7)  # names that are read and not written
    save_file(model.state_dict(), FOLDER / "parametrized.safetensors")
    found["parametrized"] = outputs_of(model, found["inputs"]).float()
    save_file(found, FOLDER / "outputs.safetensors")
    make_images()


def make_images():
    torch.manual_seed(2)
    found = {"inputs": 3 + 2 * torch.randn(5, 1, 12, 12)}
    for seed, (name, build) in enumerate(IMAGE_MODELS.items()):
        model = trained(build, 10 + seed, (1, 12, 12), 10, 0.05)
        save_file(model.state_dict(), FOLDER / f"{name}.safetensors")
        found[name] = outputs_of(model, found["inputs"]).float()
    save_file(found, FOLDER / "image_outputs.safetensors")


def check(folder):
    for name, build in {**MODELS, **IMAGE_MODELS}.items():
        model = build()
        model.load_state_dict(load_file(folder / f"{name}.safetensors"))  # strictly
        found = load_file(folder / f"{name}_outputs.safetensors")
        worst = (outputs_of(model, found["inputs"]) - found["outputs"]).abs().max().item()
        print(f"{name}: the same names; outputs differ by {worst:.1e} at most")
        assert worst < 1e-5


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        check(pathlib.Path(sys.argv[2]))
    else:
        make()
