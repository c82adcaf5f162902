"""On demo tracks: a person trains two networks in the queue, compares them, opens the wrong segments of the worse one beside
the better one, asks why of one, hears it, and exports the table."""
import sys

from demo import SMALL, make_tracks, make_workspace
from journey import take
from training import Training

WORKSPACE = make_workspace()
TRACKS = make_tracks(WORKSPACE)
training = Training(WORKSPACE, segment_seconds=SMALL["segment_seconds"], n_mels=SMALL["n_mels"])
sys.exit(take("queue", training.steps(), WORKSPACE, TRACKS))
