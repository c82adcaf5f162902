"""A small workspace for journeys: an empty data base, demo tracks, and a run where asked for."""
import os
import subprocess

from journey import CLI, scratch

# Short segments and few bands: what is learned does not matter here, that it happens does.
SMALL = {"segment_seconds": "5", "n_mels": "32", "hop_length": "1024"}


def cli(*arguments):
    subprocess.run([CLI, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, timeout=600)


def make_tracks(workspace, tracks=5, seconds=20):
    """The workspace's own tracks: its data set where no other was chosen."""
    folder = os.path.join(workspace, "tracks")
    cli("synth", "--out", folder, "--tracks", tracks, "--seconds", seconds)
    return folder


def make_workspace():
    """The program finds its data base empty and fills it."""
    folder = os.path.join(scratch(), "workspace")
    os.makedirs(os.path.join(folder, "runs"))
    with open(os.path.join(folder, "workspace.db"), "wb"):
        pass
    return folder


def make_run(workspace, tracks, name="small-cnn", **parameters):
    """Trains, and classifies the test segments."""
    run = os.path.join(workspace, "runs", name)
    settings = [word for item in {**SMALL, **parameters}.items() for word in ("--set", "=".join(item))]
    cli("train", "--dataset", tracks, "--model", "small-cnn", "--run", run, "--quiet", *settings)
    cli("evaluate", "--run", run, "--quiet")
    return run
