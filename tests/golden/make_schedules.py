"""Writes schedules.safetensors, which tests/train/test_schedules.cpp reads.

Made with Python 3.11, PyTorch 2.13.0, safetensors 0.8.0:

    pip install torch==2.13.0 safetensors
    python make_schedules.py

Learning rates of 12 epochs of 5 steps from a rate of 0.1: `step_decay`, `exponential` and `plateau` one an epoch,
`cosine` and `warm_up` one a step; `plateau.scores` is what the plateau is found in.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch.optim import lr_scheduler

EPOCHS, STEPS = 12, 5


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)


def rates(make, count, advance):
    sgd = optimizer()
    scheduler = make(sgd)
    found = []
    for i in range(count):
        found.append(sgd.param_groups[0]["lr"])
        sgd.step()
        advance(scheduler, i)
    return torch.tensor(found, dtype=torch.float64).float()


def main():
    scores = [1.0, 0.9, 0.95, 0.91, 0.92, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86]
    tensors = {
        "step_decay": rates(lambda o: lr_scheduler.StepLR(o, 3, 0.5), EPOCHS, lambda s, i: s.step()),
        "exponential": rates(lambda o: lr_scheduler.ExponentialLR(o, 0.8), EPOCHS, lambda s, i: s.step()),
        "cosine": rates(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2, 2, 0.01), EPOCHS * STEPS,
                        lambda s, i: s.step((i + 1) / STEPS)),
        "warm_up": rates(lambda o: lr_scheduler.LinearLR(o, 0.1, 1.0, 20), EPOCHS * STEPS, lambda s, i: s.step()),
        "plateau": rates(lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=0.01,
                                                                  threshold_mode="abs", cooldown=1, min_lr=0.02),
                         EPOCHS, lambda s, i: s.step(scores[i])),
        "plateau.scores": torch.tensor(scores),
    }
    save_file(tensors, pathlib.Path(__file__).with_name("schedules.safetensors"))


if __name__ == "__main__":
    main()
