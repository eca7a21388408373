"""Writes metrics.safetensors, which tests/metrics/test_metrics.cpp reads.

Made with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1, safetensors 0.8.0:

    pip install numpy scikit-learn safetensors
    python make_metrics.py

Scores are float32 numbers with ties; what scikit-learn finds is computed in float64 and stored as F32.
"""

import pathlib

import numpy as np
import safetensors.numpy
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


def main():
    random = np.random.default_rng(7)
    cases = {
        "five": classes(random, 211, 5),
        "absent": classes(random, 100, 4, never=2),
        "two": classes(random, 150, 2),
        "binary": binary(random, 173),
        "regression": regression(random, 97, 3),
    }
    tensors = {}
    for case, values in cases.items():
        for name, value in values.items():
            value = np.asarray(value)
            tensors[f"{case}.{name}"] = value.astype("<f4") if value.dtype == np.float64 else value
    safetensors.numpy.save_file(tensors, pathlib.Path(__file__).with_name("metrics.safetensors"))


if __name__ == "__main__":
    main()
