#!/usr/bin/env python3
"""Writes sound_augmentation.safetensors: sounds as scipy, torchaudio and audiomentations change them.

    pip install torch==2.14.1 torchaudio==2.11.1 audiomentations==0.43.1 librosa==0.11.0 scipy==1.17.1 safetensors numpy
    python tests/golden/make_sound_augmentation.py

scipy and numpy compute in float64.
"""

import audiomentations
import numpy as np
import scipy
import torch
import torchaudio
from scipy import signal

from golden_storage import VERSIONS, float32_values, store

CHANNELS, LENGTH, RATE = 2, 200, 8000

tensors = {}


def filters(sound):
    for kind, short in (("lowpass", "low"), ("highpass", "high")):
        for order, cutoff in ((1, 900), (2, 900), (3, 2500), (4, 120), (8, 900)):
            sections = signal.butter(order, cutoff, kind, fs=RATE, output="sos")
            tensors[f"{short}_pass_{order}_{cutoff}"] = torch.from_numpy(signal.sosfilt(sections, sound))


def samples(sound):
    def by(transform, **parameters):
        transform.parameters = {"should_apply": True, **parameters}
        return torch.from_numpy(transform.apply(sound.astype(np.float32), RATE))

    tensors["gain_-7.5"] = by(audiomentations.Gain(), amplitude_ratio=audiomentations.core.utils.convert_decibels_to_amplitude_ratio(-7.5))
    for rollover in (True, False):
        for places in (30, -45):
            shift = audiomentations.Shift(shift_unit="fraction", rollover=rollover, fade_duration=0.0)
            name = "wrapped" if rollover else "silent"
            tensors[f"shift_{name}_{places}"] = by(shift, shift_amount=places / LENGTH)
    tensors["time_mask"] = by(audiomentations.TimeMask(fade_duration=0.0), t0=50, t=33)
    tensors["fade"] = torchaudio.transforms.Fade(40, 25, "linear")(torch.from_numpy(sound))


def main():
    sound = float32_values(np.random.default_rng(5).uniform(-1, 1, (CHANNELS, LENGTH))).numpy()
    tensors["sound"] = torch.from_numpy(sound)
    filters(sound)
    samples(sound)
    VERSIONS["generator"] = "tests/golden/make_sound_augmentation.py"
    store("sound_augmentation", tensors, {"scipy": scipy.__version__, "torchaudio": torchaudio.__version__.split("+")[0],
                                          "audiomentations": audiomentations.__version__})


if __name__ == "__main__":
    main()
