#!/usr/bin/env python3
"""Writes sound_augmentation.safetensors and spectrograms.safetensors: sounds as scipy, torchaudio and
audiomentations change them, and their spectrograms as librosa and torch make them.

    pip install torch==2.14.1 torchaudio==2.11.1 audiomentations==0.43.1 librosa==0.11.0 scipy==1.17.1 safetensors numpy
    python tests/golden/make_sound_augmentation.py

All compute in float64, but audiomentations.
"""

import audiomentations
import librosa
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


def spectrograms(sound):
    """A chirp with noise, so that bands have what to tell apart, of a second half in near silence."""
    def powers(frame, hop, window, power=2):
        return np.abs(librosa.stft(sound, n_fft=frame, hop_length=hop, win_length=window, pad_mode="reflect")) ** power

    def mels(powers, frame, **options):
        return librosa.filters.mel(sr=RATE, n_fft=frame, dtype=np.float64, **options) @ powers

    made = {"sound": sound}
    made["powers"] = powers(64, 16, 64)
    made["magnitudes"] = powers(60, 25, 40, 1)  # 2^2 * 3 * 5
    made["prime"] = powers(14, 9, 14)  # 2 * 7
    window = torch.hann_window(45, dtype=torch.float64)
    spectra = torch.stft(torch.from_numpy(sound), 45, 20, 45, window, center=True, pad_mode="reflect", return_complex=True)
    made["odd"] = spectra.abs().numpy() ** 2  # of which librosa has a frame more
    made["mels"] = mels(powers(256, 64, 256), 256, n_mels=20)
    made["htk"] = mels(powers(256, 64, 256), 256, n_mels=12, fmin=100, fmax=3000, htk=True, norm=None)
    made["decibels"] = librosa.power_to_db(made["mels"], top_db=80)
    made["decibels_of_magnitudes"] = librosa.amplitude_to_db(made["magnitudes"], ref=1.0, amin=1e-3, top_db=30)
    made["log"] = np.log(np.maximum(made["mels"], 1e-6))
    made["coefficients"] = librosa.feature.mfcc(S=made["decibels"], n_mfcc=13)
    store("spectrograms", {name: torch.from_numpy(value) for name, value in made.items()}, {"librosa": librosa.__version__})


def main():
    sound = float32_values(np.random.default_rng(5).uniform(-1, 1, (CHANNELS, LENGTH))).numpy()
    tensors["sound"] = torch.from_numpy(sound)
    filters(sound)
    samples(sound)
    VERSIONS["generator"] = "tests/golden/make_sound_augmentation.py"
    store("sound_augmentation", tensors, {"scipy": scipy.__version__, "torchaudio": torchaudio.__version__.split("+")[0],
                                          "audiomentations": audiomentations.__version__})
    chirp = signal.chirp(np.arange(500) / RATE, 200, 500 / RATE, 3500)
    chirp += 0.01 * np.random.default_rng(6).standard_normal(500)
    chirp[250:] *= 1e-4
    spectrograms(float32_values(chirp).numpy())


if __name__ == "__main__":
    main()
