#!/usr/bin/python3
"""t-SNE and UMAP beside scikit-learn's (Barnes-Hut) and umap-learn's, on one thread: times and trustworthiness.

    tests/bench/projections.py [--rows 2000] [--features 128] [--rounds 3] [--cli build/src/cli/melograph-cli]

The rows are overlapping clouds. In every round `melograph-cli bench projections` and the peers lay the same rows out in
turn, with the defaults of scikit-learn and umap-learn; prints the medians, the ratio of times (above 1: we are faster),
and how true the 12 nearest neighbours stay. Needs scikit-learn, and for UMAP umap-learn, in the Python that runs it."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
for name in "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS":
    os.environ[name] = "1"
import numpy  # noqa: E402
from sklearn.manifold import TSNE, trustworthiness  # noqa: E402

NEIGHBOURS = 12


def make_rows(rows, features):
    random = numpy.random.default_rng(1)
    middles = 0.6 * random.standard_normal((10, features))
    return (middles[numpy.arange(rows) % 10] + random.standard_normal((rows, features))).astype(numpy.float32)


def peers():
    found = {"tsne": lambda: TSNE(2, method="barnes_hut", init="pca", learning_rate="auto", n_jobs=1, random_state=0)}
    try:
        from umap import UMAP
        found["umap"] = lambda: UMAP(random_state=0, n_jobs=1)
    except ImportError:
        print("projections.py: no umap-learn, so UMAP has no peer", file=sys.stderr)
    return found


def ours(options, name, path):
    words = [options.cli, "bench", "projections", "--json", "--threads=1", "--repeats=1", "--table", path, name]
    told = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return told["ms"] / 1e3, told["trustworthiness"]


def theirs(make, x):
    start = time.perf_counter()
    plane = make().fit_transform(x)
    return time.perf_counter() - start, trustworthiness(x, plane, n_neighbors=NEIGHBOURS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--features", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cli", default=str(TOP / "build/src/cli/melograph-cli"))
    options = parser.parse_args()
    x = make_rows(options.rows, options.features)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    known = peers()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.npy")
        numpy.save(path, x)
        for name, make in known.items():
            if name == "umap":
                theirs(make, x)  # numba compiles
            rounds = [(*ours(options, name, path), *theirs(make, x)) for _ in range(options.rounds)]
            mine, my_trust, other, other_trust = (statistics.median(column) for column in zip(*rounds))
            print(f"{name}: {mine:.2f} s, peer {other:.2f} s, ratio {other / mine:.2f}; "
                  f"trustworthiness {my_trust:.4f}, peer {other_trust:.4f}", flush=True)


main()
