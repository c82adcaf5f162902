"""What the tests of ranks share: tracks, mpirun on this machine alone, its ranks' processes."""
import csv
import math
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
import wave

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import SANITIZED  # noqa: E402

SETTINGS = ["sr=8000", "segment_seconds=0.5", "n_fft=256", "hop_length=128", "n_mels=20"]
PATIENCE = 600 if SANITIZED else 100  # s
# As root or not, more ranks than processors, by shared memory and the loopback interface alone. hwloc would look for graphics
# cards on every X server that is there, and end the ranks when that of a journey goes.
RANKS_ENVIRONMENT = {
    "HWLOC_COMPONENTS": "-gl",
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_btl": "self,vader", "OMPI_MCA_plm": "isolated", "OMPI_MCA_oob_tcp_if_include": "lo",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}  # containers forbid reading another process's memory


def write_track(path, sine, number, seconds=4):
    numbers = random.Random(number)
    samples = [0.3 * math.sin(2 * math.pi * (300 + 90 * number) * i / 8000) + numbers.gauss(0, 0.05) if sine
               else numbers.gauss(0, 0.1) for i in range(8000 * seconds)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1, min(1, s)))) for s in samples))


def sanitizer_environment(folder):
    """Open MPI never gives back strings that it has from asprintf(); for want of frame pointers no name of its own is in
    their stacks, which tests/sanitizers/lsan.txt could tell."""
    if not SANITIZED or "suppressions=" not in os.environ.get("LSAN_OPTIONS", ""):
        return {}
    options = os.environ["LSAN_OPTIONS"]
    with open(options.split("suppressions=")[1].split(":")[0]) as general, open(f"{folder}/lsan.txt", "w") as own:
        own.write(f"{general.read()}leak:__vasprintf_internal\n")
    return {"LSAN_OPTIONS": f"{options}:suppressions={folder}/lsan.txt"}


class Room:
    def __init__(self, folder, cli):
        self.folder = folder
        self.cli = cli
        self.environment = {**os.environ, **RANKS_ENVIRONMENT, **sanitizer_environment(folder), "LC_ALL": "C.UTF-8",
                            "XDG_CACHE_HOME": self.path("cache"), "TMPDIR": folder}
        for sine, name in enumerate(["noise", "sine"]):
            os.makedirs(self.path("data", name))
            for number in range(8):
                write_track(self.path("data", name, f"{number}.wav"), sine, number)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def command(self, ranks, *words, options=()):
        launcher = ["mpirun", "-q", "-n", str(ranks), *options] if ranks else []
        return [*launcher, self.cli, *words]

    def run(self, ranks, *words, options=(), expected=0, environment=None):
        done = subprocess.run(self.command(ranks, *words, options=options), capture_output=True, text=True,
                              env=environment or self.environment, timeout=PATIENCE, cwd=self.folder)
        assert done.returncode == expected or expected is None, (words, done.returncode, done.stdout, done.stderr)
        return done

    def start(self, ranks, *words, options=()):
        return subprocess.Popen(self.command(ranks, *words, options=options), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=self.environment, cwd=self.folder)


def train(data, model, run, *settings):
    return ["train", "--quiet", "--dataset", data, "--model", model, "--run", run,
            *(word for setting in [*SETTINGS, *settings] for word in ("--set", setting))]


def process_of(launcher, rank):
    """The process of a rank, a child of mpirun, once it is there."""
    wanted = f"OMPI_COMM_WORLD_RANK={rank}".encode()
    for _ in range(PATIENCE * 20):
        children = subprocess.run(["pgrep", "-P", str(launcher.pid)], capture_output=True, text=True).stdout.split()
        for child in children:
            try:
                with open(f"/proc/{child}/environ", "rb") as file:
                    if wanted in file.read().split(b"\0"):
                        return int(child)
            except OSError:
                pass
        time.sleep(0.05)
    raise AssertionError(f"rank {rank} never began")


def wait_until(what, launcher=None):
    for _ in range(PATIENCE * 20):
        if what():
            return
        assert launcher is None or launcher.poll() is None, launcher.communicate()
        time.sleep(0.05)
    raise AssertionError("it never came to it")


def own_lines(text):
    """What the program itself says, among what mpirun says."""
    return [line for line in text.splitlines() if line.startswith("melograph-cli: ")]


def metrics(run, split, name):
    with open(os.path.join(run, "metrics.csv")) as file:
        return [float(row["value"]) for row in csv.DictReader(file) if (row["split"], row["name"]) == (split, name)]


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def what_is_missing(cli):
    """Why there can be no ranks here; None where there can."""
    if not shutil.which("mpirun"):
        return "mpirun is not installed"
    module = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(cli))), "mpi", "libmg-mpi.so")
    return None if os.path.exists(module) else "built without MPI"
