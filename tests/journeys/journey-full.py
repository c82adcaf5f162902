"""The disk is full while a person records: it is said until it is read, what came before is a track, and recording can go
on in another folder."""
import os
import subprocess
import sys
import time
import wave

from demo import make_workspace
from journey import make_tone, take
from window import wait_for

WORKSPACE = make_workspace()
TONE = make_tone("tone.wav", seconds=60, sr=48000)
RECORDINGS = os.path.join(WORKSPACE, "recordings")
FITS = 500_000  # bytes: some seconds of sound


def it_is_said_that_the_disk_is_full(window):
    """A window says that the recording has stopped, why, and stays"""
    window.microphone = subprocess.Popen(["paplay", "--device=into-microphone", TONE])
    window.find("push button", "Record").press()
    window.see("The recording has stopped")
    window.microphone.kill()
    window.microphone.wait()
    time.sleep(12)  # longer than other messages are there
    window.see("No space left on device")


def what_came_before_is_kept(window):
    """The file is whole as far as it goes, and a track of the library"""
    name, = (name for name in os.listdir(RECORDINGS) if name.endswith(".wav"))
    with wave.open(os.path.join(RECORDINGS, name), "rb") as file:
        assert file.getnframes() / file.getframerate() > 1, file.getnframes()
    window.find("label", lambda text: text in (name, os.path.splitext(name)[0]))


def another_folder_is_asked_for(window):
    """Its button asks where to go on"""
    before = set(window.xids())
    window.find("push button", lambda name: name.endswith("Go on elsewhere…")).press()
    chooser = wait_for("the question", lambda: next((xid for xid in window.xids() if xid not in before), None))
    window.focus(chooser)
    window.key("Escape")
    wait_for("the question to go", lambda: chooser not in window.xids())
    window.focus()


sys.exit(take("full", [it_is_said_that_the_disk_is_full, what_came_before_is_kept, another_folder_is_asked_for], WORKSPACE,
              MELOGRAPH_TEST_DISK_FULL_AFTER=str(FITS)))
