"""A training by two ranks, started by mpirun in the workspace's runs: the window shows it and follows it to its end."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "mpi"))
from demo import SMALL, make_tracks, make_workspace  # noqa: E402
from job import RANKS_ENVIRONMENT, what_is_missing  # noqa: E402
from journey import CLI, take  # noqa: E402
from window import wait_for  # noqa: E402

EPOCHS = 40


def start(workspace, tracks):
    settings = [word for item in {**SMALL, "epochs": str(EPOCHS)}.items() for word in ("--set", "=".join(item))]
    return subprocess.Popen(["mpirun", "-q", "-n", "2", CLI, "train", "--quiet", "--dataset", tracks, "--model",
                             "small-cnn", "--run", os.path.join(workspace, "runs", "cluster"), *settings],
                            stdout=subprocess.DEVNULL, env={**os.environ, **RANKS_ENVIRONMENT})


def run_of(window):
    return window.find("list item", lambda text: text.startswith("cluster,")).name


def epoch_of(window):
    found = next(window.all("image", lambda text: text.startswith("Loss:")), None)
    numbers = re.search(r"epoch (\d+)", found.name) if found else None
    return int(numbers.group(1)) if numbers else 0


def the_run_is_there(window):
    """The run of the ranks is in the list while it trains"""
    window.find("page tab", "Train").press()
    wait_for("the run", lambda: "training" in run_of(window) or "finished" in run_of(window))


def it_is_followed(window):
    """Its curves grow to the end"""
    window.find("list item", lambda text: text.startswith("cluster,")).click()
    wait_for("an epoch", lambda: epoch_of(window) > 0)
    wait_for("the end", lambda: "finished" in run_of(window) and epoch_of(window) == EPOCHS)


if what_is_missing(CLI):
    print(f"1..0 # SKIP {what_is_missing(CLI)}")
    sys.exit(0)
WORKSPACE = make_workspace()
job = start(WORKSPACE, make_tracks(WORKSPACE))
status = take("ranks", [the_run_is_there, it_is_followed], WORKSPACE)
sys.exit(job.wait(60) or status)
