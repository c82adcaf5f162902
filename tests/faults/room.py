"""What the tests of faults share: a small data set, a network that learns it in a second, and the program."""
import json
import math
import os
import random
import signal
import struct
import subprocess
import sys
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402, F401

NETWORK = {"name": "toy", "layers": [
    {"type": "conv2d", "name": "conv1", "out_channels": 6, "kernel_size": 3, "padding": 1},
    {"type": "batchnorm", "name": "norm1"}, {"type": "relu", "name": "relu1"},
    {"type": "global-average-pool", "name": "mean"},
    {"type": "linear", "name": "logits", "out_features": "classes"}]}
SETTINGS = {"sr": 8000, "segment_seconds": 0.25, "n_fft": 256, "hop_length": 128, "n_mels": 20, "epochs": 4, "batch_size": 4,
            "learning_rate": 0.02, "threads": 1}


def write_track(path, number, seconds=1):
    """A sine where the number is odd, noise otherwise."""
    numbers = random.Random(number)
    hz = 300 + 45 * number
    samples = [0.3 * math.sin(2 * math.pi * hz * i / 8000) if number % 2 else numbers.gauss(0, 0.1)
               for i in range(round(8000 * seconds))]
    with open(path, "wb") as bare, wave.open(bare, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1, min(1, s)))) for s in samples))


class Result:
    """What a program ended with. Warnings, as of a cache that cannot be kept, are no part of its error."""

    def __init__(self, code, out, err):
        self.code, self.out = code, out
        self.err = "".join(line + "\n" for line in err.splitlines() if line and "WARNING **" not in line)

    def one_line(self, *names):
        """What is wrong with a failure: it is one line on stderr that holds the names, and a status of 1 or 2."""
        if self.code not in (1, 2):
            yield f"exit status {self.code}: {self.err[-500:]}"
        elif self.err.count("\n") != 1 or not self.err.startswith("melograph-cli: "):
            yield f"not one line on stderr: {self.err[-500:]}"
        for name in names:
            if name not in self.err:
                yield f"“{name}” is not in: {self.err[-500:]}"

    def good(self):
        if self.code != 0:
            yield f"exit status {self.code}: {self.err[-500:]}"


class Room:
    """A folder with data/, toy.json, and a cache of its own."""

    def __init__(self, folder, cli, tracks=12):
        self.folder, self.cli = folder, cli
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": os.path.join(folder, "cache")}
        for number in range(tracks):
            name = "sine" if number % 2 else "noise"
            os.makedirs(self.path("data", name), exist_ok=True)
            write_track(self.path("data", name, f"{number}.wav"), number)
        with open(self.path("toy.json"), "w") as file:
            json.dump(NETWORK, file)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def train(self, run, **more):
        """The words of a training."""
        settings = [word for item in {**SETTINGS, **more}.items() for word in ("--set", "=".join(map(str, item)))]
        return ["train", "--dataset", self.path("data"), "--model", self.path("toy.json"), "--run", run, *settings]

    def start(self, *words, **environment):
        return subprocess.Popen([self.cli, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env={**self.environment, **environment})

    def run(self, *words, before=None, **environment):
        result = subprocess.run([self.cli, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                                env={**self.environment, **environment}, preexec_fn=before)
        return Result(result.returncode, result.stdout.decode("utf-8", "replace"), result.stderr.decode("utf-8", "replace"))


def content(path):
    """The bytes of a file, None where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def kill(process):
    """SIGKILL; whether it was still at work."""
    at_work = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return at_work
