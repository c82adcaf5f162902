#!/usr/bin/python3
"""Networks that are written as ONNX, in programs of others: onnx's checker, and OpenCV's DNN module, which has to give
the same logits: onnx-test.py TEST-NN-ONNX"""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

import numpy as np  # noqa: E402

WRITER = sys.argv[1]
NETWORKS = {"small-cnn": (1, 40, 51), "gtzan-cnn": (1, 64, 64), "resnet18": (1, 64, 70), "fcnn": (1, 128, 10),
            "lstm": (1, 20, 30), "lstm-last": (1, 20, 30), "lstm-both-last": (1, 20, 30), "gru": (1, 11, 9),
            "graph": (2, 12, 14), "over-time": (1, 10, 14)}


def check(name, shape):
    import cv2
    import onnx
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([WRITER, "--write", name, folder], check=True, timeout=100)
        path = os.path.join(folder, "network.onnx")
        onnx.checker.check_model(onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True), full_check=True)
        picture = np.load(os.path.join(folder, "picture.npy")).reshape(1, *shape)
        expected = np.load(os.path.join(folder, "logits.npy")).ravel()
        network = cv2.dnn.readNetFromONNX(path)
        network.setInput(picture)
        logits = network.forward().ravel()
    error = abs(logits - expected).max() if logits.shape == expected.shape else float("inf")
    if not error < 1e-3:
        yield f"off by {error}: {logits} for {expected}"


def checked(name, shape):
    try:
        yield from check(name, shape)
    except Exception as error:  # of either program: what it says is what is to be known
        yield f"{type(error).__name__}: {error}"


sys.exit(report((name, checked(name, shape)) for name, shape in NETWORKS.items()))
