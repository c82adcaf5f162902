#!/usr/bin/python3
"""Examples a second that a training does by one rank and by two, each on one thread: how well it scales on one machine.

    tests/bench/ranks.py [--cli build/src/cli/melograph-cli] [--model resnet18] [--batch 32] [--steps 50] [--rounds 3]

Noise of 5 s a track is trained on for one epoch, of as many steps as ESC-50's 2000 tracks have by 32 on four of five
folds. `one`, `two_sync`… are what `status` tells at its end, validation and checkpoints included; those in `steps` are of
the steps alone, from the first one's end to the last one's. In every round, one after the other: one rank; two ranks
with batchnorm=sync and with batchnorm=local, batch/2 each; and two trainings at the same time that know nothing of each
other, which is what the machine has to give. Prints one JSON line with the medians, and the ratio of the medians of two
ranks and one. Open MPI's mpirun is needed."""
import argparse
import configparser
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tests/mpi"))
from job import RANKS_ENVIRONMENT, what_is_missing  # noqa: E402

RATE, SECONDS, WANTED = 22050, 5, 1.7


def write_noise(folder, tracks):
    for number in range(tracks):
        place = Path(folder, "data", "ab"[number % 2])
        place.mkdir(parents=True, exist_ok=True)
        with wave.open(str(place / f"{number}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", None))
            file.writeframes(random.Random(number).randbytes(2 * RATE * SECONDS))


def times_of_steps(run):
    """When each step's loss was written: TensorBoard's records, which begin with their length and then the time."""
    times = []
    for path in sorted(Path(run).glob("events.out.tfevents.*")):
        data, at = path.read_bytes(), 0
        while at + 12 <= len(data):
            length, = struct.unpack_from("<Q", data, at)
            record = data[at + 12:at + 12 + length]
            if b"train/loss" in record:
                times.append(struct.unpack_from("<d", record, 1)[0])
            at += 16 + length
    return times


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.runs = options, folder, 0
        single = {name: value for name, value in RANKS_ENVIRONMENT.items() if "single_copy" not in name}
        self.environment = {**os.environ, **single, "XDG_CACHE_HOME": os.path.join(folder, "cache"), "TMPDIR": folder}
        training = options.batch * options.steps
        validation = max(2, training // 10)
        write_noise(folder, training + validation)
        self.settings = [f"split={training}:{validation}:0", f"batch_size={options.batch}", "epochs=1", "threads=1",
                         f"segment_seconds={SECONDS}", f"sr={RATE}", "learning_rate=0.001"]

    def start(self, launcher, processor=None, settings=()):
        self.runs += 1
        run = os.path.join(self.folder, f"run{self.runs}")
        words = [*launcher, self.options.cli, "train", "--quiet", "--dataset", os.path.join(self.folder, "data"), "--model",
                 self.options.model, "--run", run]
        for setting in [*self.settings, *settings]:
            words += ["--set", setting]
        bind = (lambda: os.sched_setaffinity(0, {processor})) if processor is not None else None
        return run, subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL, preexec_fn=bind)

    def finish(self, run, process):
        if process.wait() != 0:
            sys.exit(f"ranks.py: {' '.join(process.args)} failed")
        status = configparser.ConfigParser(interpolation=None)
        status.read(os.path.join(run, "status"))
        times = times_of_steps(run)
        shutil.rmtree(run)
        steps = self.options.batch * (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0
        return float(status["status"]["examples_per_second"]), steps

    def together(self, ranks, *settings):
        launcher = ["mpirun", "-q", "-n", str(ranks)] if ranks > 1 else []
        return self.finish(*self.start(launcher, settings=settings))

    def apart(self):
        processors = sorted(os.sched_getaffinity(0))[:2]
        both = [self.finish(*pair) for pair in [self.start([], processor) for processor in processors]]
        return tuple(map(sum, zip(*both)))


def figures(rounds):
    one, sync, local, apart = (statistics.median(column) for column in zip(*rounds))
    return {"one": round(one, 2), "two_sync": round(sync, 2), "two_local": round(local, 2), "two_apart": round(apart, 2),
            "ratio_sync": round(sync / one, 3), "ratio_local": round(local / one, 3), "ratio_apart": round(apart / one, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", default=str(TOP / "build/src/cli/melograph-cli"))
    parser.add_argument("--model", default="resnet18")
    parser.add_argument("--batch", type=int, default=32, help="examples of a step, of all ranks together")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    missing = what_is_missing(options.cli)
    if missing:
        sys.exit(f"ranks.py: {missing}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        bench.together(1, f"batch_size={options.batch * options.steps // 2}")  # makes the pictures
        rounds = [(bench.together(1), bench.together(2), bench.together(2, "batchnorm=local"), bench.apart())
                  for _ in range(options.rounds)]
    whole, steps = (figures([[pair[i] for pair in row] for row in rounds]) for i in (0, 1))
    print(json.dumps({"figure": "ranks", "model": options.model, "batch": options.batch, "steps_an_epoch": options.steps,
                      "rounds": options.rounds, **whole, "wanted": WANTED, "steps": steps}), flush=True)


main()
