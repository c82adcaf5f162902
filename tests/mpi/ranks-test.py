#!/usr/bin/env python3
"""features and train by several ranks on this machine: ranks-test.py MELOGRAPH_CLI"""
import configparser
import csv
import json
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from job import PATIENCE, Room, kill, metrics, own_lines, process_of, train, wait_until, what_is_missing  # noqa: E402
from tap import report  # noqa: E402

CLI = os.path.abspath(sys.argv[1])
NETWORK = {"name": "normed", "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": 6, "kernel_size": 3, "padding": 1},
    {"type": "batchnorm"}, {"type": "relu"}, {"type": "maxpool", "kernel_size": 2},
    {"type": "conv2d", "name": "conv2", "out_channels": 9, "kernel_size": 3, "padding": 1, "stride": 3},
    {"type": "batchnorm"}, {"type": "relu"}, {"type": "flatten"}, {"type": "batchnorm"}, {"type": "dropout", "p": 0.3},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
FIFTY = ["epochs=9", "batch_size=16", "learning_rate=0.001", "augment=mixup,noise", "clip_norm=1", "split=2:1:1"]


def table_of(room, ranks, out, *more):
    return ["features", "--dataset", room.path("data"), "--table", "gtzan", "--out", room.path(out), "--json", *more]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def same_table(room):
    room.run(0, *table_of(room, 0, "one.csv"))
    shutil.rmtree(room.path("cache"))
    done = room.run(3, *table_of(room, 3, "three.csv"))
    if read(room.path("one.csv")) != read(room.path("three.csv")):
        yield "three ranks give another table than one process"
    told = json.loads(done.stdout)
    if told["rows"] != 16 or told["cached"] != 0:
        yield f"16 new rows were expected: {told}"
    again = json.loads(room.run(2, *table_of(room, 2, "again.csv")).stdout)
    if again["cached"] != 16 or read(room.path("again.csv")) != read(room.path("one.csv")):
        yield f"two ranks did not take what is known: {again}"


def killed_extraction(room):
    """Rank 1 dies with the job, or alone: what it has made is not made again."""
    slow = ["--table", "summary", "--set", "features=melspectrogram", "--set", "n_fft=4096", "--set", "hop_length=4"]
    words = ["features", "--dataset", room.path("data"), "--json", *slow]
    room.run(0, *words, "--out", room.path("whole.csv"))
    shutil.rmtree(room.path("cache"))
    for options in (), ("--enable-recovery",):
        job = room.start(2, *words, "--jobs", "1", "--out", room.path("killed.csv"), options=options)
        victim = process_of(job, 1)
        rows = room.path("cache", "melograph", "tables")
        before = len(os.listdir(rows)) if os.path.isdir(rows) else 0
        wait_until(lambda: os.path.isdir(rows) and len(os.listdir(rows)) > before + 1)
        kill(victim)
        out, errors = job.communicate(timeout=PATIENCE)
        made = os.path.exists(room.path("killed.csv"))  # mpirun lets rank 0 live for a second: it may come to its end
        if made and read(room.path("killed.csv")) != read(room.path("whole.csv")):
            yield f"rank 0 went on, but the table differs: {errors}"
        if options and not made:
            yield f"rank 0 did not go on: {errors}"
        if made:
            os.unlink(room.path("killed.csv"))
        known = sum(name.endswith(".row") for name in os.listdir(rows))
        done = json.loads(room.run(2, *words, "--out", room.path("resumed.csv")).stdout)
        if done["cached"] != known or known == 0:
            yield f"{options}: {known} rows were known, {done['cached']} taken"
        if read(room.path("resumed.csv")) != read(room.path("whole.csv")):
            yield f"{options}: the resumed table differs"
        shutil.rmtree(rows)


def bad_use(room):
    done = room.run(2, *table_of(room, 2, "w.csv", "--set", "n_fft=nix"), expected=2)
    if len(own_lines(done.stderr)) != 1 or "n_fft" not in done.stderr:
        yield f"one line was expected: {done.stderr}"
    done = room.run(2, *train(room.path("nix"), room.path("net.json"), room.path("none")), expected=1)
    if len(own_lines(done.stderr)) != 1 or "nix" not in done.stderr or os.path.exists(room.path("none")):
        yield f"one line and no folder were expected: {done.stderr}"
    done = room.run(3, *train(room.path("data"), room.path("net.json"), room.path("few"), "batch_size=2"), expected=2)
    if len(own_lines(done.stderr)) != 1 or "batch_size=2" not in done.stderr:
        yield f"too many ranks for a batch: {done.stderr}"


def without_mpi(room):
    """The same program where there is no module beside it."""
    copy = room.path("melograph-cli")
    shutil.copy(CLI, copy)
    alone = {**room.environment, "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"}
    words = table_of(room, 0, "alone.csv")
    room.cli = copy
    done = room.run(0, *words, environment=alone, expected=None)
    off = room.run(0, *words, environment={**alone, "MELOGRAPH_MPI": "off"})
    room.cli = CLI
    installed = done.returncode != 2 # a melograph with MPI is installed where this one would be
    if not installed and ("no MPI" not in done.stderr or len(own_lines(done.stderr)) != 1):
        yield f"it should say that it has no MPI: {done.stderr}"
    if json.loads(off.stdout)["rows"] != 16:
        yield off.stdout


def config_of(run):
    config = configparser.ConfigParser(interpolation=None)
    config.read(os.path.join(run, "config.ini"))
    return config


def same_training(room):
    runs = [room.path(f"run{ranks}") for ranks in (1, 2, 3)]
    for ranks, run in enumerate(runs, 1):
        room.run(ranks, *train(room.path("data"), room.path("net.json"), run, *FIFTY))
        if config_of(run)["run"]["ranks"] != str(ranks):
            yield f"{ranks} ranks: config.ini has {config_of(run)['run']['ranks']}"
    first = metrics(runs[0], "train", "loss")
    if len(first) < 36:
        yield f"only {len(first)} steps"
    apart = room.path("apart")
    room.run(2, *train(room.path("data"), room.path("net.json"), apart, *FIFTY),
             environment={**room.environment, "MELOGRAPH_MPI": "messages"})
    for ranks, run in (2, runs[1]), (3, runs[2]), ("apart, 2", apart):
        for split, name, most in ("train", "loss", 1e-4), ("val", "loss", 1e-3), ("train", "accuracy", 1e-9):
            a, b = metrics(runs[0], split, name), metrics(run, split, name)
            worst = max(abs(x - y) for x, y in zip(a, b))
            if len(a) != len(b) or not worst < most:
                yield f"{ranks} ranks: {split} {name} differs by {worst:g} over {len(a)} values"


def local_statistics(room):
    """Each rank by its own part: another way, that learns too, and whose ranks stay together."""
    run = room.path("local")
    room.run(2, *train(room.path("data"), room.path("net.json"), run, *FIFTY, "batchnorm=local"))
    a, b = metrics(room.path("run1"), "train", "loss"), metrics(run, "train", "loss")
    if max(abs(x - y) for x, y in zip(a, b)) < 1e-3:
        yield "batchnorm=local is the same as sync"
    if not sum(b[-4:]) < sum(b[:4]):
        yield f"it does not learn: {b}"
    done = room.run(0, "evaluate", "--run", run, "--quiet", "--json")
    if not json.loads(done.stdout):
        yield "no evaluation"


def endless(room, run):
    return train(room.path("data"), room.path("net.json"), run, "epochs=100000", "early_stop=0", "split=2:1:1")


def killed_training(room):
    for victim in 1, 0:
        run = room.path(f"killed{victim}")
        job = room.start(2, *endless(room, run))
        pid = process_of(job, victim)
        wait_until(lambda: os.path.exists(os.path.join(run, "checkpoints", "best.safetensors")), job)
        kill(pid)
        _, errors = job.communicate(timeout=PATIENCE)
        lines = own_lines(errors)
        if job.returncode == 0 or len(lines) != 1 or f"rank {victim} of 2 is gone" not in lines[0]:
            yield f"rank {victim}: status {job.returncode}, {errors}"
        if "--resume goes on from the checkpoint of step" not in errors:
            yield f"rank {victim}: it does not tell how to go on: {errors}"
        done = len(metrics(run, "train", "loss"))
        room.run(2, "train", "--quiet", "--run", run, "--resume", "--until", str(done // 2 + 4))
        with open(os.path.join(run, "metrics.csv")) as file:
            steps = [int(row["step"]) for row in csv.DictReader(file) if row["name"] == "loss" and row["split"] == "train"]
        if steps != list(range(1, len(steps) + 1)) or len(steps) <= done - 4:
            yield f"rank {victim}: the resumed run has steps {steps[:3]} … {steps[-3:]}, {done} before"


def stopped_training(room):
    """SIGTERM to mpirun, with time to write: the very step is kept, and any number of ranks goes on."""
    run = room.path("stopped")
    job = room.start(2, *endless(room, run), options=("--mca", "odls_base_sigkill_timeout", "4"))
    wait_until(lambda: os.path.exists(os.path.join(run, "checkpoints", "best.safetensors")), job)
    job.terminate()
    _, errors = job.communicate(timeout=PATIENCE)
    with open(os.path.join(run, "status")) as file:
        status = file.read()
    lines = own_lines(errors)
    if "state=stopped" not in status or len(lines) != 1 or "--resume" not in lines[0]:
        yield f"{status}\n{errors}"
    steps = len(metrics(run, "train", "loss"))
    room.run(0, "train", "--quiet", "--run", run, "--resume", "--until", str(steps // 2 + 4))
    if len(metrics(run, "train", "loss")) <= steps:
        yield "one process did not go on"


def processors(room):
    """Ranks part the processors that they may use."""
    whole = config_of(room.path("run1"))["versions"]["machine"]
    parts = config_of(room.path("run2"))["versions"]["machine"]
    count = [int(text.rsplit(", ", 1)[1].split()[0]) for text in (whole, parts)]
    if count[1] != max(1, count[0] // 2):
        yield f"{count[0]} threads, of two ranks {count[1]} each"


def checks():
    with tempfile.TemporaryDirectory() as folder:
        room = Room(folder, CLI)
        with open(room.path("net.json"), "w") as file:
            json.dump(NETWORK, file)
        yield "three ranks give the table of one process", same_table(room)
        yield "a killed rank's rows are taken up", killed_extraction(room)
        yield "what is wrong is told once", bad_use(room)
        yield "a program without MPI says so", without_mpi(room)
        yield "two and three ranks learn as one", same_training(room)
        yield "ranks may normalise by themselves", local_statistics(room)
        yield "ranks part the processors", processors(room)
        yield "a killed rank ends the training, which can be resumed", killed_training(room)
        yield "a stopped training is resumed by one process", stopped_training(room)


if what_is_missing(CLI):
    print(f"1..0 # SKIP {what_is_missing(CLI)}")
    sys.exit(0)
sys.exit(report(checks()))
