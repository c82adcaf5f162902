"""A person records: the microphone hears a tone, the window shows it while it comes, and the recording joins the tracks."""
import os
import re
import subprocess
import sys
import wave

from demo import make_workspace
from journey import make_tone, take
from window import wait_for

WORKSPACE = make_workspace()
TONE = make_tone("tone.wav", seconds=60, sr=48000)
RECORDINGS = os.path.join(WORKSPACE, "recordings")


def recordings():
    return [os.path.join(RECORDINGS, name) for name in os.listdir(RECORDINGS)] if os.path.isdir(RECORDINGS) else []


def length_of(path):
    """Seconds in a WAV file, which is valid at every moment."""
    with wave.open(path, "rb") as file:
        return file.getnframes() / file.getframerate()


def it_records(window):
    """Record starts, and the file grows and is valid all the while"""
    window.microphone = subprocess.Popen(["paplay", "--device=into-microphone", TONE])
    window.find("push button", "Record").press()
    window.find("push button", "Stop recording")
    path = wait_for("the file", lambda: next(iter(recordings()), None))
    wait_for("two seconds of sound", lambda: length_of(path) > 2)
    assert window.microphone.poll() is None


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


sys.exit(take("record", [it_records, it_is_seen_while_it_comes, it_ends_as_a_track, the_tone_is_in_it, the_file_is_reopened],
              WORKSPACE))
