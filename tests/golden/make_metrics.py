"""Writes metrics.safetensors, which tests/metrics/test_metrics.cpp and test_metrics_over_positions.cpp read.

Made with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1, scikit-image 0.26.0, safetensors 0.8.0:

    pip install numpy scikit-learn scikit-image safetensors
    python make_metrics.py

Scores are float32 numbers with ties; what scikit-learn and scikit-image find is computed in float64 and stored as F32.
"""

import pathlib

import numpy as np
import safetensors.numpy
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn import metrics


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def classes(random, rows, count, never=None):
    """Logits and labels of several classes; `never` is a class that no row has."""
    labels = random.integers(0, count, rows)
    if never is not None:
        labels[labels == never] = 0
    logits = np.round(random.normal(size=(rows, count)) + 1.2 * np.eye(count)[labels], 1).astype("<f4")
    wide = logits.astype(np.float64)
    predicted = wide.argmax(1)
    found = {"logits": logits, "labels": labels.astype("<i8")}
    found["accuracy"] = metrics.accuracy_score(labels, predicted)
    found["confusion"] = metrics.confusion_matrix(labels, predicted, labels=range(count)).astype("<i8")
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, name + "_score")
        found[name] = score(labels, predicted, average="macro", zero_division=0)
        found[name + "_weighted"] = score(labels, predicted, average="weighted", zero_division=0)
    if never is None:
        scores = softmax(wide)
        found["roc_auc"] = metrics.roc_auc_score(labels, scores[:, 1] if count == 2 else scores, multi_class="ovr")
    return found


def binary(random, rows):
    targets = random.integers(0, 2, rows)
    logits = np.round(random.normal(size=rows) + targets, 1).astype("<f4")
    wide = logits.astype(np.float64)
    predicted = (wide > 0).astype(int)
    found = {"logits": logits, "targets": targets.astype("<f4")}
    found["accuracy"] = metrics.accuracy_score(targets, predicted)
    for name in ("precision", "recall", "f1"):
        found[name] = getattr(metrics, name + "_score")(targets, predicted)
    found["roc_auc"] = metrics.roc_auc_score(targets, wide)
    return found


def regression(random, rows, outputs):
    targets = (random.normal(size=(rows, outputs)) * 3 + 100).astype("<f4")
    predicted = (targets + random.normal(size=(rows, outputs))).astype("<f4")
    t, p = targets.astype(np.float64), predicted.astype(np.float64)
    return {
        "outputs": predicted,
        "targets": targets,
        "r2": metrics.r2_score(t, p),
        "mean_absolute_error": metrics.mean_absolute_error(t, p),
        "root_mean_squared_error": np.sqrt(metrics.mean_squared_error(t, p)),
    }


def maps(random, ignored=None):
    """Logits of 5 classes at 4 x 6 positions of 3 samples, and class maps; class 3 is nowhere, 2 in no map but taken."""
    labels = random.integers(0, 5, (3, 4, 6))
    labels[(labels == 2) | (labels == 3)] = 0
    logits = random.normal(size=(3, 5, 4, 6)) + 1.5 * np.eye(5)[labels].transpose(0, 3, 1, 2)
    logits[:, 3] -= 20
    logits = np.round(logits, 1).astype("<f4")
    predicted = logits.astype(np.float64).argmax(1)
    if ignored is not None:
        labels[random.uniform(size=labels.shape) < 0.3] = ignored
    counted = labels != (-1 if ignored is None else ignored)
    true, taken = labels[counted], predicted[counted]
    found = {"logits": logits, "labels": labels.astype("<i8")}
    found["accuracy"] = metrics.accuracy_score(true, taken)
    found["f1"] = metrics.f1_score(true, taken, average="macro", zero_division=0)
    present = np.union1d(true, taken)
    found["intersection_over_union"] = metrics.jaccard_score(true, taken, labels=present, average="macro")
    found["of_classes"] = metrics.jaccard_score(true, taken, labels=range(5), average=None, zero_division=0)
    found["intersection_over_union_weighted"] = metrics.jaccard_score(true, taken, average="weighted")
    return found


def images(random, samples, channels, height, width, data_range):
    """Smooth images and noisy ones; ratio and similarity are found sample by sample, the similarity by channel."""
    y, x = np.mgrid[:height, :width]
    waves = random.uniform(0.2, 0.6, (samples, channels, 2, 1, 1))
    clean = (np.sin(waves[:, :, 0] * y + waves[:, :, 1] * x) + 1) / 2
    targets = (data_range * clean).astype("<f4")
    outputs = (targets + data_range * 0.1 * random.normal(size=clean.shape)).astype("<f4")
    t, o = targets.astype(np.float64), outputs.astype(np.float64)
    pairs = list(zip(t, o))
    return {
        "outputs": outputs,
        "targets": targets,
        "peak_signal_to_noise": np.mean([peak_signal_noise_ratio(a, b, data_range=data_range) for a, b in pairs]),
        "structural_similarity": np.mean([structural_similarity(
            a, b, data_range=data_range, channel_axis=0, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False) for a, b in pairs]),
    }


def main():
    random = np.random.default_rng(7)
    cases = {
        "five": classes(random, 211, 5),
        "absent": classes(random, 100, 4, never=2),
        "two": classes(random, 150, 2),
        "binary": binary(random, 173),
        "regression": regression(random, 97, 3),
        "maps": maps(random),
        "maps_ignored": maps(random, 255),
        "images": images(random, 3, 2, 13, 17, 1.0),
        "narrow_images": images(random, 2, 1, 24, 11, 255.0),
    }
    tensors = {}
    for case, values in cases.items():
        for name, value in values.items():
            value = np.asarray(value)
            tensors[f"{case}.{name}"] = value.astype("<f4") if value.dtype == np.float64 else value
    safetensors.numpy.save_file(tensors, pathlib.Path(__file__).with_name("metrics.safetensors"))


if __name__ == "__main__":
    main()
