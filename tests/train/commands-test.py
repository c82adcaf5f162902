#!/usr/bin/env python3
"""train, evaluate, predict, maps and explain as a user runs them: commands-test.py MELOGRAPH_CLI"""
import csv
import json
import math
import os
import random
import re
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
NETWORK = {"name": "toy", "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": 6, "kernel_size": 3, "padding": 1},
    {"type": "batchnorm", "name": "norm1"}, {"type": "relu", "name": "relu1"},
    {"type": "global-average-pool", "name": "mean"},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
SETTINGS = ["sr=8000", "segment_seconds=0.25", "n_fft=256", "hop_length=128", "n_mels=20", "epochs=4", "batch_size=4",
            "learning_rate=0.02"]


def write_track(path, sine, number):
    numbers = random.Random(number)
    samples = [0.3 * math.sin(2 * math.pi * (300 + 90 * number) * i / 8000) if sine else numbers.gauss(0, 0.1)
               for i in range(8000)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1, min(1, s)))) for s in samples))


def make_data(folder):
    for sine, name in enumerate(["noise", "sine"]):
        os.makedirs(os.path.join(folder, "data", name))
        for number in range(6):
            write_track(os.path.join(folder, "data", name, f"{number}.wav"), sine, number)
    with open(os.path.join(folder, "toy.json"), "w") as file:
        json.dump(NETWORK, file)


class Room:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": os.path.join(folder, "cache")}

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def train(self, run, *more):
        settings = [word for setting in SETTINGS for word in ("--set", setting)]
        return [CLI, "train", "--dataset", self.path("data"), "--model", self.path("toy.json"), "--run", self.path(run),
                *settings, *more]

    def run(self, arguments):
        result = subprocess.run(arguments, capture_output=True, text=True, timeout=100, env=self.environment)
        return result.returncode, result.stdout, result.stderr

    def command(self, *arguments):
        return self.run([CLI, *arguments])


def expect(condition, text):
    if not condition:
        yield text


def check_lstm(room):
    """A sequence of MFCCs, a network whose own parameters --set reaches, a front end that is no decibels."""
    train = room.train("lstm", "--set", "feature=mfcc", "--set", "n_mfcc=8", "--set", "hidden=6", "--set", "layers=1")
    train[train.index("--model") + 1] = "lstm"
    code, stdout, stderr = room.run(train)
    yield from expect(code == 0 and "finished after 4 epochs" in stdout, f"exit {code}: {stderr}")
    code, stdout, stderr = room.command("predict", "--run", room.path("lstm"), room.path("data", "sine", "1.wav"))
    yield from expect(code == 0, f"predict: exit {code}: {stderr}")
    best = room.path("lstm", "checkpoints", "best.safetensors")
    code, stdout, stderr = room.command("model", best, "--json")
    layers = json.loads(stdout)["layers"] if code == 0 else []
    yield from expect(layers and layers[0]["output"] == [12, 1, 1] and layers[0]["input"][:2] == [1, 8], stdout + stderr)
    code, stdout, stderr = room.run(room.train("wrong", "--set", "hidden=6"))
    yield from expect(code == 2 and "“hidden”" in stderr and not os.path.exists(room.path("wrong")), stderr)
    code, stdout, stderr = room.run(room.train("wrong", "--set", "feature=mfcc", "--set", "augment=gain"))
    yield from expect(code == 2 and "augment=gain" in stderr, stderr)


def check_train(room):
    code, stdout, stderr = room.run(room.train("run"))
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    yield from expect("finished after 4 epochs" in stdout, stdout)
    code, stdout, stderr = room.run(room.train("run"))
    yield from expect(code == 2 and "--resume" in stderr, f"a second training: exit {code}: {stderr}")
    code, stdout, stderr = room.run([CLI, "train", "--run", room.path("run"), "--resume"])
    yield from expect(code == 0 and "finished already" in stdout, f"resuming a finished run: exit {code}: {stdout}{stderr}")
    code, stdout, stderr = room.run([CLI, "train", "--run", room.path("absent"), "--resume"])
    yield from expect(code == 2 and stderr.count("\n") == 1, f"resuming an absent run: exit {code}: {stderr}")


def check_exchange(room):
    """To ONNX and back, the model says the same."""
    best, onnx, back = room.path("run", "checkpoints", "best.safetensors"), room.path("m.onnx"), room.path("m.safetensors")
    tables = []
    code, _, stderr = room.command("export", "--model", best, "--out", onnx)
    yield from expect(code == 0, f"export: exit {code}: {stderr}")
    code, _, stderr = room.command("import", onnx, "--out", back)
    yield from expect(code == 0, f"import: exit {code}: {stderr}")
    for model in (best, back):
        out = room.path("exchange.csv")
        code, _, stderr = room.command("predict", "--model", model, room.path("data", "sine", "1.wav"), "--out", out)
        yield from expect(code == 0, stderr)
        with open(out) as file:
            tables.append(list(csv.DictReader(file)))
    for a, b in zip(*tables):
        for key in a:
            same = abs(float(a[key]) - float(b[key])) < 1e-5 if key.endswith("_prob") else a[key] == b[key]
            yield from expect(same, f"{key}: {a[key]} became {b[key]}")
    code, _, stderr = room.command("import", onnx, "--labels", "a,b", "--out", back)
    yield from expect(code == 2 and "takes pictures of" in stderr, f"another front end: exit {code}: {stderr}")
    code, _, stderr = room.command("import", onnx, "--labels", "a,b,c", "--out", back)
    yield from expect(code == 2 and "--labels" in stderr, f"a label too many: exit {code}: {stderr}")
    code, stdout, stderr = room.command("import", best, "--model", room.path("toy.json"), "--labels", "x,y", "--out", back)
    yield from expect(code == 0 and "tensors taken" in stdout, f"weights: exit {code}: {stderr}")


def check_evaluate(room):
    out = room.path("table.csv")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--out", out, "--json")
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    figures = json.loads(stdout)
    yield from expect(figures["accuracy"] == 1 and figures["f1_macro"] == 1, f"not everything is right: {figures}")
    yield from expect(figures["labels"] == ["noise", "sine"], f"labels: {figures['labels']}")
    yield from expect(sum(map(sum, figures["confusion"])) == figures["segments"], "the confusion matrix does not add up")
    with open(out, newline="") as file:
        rows = list(csv.DictReader(file))
    names = ["songname", "track", "genre", "y_test", "part", "start", "end", "y_pred", "noise_prob", "sine_prob"]
    yield from expect(list(rows[0]) == names, f"columns: {list(rows[0])}")
    for row in rows:
        right = row["songname"] == f"{os.path.basename(row['track'])}_{row['part']}"
        yield from expect(right, f"songname {row['songname']}")
        total = float(row["noise_prob"]) + float(row["sine_prob"])
        yield from expect(abs(total - 1) < 1e-4, f"probabilities add up to {total}")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--table")
    for text in ("songname", "truth\\prediction", "accuracy 1.0000, macro F1 1.0000", "tracks right by vote"):
        yield from expect(text in stdout, f"evaluate does not print {text!r}: {stdout}")
    yield from expect(os.path.exists(room.path("run", "predictions.csv")), "predictions.csv is not in the run folder")


def check_against(room):
    """Two runs on what neither trained on."""
    code, _, stderr = room.run(room.train("other", "--set", "seed=1", "--set", "epochs=1"))
    yield from expect(code == 0, stderr)
    sides = []
    for run in ("run", "other"):
        with open(room.path(run, "split.csv"), newline="") as file:
            sides.append({row["path"]: row["split"] for row in csv.DictReader(file)})
    tested = [path for path, side in sides[0].items() if side == "test"]
    left = [path for path in tested if sides[1][path] != "train"]
    yield from expect(0 < len(left) < len(tested), f"{len(left)} of {len(tested)} tracks test nothing")
    out = room.path("comparison.csv")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--against", room.path("other"), "--out", out,
                                        "--json")
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    answer = json.loads(stdout)
    yield from expect(answer["segments"] == 4 * len(left), f"{answer}")
    yield from expect(answer["left_out"] == 4 * (len(tested) - len(left)), f"{answer}")
    with open(out, newline="") as file:
        rows = list(csv.DictReader(file))
    names = ["y_pred_A", "y_pred_B", "noise_prob_A", "sine_prob_A", "noise_prob_B", "sine_prob_B"]
    yield from expect(list(rows[0])[7:] == names and {row["track"] for row in rows} == set(left), f"columns: {list(rows[0])}")
    only = [sum(row[f"y_pred_{a}"] == row["y_test"] != row[f"y_pred_{b}"] for row in rows) for a, b in ("AB", "BA")]
    yield from expect(only == [answer["only_a"], answer["only_b"]], f"{only}: {answer}")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--against", room.path("run"))
    yield from expect(code == 0 and "McNemar's p 1\n" in stdout and "0 left out" in stdout, stdout + stderr)
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--against", room.path("run"), "--split", "train")
    yield from expect(code == 1 and stderr.count("\n") == 1 and "trained on" in stderr, f"exit {code}: {stderr}")


def check_table_split(room, table):
    code, stdout, stderr = room.command("table-train", "--table", table, "--classifier", "knn", "--split", "2:1:1", "--run",
                                        room.path("knn"), "--json")
    answer = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and 0 < answer["val"]["rows"] < 30, f"exit {code}: {stdout}{stderr}")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("knn"), "--split", "val", "--json")
    again = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and abs(again["f1_macro"] - answer["val"]["f1_macro"]) < 1e-9, f"{stdout}{stderr}: {answer}")
    with open(table, "a") as file:
        file.write("60.wav,1,1,x\n")
    code, _, stderr = room.command("evaluate", "--run", room.path("knn"), "--split", "val")
    yield from expect(code == 1 and "61 rows" in stderr and stderr.count("\n") == 1, f"a table that grew: exit {code}: {stderr}")


def check_table(room):
    """A classifier on a table classifies other tables that have its columns."""
    table = room.path("numbers.csv")
    with open(table, "w") as file:
        file.write("filename,a,b,label\n")
        numbers = random.Random(1)
        for row in range(60):
            file.write(f"{row}.wav,{numbers.gauss(4 * (row % 2), 1)},{numbers.gauss(0, 1)},{'xy'[row % 2]}\n")
    code, stdout, stderr = room.command("table-train", "--table", table, "--classifier", "svc", "--run", room.path("svc"), "--json")
    figures = json.loads(stdout) if code == 0 else {}
    names = ("f1_micro", "precision_macro", "recall_macro", "auc_ovr", "log_loss", "ece", "accuracy_interval", "warnings")
    yield from expect(code == 0 and all(name in figures for name in names), f"exit {code}: {stdout}{stderr}")
    other, out = room.path("other.csv"), room.path("answers.csv")
    with open(other, "w") as file:
        file.write("b,text,a,filename\n0,what,4.5,one.wav\n0,ever,-0.5,two.wav\n")
    code, _, stderr = room.command("predict", "--run", room.path("svc"), "--table", other, "--out", out)
    yield from expect(code == 0, f"exit {code}: {stderr}")
    with open(out, newline="") as file:
        answers = [(row["track"], row["y_pred"]) for row in csv.DictReader(file)]
    yield from expect(answers == [("one.wav", "1"), ("two.wav", "0")], f"{answers}")
    with open(other, "w") as file:
        file.write("b,filename\n0,one.wav\n")
    code, _, stderr = room.command("predict", "--run", room.path("svc"), "--table", other)
    yield from expect(code == 2 and "“a”" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")
    yield from check_table_split(room, table)
    code, _, stderr = room.command("predict", "--run", room.path("svc"), room.path("data", "sine", "1.wav"))
    yield from expect(code == 1 and "--table" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def table_train(room, run, *more):
    return room.command("table-train", "--dataset", room.path("data"), "--run", room.path(run), "--set", "sr=8000",
                        "--set", "n_fft=256", "--set", "segment_seconds=0.25", *more)


def check_sounds(room):
    """A classifier on features of sounds: what its run holds, what its model says of files."""
    code, stdout, stderr = table_train(room, "rows", "--features", "rms,spectral_flatness", "--statistics", "mean,std",
                                       "--set", "split=2:1:1", "--classifier", "logistic", "--json")
    answer = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and answer["f1_macro"] == 1 and answer["val"]["rows"] > 0, f"exit {code}: {stdout}{stderr}")
    sides = {row["path"]: row["split"] for row in read_csv(room.path("rows", "split.csv"))}
    table = read_csv(room.path("rows", "predictions.csv"))
    tested = {path for path, side in sides.items() if side == "test"}
    yield from expect({row["track"] for row in table} == tested and len(table) == 4 * len(tested), "not the test side")
    with open(room.path("rows", "predictions.csv")) as file:
        said = file.read()
    code, stdout, stderr = room.command("evaluate", "--run", room.path("rows"), "--out", room.path("again.csv"))
    yield from expect(code == 0 and open(room.path("again.csv")).read() == said, f"evaluated anew: {stdout}{stderr}")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("rows"), "--split", "val")
    yield from expect(code == 0 and "accuracy 1.0000" in stdout, f"exit {code}: {stdout}{stderr}")
    code, stdout, stderr = room.command("predict", "--run", room.path("rows"), table[0]["track"], "--json")
    rows = json.loads(stdout)["segments"] if code == 0 else []
    probabilities = [[float(row["noise_prob"]), float(row["sine_prob"])] for row in table[:4]]
    yield from expect(all(abs(a - b) < 1e-5 for row, known in zip(rows, probabilities)
                          for a, b in zip(row["probabilities"], known)) and len(rows) == 4, f"{rows}: {probabilities}")
    code, _, stderr = room.command("maps", "--run", room.path("rows"), table[0]["track"], "--out", room.path("no.png"))
    yield from expect(code == 1 and "“table”" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")
    code, _, stderr = room.command("train", "--run", room.path("rows"), "--resume", "--set", "epochs=9")
    yield from expect(code == 2 and "network" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")


def check_sounds_against(room):
    code, stdout, stderr = room.command("evaluate", "--run", room.path("run"), "--against", room.path("rows"), "--json")
    answer = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and answer["segments"] > 0, f"a network against a table: exit {code}: {stderr}")
    code, _, stderr = table_train(room, "longer", "--features", "rms", "--classifier", "knn", "--set", "segment_seconds=0.5")
    yield from expect(code == 0, stderr)
    code, _, stderr = room.command("evaluate", "--run", room.path("run"), "--against", room.path("longer"))
    yield from expect(code == 2 and "0.5 s" in stderr and "0.25 s" in stderr, f"other segments: exit {code}: {stderr}")


def check_embedding(room):
    """Vectors of a network as rows, by piece and in sequence; the model needs nothing but its file."""
    code, stdout, stderr = room.command("table-train", "--dataset", room.path("data"), "--embedding", room.path("run"),
                                        "--classifier", "logistic,knn:n_neighbors=3", "--run", room.path("vectors"), "--json")
    answer = json.loads(stdout)["results"] if code == 0 else []
    yield from expect([one["parameters"] for one in answer] == ["", "n_neighbors=3"], f"exit {code}: {stdout}{stderr}")
    yield from expect("learned from" not in stderr, f"the same split: {stderr}")
    lines = read_csv(room.path("vectors", "results.csv"))
    yield from expect([line["classifier"] for line in lines] == ["logistic", "knn"] and
                      all(line["machine"] and float(line["seconds"]) >= 0 for line in lines), f"{lines}")
    code, _, stderr = room.command("table-train", "--dataset", room.path("data"), "--embedding", room.path("run"), "--set",
                                   "segment_seconds=1.5", "--cv", "2", "--classifier", "logistic", "--run",
                                   room.path("sequence"))
    yield from expect(code == 0 and "learned from" in stderr and "pretend" in stderr, f"tested what it knows: {stderr}")
    os.rename(room.path("run", "checkpoints"), room.path("run", "away"))
    track = room.path("data", "sine", "1.wav")
    for run, parts in ((("vectors", "logistic"), 4), (("sequence",), 1)):
        code, stdout, stderr = room.command("predict", "--run", room.path(*run), track, "--json")
        answer = json.loads(stdout) if code == 0 else {}
        yield from expect(code == 0 and answer["votes"][0]["segments"] == parts, f"{run}: exit {code}: {stdout}{stderr}")
    os.rename(room.path("run", "away"), room.path("run", "checkpoints"))
    code, _, stderr = room.command("table-train", "--dataset", room.path("data"), "--embedding", room.path("run"), "--set",
                                   "segment_seconds=0.1", "--classifier", "knn", "--run", room.path("short"))
    yield from expect(code == 2 and "0.25 s" in stderr and not os.path.exists(room.path("short")), f"exit {code}: {stderr}")


def check_recipe(room):
    """Classifiers that a file lists read the pieces of a segment as a sequence; where one fails, the others go on."""
    with open(room.path("some.txt"), "w") as file:
        file.write("# on vectors\nlogistic:C=0.1\n\nfcnn:hidden=8,4:epochs=2 # small\ncnn:epochs=2\nlstm:epochs=1:hidden=4\n")
    words = ["table-train", "--dataset", room.path("data"), "--embedding", room.path("run"), "--set", "segment_seconds=1"]
    code, stdout, stderr = room.command(*words, "--recipe", room.path("some.txt"), "--run", room.path("recipe"))
    yield from expect(code == 0 and "hidden=8,4 epochs=2" in stdout and "\non " in stdout, f"exit {code}: {stdout}{stderr}")
    lines = read_csv(room.path("recipe", "results.csv"))
    yield from expect([line["classifier"] for line in lines] == ["logistic", "fcnn", "cnn", "lstm"], f"{lines}")
    for run in ("cnn-epochs=2", "lstm-epochs=1-hidden=4"):
        with open(room.path("recipe", run, "config.ini")) as file:
            yield from expect("sequence_length=4\n" in file.read(), f"{run} does not know its four pieces")
    code, stdout, stderr = room.command(*words, "--classifier", "cnn:sequence_length=999,logistic:C=1", "--run", room.path("some"))
    yield from expect(code == 2 and stderr.count("sequence_length 999") == 1 and "C=1" in stdout, f"exit {code}: {stdout}{stderr}")
    code, _, stderr = room.command(*words, "--recipe", "nothing", "--run", room.path("none"))
    yield from expect(code == 1 and "nothing.txt" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")


def check_folds(room):
    """Parts of a track lie in one fold; the data set's own folds are taken as they are."""
    code, stdout, stderr = table_train(room, "cv", "--features", "rms", "--cv", "3", "--classifier", "knn", "--json")
    answer = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and [fold["rows"] % 4 for fold in answer["folds"]] == [0, 0, 0], f"{stdout}{stderr}")
    yield from expect(len(read_csv(room.path("cv", "predictions.csv"))) == 48, "not every row was tested")
    metrics = read_csv(room.path("cv", "metrics.csv"))
    means = [float(row["value"]) for row in metrics if row["split"] == "val" and row["name"] == "f1_macro"]
    yield from expect(len(means) == 1 and abs(means[0] - answer["f1_macro"]) < 1e-6, f"{metrics}")
    code, stdout, stderr = table_train(room, "own", "--features", "rms", "--folds", "column", "--fold-from", "^([0-9])",
                                       "--set", "segment_hop=0.125", "--classifier", "knn", "--json")
    answer = json.loads(stdout) if code == 0 else {}
    yield from expect(code == 0 and [fold["rows"] for fold in answer["folds"]] == 6 * [2 * 7], f"{stdout}{stderr}")
    for words, told in ((["--cv", "3", "--split", "6:2:2"], "--cv"), (["--table", "x.csv"], "--table"),
                        (["--set", "n_neighbours=3"], "n_neighbours"), (["--cv", "1"], "2 folds"),
                        (["--split", "1:0:0"], "neither"), (["--statistics", "mode"], "“mode”")):
        code, _, stderr = table_train(room, "wrong", "--features", "rms", "--classifier", "knn", *words)
        yield from expect(code == 2 and told in stderr and stderr.count("\n") == 1, f"{words}: exit {code}: {stderr}")
        yield from expect(not os.path.exists(room.path("wrong")), f"{words}: a run is left behind")
    code, _, stderr = table_train(room, "wrong", "--features", "rms", "--classifier", "knn", "--folds", "column")
    yield from expect(code == 2 and "--fold-from" in stderr and stderr.count("\n") == 1, f"exit {code}: {stderr}")


def check_predict(room):
    track, out = room.path("data", "sine", "3.wav"), room.path("predicted.csv")
    code, stdout, stderr = room.command("predict", "--run", room.path("run"), track, "--out", out, "--json")
    yield from expect(code == 0, f"exit {code}: {stderr}")
    answer = json.loads(stdout)
    yield from expect(len(answer["segments"]) == 4 and answer["votes"][0]["vote"] == "sine", f"{answer}")
    yield from expect(answer["segments"][0]["y_test"] is None, "a truth out of nowhere")
    code, stdout, stderr = room.command("predict", "--run", room.path("run"), track, room.path("toy.json"), "/no/file.wav")
    yield from expect(code == 1 and "4 of 4" in stdout, f"the good file among bad ones: exit {code}: {stdout}")
    yield from expect(stderr.count("\n") == 2 and "/no/file.wav" in stderr, f"one line a bad file: {stderr}")
    code, stdout, stderr = room.command("predict", "--run", room.path("run"), room.path("data"), "--json")
    votes = [(os.path.basename(os.path.dirname(vote["track"])), vote["vote"]) for vote in json.loads(stdout)["votes"]]
    yield from expect(code == 0 and votes == [("noise", "noise")] * 6 + [("sine", "sine")] * 6, f"a folder: {votes} {stderr}")
    code, stdout, stderr = room.command("predict", "--run", room.path("run"), room.path("run"))
    yield from expect(code == 1 and room.path("run") in stderr and not stdout, f"a folder without sounds: exit {code}: {stderr}")
    for option, value in (("--out", "table.txt"), ("--threads", "-1")):
        for command in (["evaluate"], ["predict", track]):
            code, stdout, stderr = room.command(*command, "--run", room.path("run"), option, value)
            yield from expect(code == 2 and value in stderr and not stdout, f"{command} {option} {value}: exit {code}: {stderr}")
    code, stdout, stderr = room.command("predict", track)
    yield from expect(code == 2 and "--model" in stderr, f"without a model: exit {code}: {stderr}")


def check_maps(room):
    track = room.path("data", "sine", "3.wav")
    model = room.path("run", "checkpoints", "best.safetensors")
    for name, magic in (("maps.png", b"\x89PNG"), ("maps.npy", b"\x93NUMPY")):
        code, _, stderr = room.command("maps", "--model", model, track, "--part", "2", "--out", room.path(name))
        yield from expect(code == 0, f"{name}: exit {code}: {stderr}")
        with open(room.path(name), "rb") as file:
            yield from expect(file.read(len(magic)) == magic, f"{name} is something else")
    code, _, stderr = room.command("maps", "--model", model, track, "--part", "5", "--out", room.path("no.png"))
    yield from expect(code == 2 and "1 to 4" in stderr, f"a part too many: exit {code}: {stderr}")


    code, _, stderr = room.command("maps", "--model", model, "--filters", "--out", room.path("filters.npy"))
    with open(room.path("filters.npy"), "rb") as file:
        yield from expect(code == 0 and b"(18, 3)" in file.read(128), f"filters: exit {code}: {stderr}")
    code, _, stderr = room.command("maps", "--model", model, track, "--filters", "--out", room.path("no.png"))
    yield from expect(code == 2 and "no FILE" in stderr, f"a file too many: exit {code}: {stderr}")


def read_float_wav(path):
    """The samples of a 32-bit float WAV, which the wave module refuses."""
    with open(path, "rb") as file:
        content = file.read()
    at = content.index(b"data")
    size = struct.unpack_from("<I", content, at + 4)[0]
    return struct.unpack_from(f"<{size // 4}f", content, at + 8)


def check_explain(room):
    """Every method; its figures agree; evidence and rest sum to the segment; a segment can be changed before."""
    track, run = room.path("data", "sine", "3.wav"), room.path("run")
    explain = ["explain", "--run", run, track, "--part", "2", "--json", "--quiet"]
    for method in ("grad-cam", "integrated-gradients", "occlusion", "gradient"):
        code, stdout, stderr = room.command(*explain, "--method", method, "--class", "sine", "--out", room.path("map.npy"))
        if code != 0:
            yield f"{method}: exit {code}: {stderr}"
            continue
        answer = json.loads(stdout)
        with open(room.path("map.npy"), "rb") as file:
            yield from expect(b"(20, 16)" in file.read(128), f"{method}: the map's shape")
        yield from expect(math.isclose(sum(answer["probabilities"].values()), 1, abs_tol=1e-5) and
                          0 <= answer["box"]["share"] <= 1 and answer["class"] == "sine" and
                          answer["start"] == 0.25 and answer["y_pred"] in answer["summary"], f"{method}: {answer}")
        if method == "integrated-gradients":
            change = answer["output"] - answer["output_of_baseline"]
            yield from expect(abs(answer["sum"] - change) < 0.01 * abs(change), f"{answer['sum']} of {change}")
    sounds = [room.path(name) for name in ("evidence.wav", "rest.wav")]
    code, stdout, stderr = room.command(*explain, "--evidence", sounds[0], "--rest", sounds[1], "--nearest", "2",
                                        "--out", room.path("map.png"))
    yield from expect(code == 0, f"sounds: exit {code}: {stderr}")
    if code == 0:
        with wave.open(track) as file:
            file.setpos(2000)
            samples = [value / 32768 for value in struct.unpack("<2000h", file.readframes(2000))]
        both = [sum(pair) for pair in zip(*map(read_float_wav, sounds))]
        yield from expect(len(both) == 2000 and max(abs(a - b) for a, b in zip(both, samples)) < 1e-4, "not the segment")
        nearest = json.loads(stdout)["nearest_of_y_pred"]
        yield from expect(len(nearest) == 2 and nearest[0]["distance"] <= nearest[1]["distance"], f"{nearest}")
        yield from expect(not any(near["songname"] == "3.wav_2" for near in nearest), "near to itself")
    before = json.loads(stdout)["probabilities"]
    for change in ("pitch=7", "gain=40", "offset=0.0613", "n_mels=30"):
        code, stdout, stderr = room.command(*explain, "--set", change)
        yield from expect(code == 0 and json.loads(stdout)["probabilities"] != before, f"{change}: exit {code}: {stderr}")
    for words, message in ((["--class", "boom"], "noise, sine"), (["--method", "magic"], "grad-cam, "),
                           (["--share", "0"], "1 to 100"), (["--out", "x.txt"], ".png or"), (["--set", "steps=9"], "steps"),
                           (["--rest", "x.mp3"], ".wav"), (["--part", "7"], "1 to 4")):
        code, stdout, stderr = room.command(*explain, *words)
        yield from expect(code == 2 and message in stderr and not stdout, f"{words}: exit {code}: {stderr}")


def check_embed(room):
    """The vectors before the logits, and their places in the plane as table, array and picture."""
    run = ["embed", "--run", room.path("run"), "--quiet"]
    for method in ("pca", "tsne", "umap"):
        code, _, stderr = room.command(*run, "--method", method, "--out", room.path("plane.csv"))
        if code != 0:
            yield f"{method}: {code} {stderr}"
            continue
        with open(room.path("plane.csv")) as file:
            rows = list(csv.DictReader(file))
        if len(rows) < 12 or not all(math.isfinite(float(row[axis])) for row in rows for axis in "xy"):
            yield f"{method}: {rows[:2]}"
        if {row["label"] for row in rows} != {"noise", "sine"}:
            yield f"{method}: labels {rows[:2]}"
    for name, magic in (("plane.png", b"\x89PNG"), ("plane.npy", b"\x93NUMPY")):
        code, _, stderr = room.command(*run, "--method", "pca", "--out", room.path(name))
        with open(room.path(name), "rb") as file:
            if code != 0 or not file.read().startswith(magic):
                yield f"{name}: {code} {stderr}"
    for wrong in (["--method", "mds"], ["--out", "x.png"], ["--set", "perplexity=5"],
                  ["--method", "tsne", "--set", "perplexity=0"]):
        code, _, stderr = room.command(*run, "--out", room.path("x.csv"), *wrong)
        if code != 2 or stderr.count("\n") != 1:
            yield f"{wrong}: {code} {stderr}"


def check_stop(room):
    """SIGTERM, as a cluster or the window sends it: a checkpoint, one line, and the rest later."""
    worker = subprocess.Popen(room.train("stopped", "--set", "epochs=2000"), env=room.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    metrics = room.path("stopped", "metrics.csv")
    deadline = time.monotonic() + 60
    while not (os.path.exists(metrics) and os.path.getsize(metrics) > 5000) and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.send_signal(signal.SIGTERM)
    stdout, stderr = worker.communicate(timeout=60)
    yield from expect(worker.returncode == 1 and stderr.count("\n") == 1 and "--resume" in stderr, f"stopped: {stderr}")
    with open(room.path("stopped", "status")) as file:
        yield from expect("state=stopped" in file.read(), "the status does not say stopped")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("stopped"), "--checkpoint", "last", "--json")
    yield from expect(code == 0, f"the checkpoint of a stopped run: {stderr}")


def check_kill(room):
    """SIGKILL wherever the worker is, on two threads with everything that draws numbers: the same bytes in the end."""
    settings = ["epochs=40", "threads=2", "augment=random-crop,time-shift,gain,noise,spec-augment,mixup", "ema=0.9",
                "schedule=on-plateau", "plateau_patience=1", "optimizer=adamw", "clip_norm=1", "label_smoothing=0.1"]
    more = [word for each in settings for word in ("--set", each)]
    code, _, stderr = room.run(room.train("straight", *more))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    metrics = room.path("killed", "metrics.csv")
    size = os.path.getsize(room.path("straight", "metrics.csv"))
    command, killed = room.train("killed", *more), 0
    for part in (0.1, 0.3, 0.55, 0.8):
        worker = subprocess.Popen(command, env=room.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while worker.poll() is None and not (os.path.exists(metrics) and os.path.getsize(metrics) > part * size):
            time.sleep(0.001)
        worker.kill()
        killed += worker.wait(timeout=60) == -signal.SIGKILL
        command = [CLI, "train", "--run", room.path("killed"), "--resume"]
    yield from expect(killed >= 1, "it was never killed")
    code, _, stderr = room.run(command)
    yield from expect(code == 0, f"going on: exit {code}: {stderr}")
    same = [open(room.path(run, "metrics.csv")).read() for run in ("straight", "killed")]
    yield from expect(same[0] == same[1], "the metrics differ from those of a training that was never killed")


def check_vectors(room):
    """Vectors of every segment as a table and as an array; what is not built is refused in one line."""
    table, array = room.path("vectors.csv"), room.path("vectors.npy")
    predictions = room.path("predictions-all.csv")
    code, stdout, stderr = room.command("embed", "--run", room.path("run"), "--method", "none", "--out", table,
                                        "--predictions", predictions, "--progress")
    yield from expect(code == 0 and "layer mean" in stdout, f"exit {code}: {stdout}{stderr}")
    yield from expect(stderr and all(re.match(r"progress [01]\.\d{4} -?\d+\.\d ", line) for line in stderr.splitlines()),
                      f"progress: {stderr}")
    with open(predictions) as file:
        yield from expect([row["songname"] for row in csv.DictReader(file)] ==
                          [row["songname"] for row in csv.DictReader(open(table))], "predictions of other rows")
    with open(table) as file:
        rows = list(csv.DictReader(file))
    yield from expect(len(rows) == 48 and {row["label"] for row in rows} == {"noise", "sine"}, f"{len(rows)} rows")
    yield from expect({row["split"] for row in rows} == {"train", "val", "test"}, "the sides of the split")
    best = room.path("run", "checkpoints", "best.safetensors")
    code, stdout, stderr = room.command("embed", "--model", best, "--dataset", room.path("data"), "--layer", "conv1", "--out",
                                        array)
    yield from expect(code == 0 and os.path.getsize(array) == 128 + 48 * 6 * 4, f"exit {code}: {stderr}")
    for wrong in (["--method", "magic"], ["--layer", "conv7"], ["--dataset", room.path("data")]):
        code, stdout, stderr = room.command("embed", "--run", room.path("run"), "--out", table, *wrong)
        yield from expect(code == 2 and stderr.count("\n") == 1, f"{wrong}: exit {code}: {stderr}")


def check_divergence(room):
    """A training that blows up says so in one line, and leaves no best checkpoint that answers with nan."""
    settings = ["optimizer=sgd", "learning_rate=100", "weight_decay=1", "schedule=constant", "epochs=60"]
    code, _, stderr = room.run(room.train("diverged", *[word for each in settings for word in ("--set", each)]))
    yield from expect(code == 1 and stderr.count("\n") == 1, f"exit {code}: {stderr}")
    for text in (room.path("diverged"), "learning_rate", "100"):
        yield from expect(text in stderr, f"{text} is not named: {stderr}")
    with open(room.path("diverged", "metrics.csv")) as file:
        yield from expect("nan" not in file.read(), "nan in metrics.csv")
    code, _, stderr = room.command("evaluate", "--run", room.path("diverged"))
    yield from expect(code == 0 or (code == 1 and stderr.count("\n") == 1), f"exit {code}: {stderr}")
    if code == 0:
        with open(room.path("diverged", "predictions.csv")) as file:
            yield from expect("nan" not in file.read(), "nan among the probabilities")


def check_disk_full(room):
    """The disk fills up while training: one line, and what was there stays good for going on."""
    full = {**room.environment, "MELOGRAPH_TEST_DISK_FULL_AFTER": "25000"}
    result = subprocess.run(room.train("full"), capture_output=True, text=True, timeout=100, env=full)
    yield from expect(result.returncode == 1 and result.stderr.count("\n") == 1 and "No space left" in result.stderr,
                      f"exit {result.returncode}: {result.stderr}")
    with open(room.path("full", "status")) as file:
        yield from expect("state=finished" not in file.read(), "a run that failed says finished")
    code, stdout, stderr = room.run([CLI, "train", "--run", room.path("full"), "--resume"])
    yield from expect(code == 0, f"resuming when there is room again: {stderr}")
    same = [open(room.path(run, "metrics.csv")).read() for run in ("run", "full")]
    yield from expect(same[0] == same[1], "the metrics differ from those of a training on a disk with room")


def check_leaky(room):
    code, stdout, stderr = room.run(room.train("leaky", "--set", "split=leaky:6:2:2", "--set", "epochs=1"))
    yield from expect(code == 0, f"exit {code}: {stderr}")
    code, stdout, stderr = room.command("evaluate", "--run", room.path("leaky"))
    yield from expect("leaky" in stdout and "pretend" in stderr, "a leaky split does not say so")
    yield from expect(curves(room) == curves(room), "the same curves twice are two drawings")
    said = curves(room)
    with open(room.path("leaky", "config.ini")) as file:
        config = file.read()
    with open(room.path("leaky", "config.ini"), "w") as file:
        file.write(config.replace("leaky=true", "leaky=false"))
    yield from expect(curves(room) != said, "the curves of a leaky split do not say so")


def curves(room):
    code, _, stderr = room.command("curves", "--run", room.path("leaky"), "--out", room.path("curves.svg"))
    with open(room.path("curves.svg")) as file:
        return file.read() if code == 0 else stderr


def main():
    with tempfile.TemporaryDirectory(prefix="melograph-test-") as folder:
        room = Room(folder)
        make_data(folder)
        checks = [check_lstm, check_train, check_exchange, check_evaluate, check_against, check_table, check_sounds,
                  check_sounds_against, check_embedding, check_recipe, check_folds, check_predict, check_maps, check_explain,
                  check_embed, check_stop, check_kill, check_vectors, check_divergence, check_disk_full, check_leaky]
        return report((check.__name__.replace("check_", ""), check(room)) for check in checks)


sys.exit(main())
