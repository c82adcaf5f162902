#!/usr/bin/env python3
"""search by several ranks on this machine: search-test.py MELOGRAPH_CLI"""
import csv
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from job import PATIENCE, SETTINGS, Room, kill, own_lines, process_of, wait_until, what_is_missing  # noqa: E402
from tap import report  # noqa: E402

CLI = os.path.abspath(sys.argv[1])
NETWORK = {"name": "toy", "parameters": {"channels": 4}, "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": "$channels", "kernel_size": 3, "padding": 1},
    {"type": "relu"}, {"type": "global-average-pool"},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
SPACE = {"learning_rate": {"low": 1e-4, "high": 0.1, "log": True}, "channels": {"low": 2, "high": 6, "integer": True}}
TABLE_SPACE = {"n_neighbors": {"low": 1, "high": 15, "step": 2, "integer": True}}


def trials(run):
    """Each trial's lines, in the order of the file."""
    found = {}
    with open(os.path.join(run, "trials.csv")) as file:
        for row in csv.DictReader(file):
            found.setdefault(int(row["trial"]), []).append(row)
    return found


def search(room, run, *more):
    return ["search", "--quiet", "--dataset", room.path("data"), "--model", room.path("toy.json"), "--space",
            room.path("space.json"), "--run", run, "--json", "--set", "split=2:1:1",
            *(word for setting in SETTINGS for word in ("--set", setting)), *more]


def classifier(room):
    """Trials of a classifier do not depend on who measures them: random search gives the same by any ranks."""
    results = []
    for ranks in 0, 3:
        run = room.path(f"knn{ranks}")
        done = room.run(ranks, "search", "--quiet", "--dataset", room.path("data"), "--features", "mfcc,rms",
                        "--classifier", "knn", "--space", room.path("knn.json"), "--trials", "6", "--sampler", "random",
                        "--cv", "4", "--run", run, "--json")
        result = json.loads(done.stdout)
        results.append((result["trials"], result["parameters"], round(result["f1_macro"], 9)))
        scores = {number: (lines[-1]["n_neighbors"], lines[-1]["score"]) for number, lines in trials(run).items()}
        results.append(scores)
        if not os.path.exists(os.path.join(run, "best", "checkpoints", "best.safetensors")):
            yield f"{ranks} ranks: there is no model"
    if results[0] != results[2] or results[1] != results[3]:
        yield f"{results[0]} {results[1]}\n{results[2]} {results[3]}"


def network(room):
    """TPE and ASHA, asynchronous, over ranks, of which each has its share."""
    run = room.path("asha")
    done = room.run(2, *search(room, run, "--trials", "8", "--sampler", "tpe", "--scheduler", "asha", "--set",
                               "startup_trials=4", "--set", "epochs=9"))
    result = json.loads(done.stdout)
    states = [lines[-1]["state"] for lines in trials(run).values()]
    if result["trials"] != 8 or result["failed"] or "running" in states or "finished" not in states:
        yield f"{result} {states}"
    with open(os.path.join(run, "trials.csv")) as file:
        open_now, most = set(), 0
        for row in csv.DictReader(file):
            (open_now.add if row["state"] == "running" else open_now.discard)(row["trial"])
            most = max(most, len(open_now))
    if most != 2:
        yield f"two trials at a time were expected: {most}"


def killed_search(room, victim, options):
    """A killed rank ends the job (mpirun's way), or its trial goes to another one (--enable-recovery)."""
    run = room.path(f"killed{victim}{len(options)}")
    words = search(room, run, "--trials", "3", "--sampler", "random", "--set", "epochs=150")
    job = room.start(2, *words, options=options)
    pid = process_of(job, victim)
    wait_until(lambda: os.path.exists(os.path.join(run, "trials.csv")) and len(trials(run)) == 2, job)
    kill(pid)
    out, errors = job.communicate(timeout=PATIENCE)
    states = {number: lines[-1]["state"] for number, lines in trials(run).items()}
    if options:
        with open(os.path.join(run, "log.txt")) as file:
            log = file.read()
        if sorted(states) != [1, 2, 3] or set(states.values()) != {"finished"} or "goes back into the queue" not in log:
            yield f"the search did not go on without rank {victim}: {states} {errors} {log}"
        return
    lines = own_lines(errors)
    if job.returncode == 0 or len(lines) != 1 or f"rank {victim} of 2 is gone" not in lines[0]:
        yield f"one line was expected: status {job.returncode}, {errors}"
    if "running" not in states.values():
        yield f"no trial was under way: {states}"
    resumed = room.run(2, "search", "--quiet", "--run", run, "--resume", "--json")
    again = {number: lines[-1]["state"] for number, lines in trials(run).items()}
    if json.loads(resumed.stdout)["failed"] or again != {1: "finished", 2: "finished", 3: "finished"}:
        yield f"the trial was not taken up: {again}"


def bad_use(room):
    done = room.run(2, "search", "--table", "t.csv", "--space", room.path("knn.json"), "--run", room.path("no"),
                    "--nested", expected=2)
    if len(own_lines(done.stderr)) != 1 or "--nested" not in done.stderr:
        yield done.stderr
    run = room.path("nested")
    room.run(0, "search", "--quiet", "--dataset", room.path("data"), "--features", "rms", "--classifier", "knn", "--space",
             room.path("knn.json"), "--trials", "1", "--cv", "2", "--nested", "--run", run)
    done = room.run(2, "search", "--quiet", "--run", run, "--resume", expected=2)
    if len(own_lines(done.stderr)) != 1 or "--nested" not in done.stderr:
        yield f"resumed: {done.stderr}"


def checks():
    with tempfile.TemporaryDirectory() as folder:
        room = Room(folder, CLI)
        for name, content in ("toy.json", NETWORK), ("space.json", SPACE), ("knn.json", TABLE_SPACE):
            with open(room.path(name), "w") as file:
                json.dump(content, file)
        yield "ranks measure a classifier's trials", classifier(room)
        yield "ranks take trials of TPE and ASHA", network(room)
        yield "a killed rank ends the search, whose trial is taken up", killed_search(room, 1, ())
        yield "where the job goes on, another rank takes the trial", killed_search(room, 1, ("--enable-recovery",))
        yield "a nested search is for one process", bad_use(room)


if what_is_missing(CLI):
    print(f"1..0 # SKIP {what_is_missing(CLI)}")
    sys.exit(0)
sys.exit(report(checks()))
