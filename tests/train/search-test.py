#!/usr/bin/env python3
"""search as a user runs it: search-test.py MELOGRAPH_CLI"""
import csv
import json
import math
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
NETWORK = {"name": "toy", "parameters": {"channels": 4}, "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": "$channels", "kernel_size": 3, "padding": 1},
    {"type": "relu"}, {"type": "global-average-pool"},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
SETTINGS = ["sr=8000", "segment_seconds=0.25", "n_fft=256", "hop_length=128", "n_mels=20", "epochs=9"]
NETWORK_SPACE = {"learning_rate": {"low": 1e-4, "high": 0.1, "log": True}, "batch_size": {"values": [4, 8]},
                 "channels": {"low": 2, "high": 6, "integer": True}}
TABLE_SPACE = {"classifier": {"values": ["knn", "logistic"]},
               "n_neighbors": {"low": 1, "high": 9, "step": 2, "integer": True, "when": {"classifier": ["knn"]}},
               "C": {"values": [0.01, 1], "when": {"classifier": ["logistic"]}}}


def write_track(path, sine, number):
    numbers = random.Random(number)
    samples = [0.3 * math.sin(2 * math.pi * (300 + 90 * number) * i / 8000) if sine else numbers.gauss(0, 0.1)
               for i in range(8000)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1, min(1, s)))) for s in samples))


def write_table(path):
    numbers = random.Random(5)
    with open(path, "w") as file:
        file.write("filename,a,b,c,label\n")
        for row in range(120):
            kind = row % 3
            file.write(f"{row}.wav,{kind + numbers.gauss(0, 0.7)},{numbers.gauss(0, 1)},"
                       f"{-kind + numbers.gauss(0, 0.9)},{'abc'[kind]}\n")


class Room:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": os.path.join(folder, "cache")}
        for sine, name in enumerate(["noise", "sine"]):
            os.makedirs(self.path("data", name))
            for number in range(6):
                write_track(self.path("data", name, f"{number}.wav"), sine, number)
        write_table(self.path("table.csv"))
        self.network = self.write("toy.json", NETWORK)
        self.network_space = self.write("network-space.json", NETWORK_SPACE)
        self.table_space = self.write("table-space.json", TABLE_SPACE)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content):
        with open(self.path(name), "w") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return self.path(name)

    def network_search(self, run, *more):
        settings = [word for setting in SETTINGS for word in ("--set", setting)]
        return [CLI, "search", "--dataset", self.path("data"), "--model", self.network, "--space", self.network_space,
                "--run", self.path(run), *settings, *more]

    def table_search(self, run, *more):
        return [CLI, "search", "--table", self.path("table.csv"), "--space", self.table_space, "--run", self.path(run),
                *more]

    def run(self, arguments):
        result = subprocess.run(arguments, capture_output=True, text=True, timeout=100, env=self.environment)
        return result.returncode, result.stdout, result.stderr

    def trials(self, run):
        """The last line of each trial, without how long it took."""
        with open(self.path(run, "trials.csv"), newline="") as file:
            rows = {row["trial"]: row for row in csv.DictReader(file)}
        for row in rows.values():
            del row["seconds"]
        return rows

    def status(self, run):
        with open(self.path(run, "status")) as file:
            return dict(line.strip().split("=", 1) for line in file if "=" in line)

    def stop_when(self, arguments, run, lines, number):
        """Sends a signal once trials.csv has so many lines; returns the exit status and what was said."""
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   env=self.environment)
        while process.poll() is None:
            try:
                with open(self.path(run, "trials.csv")) as file:
                    if file.read().count("\n") >= lines:
                        process.send_signal(number)
                        break
            except FileNotFoundError:
                pass
            time.sleep(0.01)
        said = process.communicate(timeout=100)[1]
        return process.returncode, said


def same(text, number):
    """Of a file and of --json, which has fewer digits."""
    return math.isclose(float(text), number, rel_tol=1e-6)


def expect(condition, text):
    if not condition:
        yield text


def check_grid(room):
    code, stdout, stderr = room.run(room.table_search("grid", "--sampler", "grid", "--trials", "100", "--repeats", "3",
                                                      "--jobs", "2", "--json"))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    answer = json.loads(stdout)
    rows = room.trials("grid")
    yield from expect(len(rows) == 5 + 2 == answer["trials"], f"{len(rows)} trials of 7")
    yield from expect(all(row["state"] == "finished" and row["repeats"] == "3" for row in rows.values()), str(rows))
    best = max(rows.values(), key=lambda row: float(row["score"]))
    yield from expect(same(best["score"], answer["f1_macro"]) and answer["f1_macro"] > 0.6, f"{best}, {answer}")
    yield from expect(same(best["std"], answer["std"]) and answer["std"] > 0, f"{best}, {answer}")
    with open(room.path("grid", "best", "predictions.csv"), newline="") as file:
        predictions = list(csv.DictReader(file))
    yield from expect(len(predictions) == 120, "best/predictions.csv")
    yield from expect(os.path.exists(room.path("grid", "best", "checkpoints", "best.safetensors")), "no model")
    code, stdout, stderr = room.run([CLI, "curves", "--run", room.path("grid"), "--out", room.path("grid.svg")])
    with open(room.path("grid.svg")) as file:
        yield from expect(code == 0 and file.read().count("<path") > 50, f"curves: exit {code}: {stderr}")


def check_resume(room):
    """Killed again and again, a search has the trials that it would have had."""
    more = ["--trials", "25", "--sampler", "tpe", "--set", "startup_trials=5"]
    code, _, stderr = room.run(room.table_search("straight", *more))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    room.stop_when(room.table_search("killed", *more), "killed", 8, signal.SIGKILL)
    resume = [CLI, "search", "--resume", "--run", room.path("killed")]
    room.stop_when(resume, "killed", 20, signal.SIGKILL)
    with open(room.path("killed", "trials.csv"), "a") as file:
        file.write("7,1,fini")  # what a power cut may leave
    code, _, stderr = room.run(resume)
    yield from expect(code == 0, f"exit {code}: {stderr}")
    yield from expect(room.trials("killed") == room.trials("straight"), "killed and straight searches differ")
    code, _, stderr = room.run([*resume, "--trials", "27"])
    yield from expect(code == 0 and len(room.trials("killed")) == 27, f"more trials: exit {code}: {stderr}")


def check_network(room):
    """ASHA stops trials early, and a killed search ends as one that was not."""
    more = ["--trials", "5", "--scheduler", "asha", "--sampler", "random", "--set", "threads=1", "--set", "eta=3",
            "--set", "rungs=3"]
    code, stdout, stderr = room.run(room.network_search("net", *more, "--json"))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    answer = json.loads(stdout)
    rows = room.trials("net")
    yield from expect(answer["epochs"] < 0.6 * 5 * 9, f"{answer['epochs']} epochs")
    yield from expect(sum(float(row["epochs"]) for row in rows.values()) == answer["epochs"], "epochs")
    yield from expect({row["epochs"] for row in rows.values()} >= {"1", "9"}, str(rows))
    code, stdout, stderr = room.run([CLI, "evaluate", "--run", room.path("net", "best"), "--out",
                                     room.path("best.csv")])
    yield from expect(code == 0, f"evaluate: exit {code}: {stderr}")
    with open(room.path("net", "best", "split.csv"), newline="") as file:
        splits = [row["split"] for row in csv.DictReader(file)]
    yield from expect(set(splits) == {"train", "test"}, f"the best model's splits: {splits}")
    room.stop_when(room.network_search("net-killed", *more), "net-killed", 6, signal.SIGKILL)
    code, _, stderr = room.run([CLI, "search", "--resume", "--run", room.path("net-killed")])
    yield from expect(code == 0, f"exit {code}: {stderr}")
    yield from expect(room.trials("net-killed") == rows, f"{room.trials('net-killed')} is not {rows}")


def check_stop(room):
    """SIGTERM: a clean stop, which says how to go on."""
    more = ["--trials", "30", "--jobs", "2", "--set", "epochs=3", "--set", "threads=1"]
    code, said = room.stop_when(room.network_search("stopped", *more), "stopped", 5, signal.SIGTERM)
    yield from expect(code == 1 and "--resume goes on from there" in said and said.count("\n") == 1,
                      f"exit {code}: {said}")
    yield from expect(room.status("stopped")["state"] == "stopped", str(room.status("stopped")))
    states = [row["state"] for row in room.trials("stopped").values()]
    yield from expect(0 < len(states) < 30 and set(states) <= {"running", "finished"}, str(states))


def check_nested(room):
    code, stdout, stderr = room.run(room.table_search("nested", "--nested", "--cv", "3", "--trials", "6", "--json"))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    folds = json.loads(stdout)["folds"]
    with open(room.path("nested", "nested.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    yield from expect(len(folds) == len(rows) == 3, stdout)
    yield from expect(all(same(row["f1_macro"], fold["f1_macro"]) for row, fold in zip(rows, folds)), stdout)
    yield from expect(all(fold["f1_macro"] > 0.5 for fold in folds), stdout)
    yield from expect("figures pretend" not in stderr, stderr)
    rows = "".join(f"{row % 7},{row * row % 11},{'ab'[row % 2]}\n" for row in range(40))
    nameless = room.write("nameless.csv", "a,b,label\n" + rows)
    command = room.table_search("nameless", "--trials", "1")
    command[command.index("--table") + 1] = nameless
    code, stdout, stderr = room.run(command)
    yield from expect(code == 0 and "rows have neither names nor a --group" in stderr, f"exit {code}: {stderr}")
    inside = room.trials("nested/fold-2")
    yield from expect(len(inside) == 6, str(inside))
    yield from expect(same(max(row["score"] for row in inside.values()), folds[1]["score"]), str(folds))


def check_sounds(room):
    """Rows made of a data set's sounds: measured on val, the test side unseen until the end."""
    space = room.write("knn.json", {"classifier": "knn", "n_neighbors": {"values": [1, 3]}})
    code, stdout, stderr = room.run([CLI, "search", "--dataset", room.path("data"), "--features", "mfcc", "--set",
                                     "segment_seconds=0.25", "--set", "sr=8000", "--space", space, "--sampler", "grid",
                                     "--run", room.path("sounds"), "--json"])
    yield from expect(code == 0, f"exit {code}: {stderr}")
    answer = json.loads(stdout)
    yield from expect(answer["trials"] == 2 and answer["f1_macro"] > 0.9, stdout)
    with open(room.path("sounds", "best", "split.csv"), newline="") as file:
        splits = {row["split"] for row in csv.DictReader(file)}
    yield from expect(splits == {"train", "val", "test"}, str(splits))


def check_rounds(room):
    """Schedulers cut boosting short by its rounds, other classifiers by their rows."""
    space = room.write("rounds.json", {"classifier": {"values": ["gradient-boosting", "svc"]}, "n_estimators": 9,
                                       "C": {"low": 0.1, "high": 10, "when": {"classifier": ["svc"]}}})
    command = room.table_search("rounds", "--scheduler", "asha", "--trials", "6", "--sampler", "random", "--cv", "2",
                                "--set", "eta=3", "--set", "rungs=3")
    command[command.index("--space") + 1] = space
    code, _, stderr = room.run(command)
    yield from expect(code == 0, f"exit {code}: {stderr}")
    for row in room.trials("rounds").values():
        shares = [1 / 9, 1 / 3, 1][:int(row["rung"])]
        paid = 9 * shares[-1] if row["classifier"] == "gradient-boosting" else sum(shares)  # it goes on from each rung
        yield from expect(math.isclose(float(row["epochs"]), paid, rel_tol=1e-6), str(row))


def check_budget(room):
    """As many trials as the rounds pay, the same ones after a kill; more rounds go on from there."""
    space = room.write("budget.json", {"classifier": "gradient-boosting",
                                       "n_estimators": {"low": 4, "high": 30, "integer": True},
                                       "learning_rate": {"low": 0.01, "high": 0.5, "log": True}})

    def command(run, *more):
        words = room.table_search(run, "--scheduler", "asha", "--sampler", "random", "--cv", "2", "--set", "rungs=3",
                                  "--set", "threads=1", *more)
        words[words.index("--space") + 1] = space
        return words

    code, stdout, stderr = room.run(command("budget", "--budget", "150", "--json"))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    answer, rows = json.loads(stdout), room.trials("budget")
    yield from expect(120 < answer["epochs"] <= 150, f"{answer['epochs']} rounds")
    yield from expect(sum(float(row["epochs"]) for row in rows.values()) == answer["epochs"], "epochs")
    yield from expect(len(rows) > 9 and sum(row["state"] == "finished" for row in rows.values()) > 1, str(rows))
    yield from expect(room.status("budget")["steps"] == "150", str(room.status("budget")))
    room.stop_when(command("budget-killed", "--budget", "150"), "budget-killed", 2 * len(rows) + 3, signal.SIGKILL)
    resume = [CLI, "search", "--resume", "--run", room.path("budget-killed")]
    code, _, stderr = room.run(resume)
    yield from expect(code == 0, f"exit {code}: {stderr}")
    again = room.trials("budget-killed")
    for row in [*rows.values(), *again.values()]:
        del row["epochs"]  # what the killed process had learned is learned again
    yield from expect(again == rows, f"{again} is not {rows}")
    code, _, stderr = room.run([*resume, "--budget", "300"])
    yield from expect(code == 0 and len(room.trials("budget-killed")) > len(rows), f"more rounds: exit {code}: {stderr}")


def check_space_text(room):
    """The space itself in place of a file, as the window gives it."""
    command = room.table_search("text", "--trials", "2", "--cv", "2")
    command[command.index("--space") + 1] = json.dumps({"classifier": "knn", "n_neighbors": {"values": [1, 3]}})
    code, _, stderr = room.run(command)
    yield from expect(code == 0, f"exit {code}: {stderr}")
    yield from expect({row["n_neighbors"] for row in room.trials("text").values()} <= {"1", "3"}, "its values")


BAD = [  # name, space, further arguments, exit status, what is said
    ("unknown parameter", {"classifier": "knn", "neighbours": 3}, [], 2, "bad.json: neighbours: the classifier has no"),
    ("value out of range", {"classifier": "knn", "n_neighbors": {"low": 0, "high": 3, "integer": True}}, [], 2,
     "bad.json: n_neighbors: n_neighbors=0: expected"),
    ("low above high", {"classifier": "knn", "n_neighbors": {"low": 3, "high": 1}}, [], 1,
     "bad.json: n_neighbors: “high” is 1"),
    ("no JSON", "{\n\"a\": }", [], 1, "bad.json: line 2"),
    ("unknown classifier", {"classifier": "oracle"}, [], 2, "there is no classifier “oracle”"),
    ("no classifier", {"C": 1}, [], 2, "--classifier"),
    ("no trials", TABLE_SPACE, ["--trials", "0"], 2, "trials=0: expected"),
    ("absurd trials", TABLE_SPACE, ["--trials", "10000000000"], 2, "trials=10000000000: expected"),
    ("no budget", TABLE_SPACE, ["--budget", "0"], 2, "budget=0: expected"),
    ("unknown sampler", TABLE_SPACE, ["--sampler", "magic"], 2, "sampler=magic: expected one of grid, random, tpe"),
    ("grid over a range", {"classifier": "svc", "C": {"low": 1, "high": 2}}, ["--sampler", "grid"], 2,
     "bad.json: C: a range without steps"),
    ("fixed and looked through", TABLE_SPACE, ["--set", "C=3"], 2, "C is looked through; leave out --set C=3"),
    ("a fixed parameter", TABLE_SPACE, ["--set", "nothing=1"], 2, "there is no parameter “nothing”"),
]


def check_bad(room):
    for name, space, more, status, said in BAD:
        command = room.table_search("bad", *more)
        command[command.index("--space") + 1] = room.write("bad.json", space)
        code, stdout, stderr = room.run(command)
        yield from expect(code == status and said in stderr and stderr.count("\n") == 1 and not stdout,
                          f"{name}: exit {code}: {stderr}")
        yield from expect(not os.path.exists(room.path("bad")), f"{name}: leaves a folder behind")
    other = room.write("other.json", {"classifier": "knn"})
    command = [CLI, "search", "--resume", "--run", room.path("grid")]
    for name, more, said in [("other space", ["--space", other], "other.json” is another space"),
                             ("other sampler", ["--sampler", "tpe"], "sampler “tpe” is not what"),
                             ("other table", ["--table", other], "--table “")]:
        code, _, stderr = room.run([*command, *more])
        yield from expect(code == 2 and said in stderr and stderr.count("\n") == 1, f"{name}: exit {code}: {stderr}")
    code, _, stderr = room.run([CLI, "search", "--resume", "--run", room.path("nowhere")])
    yield from expect(code == 2 and "there is no search to resume" in stderr, f"nowhere: exit {code}: {stderr}")
    code, _, stderr = room.run(room.table_search("grid"))
    yield from expect(code == 2 and "there is a run already" in stderr, f"twice: exit {code}: {stderr}")
    bad = room.network_search("bad", "--set", "chanels=3")
    code, _, stderr = room.run(bad)
    yield from expect(code == 2 and "there is no parameter “chanels”" in stderr, f"network: exit {code}: {stderr}")


def check_shipped(room):
    """Every space that comes with the program fits what it is for: all that is refused is the folder."""
    folder = os.path.join(os.environ["MELOGRAPH_DATA_DIR"], "models", "spaces")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".json"):
            continue
        command = (room.network_search if name in ("lstm.json", "training.json") else room.table_search)("grid")
        command[command.index("--space") + 1] = name[:-len(".json")]
        if "--model" in command:
            command[command.index("--model") + 1] = "lstm"
        code, _, stderr = room.run(command)
        yield from expect(code == 2 and "there is a run already" in stderr, f"{name}: exit {code}: {stderr}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        room = Room(folder)
        checks = [("grid with repeats", check_grid), ("killed and resumed", check_resume), ("a network", check_network),
                  ("stopped", check_stop), ("nested", check_nested), ("rounds and rows", check_rounds),
                  ("a budget of rounds", check_budget),
                  ("a space as text", check_space_text),
                  ("sounds", check_sounds), ("bad input", check_bad), ("spaces", check_shipped)]
        return report((name, check(room)) for name, check in checks)


sys.exit(main())
