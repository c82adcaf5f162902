"""A person records: the microphone hears a tone, the window shows it while it comes, and the recording joins the tracks.
Before, the window offers what a crash has left."""
import os
import re
import sqlite3
import struct
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


INTERRUPTED = "interrupted.wav"


def interrupt():
    """A recording of 2 s whose header, as a crash leaves it, tells of 1.5 s; and the mark that nobody has taken away."""
    sr, frames, told = 8000, 16000, 12000
    os.makedirs(RECORDINGS, exist_ok=True)
    with open(os.path.join(RECORDINGS, INTERRUPTED), "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 2 * told + 84) + b"WAVEJUNK" + struct.pack("<I", 28) + bytes(28)
                   + b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, sr, 2 * sr, 2, 16) + b"fact" + struct.pack("<II", 4, told)
                   + b"data" + struct.pack("<I", 2 * told) + bytes(2 * frames))
    with open(os.path.join(RECORDINGS, f".{INTERRUPTED}.recording"), "wb"):
        pass


def recordings():
    names = os.listdir(RECORDINGS) if os.path.isdir(RECORDINGS) else []
    return [os.path.join(RECORDINGS, name) for name in names if name.endswith(".wav") and name != INTERRUPTED]


def length_of(path):
    """Seconds in a WAV file, which is valid at every moment."""
    with wave.open(path, "rb") as file:
        return file.getnframes() / file.getframerate()


def it_offers_what_was_recovered(window):
    """A recording that a crash has cut off is offered, and kept with all its sound"""
    window.find("label", "A recording was interrupted")
    window.see("0:02")
    window.find("push button", lambda name: "Keep" in name).press()
    window.find("label", lambda text: text in (INTERRUPTED, "interrupted"))
    assert length_of(os.path.join(RECORDINGS, INTERRUPTED)) == 2
    assert not os.path.exists(os.path.join(RECORDINGS, f".{INTERRUPTED}.recording"))
    window.focus()


def it_records(window):
    """Record starts, and the file grows and is valid all the while"""
    window.microphone = subprocess.Popen(["paplay", "--device=into-microphone", TONE])
    window.find("push button", "Record").press()
    window.find("push button", "Stop recording")
    path = wait_for("the file", lambda: next(iter(recordings()), None))
    wait_for("two seconds of sound", lambda: length_of(path) > 2)
    assert window.microphone.poll() is None


def it_pauses_and_marks(window):
    """P pauses and goes on, M marks a moment, which is a label of the recording at once"""
    window.focus()
    window.key("m")
    window.see("Marked")
    path = recordings()[0]
    with sqlite3.connect(os.path.join(WORKSPACE, "workspace.db")) as database:
        rows = database.execute("SELECT track, start FROM labels").fetchall()
    assert len(rows) == 1 and os.path.basename(rows[0][0]) == os.path.basename(path) and rows[0][1] > 1, rows
    window.focus()
    window.key("p")
    window.see("paused")
    length = wait_for("the header to stand still", lambda: settled(path))
    window.key("p")
    wait_for("more sound", lambda: length_of(path) > length + 0.5)


def settled(path):
    """The length, once it has stayed the same for a while; 0 before."""
    before = length_of(path)
    time.sleep(1)
    return before if length_of(path) == before else 0


def it_is_seen_while_it_comes(window):
    """The waveform follows the recording"""
    window.find("image", lambda text: text.startswith("Waveform"))


def it_ends_as_a_track(window):
    """Stop ends it; the track is in the library and shown with its spectrogram"""
    window.find("push button", "Stop recording").press()
    window.find("push button", "Record")
    window.microphone.kill()
    window.microphone.wait()
    name = os.path.basename(recordings()[0])
    window.find("label", lambda text: text in (name, os.path.splitext(name)[0]))
    window.find("image", lambda text: text.startswith("STFT"))


def the_tone_is_in_it(window):
    """What the microphone heard is in the file"""
    with wave.open(recordings()[0], "rb") as file:
        width, channels, sr = file.getsampwidth(), file.getnchannels(), file.getframerate()
        data = file.readframes(file.getnframes())
    first = [int.from_bytes(data[i : i + width], "little", signed=True) for i in range(0, len(data), width * channels)]
    loud = [abs(value) for value in first]
    assert max(loud) > 0.01 * 2 ** (8 * width - 1), f"only silence: at most {max(loud)}"
    start = next(i for i, value in enumerate(loud) if value > max(loud) / 10)
    stretch = first[start : start + sr]
    crossings = sum(1 for a, b in zip(stretch, stretch[1:]) if a < 0 <= b)
    assert abs(crossings - 1000 * len(stretch) / sr) < 60, f"{crossings} periods in {len(stretch) / sr:.2f} s of 1000 Hz"


def the_file_is_reopened(window):
    """A click in the library shows it again"""
    label = window.find("label", lambda text: re.search(r"\.wav$", text))
    label.click()
    window.find("image", lambda text: text.startswith("Waveform"))


interrupt()
sys.exit(take("record", [it_offers_what_was_recovered, it_records, it_pauses_and_marks, it_is_seen_while_it_comes,
                         it_ends_as_a_track, the_tone_is_in_it, the_file_is_reopened], WORKSPACE))
