"""The disk is full while a person records: it is said until it is read, what came before is a track, and recording goes on
in another folder, on a disk that has room."""
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
OTHER = os.path.join(WORKSPACE, "other disk")
FITS = 500_000  # bytes: some seconds of sound

os.mkdir(OTHER)


def play_into_microphone():
    return subprocess.Popen(["paplay", "--device=into-microphone", TONE])


def length_of(folder):
    """Seconds of the only recording there."""
    name, = (name for name in os.listdir(folder) if name.endswith(".wav"))
    with wave.open(os.path.join(folder, name), "rb") as file:
        return name, file.getnframes() / file.getframerate()


def is_listed(window, name):
    window.find("label", lambda text: text in (name, os.path.splitext(name)[0]))


def it_is_said_that_the_disk_is_full(window):
    """A window says that the recording has stopped, why, and stays"""
    window.microphone = play_into_microphone()
    window.find("push button", "Record").press()
    window.see("The recording has stopped")
    window.microphone.kill()
    window.microphone.wait()
    time.sleep(12)  # longer than other messages are there
    window.see("No space left on device")


def what_came_before_is_kept(window):
    """The file is whole as far as it goes, and a track of the library"""
    name, seconds = length_of(RECORDINGS)
    assert seconds > 1, seconds
    is_listed(window, name)


def it_goes_on_in_another_folder(window):
    """Its button asks where to go on, and does"""
    before = set(window.xids())
    window.find("push button", lambda name: name.endswith("Go on elsewhere…")).press()
    chooser = wait_for("the question", lambda: next((xid for xid in window.xids() if xid not in before), None))
    window.microphone = play_into_microphone()
    window.focus(chooser)
    window.type(OTHER)
    window.key("Return")
    wait_for("the question to go", lambda: chooser not in window.xids())
    window.focus()
    wait_for("a second of sound", lambda: os.listdir(OTHER) and length_of(OTHER)[1] > 1)
    window.find("push button", "Stop recording").press()
    window.microphone.kill()
    window.microphone.wait()
    is_listed(window, length_of(OTHER)[0])


sys.exit(take("full", [it_is_said_that_the_disk_is_full, what_came_before_is_kept, it_goes_on_in_another_folder], WORKSPACE,
              MELOGRAPH_TEST_DISK_FULL_AFTER=str(FITS), MELOGRAPH_TEST_DISK_FULL_IN=RECORDINGS))
