"""On demo tracks: a person imports them, mends a planted copy and a planted wrong label, splits, trains two networks in the
queue, compares them, opens the wrong segments of the worse one beside the better one, asks why of one, hears it, and exports
the table."""
import os
import shutil
import sys

from curating import Curating
from demo import SMALL, cli, make_workspace
from journey import take
from training import Training

WORKSPACE = make_workspace()
LAYOUT = os.path.join(WORKSPACE, "tracks")  # which the workspace offers


def make_layout():
    """A folder a class, with one track twice, one of rap among the classical ones, and one that is no sound."""
    cli("synth", "--out", LAYOUT, "--tracks", 5, "--seconds", 20)
    classique, rap = (os.path.join(LAYOUT, name) for name in ("classique", "rap"))
    tracks = sorted(os.listdir(rap))
    shutil.move(os.path.join(rap, tracks[0]), os.path.join(classique, "planted-0.wav"))
    shutil.copy(os.path.join(rap, tracks[1]), os.path.join(rap, "copy.wav"))
    shutil.copy(__file__, os.path.join(rap, "broken.wav"))


make_layout()
curating = Curating(WORKSPACE, "class folders", 11, copied="rap", wrong="classique", right="rap", key="2")
training = Training(WORKSPACE, segment_seconds=SMALL["segment_seconds"], n_mels=SMALL["n_mels"])
sys.exit(take("queue", [*curating.steps(), *training.steps()], WORKSPACE))
