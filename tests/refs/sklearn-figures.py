#!/usr/bin/python3
"""What scikit-learn 1.2 and scipy say of a classifier's answers: sklearn-figures.json, for tests/ml/test-figures.c."""
import json
import os

import numpy as np
import sklearn
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss, precision_recall_fscore_support, roc_auc_score

rng = np.random.default_rng(4)


def case(name, rows, classes, sharp, coarse):
    truth = rng.integers(0, classes, rows)
    logits = rng.normal(size=(rows, classes)) + sharp * np.eye(classes)[truth] * rng.uniform(0, 2, (rows, 1))
    p = np.exp(logits)
    p /= p.sum(1, keepdims=True)
    if coarse:  # votes of five: many ties, many zeros
        p = np.stack([np.bincount(rng.choice(classes, 5, p=row), minlength=classes) for row in p]) / 5
    p = p.astype(np.float32).astype(np.float64)
    y, other = p.argmax(1), np.roll(p, 1, axis=1).argmax(1)
    other = np.where(rng.uniform(size=rows) < 0.5, truth, other)
    per_class = precision_recall_fscore_support(truth, y, labels=range(classes), zero_division=0)
    macro = precision_recall_fscore_support(truth, y, average="macro", zero_division=0)
    if classes == 2:
        auc = roc_auc_score(truth, p[:, 1])
    else:
        auc = roc_auc_score(truth, p, multi_class="ovr")
    confidence, right = p.max(1), y == truth
    edges = np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence)
    ece = sum(abs(right[edges == b].mean() - confidence[edges == b].mean()) * (edges == b).mean() for b in set(edges))
    fraction, mean = calibration_curve(truth == 0, p[:, 0], n_bins=10)
    only_a, only_b = int((right & (other != truth)).sum()), int((~right & (other == truth)).sum())
    return dict(name=name, classes=classes, truth=truth.tolist(), probabilities=p.ravel().tolist(), other=other.tolist(),
                precision=per_class[0].tolist(), recall=per_class[1].tolist(), f1=per_class[2].tolist(),
                precision_macro=macro[0], recall_macro=macro[1], f1_macro=macro[2],
                accuracy=float(right.mean()), auc=auc, log_loss=log_loss(truth, p, labels=range(classes)), ece=ece,
                calibration_fraction=fraction.tolist(), calibration_mean=mean.tolist(),
                mcnemar=binomtest(only_a, only_a + only_b).pvalue, only_a=only_a, only_b=only_b)


cases = [case("three", 60, 3, 1.5, False), case("ten", 120, 10, 2, False), case("two", 50, 2, 1, False),
         case("votes", 80, 4, 2, True)]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sklearn-figures.json"), "w") as file:
    json.dump(dict(sklearn=sklearn.__version__, cases=cases), file, separators=(",", ":"))
    file.write("\n")
