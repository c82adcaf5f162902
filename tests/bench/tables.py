#!/usr/bin/python3
"""Ratios of scikit-learn's and XGBoost's times to ours (above 1: we are faster) for classifiers on tables.

    tests/bench/tables.py [--threads 1,2] [--rounds 3] [--table F.csv] [--cli build/src/cli/melograph-cli] [CLASSIFIER...]

Runs `melograph-cli bench ml` and the peers in turn on the same rows and compares medians. Without --table: the two
tables of ../shared/data/gtzan (MELOGRAPH_SHARED). Needs scikit-learn and XGBoost in the Python that runs it
(Debian: python3-sklearn python3-xgboost), for this comparison only.
"""
import argparse, csv, json, os, statistics, subprocess, sys, time, warnings
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MELOGRAPH_SHARED", TOP.parent / "shared"))
TABLES = ("features_30_sec.csv", "features_3_sec_5genres.csv")
CLASSIFIERS = ("logistic", "svc", "knn", "random-forest", "gradient-boosting", "xgboost", "fcnn")


def peers(threads):
    """The same settings as bench-ml.c and the defaults of our parameters."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC
    from xgboost import XGBClassifier
    return {
        "logistic": lambda: LogisticRegression(max_iter=1000),
        "svc": lambda: SVC(C=3),
        "knn": lambda: KNeighborsClassifier(5, n_jobs=threads),
        "random-forest": lambda: RandomForestClassifier(500, n_jobs=threads, random_state=0),
        "gradient-boosting": lambda: GradientBoostingClassifier(random_state=0),
        "xgboost": lambda: XGBClassifier(n_estimators=300, learning_rate=0.1, max_depth=5, subsample=0.7,
                                         nthread=threads),
        "fcnn": lambda: MLPClassifier((256, 128), batch_size=32, max_iter=40, n_iter_no_change=40),
    }


def measure_peers(table, threads, classifiers):
    import numpy
    from sklearn.preprocessing import StandardScaler
    warnings.filterwarnings("ignore")
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    y = numpy.unique([row["label"] for row in rows], return_inverse=True)[1]
    x = numpy.array([[float(v) for k, v in row.items() if k not in ("filename", "length", "label")] for row in rows])
    test = numpy.arange(len(y)) % 5 == 0
    train = ~test
    scaler = StandardScaler().fit(x[train])
    train_x, test_x, train_y = scaler.transform(x[train]), scaler.transform(x[test]), y[train]
    known = peers(threads)
    for name in classifiers:
        fits, predicts, begin = [], [], time.perf_counter()
        while not fits or (len(fits) < 10 and time.perf_counter() - begin < 3):
            start = time.perf_counter()
            model = known[name]().fit(train_x, train_y)
            middle = time.perf_counter()
            model.predict(test_x)
            fits.append(middle - start)
            predicts.append(time.perf_counter() - middle)
        print(json.dumps({"classifier": name, "fit_ms": statistics.median(fits) * 1e3,
                          "predict_ms": statistics.median(predicts) * 1e3}))


def run(command, threads):
    """On as many processors as threads, which every library counts."""
    env = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    processors = sorted(os.sched_getaffinity(0))[:threads]
    text = subprocess.run(command, env=env, check=True, capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, processors)).stdout
    return {r["classifier"]: r for r in map(json.loads, text.splitlines()) if r.get("threads", threads) == threads}


def compare(options, table, threads):
    ours = [options.cli, "bench", "ml", "--json", f"--threads={threads}", f"--table={table}", *options.classifiers]
    other = [sys.executable, __file__, "--measure-peers", f"--table={table}", f"--threads={threads}",
             *options.classifiers]
    rounds = [(run(ours, threads), run(other, threads)) for _ in range(options.rounds)]
    for name in options.classifiers:
        mine, theirs = ({key: statistics.median(pair[side][name][key] for pair in rounds)
                         for key in ("fit_ms", "predict_ms")} for side in (0, 1))
        both = sum(theirs.values()) / sum(mine.values())
        print(f"{Path(table).stem:24} {threads} thread{'s' * (threads > 1):1} {name:18}"
              f" fit {mine['fit_ms']:9.2f} ms, peer {theirs['fit_ms']:9.2f}, ratio {theirs['fit_ms'] / mine['fit_ms']:6.2f}"
              f"  predict {mine['predict_ms']:8.2f} ms, peer {theirs['predict_ms']:8.2f}  both {both:6.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table")
    parser.add_argument("--cli", default=str(TOP / "build/src/cli/melograph-cli"))
    parser.add_argument("--measure-peers", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("classifiers", nargs="*", metavar="CLASSIFIER")
    options = parser.parse_args()
    options.classifiers = options.classifiers or list(CLASSIFIERS)
    unknown = [name for name in options.classifiers if name not in CLASSIFIERS]
    if unknown:
        sys.exit(f"tables.py: {unknown[0]}: expected one of {', '.join(CLASSIFIERS)}")
    if options.measure_peers:
        return measure_peers(options.table, int(options.threads), options.classifiers)
    tables = [options.table] if options.table else [SHARED / "data" / "gtzan" / name for name in TABLES]
    for table in tables:
        if not Path(table).is_file():
            sys.exit(f"tables.py: {table} is not there; set MELOGRAPH_SHARED or --table")
        for threads in map(int, options.threads.split(",")):
            compare(options, table, threads)


main()
