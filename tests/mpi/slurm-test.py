#!/usr/bin/env python3
"""The documents' job scripts in a Slurm of one node: slurm-test.py MELOGRAPH_CLI DOCS"""
import csv
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from job import PATIENCE, SETTINGS, Room, own_lines, wait_until, what_is_missing  # noqa: E402
from slurm import Slurm  # noqa: E402
from tap import report  # noqa: E402

CLI, DOCS = (os.path.abspath(word) for word in sys.argv[1:3])
NETWORK = {"name": "toy", "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"type": "batchnorm"},
    {"type": "relu"}, {"type": "global-average-pool"},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
SPACE = {"learning_rate": {"low": 1e-4, "high": 0.1, "log": True}}
SET = [word for setting in [*SETTINGS, "split=2:1:1"] for word in ("--set", setting)]


def submit(slurm, script, *words):
    """What a job of two ranks says, once it has ended well."""
    log = slurm.path(f"{script}.log")
    done = slurm.run("sbatch", "--wait", "--ntasks=2", "--ntasks-per-node=2", "--output", log,
                     os.path.join(DOCS, "slurm", f"{script}.sh"), *words)
    with open(log) as file:
        said = file.read()
    os.unlink(log)
    assert done.returncode == 0, (script, done.stdout, done.stderr, said, slurm.last_words())
    return said


def table(room, slurm):
    words = ["--dataset", room.path("data"), "--table", "gtzan"]
    room.run(0, "features", *words, "--out", room.path("one.csv"))
    submit(slurm, "features", *words, "--out", room.path("two.csv"))
    with open(room.path("one.csv"), "rb") as one, open(room.path("two.csv"), "rb") as two:
        if one.read() != two.read():
            yield "the tables differ"


def search(room, slurm):
    run = room.path("search")
    said = submit(slurm, "search", run, "--dataset", room.path("data"), "--model", room.path("toy.json"), "--space",
                  room.path("space.json"), "--trials", "4", "--sampler", "tpe", "--json", *SET, "--set", "epochs=6")
    result = json.loads(said.splitlines()[-1])
    if result["trials"] != 4 or result["failed"]:
        yield said
    with open(os.path.join(run, "trials.csv")) as file:
        first = [row["state"] for row in csv.DictReader(file)][:2]
    if first != ["running", "running"]:
        yield f"the two ranks did not begin together: {first}"
    submit(slurm, "search", run)  # has come to its end: nothing is left to do


def training(room, slurm):
    """Slurm tells the ranks that the time is over: the step is kept."""
    run = room.path("train")
    words = ["srun", "--mpi=pmix", "-n", "2", "--job-name", "stopped", "--kill-on-bad-exit=1", CLI, "train", "--quiet", "--run", run, "--dataset",
             room.path("data"), "--model", room.path("toy.json"), *SET, "--set", "epochs=100000"]
    job = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=slurm.environment,
                           cwd=room.folder)
    wait_until(lambda: os.path.exists(os.path.join(run, "checkpoints", "best.safetensors")), job)
    slurm.run("scancel", "--signal=TERM", "--name", "stopped")
    _, errors = job.communicate(timeout=PATIENCE)
    with open(os.path.join(run, "status")) as file:
        status = file.read()
    if "state=stopped" not in status or len(own_lines(errors)) != 1 or "--resume goes on" not in errors:
        yield f"{status} {errors}"


def checks(room, slurm):
    for name, content in ("toy.json", NETWORK), ("space.json", SPACE):
        with open(room.path(name), "w") as file:
            json.dump(content, file)
    yield "a table by a job of two ranks", table(room, slurm)
    yield "a search by a job of two ranks", search(room, slurm)
    yield "a training that is stopped", training(room, slurm)


def main():
    missing = what_is_missing(CLI)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        room = Room(folder, CLI)
        os.mkdir(room.path("slurm"))
        environment = {**room.environment, "PATH": f"{os.path.dirname(CLI)}:{os.environ['PATH']}"}
        slurm = None if missing else Slurm(room.path("slurm"), environment)
        try:
            missing = missing or slurm.missing
            if missing:
                print(f"1..0 # SKIP {missing}")
                return 0
            return report(checks(room, slurm))
        finally:
            if slurm:
                slurm.end()


sys.exit(main())
